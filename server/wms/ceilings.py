# SPDX-License-Identifier: MIT
"""Ceilings on styles strangers send: whatever number a style holds must not make a picture of gigabytes or a line of a billion dashes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.config import Limits
from server.errors import InvalidParameter, LimitExceeded
from server.filter.tree import count_nodes
from server.style.fields import used_fields
from server.style.model import Rule, Style

LOCATOR = "SLD_BODY"
# Numbers of the style model that are lengths on the picture, in pixels.
_LENGTHS = frozenset({"size", "width", "radius", "offset", "displacement", "repeat", "wrap", "margin", "reach", "dash_offset", "gap"})
_LEAST_DASH = 0.5
_MOST_DASHES = 32
# Labels along lines: nearer to one another than this they are never meant, and cost a search each.
_LEAST_REPEAT = 5.0


def require_drawable(style: Style, limits: Limits) -> None:
    """Raises LimitExceeded for a length beyond `max_sld_pixels`, dashes without length, or filters with too many conditions."""
    for rule in style.rules:
        _require_small_filter(rule, limits)
        for name, value in _lengths(rule.symbolizers):
            if not math.isfinite(value) or abs(value) > limits.max_sld_pixels * (8 if name in ("repeat", "wrap") else 1):
                raise LimitExceeded(f"A {name} of the style is more than {limits.max_sld_pixels} pixels.", locator=LOCATOR)
            if name == "repeat" and 0 < value < _LEAST_REPEAT:
                raise LimitExceeded(f"Labels along a line are at least {_LEAST_REPEAT:g} pixels apart.", locator=LOCATOR)
            if name == "dash" and value < _LEAST_DASH:
                raise LimitExceeded(f"Dashes and the gaps between them are {_LEAST_DASH:g} pixels together at least.", locator=LOCATOR)


def require_known_fields(style: Style, layer: Layer) -> None:
    """Raises InvalidParameter naming the first field the style asks for and the layer does not publish."""
    known = {*published_field_names(layer), "id"}
    unknown = next((name for name in used_fields(style) if name not in known), None)
    if unknown is not None and layer.has_table:
        shown = unknown if len(unknown) <= 60 and unknown.isprintable() else "…"
        raise InvalidParameter(f"The style asks for {shown!r}, which the layer {layer.id!r} does not have.", locator=LOCATOR)


def _require_small_filter(rule: Rule, limits: Limits) -> None:
    if rule.where is not None and count_nodes(rule.where) > limits.max_filter_nodes:
        raise LimitExceeded(f"A filter of the style has more than {limits.max_filter_nodes} conditions.", locator=LOCATOR)


def _lengths(value: object) -> Iterator[tuple[str, float]]:
    """Every length below a part of the model, by the name of its field; a dash pattern as the length of its shortest pair."""
    if isinstance(value, tuple):
        for part in value:
            yield from _lengths(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            found = getattr(value, one.name)
            if one.name == "dash":
                yield from _dashes(found)
            elif one.name in _LENGTHS:
                yield from ((one.name, float(number)) for number in _numbers(found))
            else:
                yield from _lengths(found)


def _dashes(pattern: object) -> Iterator[tuple[str, float]]:
    numbers = list(_numbers(pattern))
    if len(numbers) > _MOST_DASHES or any(number < 0 for number in numbers):
        yield "dash", -1.0
    elif numbers:
        yield "dash", sum(numbers)


def _numbers(value: object) -> Iterator[float]:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, int | float):
            yield one
