# SPDX-License-Identifier: MIT
"""The same definitions in the words of each engine: PostGIS, Mapnik, GDAL and the browser (proj4js)."""

from __future__ import annotations

from typing import NamedTuple

from server.crs.definitions import TOWGS84, Crs, all_crs

_DATUM = '"Vietnam_2000"'
_VN2000_GEOGCS = (
    f'GEOGCS["VN-2000",DATUM[{_DATUM},SPHEROID["WGS 84",6378137,298.257223563],'
    f'TOWGS84[{TOWGS84}]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
)


class SpatialRefRow(NamedTuple):
    """A row of PostGIS's spatial_ref_sys; auth_name, auth_srid and srtext stay null so that PROJ reads proj4text and nothing else."""

    srid: int
    proj4text: str


def postgis_rows() -> list[SpatialRefRow]:
    """The private rows our database needs: every VN-2000 code as 900000 + code with the pinned shift."""
    return [SpatialRefRow(crs.postgis_srid, crs.proj4) for crs in all_crs() if crs.is_vn2000]


def mapnik_projection(crs: Crs) -> str:
    """What `mapnik.Projection` and a map's `srs` take. The two names Mapnik knows by heart give it its fast path."""
    if crs.postgis_srid in (4326, 3857):
        return f"epsg:{crs.postgis_srid}"
    return crs.proj4


def gdal_definition(crs: Crs) -> str:
    """What GDAL (rasterio, pyogrio) takes: `EPSG:n`, or for VN-2000 WKT with TOWGS84.

    The WKT names no EPSG code on purpose: GDAL would drop the TOWGS84 and let PROJ choose the shift. Coordinates are x east, y north.
    """
    if not crs.is_vn2000:
        return f"EPSG:{crs.postgis_srid}"
    if crs.kind == "geographic":
        return _VN2000_GEOGCS
    return (
        f'PROJCS["{crs.name}",{_VN2000_GEOGCS},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
        f'PARAMETER["central_meridian",{crs.central_meridian:g}],PARAMETER["scale_factor",{crs.scale_factor:g}],'
        'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]'
    )


def geopackage_definition(crs: Crs) -> str:
    """The same for a GeoPackage, of which GDAL reads no TOWGS84 of a datum it finds by its name.

    With a hyphen it finds none, and PROJ compares names without looking at such signs: it remains the datum of the EPSG codes.
    """
    return gdal_definition(crs).replace(_DATUM, '"Vietnam-2000"')


def browser_definitions() -> dict[str, str]:
    """Definitions for proj4js by name (`EPSG:9210`): everything it does not know by heart (it knows 4326 and 3857)."""
    return {f"EPSG:{crs.code}": crs.proj4 for crs in all_crs() if crs.postgis_srid not in (4326, 3857)}
