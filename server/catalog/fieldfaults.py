# SPDX-License-Identifier: MIT
"""Mistakes of one field of a layer file: targets that do not exist, limits and defaults that disagree with the type. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from server.catalog.model import Layer, LayerField
from server.catalog.surroundings import DATES, NUMBERS, Fault, Surroundings, suggest
from server.strictyaml import Place

COMPUTED_FROM = {
    "area_ha": ("polygon", "multipolygon"),
    "length_km": ("line", "multiline", "polygon", "multipolygon"),
    "lon": ("point",),
    "lat": ("point",),
}


def find_field_faults(layer: Layer, field: LayerField, around: Surroundings) -> Iterator[Fault]:
    """Every fault of one field; places start at the field."""
    yield from _check_target(layer, field, around)
    yield from _check_limits(field)
    yield from _check_text(field)
    yield from _check_default(field, around)
    yield from _check_use(layer, field)
    yield from _check_shape(layer, field)


def _check_target(layer: Layer, field: LayerField, around: Surroundings) -> Iterator[Fault]:
    """Code lists and layers that a field points to."""
    if field.codes and field.codes not in around.list_ids:
        yield ("codes",), f"there is no code list {field.codes!r}{suggest(field.codes, around.list_ids)}"
    if not field.link:
        return
    if field.link not in around.layer_ids:
        yield ("link",), f"there is no layer {field.link!r}{suggest(field.link, around.layer_ids)}"
    other = around.layers.get(field.link)
    if other is None:
        return
    if not other.has_table:
        yield ("link",), f"the layer {field.link!r} has no objects to link to"
    elif other.title_field is None:
        yield ("link",), f"the layer {field.link!r} needs a title field before something can link to it"
    if field.fill and (not layer.has_geometry or other.geometry not in ("polygon", "multipolygon")):
        yield ("fill",), "`fill: contains` needs a geometry here and polygons in the linked layer"


def _check_limits(field: LayerField) -> Iterator[Fault]:
    for key in ("min", "max"):
        value = getattr(field, key)
        if value is None:
            continue
        if field.type not in (*NUMBERS, *DATES):
            yield (key,), f"`{key}` is for numbers and dates"
        elif field.type in NUMBERS and isinstance(value, str):
            yield (key,), f"`{key}` of a number is a number"
        elif field.type in DATES and not _is_date(value):
            yield (key,), f"`{key}` of a date is YYYY-MM-DD or today"
    if isinstance(field.min, float) and isinstance(field.max, float) and field.min > field.max:
        yield ("min",), "`min` is larger than `max`"


def _check_text(field: LayerField) -> Iterator[Fault]:
    plain_text = field.type == "text" and not field.codes and not field.link
    if field.max_length and not plain_text:
        yield ("max_length",), "`max_length` is for text"
    if field.pattern is None:
        return
    if not plain_text:
        yield ("pattern",), "`pattern` is for text"
    try:
        re.compile(field.pattern)
    except re.error as error:
        yield ("pattern",), f"not a regular expression: {error}"


def _is_date(value: object) -> bool:
    if value == "today":
        return True
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return isinstance(value, str)


def _check_default(field: LayerField, around: Surroundings) -> Iterator[Fault]:
    value = field.default
    if value is None or field.geometry:
        return
    place: Place = ("default",)
    if field.link:
        yield place, "a link has no default"
    elif field.codes:
        codes = around.code_lists.get(field.codes)
        if codes and codes.find(str(value)) is None:
            yield place, f"{value!r} is not in {field.codes}{suggest(str(value), (code.code for code in codes.codes))}"
    elif not _fits(field, value):
        yield place, f"{value!r} is not a value of type {field.type}"
    elif field.type in NUMBERS and not _within(field, value):
        yield place, f"{value!r} lies outside `min` and `max`"
    elif field.pattern and isinstance(value, str) and field.type == "text" and not _matches(field.pattern, value):
        yield place, f"{value!r} does not match the pattern"


def _fits(field: LayerField, value: object) -> bool:
    if field.type in DATES:
        return _is_date(value)
    kinds: dict[str, type | tuple[type, ...]] = {"text": str, "integer": int, "number": (int, float), "boolean": bool}
    return isinstance(value, kinds[field.type]) and isinstance(value, bool) == (field.type == "boolean")


def _within(field: LayerField, value: object) -> bool:
    number = float(str(value))
    above = not isinstance(field.min, float) or number >= field.min
    return above and (not isinstance(field.max, float) or number <= field.max)


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True  # told at the pattern itself


def _check_use(layer: Layer, field: LayerField) -> Iterator[Fault]:
    if field.computed:
        if layer.geometry not in COMPUTED_FROM[field.computed]:
            yield ("computed",), f"{field.computed} cannot be worked out from geometry {layer.geometry!r}"
        if field.type != "number":
            yield ("computed",), "a computed field has `type: number`"
        if field.required or field.default is not None:
            yield ("computed",), "a computed field is neither required nor given a default"
    if field.search and not field.public:
        yield ("search",), "a field that is not public cannot be searched"
    if field.unit and field.type not in NUMBERS:
        yield ("unit",), "`unit` is for numbers"


def _check_shape(layer: Layer, field: LayerField) -> Iterator[Fault]:
    """A further geometry is a geometry and nothing else."""
    if not field.geometry:
        return
    if not layer.has_geometry:
        yield ("geometry",), "a layer without geometry has no further one"
    for key in ("codes", "link", "unique", "search", "title", "computed", "default"):
        if getattr(field, key):
            yield (key,), f"a geometry has no `{key}`"
