# SPDX-License-Identifier: MIT
"""Tables that are no layers, of our own database or another PostgreSQL: what they are like, and their rows. Nothing is ever written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from server.db.pool import Connection
from server.errors import SourceRefused

_CONNECT_S = 10
_LISTED = 20
# What a column comes as: native numbers and booleans, everything else as text.
_NATIVE = {"int2": "int8", "int4": "int8", "int8": "int8", "float4": "float8", "float8": "float8", "numeric": "float8", "bool": "bool"}
_SHAPES = ("geometry", "geography")


@dataclass(frozen=True)
class OtherTable:
    """A table: columns with their types here (`int8`, `float8`, `bool` or `text`), its first geometry column, whose kind (`Point` ...,
    None: none) and SRID (0: unknown), how many rows, names of columns that are not read."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    geometry: str | None
    kind: str | None
    srid: int
    rows: int
    skipped: tuple[str, ...]


@contextmanager
def connect_elsewhere(url: str) -> Iterator[Connection]:
    """A reading connection to another database (`postgresql://...`; a password may stand in PGPASSWORD). Raises SourceRefused."""
    try:
        connection = psycopg.connect(url, connect_timeout=_CONNECT_S, application_name="xanh", options="-c TimeZone=UTC")
    except (psycopg.Error, ValueError) as error:
        # what the library says may hold the address with its password
        why = type(error).__name__
        raise SourceRefused(f"The database cannot be reached ({why}).", message_vi=f"Không kết nối được cơ sở dữ liệu ({why}).") from error
    try:
        yield connection
    finally:
        connection.close()


def read_table(connection: Connection, name: str) -> OtherTable:
    """Describe `schema.table` (`public` without schema), a table or a view. Raises SourceRefused: not there, not to be read."""
    schema, _, table = name.replace("\x00", "").rpartition(".")
    schema = schema or "public"
    connection.execute("SET TRANSACTION READ ONLY")
    found = connection.execute(
        "SELECT c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'v', 'm', 'p', 'f')",
        [schema, table],
    ).fetchone()
    if found is None:
        raise _refuse_missing(connection, schema, table)
    columns = connection.execute(
        "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
        " WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        [found[0]],
    ).fetchall()
    shapes = [column for column, kind in columns if kind in _SHAPES]
    kept = tuple((column, _NATIVE.get(kind, "text")) for column, kind in columns if kind not in (*_SHAPES, "bytea", "raster"))
    skipped = tuple(column for column, kind in columns if kind in ("bytea", "raster") or column in shapes[1:])
    place = sql.Identifier(schema, table)
    try:
        kind, srid = _read_kind(connection, place, shapes[0]) if shapes else (None, 0)
        rows = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(place)).fetchone()
    except psycopg.errors.InsufficientPrivilege as error:
        raise SourceRefused(f"{name} may not be read.", locator=name, message_vi=f"Không được phép đọc {name}.") from error
    return OtherTable(schema, table, kept, shapes[0] if shapes else None, kind, srid, int(rows[0]) if rows else 0, skipped)


def _read_kind(connection: Connection, place: sql.Identifier, shape: str) -> tuple[str, int]:
    """The kind of the geometries (`Unknown` when they differ) and their SRID (0 when they differ or say none)."""
    found = connection.execute(
        sql.SQL(
            "SELECT array_agg(DISTINCT GeometryType({shape}::geometry)), array_agg(DISTINCT ST_SRID({shape}::geometry)) FROM {place}"
            " WHERE {shape} IS NOT NULL"
        ).format(shape=sql.Identifier(shape), place=place)
    ).fetchone()
    kinds, srids = (found[0] or [], found[1] or []) if found else ([], [])
    return kinds[0].title() if len(kinds) == 1 else "Unknown", srids[0] if len(srids) == 1 else 0


def _refuse_missing(connection: Connection, schema: str, table: str) -> SourceRefused:
    found = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s"
        " AND c.relkind IN ('r', 'v', 'm', 'p', 'f') ORDER BY c.relname LIMIT %s",
        [schema, _LISTED],
    ).fetchall()
    names = ", ".join(str(row[0]) for row in found) or "-"
    return SourceRefused(
        f"There is no table {table!r} in the schema {schema!r}; it has {names}.",
        locator=table,
        message_vi=f"Không có bảng {table!r} trong lược đồ {schema!r}; chỉ có: {names}.",
    )


def read_rows(connection: Connection, table: OtherTable, columns: Sequence[str], *, shapes: bool, size: int) -> Iterator[list[Any]]:
    """The rows in lists of `size`: the columns asked for, then (with `shapes`) the geometry as WKB."""
    kinds = dict(table.columns)
    parts: list[sql.Composable] = [sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(kinds[name])) for name in columns]
    if shapes and table.geometry:
        parts.append(sql.SQL("ST_AsBinary({}::geometry)").format(sql.Identifier(table.geometry)))
    question = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(parts or [sql.SQL("1")]), sql.Identifier(table.schema, table.name))
    with connection.cursor(name="other_table") as cursor:
        cursor.execute(question)
        while rows := cursor.fetchmany(size):
            yield rows
