# SPDX-License-Identifier: MIT
"""Which CRS of our table a WKT text means (a `.prj`, often without authority and with a home-made name).

The definition decides (projection, meridian, scale factor, datum), never the name alone: provincial files carry names such as
`VN_2000_KT107-45_3deg`.
"""

from __future__ import annotations

from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from server.crs.definitions import Crs, all_crs

_VN2000_NAMES = ("vn2000", "vietnam2000")
# The system before VN-2000, on the ellipsoid of Krassowsky; its shift differs from province to province and is not published for all.
_HN72_NAMES = ("hanoi1972", "hn72", "hanoi72")
_HN72 = (
    "This is HN-72 (Hanoi 1972), the system before VN-2000: have it converted with the parameters of the province first",
    "Đây là hệ HN-72, trước VN-2000: cần chuyển sang VN-2000 bằng tham số của tỉnh trước khi nạp",
)
_METRES = 0.5
_DEGREES = 1e-6
_SCALE = 1e-7


def identify_wkt(text: str) -> Crs | None:
    """The CRS of our table with the same definition as this WKT or `AUTHORITY:code` text; None when there is none."""
    try:
        found = CRS.from_user_input(text)
    except CRSError:
        return None
    if found.is_bound and found.source_crs is not None:  # written with TOWGS84, as our own files are
        found = found.source_crs
    datum = _datum(found)
    if datum is None:
        return None
    if found.is_geographic:
        return next((crs for crs in all_crs() if crs.projection == "longlat" and crs.datum == datum and crs.code != 84), None)
    if found.to_epsg() == 3857:
        return next(crs for crs in all_crs() if crs.code == 3857)
    operation = found.coordinate_operation
    if operation is None or operation.method_name.replace("_", " ") != "Transverse Mercator":
        return None
    values = {param.name.lower(): float(param.value) for param in operation.params}
    return next((crs for crs in all_crs() if crs.projection == "tmerc" and crs.datum == datum and _same(crs, values)), None)


def is_definition(text: str) -> bool:
    """Whether a text defines any CRS at all."""
    try:
        CRS.from_user_input(text)
    except CRSError:
        return False
    return True


def explain_wkt(text: str) -> tuple[str, str] | None:
    """Why a definition that looks Vietnamese is none of our table: a sentence in English and in Vietnamese. None when it does not.

    Provincial maps with the factor of the 6-degree zones (TT 47/2014 art. 5) have no EPSG code; zones of VN-2000 on WGS 84 lack the datum
    shift (domain reference 5.1, 5.2).
    """
    try:
        found = CRS.from_user_input(text)
    except CRSError:
        return None
    if any(name in _plain_names(found) for name in _HN72_NAMES):
        return _HN72
    operation, datum = found.coordinate_operation, _datum(found)
    if operation is None or operation.method_name.replace("_", " ") != "Transverse Mercator":
        return None
    values = {param.name.lower(): float(param.value) for param in operation.params}
    zones = [crs for crs in all_crs() if crs.projection == "tmerc" and crs.datum == "vn2000"]
    if datum == "wgs84":
        same = next((crs for crs in zones if _same(crs, values)), None)
        return (
            None
            if same is None
            else (
                f"The projection is that of EPSG:{same.code}, but on WGS 84: without the datum shift it lies 225 m off",
                f"Phép chiếu của EPSG:{same.code} nhưng trên WGS 84: thiếu tham số chuyển hệ, lệch 225 m",
            )
        )
    scale = next((value for name, value in values.items() if "scale" in name), 1.0)
    turned = {name: 0.9999 if "scale" in name else value for name, value in values.items()}
    same = next((crs for crs in zones if _same(crs, turned)), None) if abs(scale - 0.9996) < _SCALE else None
    return (
        None
        if same is None
        else (
            f"The meridian is that of EPSG:{same.code} with the factor 0.9996 of maps: no EPSG code, 300 to 800 m off",
            f"Kinh tuyến trục của EPSG:{same.code} nhưng hệ số 0,9996: không có mã EPSG, lệch 300-800 m",
        )
    )


def _plain_names(found: CRS) -> str:
    """What a system, its geodetic system and its datum are called, without signs."""
    geodetic = found.geodetic_crs
    names = f"{geodetic.name} {geodetic.datum.name if geodetic.datum else ''}" if geodetic is not None else ""
    return f"{names} {found.name}".lower().replace("_", "").replace("-", "").replace(" ", "")


def _datum(found: CRS) -> str | None:
    if found.geodetic_crs is None:
        return None
    plain = _plain_names(found)
    if any(name in plain for name in _VN2000_NAMES):
        return "vn2000"
    return "wgs84" if "wgs84" in plain or "wgs1984" in plain or "worldgeodeticsystem1984" in plain else None


def _same(crs: Crs, values: dict[str, Any]) -> bool:
    def near(name: str, wanted: float, tolerance: float) -> bool:
        return any(abs(float(value) - wanted) <= tolerance for key, value in values.items() if name in key)

    return (
        near("longitude of natural origin", crs.central_meridian or 0.0, _DEGREES)
        and near("scale factor", crs.scale_factor or 1.0, _SCALE)
        and near("false easting", 500_000.0, _METRES)
        and near("false northing", 0.0, _METRES)
    )
