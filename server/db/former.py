# SPDX-License-Identifier: MIT
"""What was published of a layer at a moment, as a table shaped like the published one: rows that never changed, and the record's own."""

from __future__ import annotations

from datetime import datetime

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_fields, published_shapes
from server.db.rowxml import gml_fields

# Of each feature that changed since the record began, how it was then; what had gone has no text.
_RECORD = (
    "SELECT c.id, {fields}{geometry} c.geojson FROM (SELECT DISTINCT ON (id) id, geojson, geojson::jsonb AS feature FROM published.change"
    " WHERE layer = {layer} AND action <> 'start' AND at <= {moment} ORDER BY id, revision DESC) c"
    " CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, c.feature -> 'properties') f"
    " CROSS JOIN LATERAL (SELECT ST_GeomFromGeoJSON(nullif(c.feature -> 'geometry', 'null')) AS geom) g WHERE c.geojson IS NOT NULL"
)
_UNCHANGED = (
    "SELECT p.id, {fields}{geometry} p.geojson, p.gml FROM {table} p"
    " WHERE NOT EXISTS (SELECT FROM published.change c WHERE c.layer = {layer} AND c.id = p.id)"
)


def former_rows(layer: Layer, moment: datetime) -> sql.Composed:
    """`(SELECT ...) former_rows` to select from, as of a moment the record of the layer reaches back to."""
    names = [field.name for field in published_fields(layer)] + [shape.name for shape in published_shapes(layer)]
    then = {"layer": sql.Literal(layer.id), "moment": sql.Literal(moment), "table": sql.Identifier("published", layer.id)}
    none = sql.SQL("")
    placed = sql.SQL("g.geom, ST_Transform(g.geom, 3857) AS geom_3857,") if layer.has_geometry else none
    record = sql.SQL(_RECORD).format(fields=_list("f", names), geometry=placed, **then)
    ready = sql.SQL("p.geom, p.geom_3857,") if layer.has_geometry else none
    unchanged = sql.SQL(_UNCHANGED).format(fields=_list("p", names), geometry=ready, layer=then["layer"], table=then["table"])
    return sql.SQL("({} UNION ALL SELECT r.*, {} FROM ({}) r) former_rows").format(unchanged, gml_fields(layer), record)


def _list(alias: str, names: list[str]) -> sql.Composed:
    return sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(alias, name)) for name in names)
