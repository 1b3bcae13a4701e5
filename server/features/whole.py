# SPDX-License-Identifier: MIT
"""A feature that is sent whole to take the place of one that is there: what it leaves out becomes empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.catalog.model import Layer

_VALIDITY = ("valid_from", "valid_to")


def is_filled_by_people(layer: Layer, name: str) -> bool:
    """Whether a field of the layer takes values from editors."""
    field = layer.fields.get(name)
    if field is None:
        return layer.validity and name in _VALIDITY
    return not (field.read_only or field.computed)


def whole_values(layer: Layer, values: Mapping[str, Any], *, has_geometry: bool) -> dict[str, Any]:
    """The values of a feature that replaces another: every field people fill, those left out empty or with their default.

    `has_geometry`: the feature brings a geometry, so that links its place decides are found anew.
    """
    left_out = {
        name: field.default
        for name, field in layer.fields.items()
        if name not in values and is_filled_by_people(layer, name) and not (field.fill and has_geometry)
    }
    dates = {name: None for name in _VALIDITY if layer.validity and name not in values}
    return {**left_out, **dates, **values}
