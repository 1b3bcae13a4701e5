# SPDX-License-Identifier: MIT
"""What can be had as pictures, and what they show when nobody says more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.catalog.catalog import Catalog
from server.catalog.model import Elevation, Group, Text
from server.catalog.read import read_catalog
from server.config import ROOT, load_settings
from server.errors import LayerNotDefined, StyleNotDefined
from server.filter.tree import And, In, Period
from server.query.validity import shown_by_default
from server.tiles.drawings import BASE_MAP, drawings_with, find_drawing, list_drawings


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(load_settings(ROOT / "config.yml"))


def test_everything_listed_is_found_in_every_style_it_names(catalog: Catalog) -> None:
    listed = list(list_drawings(catalog))
    assert listed[0][0] == BASE_MAP
    for name, _, styles in listed:
        for style in styles:
            assert find_drawing(catalog, name, style).parts


def test_groups_and_the_base_map_are_painted_from_the_bottom(catalog: Catalog) -> None:
    order = list(catalog.layers)
    for name in (BASE_MAP, "sources"):
        painted = [order.index(layer.id) for layer, _ in find_drawing(catalog, name, "default").parts]
        assert len(painted) > 2
        assert painted == sorted(painted, reverse=True)


def test_a_layer_takes_its_first_style_unless_another_is_named(catalog: Catalog) -> None:
    stations = catalog.layer("stations")
    assert [find_drawing(catalog, "stations", style).style for style in ("", "default", stations.styles[1])] == [
        stations.styles[0],
        stations.styles[0],
        stations.styles[1],
    ]
    with pytest.raises(StyleNotDefined):
        find_drawing(catalog, "stations", "lakes")
    with pytest.raises(StyleNotDefined):
        find_drawing(catalog, BASE_MAP, "lakes")


def test_layers_that_are_not_public_are_neither_found_nor_part_of_a_group(catalog: Catalog) -> None:
    lakes = catalog.layer("lakes")
    hidden = lakes.model_copy(update={"rights": lakes.rights.model_copy(update={"read": "editor"})})
    closed = replace(catalog, layers={**catalog.layers, "lakes": hidden})
    with pytest.raises(LayerNotDefined):
        find_drawing(closed, "lakes", "")
    for name in (BASE_MAP, "base"):
        assert "lakes" not in {layer.id for layer, _ in find_drawing(closed, name, "").parts}
    assert "lakes" not in {name for name, _, _ in list_drawings(closed)}


def test_a_map_shows_what_is_valid_today_at_the_default_height(catalog: Catalog) -> None:
    lakes = catalog.layer("lakes").model_copy(update={"validity": False})
    dated = lakes.model_copy(update={"validity": True})
    high = Elevation(field="name", values=(0.0, 500.0), default=500.0)
    assert shown_by_default(lakes) is None
    assert isinstance(shown_by_default(dated), Period)
    assert isinstance(shown_by_default(lakes.model_copy(update={"elevation": high})), In)
    assert isinstance(shown_by_default(dated.model_copy(update={"elevation": high})), And)


def test_drawings_with_a_layer_are_itself_its_groups_and_the_base_map_that_shows_it(catalog: Catalog) -> None:
    outer = Group(id="everything", title=Text(vi="Tất cả", en="Everything"))
    inner = [one.model_copy(update={"parent": "everything"}) if one.id == "quality" else one for one in catalog.groups]
    nested = Catalog((outer, *inner), catalog.layers, catalog.code_lists)
    assert drawings_with(nested, ["stations"]) == ["stations", "everything", "quality"]
    assert drawings_with(nested, ["provinces"])[-1] == "basemap"
    assert drawings_with(nested, ["nothing", "investors"]) == []
