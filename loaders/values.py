# SPDX-License-Identifier: MIT
"""Numbers and dates as people write them. A column has one notation; a column that mixes two is refused, not guessed.

Vietnamese: `.` groups and `,` decimals (`3.359,80`); English the reverse; both occur (domain reference, rule 5).
"""

from __future__ import annotations

import re
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


_NUMBER_RULES: tuple[tuple[NumberRule, re.Pattern[str]], ...] = (("plain", _PLAIN), ("vietnamese", _VIETNAMESE), ("english", _ENGLISH))


class NumberFinder:
    """Finds the one notation of a column's numbers as its values pass by; holds none of them."""

    def __init__(self) -> None:
        self._possible = {rule for rule, _ in _NUMBER_RULES}

    def note(self, text: str) -> None:
        """Look at a value; one that is no number in any notation tells nothing."""
        plain = text.replace("\u00a0", "").replace(" ", "")
        fits = {rule for rule, pattern in _NUMBER_RULES if pattern.fullmatch(plain)}
        if fits:
            self._possible &= fits

    def rule(self, column: str) -> NumberRule:
        """The notation all values fit; `plain` (no grouping) wins when several do. Raises SourceRefused for a mixed column."""
        for rule, _ in _NUMBER_RULES:
            if rule in self._possible:
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


class DateFinder:
    """Finds the order of a column's dates as its values pass by; holds none of them."""

    def __init__(self) -> None:
        self._slashed = self._first_is_day = self._second_is_day = False

    def note(self, text: str) -> None:
        """Look at a value; one that is no date with slashes tells nothing."""
        match = _SLASHED.match(text)
        if match:
            self._slashed = True
            self._first_is_day |= int(match[1]) > 12
            self._second_is_day |= int(match[2]) > 12

    def rule(self, column: str) -> DateRule:
        """ISO, day first (the Vietnamese way, also when nothing tells) or month first. Raises SourceRefused for a mixed column."""
        if not self._slashed:
            return "iso"
        if self._first_is_day and self._second_is_day:
            raise SourceRefused(
                f"Column {column} mixes day-first and month-first dates.",
                locator=column,
                message_vi=f"Cột {column} lẫn hai thứ tự ngày tháng (ngày trước và tháng trước).",
            )
        return "month first" if self._second_is_day else "day first"


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
