# SPDX-License-Identifier: MIT
"""From source values to layer values: the cleaning steps of the layer file, then the type of the field. Every applied change is counted.

Steps: `trim`, `squeeze` (runs of blanks), `upper`, `lower`, `title`; `{lookup: list}` (a code by code, title or alias, accents aside),
`{default: value}`, `{strip: text}` (a leading text), `{empty: text}` (this text means nothing). A field with a code list is looked up
anyway.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import pyarrow
import pyarrow.compute

from loaders.batches import SourceBatch
from loaders.encoding import mend_mojibake
from loaders.mapping import fold
from loaders.source import Source
from loaders.values import DateFinder, DateRule, NumberFinder, NumberRule, read_date, read_number
from server.catalog.catalog import Catalog
from server.catalog.model import Layer, LayerField
from server.features.batches import Coded, Column, is_plain_text

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

    def clean(self, batch: SourceBatch) -> dict[str, Column]:
        """Layer values of a batch of source rows, by column; each distinct value is cleaned once."""
        count = len(batch.numbers)
        out: dict[str, Column] = {name: [value] * count for name, value in self.defaults.items()}
        for target, source in self.field_map.items():
            out[target] = self._clean_column(target, batch.columns[source])
        return out

    def _clean_column(self, target: str, column: pyarrow.Array) -> Column:
        is_typed = target in self.lookups or target in self.numbers or target in self.dates
        default = self.defaults.get(target)
        if default is None or not column.null_count:
            if not is_typed and not self.layer.load.clean.get(target) and is_plain_text(column):
                return column
            if target not in self.lookups and not pyarrow.types.is_string(column.type):
                return column
        coded = column.dictionary_encode()
        values, often = [], self._count(coded.indices, len(coded.dictionary))
        for place, given in enumerate(coded.dictionary.to_pylist()):
            applied: list[str] = []
            text = self._apply_steps(target, given, applied)
            values.append(default if text is None else self._read_typed(target, text, applied))
            for step in applied:
                self.changes[target, step] += int(often[place])
        places = coded.indices if default is None else pyarrow.compute.fill_null(coded.indices, len(values))
        return Coded([*values, default], places)

    def _count(self, places: pyarrow.Array, most: int) -> Sequence[int]:
        found: Sequence[int] = numpy.bincount(places.drop_null().to_numpy(), minlength=most).tolist()
        return found

    def _apply_steps(self, target: str, value: Any, applied: list[str]) -> Any:
        if not isinstance(value, str):
            return value
        text = mend_mojibake(value)
        if text != value:
            applied.append("UTF-8 read as cp1252")
        for step in ("trim", *self.layer.load.clean.get(target, ())):
            before = text
            if isinstance(step, str):
                text = _SIMPLE[step](text)
            elif "strip" in step:
                text = text.removeprefix(step["strip"]).lstrip()
            elif "empty" in step:
                text = "" if text == step["empty"] else text
            if text != before:
                applied.append(step if isinstance(step, str) else next(iter(step)))
        default = next((s["default"] for s in self.layer.load.clean.get(target, ()) if isinstance(s, dict) and "default" in s), None)
        return text or default

    def _read_typed(self, target: str, value: Any, applied: list[str]) -> Any:
        if target in self.lookups:
            return self._look_up(target, str(value), applied)
        if not isinstance(value, str):
            return value
        if target in self.numbers:
            number = read_number(value, self.numbers[target])
            if number is None:
                return value
            if self.numbers[target] != "plain":
                applied.append(f"{self.numbers[target]} number")
            return int(number) if self.layer.fields[target].type == "integer" and number == int(number) else number
        if target in self.dates:
            found = read_date(value, self.dates[target])
            if found is not None and found != value:
                applied.append(f"{self.dates[target]} date")
            return value if found is None else found
        return value

    def _look_up(self, target: str, value: str, applied: list[str]) -> str:
        code = self.lookups[target].get(fold(value))
        if code is None:
            return value
        if code != value:
            applied.append("looked up")
        return code


def build_cleaner(catalog: Catalog, layer: Layer, field_map: Mapping[str, str], defaults: Mapping[str, Any], source: Source) -> Cleaner:
    """Decide number and date rules per column from all rows. Raises SourceRefused when a column mixes notations."""
    kinds = {name: layer.fields[name].type for name in field_map if name in layer.fields and not layer.fields[name].link}
    numeric = {name for name, kind in kinds.items() if kind in ("integer", "number")}
    dated = {name for name, kind in kinds.items() if kind in ("date", "datetime")} | (field_map.keys() & {"valid_from", "valid_to"})
    numbers = {name: NumberFinder() for name in numeric}
    dates = {name: DateFinder() for name in dated}
    watched: list[tuple[str, NumberFinder | DateFinder]] = [(field_map[name], number) for name, number in numbers.items()]
    watched += [(field_map[name], day) for name, day in dates.items()]
    for batch in source.batches(sorted({column for column, _ in watched}), shapes=False) if watched else ():
        for column, finder in watched:
            for value in batch.columns[column].unique().to_pylist():
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
