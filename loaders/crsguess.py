# SPDX-License-Identifier: MIT
"""Which coordinate system numbers are probably in, and what is wrong with them when they do not fit the one that is said.

Nothing is decided here: candidates and suspicions stand in the plan, a person confirms one by `--crs` (domain reference 5.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from loaders.source import Source
from server.crs.definitions import Box, Crs, all_crs, find_crs
from server.crs.provinces import legacy_zones
from server.crs.transform import transform_points
from server.db.checks import MAINLAND_BOX

_SAMPLE = 500
_ROWS = 5000
_SHOWN = 4
_FITS = 0.5
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Candidate:
    """A coordinate system the numbers could be in: the share of points inside the province (else Vietnam), and of its own area of use."""

    crs: Crs
    inside: float
    at_home: float
    is_provincial: bool

    @property
    def rank(self) -> tuple[float, bool, float]:
        """The larger the likelier."""
        return self.inside, self.is_provincial, self.at_home


def sample_points(source: Source) -> list[tuple[float, float]]:
    """The first vertices of the first rows that have a readable geometry, at most 500."""
    return list(_first_vertices(source))[:_SAMPLE]  # to the end, so that the reading process is there for the next question


def _first_vertices(source: Source) -> Iterator[tuple[float, float]]:
    for batch in source.batches((), most=_ROWS):
        for wkb in batch.shapes or ():
            shape = shapely.from_wkb(wkb, on_invalid="ignore") if wkb else None
            if shape is not None and not shape.is_empty:
                x, y = shapely.get_coordinates(shape)[0]
                yield float(x), float(y)


def find_candidates(points: Points, province: str | None, near: Box | None) -> tuple[Candidate, ...]:
    """Coordinate systems in which at least half of the points lie inside `near` (degrees; all of Vietnam without), likeliest first.

    Zones the province's data come in go before others that fit as well.
    """
    zones = legacy_zones(province) if province else ()
    found = []
    for crs in all_crs():
        if crs.code == 84:
            continue
        inside = share_inside(points, crs, near or MAINLAND_BOX)
        if inside >= _FITS:
            found.append(Candidate(crs, inside, share_inside(points, crs, crs.area), crs in zones))
    return tuple(sorted(found, key=lambda one: one.rank, reverse=True))


def share_inside(points: Points, crs: Crs, box: Box) -> float:
    """Which part of the points (0 to 1) lies in a box of degrees when they are read in `crs`."""
    if not points:
        return 0.0
    lons, lats = transform_points([x for x, _ in points], [y for _, y in points], crs, find_crs(4326))
    return sum(box[0] <= lon <= box[2] and box[1] <= lat <= box[3] for lon, lat in zip(lons, lats, strict=True)) / len(points)


def name_candidates(candidates: Sequence[Candidate]) -> str:
    """`EPSG:9210 VN-2000 ... (100 %)`, the likeliest few; empty for none."""
    return ", ".join(f"EPSG:{one.crs.code} {one.crs.name} ({one.inside:.0%})" for one in candidates[:_SHOWN])


def find_suspicions(points: Points, crs: Crs, near: Box | None) -> tuple[str, ...]:
    """What seems wrong with points said to be in `crs`, as sentences in both languages; none when they lie where they should."""
    box = near or MAINLAND_BOX
    if not points or share_inside(points, crs, box) >= _FITS:
        return ()
    looks_degrees = sum(abs(x) <= 180 and abs(y) <= 180 for x, y in points) > len(points) / 2
    if crs.kind == "projected" and looks_degrees:
        return (f"EPSG:{crs.code} is in metres, but these are degrees: the file was reprojected already. · Toạ độ là độ, không phải mét.",)
    if crs.kind == "geographic" and not looks_degrees:
        return (f"EPSG:{crs.code} is in degrees, but these are metres. · Toạ độ là mét, không phải độ.",)
    if share_inside([(y, x) for x, y in points], crs, box) >= _FITS:
        return ("X and Y are exchanged: north stands first. · Toạ độ bị đảo trục X và Y.",)
    if crs.kind == "projected":
        if share_inside([(x, y + 1_000_000) for x, y in points], crs, box) >= _FITS:
            return ("The northings lack their first digit (1 000 000 m). · Toạ độ bắc thiếu chữ số đầu.",)
        if share_inside([(x % 1_000_000, y) for x, y in points], crs, box) >= _FITS:
            return ("The eastings carry the number of the zone in front. · Toạ độ đông có số hiệu múi ở đầu.",)
        if share_inside([(x + 500_000, y) for x, y in points], crs, box) >= _FITS:
            return ("The eastings lack the false easting of 500 000 m. · Toạ độ đông thiếu 500 000 m.",)
    where = "the province" if near else "Vietnam"
    return (f"Read as EPSG:{crs.code} most of it lies outside {where}. · Phần lớn nằm ngoài {'tỉnh' if near else 'Việt Nam'}.",)
