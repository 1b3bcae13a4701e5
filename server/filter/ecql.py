# SPDX-License-Identifier: MIT
"""ECQL, the older filter text of desktop and web clients, as far as CQL2 text says the same: it is rewritten word by word and read as CQL2.

Taken over: INCLUDE, EXCLUDE, `!=`, ILIKE, strToLowerCase and strToUpperCase, the other functions WFS offers, INTERSECTS and its kin without
`S_`, DWITHIN and BEYOND with their units, BBOX(geom, ..., crs), SRID=n;GEOMETRY, IN ('layer.id'), bare times, BEFORE, AFTER, DURING and
TEQUALS. Everything CQL2 text knows passes unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from server.errors import InvalidParameter
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_functions import FUNCTIONS
from server.filter.cql2_text import read_cql2_text
from server.filter.fes import METRES
from server.filter.fes_functions import FES_FUNCTIONS
from server.filter.tree import Node, Or

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
  | (?P<srid>[sS][rR][iI][dD]=\d{1,6};)
  | (?P<name>"[^"]+"|[^\W\d]\w*(?:\.\w+)*)
  | (?P<time>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w.]))
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<sign><>|!=|<=|>=|[=<>(),/*+-])
    )""",
    re.VERBOSE,
)
_SPATIAL = frozenset({"intersects", "disjoint", "contains", "within", "touches", "crosses", "overlaps", "equals", "dwithin", "beyond"})
_MOMENTS = {"before": "T_BEFORE", "after": "T_AFTER", "tequals": "T_EQUALS", "during": "T_DURING"}
_FOLDING = frozenset({"strtolower", "strtoupper", "strtolowercase", "strtouppercase"})
_FUNCTIONS = {name.lower(): one.name for name, one in FES_FUNCTIONS.items() if name != one.name and one.name in FUNCTIONS}
"""What the functions of Filter Encoding are called in CQL2."""
_COMPARING = frozenset({"=", "<>", "!=", "<", "<=", ">", ">=", "like", "ilike"})


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str

    @property
    def word(self) -> str:
        """A name in small letters, "" for everything else."""
        return self.text.lower() if self.kind == "name" else ""

    @property
    def is_operand(self) -> bool:
        """Whether it can stand on one side of a comparison by itself."""
        return self.kind in ("text", "name", "time", "number")


def read_ecql(text: str, reading: Cql2Reading) -> Node | None:
    """Read one filter; None for INCLUDE and for an empty text.

    Raises InvalidParameter, LimitExceeded and OperationNotSupported as the reader of CQL2 text does.
    """
    if text.strip().lower() in ("", "include"):
        return None
    if text.strip().lower() == "exclude":
        return Or(())
    if len(text) > reading.max_length:
        raise InvalidParameter("The filter is too long or too deep.", locator=reading.locator)
    return read_cql2_text(_Rewriter(_split(text, reading), reading).rewrite(), reading)


def _split(text: str, reading: Cql2Reading) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise InvalidParameter(f"The filter cannot be read near character {position + 1}.", locator=reading.locator)
        tokens.append(_Token(match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return tokens


class _Rewriter:
    """Walks the words once and writes CQL2 text."""

    def __init__(self, tokens: list[_Token], reading: Cql2Reading) -> None:
        self._tokens = tokens
        self._reading = reading
        self._at = 0
        self._out: list[str] = []

    def rewrite(self) -> str:
        """The whole filter."""
        while self._at < len(self._tokens):
            for step in (self._box, self._relation, self._distance, self._folded, self._function, self._ilike, self._moment, self._ids):
                if step():
                    break
            else:
                self._out.append(_write(self._take()))
        return " ".join(self._out)

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _Token("end", "")

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _calls(self, words: Collection[str]) -> bool:
        return self._peek().word in words and self._peek(1).text == "("

    def _relation(self) -> bool:
        if not self._calls(_SPATIAL):
            return False
        self._out.append(f"S_{self._take().text.upper()}")
        return True

    def _box(self) -> bool:
        """BBOX(geom, minx, miny, maxx, maxy [, 'EPSG:4326']); CQL2 has the box as an operand, without a name in it."""
        if not (self._calls({"bbox"}) and self._peek(2).kind == "name"):
            return False
        inner = [token for token in self._arguments() if token.text != ","]
        crs = f", {inner.pop().text}" if len(inner) == 6 and inner[5].kind == "text" else ""
        if len(inner) != 5 or any(token.kind != "number" for token in inner[1:]):
            raise InvalidParameter("BBOX in a filter takes the geometry and four numbers, longitude first.", locator=self._reading.locator)
        numbers = ", ".join(token.text for token in inner[1:])
        self._out.append(f"S_INTERSECTS({inner[0].text}, BBOX({numbers}{crs}))")
        return True

    def _distance(self) -> bool:
        """The end of DWITHIN and BEYOND: `, 5, kilometers)`; CQL2 has no units, so metres are written."""
        if self._peek().kind != "number" or self._peek(1).text != "," or self._peek(2).kind != "name":
            return False
        two = self._peek(3).kind == "name"
        unit = " ".join(self._peek(2 + at).word for at in range(1 + two))
        if unit not in METRES or self._peek(3 + two).text != ")":
            raise InvalidParameter(
                "A distance is a number of meters, kilometers, feet, statute miles or nautical miles.", locator=self._reading.locator
            )
        metres = float(self._take().text) * METRES[unit]
        self._at += 2 + two
        self._out.append(repr(metres))
        return True

    def _arguments(self) -> list[_Token]:
        """What stands between the brackets of a call without calls inside; the reader is then behind it."""
        self._at += 2
        inner: list[_Token] = []
        while self._peek().text not in (")", "(") and self._peek().kind != "end":
            inner.append(self._take())
        if self._peek().text != ")":
            raise InvalidParameter("A bracket of the filter is not closed.", locator=self._reading.locator)
        self._at += 1
        return inner

    def _folded(self) -> bool:
        """strToLower(a) = 'x': both sides are compared without regard to case."""
        if not self._calls(_FOLDING):
            return False
        inner = self._arguments()
        if len(inner) != 1:
            raise InvalidParameter("strToLower and strToUpper take one field.", locator=self._reading.locator)
        self._out.append(f"CASEI({_write(inner[0])})")
        if self._peek().word == "not":
            self._out.append(self._take().text)
        if self._peek().text.lower() in _COMPARING and self._peek(1).is_operand:
            sign = self._take()
            self._out += ["LIKE" if sign.word == "ilike" else _write(sign), f"CASEI({_write(self._take())})"]
        return True

    def _function(self) -> bool:
        """strLength(name): the name CQL2 has for a function; its arguments are left to the walk."""
        if not self._calls(_FUNCTIONS.keys()):
            return False
        self._out.append(_FUNCTIONS[self._take().word])
        return True

    def _ilike(self) -> bool:
        negated = self._peek(1).word == "not"
        if self._peek(1 + negated).word != "ilike" or not self._peek().is_operand:
            return False
        operand = _write(self._take())
        self._at += 1 + negated
        self._out.append(
            f"CASEI({operand}) {'NOT ' if negated else ''}LIKE CASEI({_write(self._take()) if self._peek().is_operand else ''})"
        )
        return True

    def _moment(self) -> bool:
        operator = _MOMENTS.get(self._peek(1).word)
        if operator is None or self._peek().kind != "name" or self._peek(2).kind != "time":
            return False
        name = self._take().text
        self._at += 1
        first = self._take()
        if self._peek().text == "/" and self._peek(1).kind == "time":
            self._at += 1
            self._out.append(f"{operator}({name}, INTERVAL('{first.text}', '{self._take().text}'))")
        else:
            self._out.append(f"{operator}({name}, {_write(first)})")
        return True

    def _ids(self) -> bool:
        """IN ('stations.1', 2) without a field in front: feature ids."""
        before = self._at - 1
        if before >= 0 and self._tokens[before].word == "not":
            before -= 1
        if not self._calls({"in"}) or (before >= 0 and self._tokens[before].text.lower() not in ("and", "or", "not", "(")):
            return False
        numbers = [token.text.strip("'").rpartition(".")[2] for token in self._arguments() if token.text != ","]
        if not numbers or not all(number.isascii() and number.isdigit() for number in numbers):
            raise InvalidParameter("IN without a field takes feature ids.", locator=self._reading.locator)
        self._out.append(f"id IN ({', '.join(numbers)})")
        return True


def _write(token: _Token) -> str:
    if token.kind == "time":
        return f"DATE('{token.text}')" if len(token.text) == len("2025-07-01") else f"TIMESTAMP('{token.text}')"
    return "<>" if token.text == "!=" else token.text
