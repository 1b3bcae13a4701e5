# SPDX-License-Identifier: MIT
"""Candidates for an unknown coordinate system, so that a person can choose: each with a score, the reason, and where the data would lie."""

from __future__ import annotations

import math
from dataclasses import dataclass

from loaders.crsguess import Candidate, Points, find_candidates, find_suspicions, sample_points
from loaders.plan import LoadRequest
from loaders.source import Source
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.crs.definitions import WGS84, Box, Crs
from server.crs.transform import transform_points
from server.db.nearness import share_near
from server.db.pool import Database

_SHOWN, _PLACES = 6, 150
_NEAR_M = 100.0
_SIGN = "ABCDEFGH"
_DEGREE_M = 111_320.0
Places = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CrsChoice:
    """One candidate: its letter, score (0 to 100), why in both languages, and some of the points in degrees (lon, lat)."""

    letter: str
    crs: Crs
    score: int
    reason: str
    reason_vi: str
    places: Places


def choose_among(database: Database, catalog: Catalog, request: LoadRequest, source: Source) -> tuple[CrsChoice, ...]:
    """The choices for a source whose system is not known or does not fit; none where there is nothing to choose. Raises ServerFault."""
    info, layer = source.info, request.layer
    if not layer.has_geometry or info.geometry is None:
        return ()
    points = sample_points(source)
    near = None if layer.anywhere or layer.nationwide else request.near
    if info.crs is not None and (layer.anywhere or not find_suspicions(points, info.crs, near)):
        return ()
    return offer_choices(database, catalog, layer, points, near)


def offer_choices(database: Database, catalog: Catalog, layer: Layer, points: Points, near: Box | None) -> tuple[CrsChoice, ...]:
    """The likeliest systems for points in an unknown one, the likeliest first; none when they fit nowhere. Raises ServerFault.

    The score: 60 for lying where they should, 25 for lying near what the layer holds already, 15 for a zone the province works in.
    """
    province = catalog.home.code if catalog.home else None
    found = []
    for candidate in find_candidates(points, province, near)[: 2 * _SHOWN]:
        places = _place(points, candidate.crs)
        with database.writer() as connection:
            close = share_near(connection, layer, places, _NEAR_M)
        found.append((candidate, _score(candidate, close), close, places))
    found.sort(key=lambda one: -one[1])
    out = []
    for at, (candidate, score, close, places) in enumerate(found[:_SHOWN]):
        reason, reason_vi = _explain(candidate, close, near is not None)
        if at:
            away = _write_metres(_median_distance(places, found[0][3]))
            reason, reason_vi = f"{reason} About {away} away from A.", f"{reason_vi} Lệch so với A khoảng {away}."
        out.append(CrsChoice(_SIGN[at], candidate.crs, round(score), reason, reason_vi, places))
    return tuple(out)


def _median_distance(places: Places, others: Places) -> float:
    """Metres between the same points in two systems, half of them nearer (a plane is good enough to tell people)."""
    metres = sorted(
        math.hypot((lon - other_lon) * _DEGREE_M * math.cos(math.radians(lat)), (lat - other_lat) * _DEGREE_M)
        for (lon, lat), (other_lon, other_lat) in zip(places, others, strict=False)
    )
    return metres[len(metres) // 2] if metres else 0.0


def _write_metres(metres: float) -> str:
    return f"{metres / 1000:.0f} km" if metres >= 9500 else f"{metres:.0f} m" if metres >= 1 else "0 m"


def _score(candidate: Candidate, close: float | None) -> float:
    """Without anything to lie near, the other two share its part."""
    zone = 1.0 if candidate.is_provincial else 0.0
    if close is None:
        return 80 * candidate.inside + 20 * zone
    return 60 * candidate.inside + 25 * close + 15 * zone


def _explain(candidate: Candidate, close: float | None, is_province: bool) -> tuple[str, str]:
    where = ("the province", "tỉnh") if is_province else ("Vietnam", "Việt Nam")
    english = [f"{candidate.inside:.0%} of the points lie in {where[0]}"]
    vietnamese = [f"{candidate.inside:.0%} số điểm nằm trong {where[1]}"]
    if close is not None:
        english.append(f"{close:.0%} lie within 100 m of what the layer holds")
        vietnamese.append(f"{close:.0%} nằm cách dữ liệu đã có của lớp không quá 100 m")
    if candidate.is_provincial:
        english.append("a zone this province works in")
        vietnamese.append("múi chiếu tỉnh đang dùng")
    elif candidate.at_home < 1:
        english.append(f"only {candidate.at_home:.0%} lie where this system is meant for")
        vietnamese.append(f"chỉ {candidate.at_home:.0%} nằm trong vùng dùng hệ này")
    return "; ".join(english) + ".", "; ".join(vietnamese) + "."


def _place(points: Points, crs: Crs) -> Places:
    step = max(1, len(points) // _PLACES)
    chosen = points[::step]
    lons, lats = transform_points([x for x, _ in chosen], [y for _, y in chosen], crs, WGS84)
    return tuple((round(lon, 6), round(lat, 6)) for lon, lat in zip(lons, lats, strict=True) if abs(lon) <= 180 and abs(lat) <= 90)
