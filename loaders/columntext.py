# SPDX-License-Identifier: MIT
"""Text columns as bytes: which encoding each is in, decided from a first pass, and the text they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loaders.encoding import ENOUGH, Guess, canonical, count_telling, decode, describe, detect, restore_capitals
from loaders.syllables import score

_KEPT = 400
_PLAIN = 10
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# Text that is Unicode already is only taken for misread legacy text when that makes nearly all of it Vietnamese, and it was not before.
_SURELY, _HARDLY = 0.9, 0.6


@dataclass
class _Column:
    telling: dict[bytes, None] = field(default_factory=dict)
    plain: dict[bytes, None] = field(default_factory=dict)

    def note(self, value: bytes) -> None:
        if not value.isascii():
            if len(self.telling) < _KEPT:
                self.telling[value] = None
        elif len(self.plain) < _PLAIN:
            self.plain[value] = None

    @property
    def values(self) -> list[bytes]:
        return [*self.telling, *self.plain]


class ColumnTexts:
    """Reads the texts of a source. `note` sees the values of a first pass, `decide` chooses, `read` then answers the text of a value.

    `is_unicode`: the bytes are UTF-8 by the rules of the format; other encodings are thought of only where the text was misread before.
    """

    def __init__(self, *, is_unicode: bool, asked: str | None, declared: str | None) -> None:
        self._is_unicode = is_unicode
        self._asked = canonical(asked) if asked else None
        self._declared = declared
        self._columns: dict[str, _Column] = {}
        self.guesses: dict[str, Guess] = {}
        self.whole = "utf-8"
        self._cache: dict[tuple[str, bytes], str] = {}

    def note(self, batch: Mapping[str, Iterable[Any]]) -> None:
        """Look at the texts of a batch."""
        for name, values in batch.items():
            column = self._columns.setdefault(name, _Column())
            for value in values:
                if isinstance(value, bytes) and value:
                    column.note(value)

    def decide(self) -> None:
        """Choose an encoding per column. A column with few telling values takes that of the whole table: one value may fit several."""
        found = {name: column.values for name, column in self._columns.items() if column.values}
        if self._asked:
            self.whole = self._asked
            self.guesses = {name: describe(self._raw(values), self._asked) for name, values in found.items()}
        elif self._is_unicode:
            self.guesses = {name: self._misread(values) or describe(values, "utf-8") for name, values in found.items()}
        else:
            self.whole = detect([value for values in found.values() for value in values], self._declared).encoding
            self.guesses = {name: self._guess(values) for name, values in found.items()}

    def _guess(self, values: list[bytes]) -> Guess:
        telling = count_telling(values)
        if telling >= ENOUGH:
            return detect(values, self._declared)
        return describe(values, self.whole if telling else "utf-8")

    def _misread(self, values: list[bytes]) -> Guess | None:
        """Legacy text that a program took for Latin letters on the way (`TiÒn Giang`)."""
        telling = [value for value in values if not value.isascii()]
        if len(telling) < ENOUGH or score(value.decode("utf-8", "replace") for value in telling) > _HARDLY:
            return None
        guess = detect(self._raw(values))
        return guess if guess.encoding in ("tcvn3", "vni") and guess.score >= _SURELY else None

    def _raw(self, values: list[bytes]) -> list[bytes]:
        return [_as_one_byte(value) for value in values] if self._is_unicode else values

    def name(self, raw: str) -> str:
        """A field's name as meant: of a table read as bytes, one character is one byte."""
        if self._is_unicode or raw.isascii():
            return raw
        return _CONTROLS.sub("", decode(raw.encode("latin-1", "replace"), self.whole)) or raw

    def forget(self) -> None:
        """Let go of the texts that were decoded; what was decided stays."""
        self._cache.clear()

    def read(self, column: str, value: bytes) -> str:
        """The text of a value, in NFC and without control characters."""
        if value.isascii():
            text = value.decode("ascii")
            return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text
        known = self._cache.get((column, value))
        if known is None:
            known = self._decode(column, value)
            if len(self._cache) < 50_000 and len(value) < 200:
                self._cache[column, value] = known
        return known

    def _decode(self, column: str, value: bytes) -> str:
        guess = self.guesses.get(column)
        encoding = guess.encoding if guess else self.whole
        if self._is_unicode:
            value = _as_one_byte(value) if encoding != "utf-8" else value
        text = unicodedata.normalize("NFC", _CONTROLS.sub("", decode(value, encoding)))
        return restore_capitals(text) if encoding == "tcvn3" else text


def _as_one_byte(value: bytes) -> bytes:
    """The bytes a text had before somebody read them as cp1252; the text as it is when that cannot be."""
    text = value.decode("utf-8", "replace")
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:
                return value
            out.append(ord(char))
    return bytes(out)
