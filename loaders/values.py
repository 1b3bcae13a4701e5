# SPDX-License-Identifier: MIT
"""Numbers and dates as people write them. A column has one notation; a column that mixes two is refused, not guessed.

Vietnamese: `.` groups and `,` decimals (`3.359,80`); English the reverse; both occur (domain reference, rule 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from server.errors import SourceRefused

NumberRule = Literal["plain", "vietnamese", "english"]
DateRule = Literal["iso", "day first", "month first"]
_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_VIETNAMESE = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
_ENGLISH = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


def find_number_rule(values: Iterable[str], column: str) -> NumberRule:
    """The one notation all values fit; `plain` (no grouping) wins when several do. Raises SourceRefused for a mixed column."""
    found = [value.replace("\u00a0", "").replace(" ", "") for value in values]
    rules: tuple[tuple[NumberRule, re.Pattern[str]], ...] = (("plain", _PLAIN), ("vietnamese", _VIETNAMESE), ("english", _ENGLISH))
    readable = [value for value in found if any(pattern.fullmatch(value) for _, pattern in rules)]
    for rule, pattern in rules:
        if all(pattern.fullmatch(value) for value in readable):
            return rule
    raise SourceRefused(
        f"Column {column} mixes two number notations (1.234,5 and 1,234.5).",
        locator=column,
        message_vi=f"Cột {column} lẫn hai cách viết số (1.234,5 và 1,234.5).",
    )


def read_number(text: str, rule: NumberRule) -> float | None:
    """The number a text means under a rule; None when it is none."""
    plain = text.replace("\u00a0", "").replace(" ", "")
    if rule == "vietnamese" and _VIETNAMESE.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif rule == "english" and _ENGLISH.fullmatch(plain):
        plain = plain.replace(",", "")
    return float(plain) if _PLAIN.fullmatch(plain) else None


def find_date_rule(values: Iterable[str], column: str) -> DateRule:
    """ISO, day first (the Vietnamese way, also when nothing tells) or month first. Raises SourceRefused for a mixed column."""
    parts = [match.groups() for match in map(_SLASHED.match, values) if match]
    if not parts:
        return "iso"
    first_is_day = any(int(first) > 12 for first, _, _ in parts)
    second_is_day = any(int(second) > 12 for _, second, _ in parts)
    if first_is_day and second_is_day:
        raise SourceRefused(f"Column {column} mixes day-first and month-first dates.", locator=column)
    return "month first" if second_is_day else "day first"


def read_date(text: str, rule: DateRule) -> str | None:
    """ISO date (or ISO date and time) a text means under a rule; None when it is none."""
    if _ISO.fullmatch(text):
        return text
    match = _SLASHED.match(text)
    if not match:
        return None
    first, second, year = (int(part) for part in match.groups())
    day, month = (second, first) if rule == "month first" else (first, second)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
