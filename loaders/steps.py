# SPDX-License-Identifier: MIT
"""The cleaning rules of one field, applied to many texts at a time; what each changed is told.

Regular expressions run in RE2 (in Arrow): linear time, whatever a layer file says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow
import pyarrow.compute

from loaders.encoding import mend_mojibake
from loaders.mapping import fold
from server.catalog.cleaning import Cleaning, CleaningRule
from server.catalog.model import CodeList, LayerField
from server.catalog.units import find_factor, split_value

_SIMPLE: Mapping[str, Callable[[str], str]] = {
    "trim": lambda text: text.strip(" \t\u00a0"),
    "squeeze": lambda text: re.sub(r"[ \t\u00a0]+", " ", text),
    "upper": str.upper,
    "lower": str.lower,
    "title": lambda text: text[:1].upper() + text[1:],
}
_MENDED = "UTF-8 read as cp1252"


Changes = dict[str, list[tuple[int, Any, Any]]]
"""What rules changed, by their names: place of the value, before, after."""


@dataclass(frozen=True)
class Steps:
    """The rules of one field. `codes` looks up (folded words to codes) for rules that name a list other than the field's own."""

    rules: tuple[Cleaning, ...]
    target: LayerField | None
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def default(self) -> str | None:
        """What stands where there is nothing."""
        return next((rule.default for rule in self.rules if isinstance(rule, CleaningRule) and rule.default is not None), None)

    @property
    def unit(self) -> str | None:
        """The unit of numbers that come without one."""
        return next((rule.unit for rule in self.rules if isinstance(rule, CleaningRule) and rule.unit is not None), None)

    def run(self, values: Sequence[Any]) -> tuple[list[Any], Changes]:
        """The values after the rules (None where nothing is left) and what each rule changed. Values that are no texts stay."""
        places = [place for place, value in enumerate(values) if isinstance(value, str)]
        before: list[str] = [values[place] for place in places]
        told: Changes = {}
        for step in (_MENDED, "trim", *self.rules):
            after = self._apply(step, before)
            if after != before:
                changed = told.setdefault(step if isinstance(step, str) else step.name, [])
                changed += [(place, old, new) for place, old, new in zip(places, before, after, strict=True) if old != new]
            before = after
        out = list(values)
        for place, text in zip(places, before, strict=True):
            out[place] = text or None
        return out, told

    def _apply(self, step: Cleaning | str, texts: list[str]) -> list[str]:
        if isinstance(step, str):
            return [(mend_mojibake if step == _MENDED else _SIMPLE[step])(text) for text in texts]
        if step.strip is not None:
            return [text.removeprefix(step.strip).lstrip() for text in texts]
        if step.empty is not None:
            return ["" if text == step.empty else text for text in texts]
        if step.split is not None:
            return [_take_part(text, step.split.by, step.split.part) for text in texts]
        if step.extract is not None:
            return _replace(texts, rf"(?s)^.*?(?:{_with_group(step.extract)}).*$", r"\1")
        if step.replace is not None:
            return _replace(texts, step.replace.pattern, step.replace.with_)
        if step.lookup is not None and step.lookup in self.codes:
            return [self.codes[step.lookup].get(fold(text), text) for text in texts]
        return texts

    def find_factor(self, given: str | None) -> float | None:
        """What numbers in a unit (None: the one of the rule) are multiplied by; None for a unit that does not fit."""
        return find_factor(given or self.unit or "", self.target.unit or "") if self.target else None

    def split_number(self, text: str) -> tuple[str, str | None]:
        """The number and the unit behind it, where this field converts units."""
        return split_value(text) if self.unit else (text, None)


def _take_part(text: str, by: str, part: int) -> str:
    parts = text.split(by)
    place = part - 1 if part > 0 else part
    return parts[place].strip() if -len(parts) <= place < len(parts) else ""


def _with_group(pattern: str) -> str:
    """The pattern with a first group: its own, or all of it."""
    return pattern if re.search(r"(?<!\\)(?:\\\\)*\((?!\?)|\(\?P<", pattern) else f"({pattern})"


def _replace(texts: list[str], pattern: str, replacement: str) -> list[str]:
    if not texts:
        return texts
    found: list[str] = pyarrow.compute.replace_substring_regex(pyarrow.array(texts), pattern=pattern, replacement=replacement).to_pylist()
    return found


def lookup_table(codes: CodeList) -> dict[str, str]:
    """Codes by their folded words: aliases, titles, the code itself."""
    out: dict[str, str] = {}
    for entry in codes.codes:
        for word in (*entry.aliases, entry.en, entry.vi, entry.code):
            out[fold(word)] = entry.code
    return out
