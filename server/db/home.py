# SPDX-License-Identifier: MIT
"""Where the province of this installation lies: the box edits by hand must stay in."""

from __future__ import annotations

import math

from psycopg import sql

from server.catalog.catalog import Catalog, Home
from server.catalog.model import Layer
from server.db.columns import storage_srid
from server.db.pool import Connection

PROVINCES = "provinces"
_KM_OF_A_DEGREE = 111.32
Box = tuple[float, float, float, float]


def find_home_box(connection: Connection, catalog: Catalog, layer: Layer) -> Box | None:
    """West, south, east, north in degrees (EPSG:4326), margin included, of the place new objects of `layer` must lie in.

    The box of config.yml, else that of the province's own object in the layer `provinces`. None where the layer opts out, and where nothing
    says what the province is.
    """
    home = catalog.home
    if home is None or layer.anywhere or layer.nationwide:
        return None
    box = home.box or _find_province(connection, catalog, home)
    return _widen(box, home.margin_km) if box else None


def _find_province(connection: Connection, catalog: Catalog, home: Home) -> Box | None:
    provinces = catalog.layers.get(PROVINCES)
    if provinces is None or not provinces.has_geometry or "code" not in provinces.fields:
        return None
    today = "AND coalesce(valid_to, 'infinity') >= current_date" if provinces.validity else ""
    row = connection.execute(
        sql.SQL(
            "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM (SELECT ST_Transform(ST_SetSRID(ST_Extent(geom)::geometry,"
            " {srid}), 4326) AS box FROM {official} WHERE code = %s AND geom IS NOT NULL {today}) found WHERE box IS NOT NULL"
        ).format(srid=sql.Literal(storage_srid(provinces)), official=sql.Identifier("official", PROVINCES), today=sql.SQL(today)),
        [home.code],
    ).fetchone()
    return (float(row[0]), float(row[1]), float(row[2]), float(row[3])) if row else None


def _widen(box: Box, margin_km: float) -> Box:
    west, south, east, north = box
    up = margin_km / _KM_OF_A_DEGREE
    aside = up / math.cos(math.radians(max(abs(south), abs(north))))
    return west - aside, south - up, east + aside, north + up
