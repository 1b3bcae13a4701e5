# SPDX-License-Identifier: MIT
"""The staging table: where changes wait while they are checked, set by set, before they enter the official store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Cursor, sql

from server.catalog.model import Layer, LayerField
from server.db.columns import content_columns, key_field
from server.db.copytext import write_copy_text
from server.db.pool import Connection
from server.db.table import type_sql

STAGE = sql.Identifier("xanh_stage")
# Columns of the stage beside the layer's own; a field name never holds a colon, so the key columns of links cannot clash.
ROW_COLUMNS = ("source_row", "target", "wkb", "geojson")
# What sorts and history may hold in memory while many rows are loaded; the rest goes through files.
_WORK_MEMORY = "96MB"
_PLACED_COLUMNS = ("source_row", "target", "geom")


@dataclass(frozen=True)
class Stage:
    """What lies in the staging table of this transaction.

    `given` are the columns the rows bring (fields, valid_from, valid_to); `has_geometry` tells whether they bring a geometry,
    `srid` in which (PostGIS) reference system. `placed`: they bring it as the column takes it - points of the layer's CRS, or none.
    `home`: the box (degrees) their geometries must lie in, beside lying in Vietnam. `clears_geometry`: they take the one there is away.
    """

    layer: Layer
    given: tuple[str, ...]
    has_geometry: bool
    srid: int
    placed: bool = False
    home: tuple[float, float, float, float] | None = None
    clears_geometry: bool = False


def computed_fields(layer: Layer) -> tuple[str, ...]:
    """The fields that follow from the geometry, and have no value without it."""
    return tuple(name for name, field in layer.fields.items() if field.computed)


def key_column(link_field: str) -> str:
    """The staging column of what is read later: a link by the linked feature's key, a further geometry as text."""
    return f"key:{link_field}"


def is_read_later(field: LayerField) -> bool:
    """Whether what a row brings for the field waits in its key column."""
    return bool(field.link or field.geometry)


def copy_columns(stage: Stage) -> tuple[str, ...]:
    """The columns of a staged row, in the order `fill_stage` takes them."""
    return (*(_PLACED_COLUMNS if stage.placed else ROW_COLUMNS), *_value_columns(stage))


def bulk_columns(stage: Stage) -> tuple[str, ...]:
    """The columns of a row of CSV, in the order `fill_stage_text` takes them: `geom` for shapes that are ready, `wkb` for all others."""
    return ("source_row", *(("geom", "wkb") if stage.has_geometry else ()), *_value_columns(stage))


def _value_columns(stage: Stage) -> tuple[str, ...]:
    links = (key_column(name) for name in stage.given if name in stage.layer.fields and is_read_later(stage.layer.fields[name]))
    return (*stage.given, *links)


def open_stage(connection: Connection, stage: Stage) -> None:
    """Make an empty staging table for one layer; it goes with the transaction (or with the next stage)."""
    columns: list[sql.Composable] = [
        sql.SQL("row_no bigint GENERATED ALWAYS AS IDENTITY"),
        sql.SQL("source_row bigint, target bigint, new_id bigint, wkb bytea, geojson text"),
        sql.SQL("fault text, fault_field text, fault_detail text"),
    ]
    for column in content_columns(stage.layer):
        # the geometry may still be of the wrong type here; that is a fault of the row, not of the table
        stated = "geometry" if column.type.startswith("geometry(") else column.type
        columns.append(sql.SQL("{} {}").format(sql.Identifier(column.name), type_sql(stated)))
    later = [name for name, field in stage.layer.fields.items() if is_read_later(field)]
    columns += [sql.SQL("{} text").format(sql.Identifier(key_column(name))) for name in later]
    connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(STAGE))
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(STAGE, sql.SQL(", ").join(columns)))


def fill_stage_text(connection: Connection, stage: Stage, chunks: Iterable[bytes]) -> None:
    """COPY rows given as chunks of CSV (`bulk_columns`; nothing between commas is NULL) into the staging table."""
    connection.execute(sql.SQL("SET LOCAL work_mem = {}").format(sql.Literal(_WORK_MEMORY)))
    names = sql.SQL(", ").join(map(sql.Identifier, bulk_columns(stage)))
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY pg_temp.{} ({}) FROM STDIN (FORMAT csv)").format(STAGE, names)) as copy:
            for chunk in chunks:
                copy.write(chunk)
        _analyze(cursor, stage)


def fill_stage(connection: Connection, stage: Stage, columns: Sequence[Sequence[Any]]) -> None:
    """COPY rows, given as their columns (in the order of `copy_columns`), into the staging table."""
    names = sql.SQL(", ").join(map(sql.Identifier, copy_columns(stage)))
    text = write_copy_text(columns)
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY pg_temp.{} ({}) FROM STDIN").format(STAGE, names)) as copy:
            if text is not None:
                copy.write(text)
            else:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
        _analyze(cursor, stage)


def _analyze(cursor: Cursor[Any], stage: Stage) -> None:
    cursor.execute(sql.SQL("ANALYZE pg_temp.{} ({})").format(STAGE, sql.SQL(", ").join(map(sql.Identifier, _joined_columns(stage)))))


def _joined_columns(stage: Stage) -> list[str]:
    """The columns other tables are joined by; looking at texts and shapes would take longer than it helps."""
    unique = [name for name, field in stage.layer.fields.items() if field.unique or field.link or name == key_field(stage.layer)]
    return ["row_no", "target", *unique]
