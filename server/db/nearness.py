# SPDX-License-Identifier: MIT
"""Where places lie: how many are near what a layer holds, and among which provinces. So misread coordinates are told from right ones."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.db.columns import storage_srid
from server.db.home import PROVINCES
from server.db.pool import Connection

_DEGREE_M = 111_320.0


def share_near(connection: Connection, layer: Layer, places: Sequence[tuple[float, float]], metres: float) -> float | None:
    """Which part (0 to 1) of some places (lon, lat) lies within so many metres of a feature of the layer; None when it holds none."""
    if not layer.has_geometry or not places:
        return None
    table, srid = sql.Identifier("official", layer.id), storage_srid(layer)
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE geom IS NOT NULL)").format(table)).fetchone()
    if not (row and row[0]):
        return None
    reach = metres / _DEGREE_M if srid == 4326 else metres
    found = connection.execute(
        sql.SQL(
            "SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM {table} o WHERE ST_DWithin(o.geom, p.place, {reach})))::float8 / count(*)"
            " FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), {srid}) AS place"
            " FROM unnest(%s::float8[], %s::float8[]) AS given (x, y)) p"
        ).format(table=table, reach=sql.Literal(reach), srid=sql.Literal(srid)),
        [[lon for lon, _ in places], [lat for _, lat in places]],
    ).fetchone()
    return float(found[0]) if found else None


def read_outlines(connection: Connection, catalog: Catalog) -> str | None:
    """The provinces of today as a GeoJSON geometry in degrees, drawn roughly (some 500 m); None where there are none."""
    provinces = catalog.layers.get(PROVINCES)
    if provinces is None or not provinces.has_geometry:
        return None
    today = "AND coalesce(valid_to, 'infinity') >= current_date" if provinces.validity else ""
    row = connection.execute(
        sql.SQL(
            "SELECT ST_AsGeoJSON(ST_Collect(ST_SimplifyPreserveTopology(ST_Transform(geom, 4326), 0.005)), 3)"
            " FROM {} WHERE geom IS NOT NULL {}"
        ).format(sql.Identifier("official", PROVINCES), sql.SQL(today))
    ).fetchone()
    return str(row[0]) if row and row[0] else None
