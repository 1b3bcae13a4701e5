# SPDX-License-Identifier: MIT
"""Parameters of a coverage become one frozen question (OGC API - Coverages 19-087): place, time, fields, size, format."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from server.config import Limits
from server.crs.definitions import Crs
from server.crs.extent import parse_ogcapi_bbox
from server.crs.spelling import parse_crs
from server.crs.transform import transform_extent
from server.errors import InvalidParameter, LimitExceeded
from server.filter.kvp import read_datetime
from server.filter.tree import Period
from server.render.coverage import Bounds, Grid, Part, find_part

PARAMETERS = ("bbox", "bbox-crs", "subset", "datetime", "properties", "scale-factor", "scale-size", "scale-axes")
_SCALES = ("scale-factor", "scale-size", "scale-axes")
_VALUE = r'(?:"[^"]{0,100}"|[^:()",]{0,100})'
_SUBSET = re.compile(rf"([A-Za-z]{{1,20}})\(({_VALUE})(?::({_VALUE}))?\)")
_SIZE = re.compile(r"([A-Za-z]{1,20})\(([0-9.eE+-]{1,30})\)")


@dataclass(frozen=True)
class Offer:
    """What a coverage offers: its cells, its CRS, all CRSs of the service, and the ceilings."""

    grid: Grid
    crs: Crs
    known: Sequence[Crs]
    limits: Limits

    @property
    def axes(self) -> tuple[str, str]:
        """Names of the axes, east or longitude first."""
        return ("Lon", "Lat") if self.crs.kind == "geographic" else ("E", "N")


@dataclass(frozen=True)
class CoverageRequest:
    """Which cells in which size (None: the place asked for lies outside), and bands from 1."""

    part: Part | None
    bands: tuple[int, ...]


def read_period(given: Mapping[str, str]) -> Period | None:
    """The time asked for, by `datetime` or `subset=time(...)`. Raises InvalidParameter."""
    written = [given["datetime"]] if "datetime" in given else []
    for axis, low, high in _read_subsets(given.get("subset")):
        if axis == "time":
            written.append(low.strip('"') if high is None else f"{low.strip(chr(34))}/{high.strip(chr(34))}".replace("*", ".."))
    if len(written) > 1:
        raise _wrong("datetime", "The time is said once.", "Thời gian chỉ nêu một lần.")
    return read_datetime(written[0]) if written else None


def read_coverage_request(given: Mapping[str, str], offer: Offer, most_values: int) -> CoverageRequest:
    """The question; `most_values` are the cells times bands an answer may have.

    Without a scale an answer too large for that is made smaller; one asked for is refused. Raises InvalidParameter, LimitExceeded,
    InvalidCrs.
    """
    bands = _read_bands(given.get("properties"), offer.grid.bands)
    box = _read_place(given, offer)
    part = find_part(offer.grid, box) if box is not None else None
    scales = [name for name in _SCALES if name in given]
    if len(scales) > 1:
        raise _wrong(scales[1], "The scale is said once.", "Tỉ lệ chỉ nêu một lần.")
    if part is None:
        return CoverageRequest(None, bands)
    if not scales:
        return CoverageRequest(_fit(part, most_values // len(bands)), bands)
    size = _read_factors(given, part, offer) if scales[0] != "scale-size" else _read_size(given["scale-size"], part, offer)
    if size[0] * size[1] * len(bands) > most_values:
        raise LimitExceeded(
            f"An answer holds at most {most_values} values; ask for a smaller place or size.",
            locator=scales[0],
            message_vi=f"Mỗi lần trả lời có tối đa {most_values} giá trị; hãy thu hẹp phạm vi hoặc kích thước.",
        )
    return CoverageRequest(replace(part, size=size), bands)


def _read_place(given: Mapping[str, str], offer: Offer) -> Bounds | None:
    """The box of `bbox` and `subset` in the CRS of the coverage, all of it without; None when `bbox` lies where the CRS has no places."""
    left, bottom, right, top = offer.grid.bounds
    if "bbox" in given:
        reference = parse_crs(given["bbox-crs"], offered=offer.known, locator="bbox-crs") if "bbox-crs" in given else None
        found = transform_extent(parse_ogcapi_bbox(given["bbox"], reference), offer.crs)
        if found is None:
            return None
        left, bottom, right, top = found.bounds
    elif "bbox-crs" in given:
        raise _wrong("bbox-crs", "bbox-crs goes with bbox.", "bbox-crs đi cùng bbox.")
    ranges = {offer.axes[0]: (left, right), offer.axes[1]: (bottom, top)}
    seen = set()
    for axis, low, high in _read_subsets(given.get("subset")):
        if axis == "time":
            continue
        if axis not in ranges or axis in seen:
            names = ", ".join((*offer.axes, "time"))
            raise _wrong("subset", f"The axes are {names}, each once.", f"Các trục là {names}, mỗi trục một lần.")
        seen.add(axis)
        ranges[axis] = _read_range(low, high, ranges[axis])
    (left, right), (bottom, top) = ranges.values()
    return left, bottom, right, top


def _read_range(low: str, high: str | None, whole: tuple[float, float]) -> tuple[float, float]:
    first = whole[0] if low == "*" else _number(low, "subset")
    if high is None:
        return first, first
    last = whole[1] if high == "*" else _number(high, "subset")
    if first > last:
        raise _wrong("subset", "A range goes from low to high.", "Khoảng phải đi từ thấp đến cao.")
    return max(first, whole[0]), min(last, whole[1])


def _read_subsets(text: str | None) -> list[tuple[str, str, str | None]]:
    """Axis, low and high (None for a single value) of each part of `subset=Lat(10:11),Lon(105:106)`."""
    if text is None:
        return []
    found, position = [], 0
    while position < len(text):
        match = _SUBSET.match(text, position)
        if match is None or (match.end() < len(text) and text[match.end()] != ","):
            raise _wrong("subset", "subset is written as Lat(10:11),Lon(105:106).", "subset viết như Lat(10:11),Lon(105:106).")
        found.append((match[1], match[2], match[3]))
        position = match.end() + 1
    return found


def _read_bands(text: str | None, count: int) -> tuple[int, ...]:
    if text is None:
        return tuple(range(1, count + 1))
    names = {f"band{number}": number for number in range(1, count + 1)}
    wanted = text.split(",")
    if not all(name in names for name in wanted) or len(set(wanted)) < len(wanted):
        offered = ", ".join(names)
        raise _wrong("properties", f"The fields are {offered}, each once.", f"Các trường là {offered}, mỗi trường một lần.")
    return tuple(names[name] for name in wanted)


def _read_factors(given: Mapping[str, str], part: Part, offer: Offer) -> tuple[int, int]:
    """`scale-factor=2` or `scale-axes=Lat(2),Lon(2)`: how many cells become one."""
    if "scale-factor" in given:
        factors = [_number(given["scale-factor"], "scale-factor")] * 2
    else:
        named = _read_named(given["scale-axes"], "scale-axes", offer)
        factors = [named.get(axis, 1.0) for axis in offer.axes]
    wanted = [_whole(cells / factor) if factor > 0 else 0 for cells, factor in zip((part.width, part.height), factors, strict=True)]
    if min(factors) <= 0:
        name = "scale-factor" if "scale-factor" in given else "scale-axes"
        raise _wrong(name, "A factor is more than 0.", "Hệ số phải lớn hơn 0.")
    return wanted[0], wanted[1]


def _read_size(text: str, part: Part, offer: Offer) -> tuple[int, int]:
    """`scale-size=Lon(200),Lat(100)`: so many columns and rows; one alone keeps the proportions."""
    named = _read_named(text, "scale-size", offer)
    if any(number < 1 or number != int(number) for number in named.values()):
        raise _wrong("scale-size", "A size is a whole number, 1 or more.", "Kích thước là số nguyên từ 1 trở lên.")
    width, height = (named.get(axis) for axis in offer.axes)
    if width is None:
        width = part.width * (height or 1) / part.height
    if height is None:
        height = part.height * width / part.width
    return _whole(width), _whole(height)


def _read_named(text: str, locator: str, offer: Offer) -> dict[str, float]:
    parts = [_SIZE.fullmatch(part) for part in text.split(",")]
    named = {match[1]: _number(match[2], locator) for match in parts if match}
    if None in parts or len(named) < len(parts) or not set(named) <= set(offer.axes):
        example = ",".join(f"{axis}(2)" for axis in offer.axes)
        raise _wrong(locator, f"{locator} is written as {example}.", f"{locator} viết như {example}.")
    return named


def _fit(part: Part, most: int) -> Part:
    """The part made so small that it has at most so many cells."""
    shrink = math.sqrt(part.width * part.height / max(1, most))
    if shrink <= 1:
        return part
    return replace(part, size=(max(1, int(part.width / shrink)), max(1, int(part.height / shrink))))


def _whole(number: float) -> int:
    return max(1, round(min(number, 1e9)))


def _number(text: str, locator: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(locator, f"{locator} holds numbers.", f"{locator} phải là số.")
    return number


def _wrong(locator: str, message: str, vietnamese: str) -> InvalidParameter:
    return InvalidParameter(message, locator=locator, message_vi=vietnamese)
