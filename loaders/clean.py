# SPDX-License-Identifier: MIT
"""From source values to layer values: the cleaning steps of the layer file, then the type of the field. Every applied change is counted.

Steps: `trim`, `squeeze` (runs of blanks), `upper`, `lower`, `title`; `{lookup: list}` (a code by code, title or alias, accents aside),
`{default: value}`, `{strip: text}` (a leading text), `{empty: text}` (this text means nothing). A field with a code list is looked up
anyway.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loaders.encoding import mend_mojibake
from loaders.mapping import fold
from loaders.values import DateFinder, DateRule, NumberFinder, NumberRule, read_date, read_number
from server.catalog.catalog import Catalog
from server.catalog.model import Layer, LayerField

_SIMPLE: Mapping[str, Callable[[str], str]] = {
    "trim": lambda text: text.strip(" \t\u00a0"),
    "squeeze": lambda text: re.sub(r"[ \t\u00a0]+", " ", text),
    "upper": str.upper,
    "lower": str.lower,
    "title": lambda text: text[:1].upper() + text[1:],
}


@dataclass
class Cleaner:
    """Cleans the values of one layer. `changes` counts (field, step). `build_cleaner` decides the column rules."""

    layer: Layer
    field_map: Mapping[str, str]
    defaults: Mapping[str, Any]
    lookups: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, NumberRule]
    dates: Mapping[str, DateRule]
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Layer values of one source row."""
        out: dict[str, Any] = dict(self.defaults)
        for target, source in self.field_map.items():
            value = self._steps(target, values.get(source))
            if value is not None:
                out[target] = self._typed(target, value)
            elif target not in out:
                out[target] = None
        return out

    def _steps(self, target: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = mend_mojibake(value)
        if text != value:
            self.changes[target, "UTF-8 read as cp1252"] += 1
        for step in ("trim", *self.layer.load.clean.get(target, ())):
            before = text
            if isinstance(step, str):
                text = _SIMPLE[step](text)
            elif "strip" in step:
                text = text.removeprefix(step["strip"]).lstrip()
            elif "empty" in step:
                text = "" if text == step["empty"] else text
            if text != before:
                self.changes[target, step if isinstance(step, str) else next(iter(step))] += 1
        default = next((s["default"] for s in self.layer.load.clean.get(target, ()) if isinstance(s, dict) and "default" in s), None)
        return text or default

    def _typed(self, target: str, value: Any) -> Any:
        if target in self.lookups:
            return self._look_up(target, str(value))
        if not isinstance(value, str):
            return value
        if target in self.numbers:
            number = read_number(value, self.numbers[target])
            if number is None:
                return value
            if self.numbers[target] != "plain":
                self.changes[target, f"{self.numbers[target]} number"] += 1
            return int(number) if self.layer.fields[target].type == "integer" and number == int(number) else number
        if target in self.dates:
            found = read_date(value, self.dates[target])
            if found is not None and found != value:
                self.changes[target, f"{self.dates[target]} date"] += 1
            return value if found is None else found
        return value

    def _look_up(self, target: str, value: str) -> str:
        code = self.lookups[target].get(fold(value))
        if code is None:
            return value
        if code != value:
            self.changes[target, "looked up"] += 1
        return code


def build_cleaner(
    catalog: Catalog, layer: Layer, field_map: Mapping[str, str], defaults: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]
) -> Cleaner:
    """Decide number and date rules per column from all rows. Raises SourceRefused when a column mixes notations."""
    kinds = {name: layer.fields[name].type for name in field_map if name in layer.fields and not layer.fields[name].link}
    numeric = {name for name, kind in kinds.items() if kind in ("integer", "number")}
    dated = {name for name, kind in kinds.items() if kind in ("date", "datetime")} | (field_map.keys() & {"valid_from", "valid_to"})
    numbers = {name: NumberFinder() for name in numeric}
    dates = {name: DateFinder() for name in dated}
    watched: list[tuple[str, NumberFinder | DateFinder]] = [(field_map[name], number) for name, number in numbers.items()]
    watched += [(field_map[name], day) for name, day in dates.items()]
    for row in rows if watched else ():
        for column, finder in watched:
            value = row.get(column)
            if isinstance(value, str) and value.strip():
                finder.note(value.strip())
    return Cleaner(
        layer=layer,
        field_map=field_map,
        defaults=defaults,
        lookups={name: _lookup_table(catalog, found) for name, found in layer.fields.items() if found.codes},
        numbers={name: finder.rule(field_map[name]) for name, finder in numbers.items()},
        dates={name: finder.rule(field_map[name]) for name, finder in dates.items()},
    )


def _lookup_table(catalog: Catalog, found: LayerField) -> dict[str, str]:
    entries = catalog.code_lists[found.codes or ""].codes
    out: dict[str, str] = {}
    for entry in entries:
        for alias in (*entry.aliases, entry.en, entry.vi, entry.code):
            out[fold(alias)] = entry.code
    return out
