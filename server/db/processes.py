# SPDX-License-Identifier: MIT
"""Processes worked out by the database: buffer, clip, figures by zone. Rows are ready texts (JSON); measures are on the ellipsoid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from psycopg import sql

from server.db.condition import Condition
from server.db.pool import Connection
from server.db.select import compose_condition, explain_failure
from server.errors import FeatureNotFound, InvalidParameter
from server.query.features import FeatureQuery
from server.query.processes import Buffer, Clip, Task, ZoneFigures

_FETCHED = 200
_DIMENSIONS = {"point": 1, "multipoint": 1, "line": 2, "multiline": 2, "polygon": 3, "multipolygon": 3}
_FEATURE = (
    '\'{{"type":"Feature","id":\' || {id} || \',"geometry":\' || ST_AsGeoJSON({shape}, 7) || \',"properties":\' || {properties} || \'}}\''
)


def run_task(connection: Connection, task: Task, seconds: float) -> Iterator[str]:
    """The rows of the answer, one text each, as they are worked out; `seconds` is how long the database may work on a part of them.

    Raises InvalidParameter, FeatureNotFound (the zone to clip by), LimitExceeded, LayerNotDefined.
    """
    composed = _COMPOSERS[type(task)](connection, task)
    with connection.transaction(), explain_failure(task.query):
        connection.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        with connection.cursor(name="process") as cursor:
            cursor.execute(sql.SQL("{}").format(composed.sql), composed.params)
            while rows := cursor.fetchmany(_FETCHED):
                for row in rows:
                    yield row[0]


def _compose_buffer(_: Connection, task: Buffer) -> Condition:
    source = _source(task.query)
    around = sql.SQL("ST_Buffer(s.geom::geography, %s::float8)::geometry")
    if not task.dissolve:
        return _features(
            Condition(sql.SQL("SELECT s.id, s.geojson, {} AS shape FROM {}").format(around, source.sql), (task.distance, *source.params))
        )
    whole = sql.SQL("SELECT count(*) AS features, ST_Union({}) AS shape FROM {} HAVING count(*) > 0").format(around, source.sql)
    text = _write_feature(sql.SQL("0"), sql.SQL("json_build_object('features', features)::text"))
    return Condition(sql.SQL("SELECT {} FROM ({}) made").format(text, whole), (task.distance, *source.params))


def _compose_clip(connection: Connection, task: Clip) -> Condition:
    source = _source(task.query)
    if task.zone is not None:
        area = _zone_of(connection, *task.zone)
    else:
        area = Condition(sql.SQL("SELECT ST_SetSRID(ST_GeomFromGeoJSON(%s::text), 4326) AS geom"), (json.dumps(task.geometry),))
    _require_area(connection, area)
    dimension = _DIMENSIONS.get(task.query.layer.geometry)
    cut: sql.Composable = sql.SQL("ST_Intersection(s.geom, a.geom)")
    if dimension is not None:
        cut = sql.SQL("ST_CollectionExtract({}, {})").format(cut, sql.Literal(dimension))
    rows = sql.SQL(
        "SELECT s.id, s.geojson, CASE WHEN ST_CoveredBy(s.geom, a.geom) THEN s.geom ELSE {} END AS shape FROM ({}) a, {}"
        " AND ST_Intersects(s.geom, a.geom)"
    ).format(cut, area.sql, source.sql)
    return _features(Condition(rows, (*area.params, *source.params)))


def _compose_figures(_: Connection, task: ZoneFigures) -> Condition:
    source, zones = _source(task.query), _source(task.zones, "z")
    title = task.zones.layer.title_field
    size = _size(task.query)
    figures = [
        sql.SQL(
            "{name}, json_build_object('count', count({field}), 'sum', sum({field}), 'min', min({field}), 'max', max({field}),"
            " 'mean', avg({field}))"
        ).format(name=sql.Literal(name), field=sql.SQL("s.{}").format(sql.Identifier(name)))
        for name in task.fields
    ]
    text = sql.SQL(
        "json_build_object('zone', z.id, 'title', {title}, 'features', count(s.id){size}, 'fields', json_build_object({fields}))::text"
    ).format(
        title=sql.SQL("min(z.{}::text)").format(sql.Identifier(title)) if title else sql.SQL("NULL::text"),
        size=size,
        fields=sql.SQL(", ").join(figures),
    )
    inner = sql.SQL("SELECT * FROM {}").format(zones.sql)
    statement = sql.SQL(
        "SELECT {} FROM ({}) z JOIN (SELECT * FROM {}) s ON ST_Intersects(s.geom, z.geom) GROUP BY z.id ORDER BY z.id"
    ).format(text, inner, source.sql)
    return Condition(statement, (*zones.params, *source.params))


def _size(query: FeatureQuery) -> sql.SQL:
    """What of lines and areas lies in the zone, as further members of the row."""
    part = "ST_Intersection(s.geom, z.geom)::geography"
    if query.layer.geometry in ("polygon", "multipolygon"):
        return sql.SQL(f", 'area_ha', round((sum(ST_Area({part})) / 10000)::numeric, 4)")
    if query.layer.geometry in ("line", "multiline"):
        return sql.SQL(f", 'length_km', round((sum(ST_Length({part})) / 1000)::numeric, 4)")
    return sql.SQL("")


def _source(query: FeatureQuery, name: str = "s") -> Condition:
    """The features of a question that have a place, as a source of rows with a WHERE that may go on."""
    where = compose_condition(query)
    rows = sql.SQL("(SELECT * FROM {}{}) {} WHERE {}.geom IS NOT NULL")
    names = sql.Identifier(name)
    return Condition(rows.format(sql.Identifier("published", query.layer.id), where.sql, names, names), where.params)


def _zone_of(connection: Connection, query: FeatureQuery, zone: int) -> Condition:
    area = Condition(sql.SQL("SELECT geom FROM {} WHERE id = %s").format(sql.Identifier("published", query.layer.id)), (zone,))
    found = connection.execute(sql.SQL("SELECT geom IS NOT NULL FROM ({}) a").format(area.sql), area.params).fetchone()
    if found is None or not found[0]:
        raise FeatureNotFound(
            f"The layer {query.layer.id!r} has no area with the id {zone}.",
            message_vi=f"Lớp {query.layer.id!r} không có vùng mang mã {zone}.",
        )
    return area


def _require_area(connection: Connection, area: Condition) -> None:
    """Raises InvalidParameter for an area with lines that cross each other, which has no inside."""
    row = connection.execute(sql.SQL("SELECT ST_IsValid(geom) FROM ({}) a").format(area.sql), area.params).fetchone()
    if row is None or not row[0]:
        raise InvalidParameter(
            "The area to clip by is not valid (its lines cross).",
            locator="geometry",
            message_vi="Vùng cắt không hợp lệ (đường bao tự cắt).",
        )


def _features(rows: Condition) -> Condition:
    """Features with the ids and properties of the source and new shapes; what has none left is left out."""
    text = _write_feature(sql.SQL("id"), sql.SQL("(geojson::json -> 'properties')::text"))
    return Condition(sql.SQL("SELECT {} FROM ({}) made WHERE NOT ST_IsEmpty(shape)").format(text, rows.sql), rows.params)


def _write_feature(id_: sql.SQL, properties: sql.SQL) -> sql.Composed:
    return sql.SQL(_FEATURE).format(id=id_, shape=sql.SQL("shape"), properties=properties)


_COMPOSERS: dict[type, Any] = {Buffer: _compose_buffer, Clip: _compose_clip, ZoneFigures: _compose_figures}
