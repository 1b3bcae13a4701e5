# SPDX-License-Identifier: MIT
"""Whole columns of values at once: what `convert` does value by value, for texts in which nothing is unusual."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

_ISO_DATE = len("2025-07-01")


def convert_column(type_: str, values: Sequence[Any]) -> list[Any] | None:
    """The values (none of them None) as columns of the type take them; None when they have to be looked at one by one."""
    convert = _CONVERTERS.get(type_)
    if convert is None or not all(type(value) is str for value in values):
        return None
    joined = "".join(values)
    # isprintable leaves out controls, line ends and halves of surrogate pairs; blank texts mean no value
    if not joined.isprintable() or not all(map(str.strip, values)):
        return None
    try:
        return convert(values, joined)
    except ValueError:
        return None


def _texts(values: Sequence[str], joined: str) -> list[Any]:
    # a part of a normalised text is normalised
    if joined.isascii() or unicodedata.is_normalized("NFC", joined):
        return list(values)
    return [unicodedata.normalize("NFC", value) for value in values]


def _numbers(values: Sequence[str], joined: str) -> list[Any] | None:
    if not _is_plain(joined):
        return None
    numbers = list(map(float, values))
    return numbers if all(map(math.isfinite, numbers)) else None


def _dates(values: Sequence[str], joined: str) -> list[Any] | None:
    if not _is_plain(joined) or any(len(value) != _ISO_DATE for value in values):
        return None
    return list(map(date.fromisoformat, values))


def _is_plain(joined: str) -> bool:
    return joined.isascii() and "_" not in joined


_CONVERTERS: dict[str, Callable[[Sequence[str], str], list[Any] | None]] = {"text": _texts, "number": _numbers, "date": _dates}
