# SPDX-License-Identifier: MIT
"""The same definitions in the words of files people carry away: `.prj` of a shapefile, PROJJSON of GeoParquet, names for GDAL."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pyproj import CRS

from server.crs.definitions import CRS84_CODE, TOWGS84, Crs

_SPHEROID = 'SPHEROID["WGS_1984",6378137.0,298.257223563]'


def write_prj(crs: Crs) -> str:
    """The text of a `.prj`: WKT 1 as Esri spells it. VN-2000 bears the seven parameters of QĐ 05/2007/QĐ-BTNMT as TOWGS84.

    Without them GDAL and QGIS would choose a shift of their own and land up to a metre away.
    """
    text = CRS.from_user_input(authority_name(crs)).to_wkt("WKT1_ESRI")
    return text.replace(_SPHEROID, f"{_SPHEROID},TOWGS84[{TOWGS84}]") if crs.is_vn2000 else text


@lru_cache(maxsize=100)
def projjson(code: int) -> dict[str, Any]:
    """The CRS of an EPSG number (84 = CRS84) as PROJJSON, as GeoParquet wants it (1.1.0, `crs`)."""
    document: dict[str, Any] = CRS.from_user_input("OGC:CRS84" if code == CRS84_CODE else f"EPSG:{code}").to_json_dict()
    return document


def authority_name(crs: Crs) -> str:
    """`EPSG:9210`; `EPSG:4326` for CRS84, because files always hold x before y."""
    return f"EPSG:{4326 if crs.code == CRS84_CODE else crs.code}"
