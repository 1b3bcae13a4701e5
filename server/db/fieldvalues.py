# SPDX-License-Identifier: MIT
"""Constants of a filter, brought to the type of the field they are compared with, so that the database never meets nonsense."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Literal

from server.errors import InvalidParameter
from server.filter.tree import Value

Kind = Literal["text", "integer", "number", "boolean", "date", "datetime", "geometry", "texts"]
BIGINT_MAX = 2**63 - 1
_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_MAX_TEXT = 4000


def kind_of(field_type: str) -> Kind:
    """What a published field's type compares as; a link is the integer id of a feature."""
    kinds: dict[str, Kind] = {
        "link": "integer",
        "integer": "integer",
        "number": "number",
        "boolean": "boolean",
        "date": "date",
        "datetime": "datetime",
    }
    return kinds.get(field_type, "text")


def read_value(value: Value, kind: Kind, name: str) -> str | int | float | bool | date | datetime:
    """The constant as `kind`; `name` is the field it is compared with, for the message.

    Texts are read (ISO 8601 dates and times, decimal numbers, true and false); a time without zone is UTC. Raises InvalidParameter.
    """
    try:
        found = _READERS[kind](value)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidParameter(f"The field {name!r} is compared with a value that is not {_NAMES[kind]}.", locator=name)
    return found


def _read_text(value: Value) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.isoformat() if isinstance(value, date) else str(value)
    return None if value is None or "\0" in text or len(text) > _MAX_TEXT else _require_utf8(text)


def _require_utf8(text: str) -> str:
    text.encode("utf-8")  # lone surrogates raise UnicodeEncodeError, which is a ValueError
    return text


def _read_number(value: Value) -> int | float | None:
    if isinstance(value, str):
        text = value.strip()
        if _INTEGER.fullmatch(text):
            value = int(text)
        elif _NUMBER.fullmatch(text):
            value = float(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        return value if abs(value) <= BIGINT_MAX else float(value)
    return value if math.isfinite(value) else None


def _read_boolean(value: Value) -> bool | None:
    return value if isinstance(value, bool) else _BOOLEANS.get(str(value).strip().lower())


def _read_date(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])


def _read_datetime(value: Value) -> datetime | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_READERS: dict[Kind, Callable[[Value], str | int | float | bool | date | datetime | None]] = {
    "text": _read_text,
    "integer": _read_number,
    "number": _read_number,
    "boolean": _read_boolean,
    "date": _read_date,
    "datetime": _read_datetime,
    "geometry": lambda _: None,
    "texts": lambda _: None,
}
_NAMES: dict[Kind, str] = {
    "text": "a usable text",
    "integer": "a number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date such as 2025-07-01",
    "datetime": "a date and time such as 2025-07-01T00:00:00Z",
    "geometry": "to be compared like this: use a spatial operator",
    "texts": "to be compared like this: use A_CONTAINS, A_OVERLAPS, A_CONTAINEDBY or A_EQUALS",
}
