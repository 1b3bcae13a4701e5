# SPDX-License-Identifier: MIT
"""Every coordinate reference system the product knows: one table, read once from `data/definitions.csv`.

The shift between VN-2000 and WGS 84 is fixed by QĐ 05/2007/QĐ-BTNMT (the numbers of EPSG:6960) and is written into every
definition below, because PROJ left alone takes another operation around Tiền Giang and lands 0.8 m away.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from server.errors import InvalidCrs

Kind = Literal["geographic", "projected"]
AuthorityOrder = Literal["en", "ne"]
Projection = Literal["longlat", "webmerc", "tmerc"]
Datum = Literal["wgs84", "vn2000"]
Box = tuple[float, float, float, float]

DATA = Path(__file__).parent / "data"

# Seven parameters of QĐ 05/2007/QĐ-BTNMT, VN-2000 to WGS 84: metres, arc-seconds, parts per million. The rotations are those of the
# coordinate-frame convention, as printed; `+towgs84` wants the position-vector convention, hence the turned signs below.
SHIFT_METRES = ("-191.90441429", "-39.30318279", "-111.45032835")
SHIFT_FRAME_ROTATION = ("-0.00928836", "0.01975479", "-0.00427372")
SHIFT_VECTOR_ROTATION = ("0.00928836", "-0.01975479", "0.00427372")
SHIFT_SCALE = "0.252906278"
TOWGS84 = ",".join((*SHIFT_METRES, *SHIFT_VECTOR_ROTATION, SHIFT_SCALE))

# PostGIS keeps EPSG's own rows; ours with the pinned shift live beside them.
PRIVATE_SRID_BASE = 900_000
# CRS84 is not an EPSG system; inside the product it goes by this number.
CRS84_CODE = 84
# How far from its central meridian a transverse Mercator box is still worth transforming (degrees).
_TMERC_REACH = 15.0
_WEBMERC_LATITUDE = 85.0511287798066


@dataclass(frozen=True)
class Crs:
    """One coordinate reference system.

    `code` is the EPSG number; CRS84, which has none, is 84. `axis_order` is the order of the authority: "en" east (longitude) first,
    "ne" north (latitude) first. `area` is EPSG's area of use as west, south, east, north in degrees of WGS 84.
    """

    code: int
    name: str
    name_vi: str
    projection: Projection
    datum: Datum
    axis_order: AuthorityOrder
    central_meridian: float | None
    scale_factor: float | None
    area: Box
    source: str

    @property
    def kind(self) -> Kind:
        """Geographic (degrees) or projected (metres)."""
        return "geographic" if self.projection == "longlat" else "projected"

    @property
    def unit(self) -> Literal["degree", "metre"]:
        """Unit of both axes."""
        return "degree" if self.kind == "geographic" else "metre"

    @property
    def is_vn2000(self) -> bool:
        """Whether coordinates need the shift of QĐ 05/2007/QĐ-BTNMT to reach WGS 84."""
        return self.datum == "vn2000"

    @property
    def postgis_srid(self) -> int:
        """The SRID of this CRS in our database: 900000 + code for VN-2000, else the EPSG code (CRS84 is 4326 there)."""
        if self.code == CRS84_CODE:
            return 4326
        return PRIVATE_SRID_BASE + self.code if self.is_vn2000 else self.code

    @cached_property
    def proj4(self) -> str:
        """The PROJ string with the datum shift pinned; x is east or longitude, y is north or latitude."""
        shift = f" +towgs84={TOWGS84}" if self.is_vn2000 else ""
        if self.projection == "longlat":
            return f"+proj=longlat +ellps=WGS84{shift} +no_defs" if shift else "+proj=longlat +datum=WGS84 +no_defs"
        if self.projection == "webmerc":
            return "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"
        ellipsoid = f"+ellps=WGS84{shift}" if shift else "+datum=WGS84"
        return f"{self.projection_step} {ellipsoid} +units=m +no_defs"

    @property
    def projection_step(self) -> str:
        """The projection alone, as a PROJ step without ellipsoid (only for transverse Mercator)."""
        return f"+proj=tmerc +lat_0=0 +lon_0={self.central_meridian:g} +k={self.scale_factor:g} +x_0=500000 +y_0=0"

    @property
    def domain(self) -> Box:
        """Where the CRS has usable coordinates: west, south, east, north in degrees; wider than `area`."""
        if self.projection == "longlat":
            return (-180.0, -90.0, 180.0, 90.0)
        if self.projection == "webmerc" or self.central_meridian is None:
            return (-180.0, -_WEBMERC_LATITUDE, 180.0, _WEBMERC_LATITUDE)
        return (self.central_meridian - _TMERC_REACH, -80.0, self.central_meridian + _TMERC_REACH, 84.0)


def _read_row(row: dict[str, str]) -> Crs:
    return Crs(
        code=int(row["code"]),
        name=row["name"],
        name_vi=row["name_vi"],
        projection=row["projection"],  # type: ignore[arg-type]  # the table is ours; tests check every cell
        datum=row["datum"],  # type: ignore[arg-type]
        axis_order=row["axis_order"],  # type: ignore[arg-type]
        central_meridian=float(row["central_meridian"]) if row["central_meridian"] else None,
        scale_factor=float(row["scale_factor"]) if row["scale_factor"] else None,
        area=(float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"])),
        source=row["source"],
    )


def _read_table() -> dict[int, Crs]:
    with (DATA / "definitions.csv").open(encoding="utf-8", newline="") as file:
        return {crs.code: crs for crs in map(_read_row, csv.DictReader(file))}


_TABLE = _read_table()

# Codes other programs use for web Mercator.
ALIASES = {900913: 3857, 102100: 3857, 102113: 3857, 3785: 3857}
# Withdrawn by EPSG: false easting and northing are swapped. Same meridians, right numbers:
WITHDRAWN = {6956: 5896, 6957: 5897, 6958: 5898, 6959: 5899}


def all_crs() -> tuple[Crs, ...]:
    """Every CRS of the table, in its order."""
    return tuple(_TABLE.values())


def describe_crs(offered: Iterable[Crs]) -> str:
    """The short names of `offered`, comma separated, for messages: `EPSG:4326, CRS:84`."""
    return ", ".join("CRS:84" if crs.code == CRS84_CODE else f"EPSG:{crs.code}" for crs in offered)


def find_crs(code: int, *, locator: str | None = None) -> Crs:
    """Look up a CRS by EPSG number (web Mercator's other numbers included); 84 is CRS84. For texts see `spelling.parse_crs`.

    Raises InvalidCrs naming what is known, or the successor of a withdrawn code.
    """
    if code in WITHDRAWN:
        raise InvalidCrs(f"EPSG:{code} was withdrawn (false easting and northing swapped); use EPSG:{WITHDRAWN[code]}", locator=locator)
    crs = _TABLE.get(ALIASES.get(code, code))
    if crs is None:
        raise InvalidCrs(f"This coordinate reference system is not known here. Known: {describe_crs(all_crs())}", locator=locator)
    return crs


WGS84 = _TABLE[4326]
CRS84 = _TABLE[CRS84_CODE]
WEB_MERCATOR = _TABLE[3857]
VN2000 = _TABLE[4756]
