# SPDX-License-Identifier: MIT
"""The difference between layer files and database as a list of steps, and their application.

`official` and `history` are changed column by column and never lose data unless the loss is named. `published` is a projection:
whenever its definition changes the table is made anew and filled again by the publisher.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from server.catalog.catalog import Catalog
from server.db.ddl import HISTORY, OFFICIAL, PUBLISHED, desired_tables
from server.db.introspect import FoundTable, has_lz4, holds_values, list_missing, read_applied, read_tables
from server.db.pool import Connection
from server.db.retype import change_type
from server.db.table import Column, Index, Table, add_constraint, create_index
from server.db.triggers import TRIGGERS, create_trigger, functions_fingerprint, functions_sql
from server.errors import MigrationRefused

LOCK_KEY = 7_824_061  # advisory lock: one migration at a time
FUNCTIONS = "*"  # the row of xanh.applied_layer that stands for the functions
ADD, DROP, MAKE = "add", "drop", "make"


@dataclass(frozen=True)
class Step:
    """One change. `text` is for people; `loses` names the data that would go (`layer` or `layer.field`), else None.

    `rebuilds` is the id of a layer whose published table is made anew and must be published again.
    """

    text: str
    command: sql.SQL | sql.Composed
    loses: str | None = None
    rebuilds: str | None = None

    def __str__(self) -> str:
        return f"{self.text}  [loses {self.loses}]" if self.loses else self.text


def plan_migration(connection: Connection, catalog: Catalog) -> list[Step]:
    """What has to be done so that the database matches the layer files; empty when it does. Changes nothing.

    Raises MigrationRefused where a schema or table of the system itself was taken away.
    """
    missing = list_missing(connection)
    if missing:
        raise MigrationRefused(
            f"The database lacks {', '.join(missing)}, which it once had: somebody dropped it. Bring it back from a backup"
            " (pg_restore --schema), or begin with an empty database, then repeat.",
            locator=missing[0],
            message_vi=f"Cơ sở dữ liệu thiếu {', '.join(missing)} (đã bị xóa). Hãy khôi phục từ bản sao lưu rồi chạy lại.",
        )
    found = read_tables(connection)
    desired = desired_tables(catalog)
    steps: list[Step] = []
    if read_applied(connection).get(FUNCTIONS) != functions_fingerprint():
        steps.append(Step("make functions", functions_sql()))
    official = [table for table in desired if table.schema != PUBLISHED]
    for table in official:
        existing = found.get(table.key)
        steps += _create_table(table) if existing is None else _alter_table(connection, table, existing)
    steps += [step for table in official for step in _foreign_keys(table, found.get(table.key))]
    steps += [step for table in official if table.audited for step in _triggers(table, found.get(table.key))]
    for table in desired:
        if table.schema == PUBLISHED:
            steps += _published(connection, table, found.get(table.key))
    return steps + _superfluous(connection, {table.key for table in desired}, found)


def apply_migration(connection: Connection, catalog: Catalog, allow: frozenset[str] = frozenset()) -> list[Step]:
    """Plan and apply inside the caller's transaction (owner role), one migration at a time.

    `allow` names the losses that are wanted: `layer.field` or `layer`. Returns the steps taken. Raises MigrationRefused when a step loses
    data that was not named, or when rows that are there break a new rule; the caller's transaction must then be rolled back.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
    steps = plan_migration(connection, catalog)
    refused = sorted({step.loses for step in steps if step.loses and step.loses not in allow})
    if refused:
        raise MigrationRefused(f"This change would lose data: {', '.join(refused)}. Name what may go to allow it.", locator=refused[0])
    for step in steps:
        _apply_step(connection, step)
    _note_applied(connection, catalog)
    return steps


def _apply_step(connection: Connection, step: Step) -> None:
    try:
        connection.execute(step.command)
    except psycopg.errors.IntegrityError as error:
        raise MigrationRefused(f"Rows that are there break the new rule: {step.text}.", locator=step.text) from error
    except psycopg.errors.DataError as error:
        raise MigrationRefused(f"Rows that are there, or the layer file, do not allow: {step.text}.", locator=step.text) from error


def _note_applied(connection: Connection, catalog: Catalog) -> None:
    marks = {table.name: table.fingerprint for table in desired_tables(catalog) if table.schema == OFFICIAL}
    marks[FUNCTIONS] = functions_fingerprint()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO xanh.applied_layer (layer, model_hash) VALUES (%s, %s) ON CONFLICT (layer) DO UPDATE"
            " SET model_hash = excluded.model_hash, applied_at = now() WHERE applied_layer.model_hash <> excluded.model_hash",
            list(marks.items()),
        )
        cursor.execute("DELETE FROM xanh.applied_layer WHERE NOT layer = ANY(%s)", [list(marks)])


def _create_table(table: Table) -> Iterable[Step]:
    yield Step(f"make table {table.schema}.{table.name} with {len(table.columns)} columns", table.create())
    for index in table.indexes:
        yield _add_index(table, index)


def _alter_table(connection: Connection, table: Table, found: FoundTable) -> Iterable[Step]:
    """Old rules go first, then columns change, then new rules come: no step trips over a rule that is on its way out."""
    wanted_constraints = {part.name for part in table.constraints}
    for name in sorted(found.constraints - wanted_constraints):
        yield _alter(table, f"{DROP} rule {name}", sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(name)))
    for name in sorted(found.indexes - {part.name for part in table.indexes}):
        yield Step(f"{DROP} index {table.schema}.{name}", sql.SQL("DROP INDEX {}").format(sql.Identifier(table.schema, name)))
    yield from _columns(connection, table, found)
    for part in table.constraints:
        if part.kind == "check" and part.name not in found.constraints:
            yield _alter(table, f"{ADD} rule {part.name}", sql.SQL("ADD {}").format(add_constraint(part)))
    for index in table.indexes:
        if index.name not in found.indexes:
            yield _add_index(table, index)


def _columns(connection: Connection, table: Table, found: FoundTable) -> Iterable[Step]:
    wanted = {column.name: column for column in table.columns}
    if table.schema == OFFICIAL:  # history keeps what it has: no longer filled, never forgotten
        for name in found.columns:
            if name not in wanted:
                loses = f"{table.name}.{name}" if holds_values(connection, table.identifier, name) else None
                yield _alter(table, f"{DROP} column {name}", sql.SQL("DROP COLUMN {}").format(sql.Identifier(name)), loses)
    for name, column in wanted.items():
        existing = found.columns.get(name)
        if existing is None:
            yield _alter(table, f"{ADD} column {name} ({column.type})", sql.SQL("ADD COLUMN {}").format(column.to_sql()))
            continue
        if existing.type != column.type:
            yield _retype(connection, table, column, existing.type)
        if existing.not_null != column.not_null:
            word = "SET" if column.not_null else "DROP"
            action = sql.SQL("ALTER COLUMN {} {} NOT NULL").format(sql.Identifier(name), sql.SQL(word))
            yield _alter(table, f"column {name}: {'required' if column.not_null else 'no longer required'}", action)


def _retype(connection: Connection, table: Table, column: Column, old: str) -> Step:
    text = f"column {column.name}: {old} becomes {column.type}"
    lossless = change_type(column.name, old, column.type)
    if lossless is not None:
        return _alter(table, text, lossless)
    loses = f"{table.name}.{column.name}" if holds_values(connection, table.identifier, column.name) else None
    action = sql.SQL("DROP COLUMN {}, ADD COLUMN {}").format(sql.Identifier(column.name), column.to_sql())
    return _alter(table, f"{text}, values are dropped", action, loses)


def _foreign_keys(table: Table, found: FoundTable | None) -> Iterable[Step]:
    present = found.constraints if found else set()
    for part in table.constraints:
        if part.kind == "foreign key" and part.name not in present:
            yield _alter(table, f"{ADD} link {part.name}", sql.SQL("ADD {}").format(add_constraint(part)))


def _triggers(table: Table, found: FoundTable | None) -> Iterable[Step]:
    present = found.triggers if found else set()
    for name in sorted(TRIGGERS - present):
        yield Step(f"{ADD} trigger {name} on {table.schema}.{table.name}", create_trigger(table, name))


def _published(connection: Connection, table: Table, found: FoundTable | None) -> Iterable[Step]:
    if found is not None and found.comment == table.fingerprint:
        return
    layer = table.name.removesuffix("_pyramid")
    parts: list[sql.Composable] = [sql.SQL("DROP TABLE IF EXISTS {}").format(table.identifier), table.create()]
    parts += table.settings if has_lz4(connection) else ()
    parts += [create_index(table, index) for index in table.indexes]
    parts.append(sql.SQL("COMMENT ON TABLE {} IS {}").format(table.identifier, sql.Literal(table.fingerprint)))
    verb = MAKE if found is None else "rebuild"
    yield Step(f"{verb} {table.schema}.{table.name}", sql.SQL("; ").join(parts), rebuilds=layer)


def _superfluous(connection: Connection, wanted: set[tuple[str, str]], found: dict[tuple[str, str], FoundTable]) -> list[Step]:
    """Tables of layers that are gone. History goes with its layer, hence is named with it."""
    steps = []
    for schema, name in sorted(set(found) - wanted, key=lambda key: (PUBLISHED, HISTORY, OFFICIAL).index(key[0])):
        table = sql.Identifier(schema, name)
        loses = name if schema != PUBLISHED and holds_values(connection, table) else None
        steps.append(Step(f"{DROP} table {schema}.{name}", sql.SQL("DROP TABLE {} CASCADE").format(table), loses))
        if schema == PUBLISHED:
            forget = sql.SQL("DELETE FROM published.catalogue WHERE layer = {}").format(sql.Literal(name))
            steps.append(Step(f"{DROP} catalogue row {name}", forget))
    return steps


def _add_index(table: Table, index: Index) -> Step:
    kind = "unique index" if index.unique else "index"
    return Step(f"{ADD} {kind} {table.schema}.{index.name}", create_index(table, index))


def _alter(table: Table, text: str, action: sql.Composable, loses: str | None = None) -> Step:
    command = sql.SQL("ALTER TABLE {} {}").format(table.identifier, action)
    return Step(f"{table.schema}.{table.name}: {text}", command, loses)
