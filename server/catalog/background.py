# SPDX-License-Identifier: MIT
"""The base map: which layers lie under everything, in which look."""

from __future__ import annotations

from collections.abc import Iterable

from server.catalog.model import Layer


def background(layers: Iterable[Layer]) -> list[tuple[Layer, str]]:
    """Those of `layers` (in the order of the catalogue, topmost first) that make the base map with their styles, lowest first."""
    return [(layer, _style(layer)) for layer in reversed(list(layers)) if layer.is_mapped and _is_background(layer)]


def _is_background(layer: Layer) -> bool:
    """A layer of the base map, or one that has a look made for it (`<layer>_base`) beside those of the tree."""
    return (layer.base_map and layer.visible) or f"{layer.id}_base" in layer.styles


def _style(layer: Layer) -> str:
    """The look a layer has as background: its style `<layer>_base` where it has one, else its first."""
    wanted = f"{layer.id}_base"
    return wanted if wanted in layer.styles else next(iter(layer.styles), "")
