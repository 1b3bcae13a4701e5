# SPDX-License-Identifier: MIT
"""The catalogue that ships with the product can be read and says what it must."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from server.catalog.catalog import Catalog
from server.catalog.projection import published_field_names
from server.catalog.read import read_catalog_in
from server.config import ROOT

LAYERS = ROOT / "layers"


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return read_catalog_in(LAYERS)


def test_the_tree_has_the_five_groups_with_the_base_map_last(shipped: Catalog) -> None:
    assert [group.id for group in shipped.groups] == ["quality", "sources", "biodiversity", "documents", "base"]


def test_every_object_of_the_card_has_its_layer(shipped: Catalog) -> None:
    geometries = {name: layer.geometry for name, layer in shipped.layers.items()}
    assert geometries == {
        "stations": "point",
        "incident_risk_sources": "point",
        "facilities": "point",
        "discharge_points": "point",
        "industrial_zones": "multipolygon",
        "craft_villages": "point",
        "water_supply_points": "point",
        "investors": "none",
        "inspections": "none",
        "protected_areas": "multipolygon",
        "conservation_facilities": "point",
        "environmental_permits": "none",
        "eia_decisions": "none",
        "places": "point",
        "provinces": "multipolygon",
        "communes": "multipolygon",
        "rivers": "multiline",
        "lakes": "multipolygon",
        "neighbours_land": "multipolygon",
        "landmask": "raster",
    }


def test_administrative_codes_are_read_with_their_date(shipped: Catalog) -> None:
    for name in ("provinces", "communes"):
        layer = shipped.layer(name)
        assert layer.validity
        assert not layer.fields["code"].unique


def test_persons_and_contacts_are_not_published(shipped: Catalog) -> None:
    published = {name for layer in shipped.feature_layers() for name in published_field_names(layer)}
    personal = {"contact", "contact_name", "contact_phone", "phone", "email", "representative", "representative_position", "species"}
    known = {name for layer in shipped.feature_layers() for name in layer.fields}
    assert personal <= known
    assert not personal & published


def test_made_up_data_says_so_and_has_no_foreign_source(shipped: Catalog) -> None:
    made_up = {name for name, layer in shipped.layers.items() if layer.illustrative}
    assert {"discharge_points", "industrial_zones", "craft_villages", "investors", "environmental_permits"} <= made_up
    assert not {"stations", "provinces", "communes", "water_supply_points", "places", "protected_areas"} & made_up
    assert shipped.layer("facilities").fields["illustrative"].required


def test_every_licence_may_be_shipped(shipped: Catalog) -> None:
    share_alike = {name for name, layer in shipped.layers.items() if layer.source.licence == "CC-BY-SA-4.0"}
    others = {layer.source.licence for name, layer in shipped.layers.items() if name not in share_alike}
    assert share_alike == {"protected_areas"}
    assert others <= {"MIT", "CC-BY-4.0", "CC0-1.0", "public domain"}


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        ("wqi_class", ["#3333ff", "#00e400", "#ffff00", "#ff7e00", "#ff0000", "#7e0023"]),
        ("aqi_class", ["#00e400", "#ffff00", "#ff7e00", "#ff0000", "#8f3f97", "#7e0023"]),
    ],
)
def test_index_classes_have_the_official_colours(shipped: Catalog, name: str, colours: list[str]) -> None:
    assert [code.colour for code in shipped.code_lists[name].codes] == colours


def test_bad_and_poor_are_not_confused_between_the_two_indices(shipped: Catalog) -> None:
    water = [code.vi for code in shipped.code_lists["wqi_class"].codes]
    air = [code.vi for code in shipped.code_lists["aqi_class"].codes]
    assert water.index("Xấu") < water.index("Kém")
    assert air.index("Kém") < air.index("Xấu")


def test_the_classes_of_the_water_data_are_known(shipped: Catalog) -> None:
    with (ROOT / "demo/data/environment/stations_wqi_mekong.csv").open(encoding="utf-8") as file:
        found = {row["wqi_class"] for row in csv.DictReader(file) if row["wqi_class"]}
    assert len(found) > 2
    assert found <= {code.vi for code in shipped.code_lists["wqi_class"].codes}


def test_every_layer_file_names_its_schema() -> None:
    missing = [
        path.name
        for path in LAYERS.glob("*/*.yml")
        if path.parent.name != "queries" and "$schema=../layer.schema.json" not in path.read_text(encoding="utf-8")
    ]
    assert missing == []


def test_the_example_of_the_guide_is_a_correct_layer_file(tmp_path: Path) -> None:
    guide = (ROOT / "docs/layers.md").read_text(encoding="utf-8")
    shutil.copytree(LAYERS, tmp_path / "layers")
    (tmp_path / "layers/quality/wells.yml").write_text(guide.split("```yaml\n", 1)[1].split("```", 1)[0], encoding="utf-8")
    (tmp_path / "layers/codes/well_kind.csv").write_text(guide.split("```csv\n", 1)[1].split("```", 1)[0], encoding="utf-8")
    assert list(read_catalog_in(tmp_path / "layers").layers)[:3] == ["stations", "incident_risk_sources", "wells"]
