# SPDX-License-Identifier: MIT
"""Checks and completions of staged rows that need the database: geometry, links, computed fields, keys. Each is one statement over the set.

A row with a fault keeps its first one and takes no further part; `read_faults` tells them.
"""

from __future__ import annotations

from psycopg import sql

from server.catalog.catalog import Catalog
from server.catalog.model import GeometryType, Layer, ShapeType
from server.db.columns import GEOMETRY_TYPES, key_field, storage_srid
from server.db.ownlinks import own_link_fields
from server.db.pool import Connection
from server.db.stage import STAGE, Stage, key_column

# Where an object of Vietnam can be, its seas and islands included: west, south, east, north in degrees (EPSG:4326).
PLAUSIBLE_BOX = (100.0, 4.0, 120.0, 25.0)
MAINLAND_BOX = (100.0, 8.0, 120.0, 25.0)
_PLACE = sql.SQL("xanh.describe_place({})")
_ALL = sql.SQL("TRUE")
_UNREAD = sql.SQL("(s.wkb IS NOT NULL OR s.geojson IS NOT NULL)")
_COMPUTED = {
    "area_ha": "round((ST_Area(ST_Transform(geom, 4326)::geography) / 10000)::numeric, 4)::double precision",
    "length_km": "round((ST_Length(ST_Transform(geom, 4326)::geography) / 1000)::numeric, 4)::double precision",
    "lon": "round(ST_X(ST_PointOnSurface(ST_Transform(geom, 4326)))::numeric, 7)::double precision",
    "lat": "round(ST_Y(ST_PointOnSurface(ST_Transform(geom, 4326)))::numeric, 7)::double precision",
}


def check_stage(connection: Connection, catalog: Catalog, stage: Stage) -> dict[str, int]:
    """Everything but keys: reads geometries, resolves and fills links, computes fields. Answers how many rows got which link by place."""
    filled: dict[str, int] = {}
    if stage.has_geometry:
        _read_geometry(connection, stage)
    for name, field in stage.layer.fields.items():
        if field.geometry and name in stage.given:
            _read_further_geometry(connection, stage, name, field.geometry)
        if field.link and name in stage.given:
            _resolve_link(connection, name, catalog.layer(field.link), is_own=name in own_link_fields(stage))
        if field.link and field.fill and stage.has_geometry:
            filled[name] = _fill_link(connection, name, catalog.layer(field.link))
    _compute_fields(connection, stage)
    return filled


def match_keys(connection: Connection, stage: Stage, *, refuse_existing: bool) -> None:
    """Find the official row each staged row means, by the layer's key (and valid_from); rows that repeat a key of the stage are faulty."""
    key = key_field(stage.layer)
    if key is None or key not in stage.given:
        return
    _refuse_repeated(connection, stage.layer, key)
    command = sql.SQL("UPDATE {stage} s SET target = o.id FROM {official} o WHERE {same}").format(
        stage=STAGE, official=sql.Identifier("official", stage.layer.id), same=_same_value(stage.layer, key)
    )
    connection.execute(command)
    if refuse_existing:
        _mark(connection, "exists", key, sql.SQL("s.target IS NOT NULL"))


def check_unique(connection: Connection, stage: Stage) -> None:
    """Unique fields other than the key must not meet another feature's value, staged or official."""
    key = key_field(stage.layer)
    for name, field in stage.layer.fields.items():
        if not field.unique or name not in stage.given:
            continue
        if name != key:
            _refuse_repeated(connection, stage.layer, name)
        condition = sql.SQL("EXISTS (SELECT FROM {} o WHERE {} AND o.id IS DISTINCT FROM s.target)").format(
            sql.Identifier("official", stage.layer.id), _same_value(stage.layer, name)
        )
        _mark(connection, "not_unique", name, condition)


def check_required(connection: Connection, stage: Stage) -> None:
    """Required fields must be filled: in new rows always (defaults count), in rows that change when they bring the field."""
    for name, field in stage.layer.fields.items():
        if not field.required or field.default is not None:
            continue
        is_new = sql.SQL("TRUE" if name in stage.given else "s.target IS NULL")
        _mark(connection, "required", name, sql.SQL("s.{} IS NULL AND {}").format(sql.Identifier(name), is_new))


def read_faults(connection: Connection, limit: int) -> tuple[int, list[tuple[int, str, str | None, str | None]]]:
    """How many staged rows are faulty, and the first `limit` as (number, fault, field, detail) in row order."""
    counted = connection.execute(sql.SQL("SELECT count(*) FROM {} WHERE fault IS NOT NULL").format(STAGE)).fetchone()
    rows = connection.execute(
        sql.SQL("SELECT source_row, fault, fault_field, fault_detail FROM {} WHERE fault IS NOT NULL ORDER BY row_no LIMIT %s").format(
            STAGE
        ),
        [limit],
    ).fetchall()
    return int(counted[0]) if counted else 0, [(row[0], row[1], row[2], row[3]) for row in rows]


def _read_geometry(connection: Connection, stage: Stage) -> None:
    if stage.placed:
        _snap(connection, stage, _ALL)
        if not stage.layer.anywhere:
            _check_place(connection, stage)
        return
    # Shapes that came ready (`features.readyshapes`) are as they shall be; these here came as they are in the source.
    unread = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} s WHERE {})").format(STAGE, _UNREAD)).fetchone()
    if not (unread and unread[0]):
        return
    wanted = GEOMETRY_TYPES[stage.layer.geometry]
    connection.execute(
        sql.SQL("UPDATE {} s SET geom = xanh.read_geometry(wkb, geojson, %s, %s, %s) WHERE {}").format(STAGE, _UNREAD),
        [stage.srid, storage_srid(stage.layer), wanted],
    )
    _mark(connection, "geometry_unreadable", "geometry", sql.SQL("s.geom IS NULL AND {}").format(_UNREAD))
    connection.execute(sql.SQL("UPDATE {} s SET geom = NULL WHERE {} AND ST_IsEmpty(geom)").format(STAGE, _UNREAD))
    _check_shape(connection, "geometry", sql.SQL("s.geom"), stage.layer.geometry, _UNREAD)
    _snap(connection, stage, _UNREAD)
    if stage.layer.anywhere:
        return
    _check_place(connection, stage)


def _snap(connection: Connection, stage: Stage, among: sql.SQL) -> None:
    """Vertices on the grid of the layer; a shape that would vanish or fall into parts there stays as it is."""
    if stage.layer.grid:
        connection.execute(
            sql.SQL(
                "UPDATE {stage} s SET geom = r.geom FROM (SELECT row_no, ST_ReducePrecision(geom, {width}) AS geom FROM {stage} s"
                " WHERE fault IS NULL AND geom IS NOT NULL AND {among}) r"
                " WHERE r.row_no = s.row_no AND NOT ST_IsEmpty(r.geom) AND GeometryType(r.geom) = GeometryType(s.geom)"
            ).format(stage=STAGE, width=sql.Literal(stage.layer.grid), among=among)
        )


def _check_shape(connection: Connection, name: str, shape: sql.Composable, geometry: GeometryType, among: sql.SQL = _ALL) -> None:
    if geometry != "any":
        wrong_type = sql.SQL("{} AND GeometryType({}) <> {}").format(among, shape, sql.Literal(GEOMETRY_TYPES[geometry].upper()))
        _mark(connection, "geometry_type", name, wrong_type, sql.SQL("GeometryType({})").format(shape))
    invalid = sql.SQL("{} AND NOT ST_IsValid({})").format(among, shape)
    _mark(connection, "geometry_invalid", name, invalid, sql.SQL("ST_IsValidReason({})").format(shape))


def _read_further_geometry(connection: Connection, stage: Stage, name: str, geometry: ShapeType) -> None:
    """A geometry beside the layer's own, staged as JSON text: {"srid": ..., "shape": GeoJSON}."""
    column, typed = sql.Identifier(name), sql.Identifier(key_column(name))
    connection.execute(
        sql.SQL("UPDATE {0} SET {1} = xanh.read_geometry(NULL, {2}::json ->> 'shape', ({2}::json ->> 'srid')::int, %s, %s)").format(
            STAGE, column, typed
        )
        + sql.SQL(" WHERE {} IS NOT NULL").format(typed),
        [storage_srid(stage.layer), GEOMETRY_TYPES[geometry]],
    )
    _mark(connection, "geometry_unreadable", name, sql.SQL("s.{} IS NULL AND s.{} IS NOT NULL").format(column, typed))
    connection.execute(sql.SQL("UPDATE {0} SET {1} = NULL WHERE ST_IsEmpty({1})").format(STAGE, column))
    shape = sql.SQL("s.{}").format(column)
    _check_shape(connection, name, shape, geometry)
    if not stage.layer.anywhere:
        _mark(connection, "geometry_outside", name, sql.SQL("NOT xanh.lies_within({}, {})").format(shape, _write_box(PLAUSIBLE_BOX)))
    if stage.home:
        elsewhere = sql.SQL("NOT xanh.lies_within({}, {})").format(shape, _write_box(stage.home))
        _mark(connection, "geometry_elsewhere", name, elsewhere, _PLACE.format(shape))


def _check_place(connection: Connection, stage: Stage) -> None:
    """Rows far from Vietnam are faulty, and so are those that lie there with x and y exchanged.

    Surveyors write north first, and clients mistake the order a CRS name means; VN-2000 coordinates the wrong way round lie south of the
    mainland. So what is not around the mainland is asked about first, and then the far seas are let in.
    """
    near, far = _write_box(MAINLAND_BOX), _write_box(PLAUSIBLE_BOX)
    degrees = storage_srid(stage.layer) == 4326
    within = sql.SQL("({1} ~ {0})" if degrees else "xanh.lies_within({0}, {1})")
    _mark(connection, "geometry_outside", "geometry", sql.SQL("NOT {}").format(within.format(sql.SQL("s.geom"), near)))
    swapped_in = sql.SQL(
        "xanh.lies_within(ST_FlipCoordinates(geom), {})" if stage.placed else f"xanh.looks_swapped(wkb, geojson, {int(stage.srid)}, {{}})"
    )
    swapped = swapped_in.format(near)
    connection.execute(
        sql.SQL("UPDATE {} SET fault = 'geometry_swapped' WHERE fault IN ('geometry_outside', 'geometry_unreadable') AND {}").format(
            STAGE, swapped
        )
    )
    connection.execute(
        sql.SQL("UPDATE {} SET fault = NULL, fault_field = NULL, fault_detail = NULL WHERE fault = 'geometry_outside' AND {}").format(
            STAGE, within.format(sql.SQL("geom"), far)
        )
    )
    if stage.home:
        _check_home(connection, within, swapped_in, stage.home)
    tell = sql.SQL("UPDATE {} SET fault_detail = {} WHERE fault = 'geometry_outside' AND fault_field = 'geometry'")
    connection.execute(tell.format(STAGE, _PLACE.format(sql.SQL("geom"))))


def _check_home(connection: Connection, within: sql.SQL, swapped_in: sql.SQL, box: tuple[float, float, float, float]) -> None:
    """Rows outside the province are faulty; those that lie there with x and y exchanged are told so."""
    home = _write_box(box)
    shape = sql.SQL("s.geom")
    _mark(connection, "geometry_elsewhere", "geometry", sql.SQL("NOT {}").format(within.format(shape, home)), _PLACE.format(shape))
    connection.execute(
        sql.SQL("UPDATE {} SET fault = 'geometry_swapped' WHERE fault = 'geometry_elsewhere' AND {}").format(STAGE, swapped_in.format(home))
    )


def _write_box(box: tuple[float, float, float, float]) -> sql.Composed:
    return sql.SQL("ST_MakeEnvelope({}, 4326)").format(sql.SQL(", ").join(map(sql.Literal, box)))


def _resolve_link(connection: Connection, name: str, linked: Layer, *, is_own: bool) -> None:
    """A key becomes the id of the linked feature: of those with that key the one valid today, else the newest.

    A key unknown in a link to the own layer may mean another staged row; `resolve_own_links` decides later.
    """
    column, typed = sql.Identifier(name), sql.Identifier(key_column(name))
    key = key_field(linked)
    official = sql.Identifier("official", linked.id)
    if key is not None:
        order = sql.SQL("(coalesce(valid_to, 'infinity') >= current_date) DESC, valid_from DESC NULLS LAST, " if linked.validity else "")
        connection.execute(
            sql.SQL(
                "UPDATE {stage} s SET {column} = l.id FROM (SELECT DISTINCT ON ({key}) {key}::text AS key, id FROM {official}"
                " ORDER BY {key}, {order} id) l WHERE s.{typed} = l.key"
            ).format(stage=STAGE, column=column, key=sql.Identifier(key), official=official, order=order, typed=typed)
        )
    if not is_own:
        unknown = sql.SQL("s.{} IS NOT NULL AND s.{} IS NULL").format(typed, column)
        _mark(connection, "link_unknown", name, unknown, sql.SQL("s.{}").format(typed))
    missing = sql.SQL("s.{0} IS NOT NULL AND NOT EXISTS (SELECT FROM {1} o WHERE o.id = s.{0})").format(column, official)
    _mark(connection, "link_unknown", name, missing, sql.SQL("s.{}::text").format(column))


def _fill_link(connection: Connection, name: str, linked: Layer) -> int:
    """An empty link becomes the feature of today that contains the row's geometry (a point on it, for lines and polygons). How many."""
    today = sql.SQL("AND current_date BETWEEN coalesce(l.valid_from, '-infinity') AND coalesce(l.valid_to, 'infinity')")
    done = connection.execute(
        sql.SQL(
            "WITH p AS (SELECT row_no, ST_Transform(ST_PointOnSurface(geom), {srid}) AS at FROM {stage}"
            " WHERE {column} IS NULL AND geom IS NOT NULL AND fault IS NULL)"
            " UPDATE {stage} s SET {column} = f.id FROM (SELECT p.row_no, min(l.id) AS id FROM p"
            " JOIN {official} l ON ST_Intersects(l.geom, p.at) {today} GROUP BY p.row_no) f WHERE f.row_no = s.row_no"
        ).format(
            stage=STAGE,
            column=sql.Identifier(name),
            srid=sql.Literal(storage_srid(linked)),
            official=sql.Identifier("official", linked.id),
            today=today if linked.validity else sql.SQL(""),
        )
    )
    return done.rowcount


def _compute_fields(connection: Connection, stage: Stage) -> None:
    computed = {name: field.computed for name, field in stage.layer.fields.items() if field.computed}
    if not computed or not stage.has_geometry:
        return
    parts = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.SQL(_COMPUTED[kind])) for name, kind in computed.items()]
    connection.execute(sql.SQL("UPDATE {} SET {} WHERE geom IS NOT NULL AND fault IS NULL").format(STAGE, sql.SQL(", ").join(parts)))


def _same_value(layer: Layer, name: str) -> sql.Composed:
    """Staged row `s` and official row `o` bear the same value (and begin to be valid on the same day, where objects have validity)."""
    same = sql.SQL("o.{0} = s.{0}").format(sql.Identifier(name))
    if not layer.validity:
        return same
    return sql.SQL("{} AND coalesce(o.valid_from, '-infinity') = coalesce(s.valid_from, '-infinity')").format(same)


def _refuse_repeated(connection: Connection, layer: Layer, name: str) -> None:
    group = [sql.Identifier(name)] + ([sql.Identifier("valid_from")] if layer.validity else [])
    repeated = sql.SQL(
        "s.row_no IN (SELECT row_no FROM (SELECT row_no, row_number() OVER (PARTITION BY {} ORDER BY row_no) AS n FROM {}"
        " WHERE fault IS NULL AND {} IS NOT NULL) r WHERE n > 1)"
    ).format(sql.SQL(", ").join(group), STAGE, sql.Identifier(name))
    _mark(connection, "repeated", name, repeated)


def _mark(connection: Connection, fault: str, field: str, condition: sql.Composable, detail: sql.Composable | None = None) -> None:
    connection.execute(
        sql.SQL("UPDATE {} s SET fault = {}, fault_field = {}, fault_detail = {} WHERE s.fault IS NULL AND ({})").format(
            STAGE, sql.Literal(fault), sql.Literal(field), detail or sql.SQL("NULL"), condition
        )
    )
