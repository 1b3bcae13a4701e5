# SPDX-License-Identifier: MIT
"""Values as people and files give them, to values as columns take them. Pure; None stays None, blank text is None."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from server.crs.definitions import find_crs
from server.filter.tree import GeometryLiteral

VIETNAM = timezone(timedelta(hours=7))
_TRUE, _FALSE = {"true", "t", "1", "yes"}, {"false", "f", "0", "no"}
_BIGINT = 2**63
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # controls but tab and line ends, halves of surrogate pairs


def to_text(value: Any) -> str:
    """NFC text; numbers become their shortest spelling. Raises ValueError for control characters and other types."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("not text")
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable() and _UNWANTED.search(text):
        raise ValueError("control character")
    return text


def to_integer(value: Any) -> int:
    """A whole number of 64 bits. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError("not a number")
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("not whole")
    number = int(value) if isinstance(value, int | float) else int(_ascii(value))
    if not -_BIGINT <= number < _BIGINT:
        raise ValueError("too large")
    return number


def to_number(value: Any) -> float:
    """A finite number. Raises ValueError."""
    if isinstance(value, bool):
        raise ValueError("not a number")
    number = float(value) if isinstance(value, int | float) else float(_ascii(value))
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def to_boolean(value: Any) -> bool:
    """true/false, t/f, yes/no, 1/0. Raises ValueError."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("not true or false")


def to_date(value: Any) -> date:
    """A date; of a moment its date in Vietnam. Text is ISO 8601. Raises ValueError."""
    if isinstance(value, datetime):
        return (value.astimezone(VIETNAM) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    text = _ascii(value)
    return date.fromisoformat(text) if len(text) <= 10 else to_date(datetime.fromisoformat(text))


def to_moment(value: Any) -> datetime:
    """A moment with its zone; one without zone is Vietnamese time (UTC+7), as on paper. Text is ISO 8601. Raises ValueError."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    else:
        moment = datetime.fromisoformat(_ascii(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def to_shape(value: Any) -> str:
    """A geometry as the stage takes it: a literal in its own CRS, or a GeoJSON object in longitude and latitude. Raises ValueError."""
    if isinstance(value, GeometryLiteral):
        return json.dumps({"srid": find_crs(value.epsg).postgis_srid, "shape": value.geojson}, allow_nan=False)
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return json.dumps({"srid": 4326, "shape": value}, allow_nan=False)
    raise ValueError("not a geometry")


CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "text": to_text,
    "integer": to_integer,
    "number": to_number,
    "boolean": to_boolean,
    "date": to_date,
    "datetime": to_moment,
    "geometry": to_shape,
}


def _ascii(value: Any) -> str:
    """Text of plain characters only: int() and float() would also take other scripts' digits and underscores."""
    if not isinstance(value, str):
        raise ValueError("not text")
    text = value.strip()
    if not text.isascii() or "_" in text:
        raise ValueError("not plain")
    return text
