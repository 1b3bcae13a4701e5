# SPDX-License-Identifier: MIT
"""Themes of WMTS (07-057r7 7.1.1.1, table 14): the groups of the catalogue as a hierarchy over the layers, which are a flat list."""

from __future__ import annotations

from collections.abc import Collection

from server.catalog.catalog import Catalog
from server.catalog.model import Group
from server.xmlio.write import Node, element


def write_themes(catalog: Catalog, offered: Collection[str], languages: tuple[str, ...]) -> Node | None:
    """The hierarchy over the layers `offered` (identifiers of the document); None where no group holds any of them."""
    themes = [_write_theme(group, catalog, offered, languages) for group in catalog.groups if group.parent is None]
    found = [theme for theme in themes if theme is not None]
    return element("Themes", *found) if found else None


def _write_theme(group: Group, catalog: Catalog, offered: Collection[str], languages: tuple[str, ...]) -> Node | None:
    """A group: the groups in it, then itself as one picture and its layers. None when it holds nothing that is offered."""
    inner = [_write_theme(one, catalog, offered, languages) for one in catalog.groups if one.parent == group.id]
    themes = [one for one in inner if one is not None]
    members = [layer.id for layer in catalog.layers_of(group.id) if layer.id in offered]
    if not themes and not members:
        return None
    own = [group.id] if group.id in offered and group.id not in members else []
    return element(
        "Theme",
        *(element("ows:Title", group.title.text(language), attributes={"xml:lang": language}) for language in languages),
        element("ows:Identifier", group.id),
        *themes,
        *(element("LayerRef", name) for name in (*own, *members)),
    )
