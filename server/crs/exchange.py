# SPDX-License-Identifier: MIT
"""The same definitions in the words of files people carry away: `.prj` of a shapefile, PROJJSON of GeoParquet, texts for GDAL.

VN-2000 goes with the seven parameters of QĐ 05/2007/QĐ-BTNMT wherever a format can hold them: by its EPSG code alone, GDAL and pyproj
choose another shift around Tiền Giang and land 0.8 m away.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pyproj import CRS
from pyproj.crs import BoundCRS
from pyproj.crs.coordinate_operation import ToWGS84Transformation

from server.crs.definitions import CRS84_CODE, TOWGS84, Crs, find_crs

_SPHEROID = 'SPHEROID["WGS_1984",6378137.0,298.257223563]'


def write_prj(crs: Crs) -> str:
    """The text of a `.prj`: WKT 1 as Esri spells it. VN-2000 bears the seven parameters of QĐ 05/2007/QĐ-BTNMT as TOWGS84.

    Without them GDAL and QGIS would choose a shift of their own and land up to a metre away.
    """
    text = CRS.from_user_input(authority_name(crs)).to_wkt("WKT1_ESRI")
    return text.replace(_SPHEROID, f"{_SPHEROID},TOWGS84[{TOWGS84}]") if crs.is_vn2000 else text


@lru_cache(maxsize=100)
def projjson(code: int) -> dict[str, Any]:
    """The CRS of an EPSG number (84 = CRS84) as PROJJSON, as GeoParquet wants it (1.1.0, `crs`); VN-2000 bound to WGS 84 by its shift."""
    found = CRS.from_user_input("OGC:CRS84" if code == CRS84_CODE else f"EPSG:{code}")
    document: dict[str, Any] = (_bind(found) if find_crs(code).is_vn2000 else found).to_json_dict()
    return document


def _bind(found: CRS) -> CRS:
    return BoundCRS(found, CRS.from_epsg(4326), ToWGS84Transformation(found.geodetic_crs, *map(float, TOWGS84.split(","))))


def authority_name(crs: Crs) -> str:
    """`EPSG:9210`; `EPSG:4326` for CRS84, because files always hold x before y."""
    return f"EPSG:{4326 if crs.code == CRS84_CODE else crs.code}"
