# SPDX-License-Identifier: MIT
"""Filters out of key-value parameters: boxes, times, field=value and lists of ids become the one filter tree."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from server.crs.extent import Extent
from server.errors import InvalidParameter
from server.filter.tree import Box, Comparison, Constant, Ids, IsNull, Node, Or, Period, Property, Spatial, Words

_OPEN = ("", "..")
_YEAR_0 = "0000-01-01T00:00:00Z"  # how QGIS writes an open beginning
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})?", re.ASCII)
_ID = re.compile(r"\d{1,19}", re.ASCII)
_MAX_TEXT = 1000
_MOST_SOUGHT, _MOST_WORDS = 200, 8


def read_box(extent: Extent) -> Node:
    """Features whose geometry meets the box (in any CRS of the table)."""
    return Spatial("intersects", Box(extent.minx, extent.miny, extent.maxx, extent.maxy, extent.crs.code))


def read_datetime(text: str, *, locator: str = "datetime") -> Period:
    """`datetime` of OGC API Features (17-069r4 7.15.4): an instant, a day (also a month or a year), or an interval with `..` for open ends.

    A day, month or year stands for the whole of it; a time without zone is UTC. Raises InvalidParameter.
    """
    parts = text.strip().split("/")
    if len(parts) == 1:
        return Period(*read_moment(parts[0], locator))
    if len(parts) != 2:
        raise InvalidParameter(f"{locator} is an instant or an interval begin/end.", locator=locator)
    begin = None if parts[0] in (*_OPEN, _YEAR_0) else read_moment(parts[0], locator)[0]
    end = None if parts[1] in _OPEN else read_moment(parts[1], locator)[1]
    if begin is not None and end is not None and begin > end:
        raise InvalidParameter(f"{locator}: the interval ends before it begins.", locator=locator)
    return Period(begin, end)


def read_equality(name: str, text: str) -> Node:
    """`field=value`: equality; an empty value means that the field has none. Raises InvalidParameter for overlong texts."""
    if len(text) > _MAX_TEXT:
        raise InvalidParameter(f"The value of {name!r} is longer than {_MAX_TEXT} characters.", locator=name)
    return Comparison("=", Property(name), Constant(text)) if text else IsNull(Property(name))


def read_words(text: str, *, locator: str = "q") -> Node:
    """`q`: features whose search text holds every word; commas separate alternatives. Raises InvalidParameter."""
    alternatives = [tuple(part.split()) for part in text.replace("\0", " ").split(",") if part.strip()]
    if not alternatives or len(text) > _MOST_SOUGHT or any(len(words) > _MOST_WORDS for words in alternatives):
        raise InvalidParameter(
            f"{locator} is up to {_MOST_WORDS} words, or several such groups with commas between them, {_MOST_SOUGHT} characters at most.",
            locator=locator,
            message_vi=f"{locator} gồm tối đa {_MOST_WORDS} từ, hoặc nhiều nhóm cách nhau bằng dấu phẩy, không quá {_MOST_SOUGHT} ký tự.",
        )
    return Words(alternatives[0]) if len(alternatives) == 1 else Or(tuple(Words(words) for words in alternatives))


def read_ids(texts: list[str], *, ceiling: int, locator: str) -> Ids:
    """Feature ids as decimal numbers. Raises InvalidParameter for anything else and for more than `ceiling` of them."""
    if len(texts) > ceiling:
        raise InvalidParameter(f"{locator} names more than {ceiling} features.", locator=locator)
    if not all(_ID.fullmatch(text) for text in texts):
        raise InvalidParameter(f"{locator} has an id that is not a number.", locator=locator)
    return Ids(tuple(int(text) for text in texts))


def read_moment(text: str, locator: str) -> tuple[datetime, datetime]:
    """First and last instant of what the text names: a time, or the whole of a day, month or year (in UTC). Raises InvalidParameter."""
    text = re.sub(r" (\d{2}:\d{2})$", r"+\1", text)  # a plus sign nobody escaped arrives as a blank
    try:
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC), moment.astimezone(UTC)
        match = _DATE.fullmatch(text)
        if match:
            return _read_day(match)
    except (ValueError, OverflowError):
        pass
    raise InvalidParameter(f"{locator} needs dates such as 2025-07-01 or times such as 2025-07-01T00:00:00Z.", locator=locator)


def _read_day(match: re.Match[str]) -> tuple[datetime, datetime]:
    year, month, day = (int(group) if group else None for group in match.groups())
    first = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
    last_month = month or 12
    last_day = day or calendar.monthrange(first.year, last_month)[1]
    last = datetime(first.year, last_month, last_day, tzinfo=UTC) + timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)
    return first, last
