# SPDX-License-Identifier: MIT
"""From source values to layer values: the cleaning rules of the layer file (`loaders.steps`), then the type of the field.

Every applied change is counted, and the first of each kind are listed. A field with a code list is looked up anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import pyarrow
import pyarrow.compute

from loaders.batches import SourceBatch
from loaders.mapping import fold
from loaders.source import Source
from loaders.steps import Changes, Steps, lookup_table
from loaders.values import DateFinder, DateRule, NumberFinder, NumberRule, read_date, read_number
from server.catalog.catalog import Catalog
from server.catalog.cleaning import CleaningRule
from server.catalog.model import Layer
from server.features.batches import Coded, Column, is_plain_text

_LISTED = 3
_LONGEST_EXAMPLE = 60


@dataclass(frozen=True)
class Example:
    """A change as it is listed: number of the row, the value before and after."""

    row: int
    before: str
    after: str


@dataclass
class Cleaner:
    """Cleans the values of one layer. `changes` counts (field, step), `examples` lists the first. `build_cleaner` decides the rules."""

    layer: Layer
    field_map: Mapping[str, str]
    defaults: Mapping[str, Any]
    steps: Mapping[str, Steps]
    lookups: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, NumberRule]
    dates: Mapping[str, DateRule]
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[Example]] = field(default_factory=dict)

    def clean(self, batch: SourceBatch) -> dict[str, Column]:
        """Layer values of a batch of source rows, by column; each distinct value is cleaned once."""
        count = len(batch.numbers)
        out: dict[str, Column] = {name: [value] * count for name, value in self.defaults.items()}
        for target, source in self.field_map.items():
            out[target] = self._clean_column(target, batch.columns[source], batch.numbers)
        return out

    def tell(self) -> list[dict[str, Any]]:
        """The changes as reports have them: field, step, count and examples."""
        return [
            {
                "field": name,
                "step": step,
                "count": count,
                "examples": [{"row": one.row, "before": one.before, "after": one.after} for one in self.examples.get((name, step), ())],
            }
            for (name, step), count in sorted(self.changes.items())
        ]

    def _clean_column(self, target: str, column: pyarrow.Array, numbers: Sequence[int]) -> Column:
        steps = self.steps[target]
        default = self.defaults.get(target) if steps.default is None else self._read_typed(target, steps.default)[0]
        is_typed = target in self.lookups or target in self.numbers or target in self.dates
        if default is None or not column.null_count:
            if not is_typed and not steps.rules and is_plain_text(column):
                return column
            if target not in self.lookups and not pyarrow.types.is_string(column.type):
                return self._convert(target, column, numbers) if steps.unit else column
        if steps.unit and not pyarrow.types.is_string(column.type):
            column = self._convert(target, column, numbers)
        return self._clean_texts(target, column, numbers, default)

    def _clean_texts(self, target: str, column: pyarrow.Array, numbers: Sequence[int], default: Any) -> Column:
        coded = column.dictionary_encode()
        often = numpy.bincount(coded.indices.drop_null().to_numpy(), minlength=len(coded.dictionary))
        texts, told = self.steps[target].run(coded.dictionary.to_pylist())
        values = self._read_all(target, texts, default, told)
        for step, changed in told.items():
            count = int(often[[place for place, _, _ in changed]].sum())
            found = [(numbers[int(coded.indices.index(place).as_py())], before, after) for place, before, after in changed[:_LISTED]]
            self._note(target, step, count, found)
        if default is None:
            return Coded([*values, None], coded.indices)
        if column.null_count and self.steps[target].default is not None:
            self._note(target, "default", column.null_count, [(numbers[column.is_null().index(True).as_py()], "", default)])
        return Coded([*values, default], pyarrow.compute.fill_null(coded.indices, len(values)))

    def _read_all(self, target: str, texts: Sequence[Any], default: Any, told: Changes) -> list[Any]:
        """The texts as the field takes them; what that changes is told."""
        if target not in self.lookups and target not in self.numbers and target not in self.dates:
            values = [default if text is None else text for text in texts] if None in texts else list(texts)
        else:
            values = []
            for place, text in enumerate(texts):
                read, steps = (default, ()) if text is None else self._read_typed(target, text)
                values.append(read)
                for step in steps:
                    told.setdefault(step, []).append((place, text, read))
        if self.steps[target].default is not None:
            told.setdefault("default", []).extend((place, "", default) for place, text in enumerate(texts) if text is None)
        return values

    def _note(self, target: str, step: str, count: int, found: Sequence[tuple[int, Any, Any]]) -> None:
        if not count:
            return
        self.changes[target, step] += count
        listed = self.examples.setdefault((target, step), [])
        for row, before, after in found[: _LISTED - len(listed)]:
            listed.append(Example(row, str(before)[:_LONGEST_EXAMPLE], str(after)[:_LONGEST_EXAMPLE]))

    def _convert(self, target: str, column: pyarrow.Array, numbers: Sequence[int]) -> pyarrow.Array:
        """Numbers of a file that has them as numbers, in the unit of the field."""
        factor = self.steps[target].find_factor(None)
        is_number = pyarrow.types.is_integer(column.type) or pyarrow.types.is_floating(column.type)
        filled = column.drop_null()
        if factor is None or not is_number or not len(filled):
            return column
        out = pyarrow.array([_round(value * factor) if value is not None else None for value in column.to_pylist()], pyarrow.float64())
        first = column.is_valid().index(True).as_py()
        self._note(target, "unit", len(filled), [(numbers[first], filled[0].as_py(), out[first].as_py())])
        return out

    def _read_typed(self, target: str, value: Any) -> tuple[Any, tuple[str, ...]]:
        """A value as the type of its field, and what had to be done for it."""
        if target in self.lookups:
            code = str(self.lookups[target].get(fold(str(value)), value))
            return code, () if code == value else ("looked up",)
        if not isinstance(value, str):
            return value, ()
        if target in self.numbers:
            return self._read_number(target, value)
        if target in self.dates:
            found = read_date(value, self.dates[target])
            return (value, ()) if found is None or found == value else (found, (f"{self.dates[target]} date",))
        return value, ()

    def _read_number(self, target: str, value: str) -> tuple[Any, tuple[str, ...]]:
        text, unit = self.steps[target].split_number(value)
        rule = self.numbers[target]
        number, factor = read_number(text, rule), self.steps[target].find_factor(unit) if self.steps[target].unit else 1.0
        if number is None or factor is None:
            return value, ()
        done = () if rule == "plain" else (f"{rule} number",)
        if factor != 1:
            number, done = _round(number * factor), (*done, "unit")
        return int(number) if self.layer.fields[target].type == "integer" and number == int(number) else number, done


def _round(number: float) -> float:
    """Without the digits that a multiplication in binary adds."""
    return float(f"{number:.12g}")


def build_cleaner(catalog: Catalog, layer: Layer, field_map: Mapping[str, str], defaults: Mapping[str, Any], source: Source) -> Cleaner:
    """Decide number and date rules per column from all rows. Raises SourceRefused when a column mixes notations."""
    steps = {name: _read_steps(catalog, layer, name) for name in field_map}
    kinds = {name: layer.fields[name].type for name in field_map if name in layer.fields and not layer.fields[name].link}
    numeric = {name for name, kind in kinds.items() if kind in ("integer", "number")}
    dated = {name for name, kind in kinds.items() if kind in ("date", "datetime")} | (field_map.keys() & {"valid_from", "valid_to"})
    numbers = {name: NumberFinder() for name in numeric}
    dates = {name: DateFinder() for name in dated}
    watched: dict[str, NumberFinder | DateFinder] = {**numbers, **dates}
    for batch in source.batches(sorted({field_map[name] for name in watched}), shapes=False) if watched else ():
        for name, finder in watched.items():
            column = batch.columns[field_map[name]]
            if not pyarrow.types.is_string(column.type):
                continue
            values = column.unique().to_pylist()
            for value in steps[name].run(values)[0] if steps[name].rules else values:
                if value is not None and value.strip():
                    finder.note(steps[name].split_number(value)[0].strip())
    return Cleaner(
        layer=layer,
        field_map=field_map,
        defaults=defaults,
        steps=steps,
        lookups={name: lookup_table(catalog.code_lists[found.codes]) for name, found in layer.fields.items() if found.codes},
        numbers={name: finder.rule(field_map[name]) for name, finder in numbers.items()},
        dates={name: finder.rule(field_map[name]) for name, finder in dates.items()},
    )


def _read_steps(catalog: Catalog, layer: Layer, name: str) -> Steps:
    rules, found = layer.load.clean.get(name, ()), layer.fields.get(name)
    lists = {rule.lookup for rule in rules if isinstance(rule, CleaningRule) and rule.lookup is not None}
    own = found.codes if found else None
    return Steps(rules, found, {each: lookup_table(catalog.code_lists[each]) for each in lists if each != own})
