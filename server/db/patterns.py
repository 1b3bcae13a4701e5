# SPDX-License-Identifier: MIT
"""Patterns of numbers and dates as styles write them (those of Java and of SE 1.1), as templates of PostgreSQL's to_char."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.errors import InvalidParameter

_MAX_PATTERN = 100
_NUMBER = re.compile(r"(?P<prefix>[^#0,.]*)(?P<whole>[#0,]*)(?:\.(?P<decimals>[#0]*))?(?P<suffix>[^#0,.]*)")
_DATE_PARTS = {
    "yyyy": "YYYY",
    "yy": "YY",
    "MMMM": "FMMonth",
    "MMM": "Mon",
    "MM": "MM",
    "M": "FMMM",
    "dd": "DD",
    "d": "FMDD",
    "HH": "HH24",
    "H": "FMHH24",
    "hh": "HH12",
    "h": "FMHH12",
    "mm": "MI",
    "m": "FMMI",
    "ss": "SS",
    "s": "FMSS",
    "a": "AM",
    "EEEE": "FMDay",
    "EEE": "Dy",
    # SE 1.1 writes years and days in capitals
    "YYYY": "YYYY",
    "YY": "YY",
    "DD": "DD",
}
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")


@dataclass(frozen=True)
class NumberShape:
    """A template for the digits, what stands before and after them, and how many decimals are always written."""

    template: str
    prefix: str
    suffix: str
    least_decimals: int


def number_pattern(pattern: str) -> NumberShape:
    """`#,##0.0#` as a template. Raises InvalidParameter for what is no pattern."""
    match = _NUMBER.fullmatch(pattern)
    if match is None or len(pattern) > _MAX_PATTERN or not (match["whole"] or match["decimals"]):
        raise InvalidParameter(f"{pattern[:40]!r} is no pattern for numbers.")
    decimals = match["decimals"] or ""
    zeros = max(match["whole"].count("0"), 0)
    digits = "9" * (15 - zeros) + "0" * zeros if zeros < 15 else "0" * 15
    if "," in match["whole"]:
        digits = ",".join(digits[start : start + 3] for start in range(0, 15, 3))
    template = "FM" + digits + ("." + decimals.replace("#", "9") if decimals else "")
    return NumberShape(template, match["prefix"].replace("'", ""), match["suffix"].replace("'", ""), decimals.count("0"))


def date_pattern(pattern: str) -> str:
    """`dd/MM/yyyy HH:mm` as a template; letters that mean nothing, and quoted text, stand for themselves. Raises InvalidParameter."""
    if len(pattern) > _MAX_PATTERN or '"' in pattern or "\\" in pattern:
        raise InvalidParameter(f"{pattern[:40]!r} is no pattern for dates.")
    parts: list[str] = []
    for match in _TOKEN.finditer(pattern):
        token = match[0]
        if token.startswith("'"):
            parts.append(f'"{match[1]}"' if match[1] else "'")
        elif token[0].isalpha():
            parts.append(_DATE_PARTS.get(token, f'"{token}"'))
        else:
            parts.append(f'"{token}"')
    return "".join(parts)
