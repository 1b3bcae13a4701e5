# SPDX-License-Identifier: MIT
"""What the database has: tables of the three stores with their columns, constraints, indexes and triggers."""

from __future__ import annotations

from dataclasses import dataclass, field

from psycopg import sql

from server.db.pool import Connection

STORES = ["official", "history", "published"]
NOT_A_LAYER = {("published", "catalogue"), ("published", "raster_file"), ("published", "change")}


@dataclass(frozen=True)
class FoundColumn:
    """One column of an existing table; `type` as format_type spells it."""

    type: str
    not_null: bool


@dataclass
class FoundTable:
    """One existing table. `comment` carries the fingerprint of rebuilt tables; foreign keys and checks are told apart by their name."""

    schema: str
    name: str
    comment: str | None
    columns: dict[str, FoundColumn] = field(default_factory=dict)
    constraints: set[str] = field(default_factory=set)
    indexes: set[str] = field(default_factory=set)
    triggers: set[str] = field(default_factory=set)


def list_missing(connection: Connection) -> list[str]:
    """The system's own schemas and tables that every migration builds on, and that are not there; names as `schema` or `schema.table`."""
    own = [f"{schema}.{table}" for schema, table in sorted(NOT_A_LAYER)]
    rows = connection.execute(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regnamespace(name) IS NULL"
        " UNION ALL SELECT name FROM unnest(%s::text[]) AS name"
        " WHERE to_regnamespace(split_part(name, '.', 1)) IS NOT NULL AND to_regclass(name) IS NULL",
        [STORES, own],
    ).fetchall()
    return [row[0] for row in rows]


def read_tables(connection: Connection) -> dict[tuple[str, str], FoundTable]:
    """Every table of official, history and published (without the system's own), by (schema, name). Six catalogue queries."""
    found: dict[tuple[str, str], FoundTable] = {}
    oids: dict[int, FoundTable] = {}
    tables = connection.execute(
        "SELECT c.oid::bigint, n.nspname, c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY(%s) AND c.relkind = 'r'",
        [STORES],
    )
    for oid, schema, name, comment in tables.fetchall():
        if (schema, name) not in NOT_A_LAYER:
            found[schema, name] = oids[oid] = FoundTable(schema, name, comment)
    wanted = [list(oids)]
    for oid, name, type_name, not_null in connection.execute(
        "SELECT attrelid::bigint, attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
        " WHERE attrelid::bigint = ANY(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        wanted,
    ).fetchall():
        oids[oid].columns[name] = FoundColumn(type_name, not_null)
    for oid, name in connection.execute(
        "SELECT conrelid::bigint, conname FROM pg_constraint WHERE conrelid::bigint = ANY(%s) AND contype IN ('c', 'f')", wanted
    ).fetchall():
        oids[oid].constraints.add(name)
    for oid, name in connection.execute(
        "SELECT i.indrelid::bigint, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid::bigint = ANY(%s) AND NOT i.indisprimary",
        wanted,
    ).fetchall():
        oids[oid].indexes.add(name)
    for oid, name in connection.execute(
        "SELECT tgrelid::bigint, tgname FROM pg_trigger WHERE tgrelid::bigint = ANY(%s) AND NOT tgisinternal", wanted
    ).fetchall():
        oids[oid].triggers.add(name)
    return found


def holds_values(connection: Connection, table: sql.Identifier, column: str | None = None) -> bool:
    """Whether a table has a row, or a column a value. Stops at the first."""
    condition = sql.SQL("TRUE") if column is None else sql.SQL("{} IS NOT NULL").format(sql.Identifier(column))
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {})").format(table, condition)).fetchone()
    return bool(row and row[0])


def has_lz4(connection: Connection) -> bool:
    """Whether this server was built with LZ4; some packages are not."""
    row = connection.execute("SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'").fetchone()
    return bool(row and row[0])


def read_applied(connection: Connection) -> dict[str, str]:
    """The fingerprint each layer (and `*`, the functions) was last applied with."""
    rows = connection.execute("SELECT layer, model_hash FROM xanh.applied_layer").fetchall()
    return {layer: model_hash for layer, model_hash in rows}
