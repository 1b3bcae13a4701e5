# SPDX-License-Identifier: MIT
"""Tables as values: what a table shall look like, and the SQL that makes it so.

Constraints and indexes carry a fingerprint of their definition in their name, so that comparing names compares definitions;
PostgreSQL rewrites expressions when it stores them, so comparing their text would not do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from psycopg import sql

LONGEST_NAME = 63  # bytes of an identifier in PostgreSQL


@dataclass(frozen=True)
class Column:
    """One column. `type` is spelled as PostgreSQL's format_type spells it; `default` and `generated` are SQL expressions."""

    name: str
    type: str
    not_null: bool = False
    default: sql.Composable | None = None
    generated: sql.Composable | None = None
    identity: bool = False

    def to_sql(self) -> sql.Composed:
        """The column as CREATE TABLE and ADD COLUMN take it."""
        parts: list[sql.Composable] = [sql.Identifier(self.name), type_sql(self.type)]
        if self.identity:
            parts.append(sql.SQL("GENERATED ALWAYS AS IDENTITY PRIMARY KEY"))
        if self.generated is not None:
            parts.append(sql.SQL("GENERATED ALWAYS AS ({}) STORED").format(self.generated))
        if self.default is not None:
            parts.append(sql.SQL("DEFAULT {}").format(self.default))
        if self.not_null and not self.identity:
            parts.append(sql.SQL("NOT NULL"))
        return sql.SQL(" ").join(parts)


@dataclass(frozen=True)
class Constraint:
    """A named CHECK or FOREIGN KEY."""

    name: str
    kind: Literal["check", "foreign key"]
    definition: sql.Composable


@dataclass(frozen=True)
class Index:
    """A named index; `definition` is what follows ON <table>."""

    name: str
    definition: sql.Composable
    unique: bool = False


@dataclass(frozen=True)
class Table:
    """A table as the layer files want it. `audited` tables write their history; `settings` are storage settings a server may
    lack; `fingerprint` stands for the whole definition.
    """

    schema: str
    name: str
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    audited: bool = False
    settings: tuple[sql.Composable, ...] = ()

    @property
    def identifier(self) -> sql.Identifier:
        """schema.name, quoted."""
        return sql.Identifier(self.schema, self.name)

    @property
    def key(self) -> tuple[str, str]:
        """(schema, name)."""
        return self.schema, self.name

    @property
    def fingerprint(self) -> str:
        """Twelve letters and digits that change with any part of the definition."""
        parts: list[sql.Composable] = [column.to_sql() for column in self.columns]
        parts += [sql.Identifier(part.name) for part in self.constraints]
        parts += [sql.Identifier(part.name) for part in self.indexes]
        return digest(sql.SQL(",").join([*parts, *self.settings]))

    def create(self) -> sql.Composed:
        """CREATE TABLE with its columns and checks (no foreign keys, no indexes)."""
        parts: list[sql.Composable] = [column.to_sql() for column in self.columns]
        parts += [add_constraint(part) for part in self.constraints if part.kind == "check"]
        return sql.SQL("CREATE TABLE {} ({})").format(self.identifier, sql.SQL(", ").join(parts))


def type_sql(type_name: str) -> sql.SQL:
    """A type name as SQL. Types come from this room's own tables, never from a layer file's text."""
    return sql.SQL(type_name)


def add_constraint(constraint: Constraint) -> sql.Composed:
    """`CONSTRAINT name definition`, as CREATE TABLE and ALTER TABLE ADD take it."""
    return sql.SQL("CONSTRAINT {} {}").format(sql.Identifier(constraint.name), constraint.definition)


def create_index(table: Table, index: Index) -> sql.Composed:
    """CREATE [UNIQUE] INDEX."""
    return sql.SQL("CREATE {}INDEX {} ON {} {}").format(
        sql.SQL("UNIQUE " if index.unique else ""), sql.Identifier(index.name), table.identifier, index.definition
    )


def digest(definition: sql.Composable) -> str:
    """Twelve hexadecimal digits that stand for a definition."""
    return hashlib.sha256(definition.as_string(None).encode()).hexdigest()[:12]


def fingerprinted(label: str, table: tuple[str, str], definition: sql.Composable) -> str:
    """A name of at most 63 bytes for a part of a table: a readable beginning and the definition's fingerprint."""
    mark = digest(sql.SQL("{} {}").format(sql.Identifier(*table), definition))
    return f"{label[: LONGEST_NAME - len(mark) - 1]}_{mark}"
