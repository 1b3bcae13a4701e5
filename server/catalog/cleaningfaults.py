# SPDX-License-Identifier: MIT
"""Mistakes of cleaning rules that their grammar cannot see: lists and fields that are not there, units that do not agree."""

from __future__ import annotations

from collections.abc import Iterator

from server.catalog.cleaning import CleaningRule
from server.catalog.model import Layer
from server.catalog.surroundings import NUMBERS, Fault, Surroundings, suggest
from server.catalog.units import find_factor
from server.strictyaml import Place


def find_cleaning_faults(layer: Layer, around: Surroundings) -> Iterator[Fault]:
    """Every fault of the cleaning rules of a layer."""
    for name, steps in layer.load.clean.items():
        for at, step in enumerate(steps):
            if isinstance(step, CleaningRule):
                place: Place = ("load", "clean", name, at, step.name)
                yield from ((place, text) for text in _find_faults(layer, around, (name, at), step))


def _find_faults(layer: Layer, around: Surroundings, where: tuple[str, int], rule: CleaningRule) -> Iterator[str]:
    name, at = where
    field = layer.fields.get(name)
    if rule.lookup is not None and rule.lookup not in around.list_ids:
        yield f"there is no code list {rule.lookup!r}{suggest(rule.lookup, around.list_ids)}"
    if rule.source_of is not None and (rule.source_of not in layer.fields or rule.source_of == name):
        yield f"there is no other field {rule.source_of!r}{suggest(rule.source_of, layer.fields)}"
    if rule.source_of is not None and at:
        yield "`source_of` is the first rule of a field"
    if rule.unit is not None and field is not None:
        if field.type not in NUMBERS or not field.unit:
            yield "`unit` converts numbers to the `unit` of their field, which it needs"
        elif find_factor(rule.unit, field.unit) is None:
            yield f"{rule.unit!r} cannot be converted to {field.unit!r}"
