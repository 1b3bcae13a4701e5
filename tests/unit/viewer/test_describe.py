# SPDX-License-Identifier: MIT
"""The viewer's configuration document, made from the shipped layers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.catalog.catalog import Catalog
from server.catalog.model import Group, Text
from server.catalog.read import read_catalog
from server.config import ROOT, Settings, load_settings
from server.query.features import LayerState
from viewer.describe import NATIONAL_FRAME, Published, describe_map, name_province

HOME = (105.1, 10.0, 106.8, 10.97)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(ROOT / "config.yml")


@pytest.fixture(scope="module")
def catalog(settings: Settings) -> Catalog:
    return read_catalog(settings)


def describe(settings: Settings, catalog: Catalog, language: str = "vi") -> dict[str, Any]:
    published = [name for name in catalog.layers if name != "facilities"]
    states = {name: LayerState(name, 3, 41, (105.2, 10.1, 106.5, 10.9), None, None, (), "2026-01-01T00:00:00Z") for name in published}
    return describe_map(settings, catalog, Published(states, HOME), language, lambda name, lang: f"{name} {lang}")


def layer_of(document: dict[str, Any], layer_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(layer for layer in document["layers"] if layer["id"] == layer_id)
    return found


def test_every_layer_of_the_tree_belongs_to_one_group_and_none_is_base_map(settings: Settings, catalog: Catalog) -> None:
    document = describe(settings, catalog)
    members = [name for group in document["groups"] for name in group["layers"]]
    assert sorted(members) == sorted(layer["id"] for layer in document["layers"] if layer["inTree"])
    assert not any(catalog.layer(name).base_map for name in members)
    assert "stations" in members


def test_groups_in_groups_name_the_group_they_lie_in(settings: Settings, catalog: Catalog) -> None:
    outer = Group(id="everything", title=Text(vi="Tất cả", en="Everything"))
    empty = Group(id="nothing", title=Text(vi="Không", en="Nothing"), parent="everything")
    inner = [one.model_copy(update={"parent": "everything"}) if one.id == "quality" else one for one in catalog.groups]
    nested = Catalog((outer, empty, *inner), catalog.layers, catalog.code_lists)
    groups = {group["id"]: group for group in describe(settings, nested)["groups"]}
    assert (groups["everything"]["parent"], groups["everything"]["layers"]) == (None, [])
    assert groups["quality"]["parent"] == "everything"
    assert "nothing" not in groups


def test_the_base_map_is_painted_from_the_land_up_to_the_names_with_the_looks_made_for_it(settings: Settings, catalog: Catalog) -> None:
    base = describe(settings, catalog)["base"]
    looks = dict(zip(base["layers"], base["styles"], strict=True))
    order = [base["layers"].index(name) for name in ("neighbours_land", "provinces", "communes", "lakes", "places")]
    assert order == sorted(order)
    assert looks["provinces"] == "provinces_base"
    assert looks["communes"] == "communes_base"


def test_looks_made_for_the_base_map_are_not_offered_in_the_tree(settings: Settings, catalog: Catalog) -> None:
    assert [style["id"] for style in layer_of(describe(settings, catalog), "communes")["styles"]] == ["communes"]


def test_fields_that_are_not_public_are_nowhere_in_the_document(settings: Settings, catalog: Catalog) -> None:
    stations = layer_of(describe(settings, catalog), "stations")
    assert "contact" not in stations["fields"]
    assert not any("contact" in section["fields"] for section in stations["sections"])


def test_labels_and_codes_come_in_the_language_asked_for(settings: Settings, catalog: Catalog) -> None:
    vietnamese = layer_of(describe(settings, catalog, "vi"), "stations")
    english = layer_of(describe(settings, catalog, "en"), "stations")
    assert vietnamese["fields"]["name"]["label"] == "Tên trạm"
    assert english["fields"]["name"]["label"] == "Name"
    assert vietnamese["fields"]["wqi_class"]["codes"].keys() == english["fields"]["wqi_class"]["codes"].keys()
    assert all(code["colour"] for code in english["fields"]["wqi_class"]["codes"].values())
    assert english["styles"][0]["title"].endswith(" en")


def test_counts_and_extents_are_those_of_the_published_catalogue(settings: Settings, catalog: Catalog) -> None:
    document = describe(settings, catalog)
    assert layer_of(document, "stations")["count"] == 41
    assert layer_of(document, "stations")["extent"] == (105.2, 10.1, 106.5, 10.9)
    assert document["home"] == HOME


def test_layers_whose_objects_come_and_go_count_those_valid_today(settings: Settings, catalog: Catalog) -> None:
    states = {name: LayerState(name, 3, 407, None, None, None, (), "2026-01-01T00:00:00Z") for name in ("communes", "stations")}
    document = describe_map(settings, catalog, Published(states, HOME, {"communes": 102}), "vi", lambda name, _: name)
    assert (layer_of(document, "communes")["count"], layer_of(document, "communes")["validity"]) == (102, True)
    assert (layer_of(document, "stations")["count"], layer_of(document, "stations")["validity"]) == (407, False)


def test_a_layer_that_was_never_published_is_not_offered(settings: Settings, catalog: Catalog) -> None:
    document = describe(settings, catalog)
    assert "facilities" not in [layer["id"] for layer in document["layers"]]
    assert not any("facilities" in group["layers"] for group in document["groups"])


def test_the_map_can_be_moved_to_hoang_sa_and_truong_sa(settings: Settings, catalog: Catalog) -> None:
    west, south, east, north = describe(settings, catalog)["limit"]
    for lon, lat in ((111.2, 15.8), (112.6, 17.1), (111.92, 8.64), (114.3, 11.4), (117.3, 7.0)):
        assert west < lon < east
        assert south < lat < north
    assert describe_map(settings, catalog, Published({}, None), "vi", lambda name, _: name)["home"] == NATIONAL_FRAME


def test_the_frame_of_the_base_map_lies_inside_what_its_layers_cover(settings: Settings, catalog: Catalog) -> None:
    assert describe(settings, catalog)["base"]["frame"] == pytest.approx((105.25, 10.15, 106.45, 10.85))


@pytest.mark.parametrize(
    ("full_name", "language", "shown"),
    [
        ("Tỉnh Đồng Tháp", "vi", "tỉnh Đồng Tháp"),
        ("Thành phố Hà Nội", "vi", "thành phố Hà Nội"),
        ("Tỉnh Đồng Tháp", "en", "Đồng Tháp"),
        (None, "vi", "Đồng Tháp"),
    ],
)
def test_the_header_names_the_province_as_in_a_sentence(settings: Settings, full_name: str | None, language: str, shown: str) -> None:
    assert name_province(settings, full_name, language) == shown


def test_the_default_zone_is_among_the_zones_and_carries_the_pinned_shift(settings: Settings, catalog: Catalog) -> None:
    document = describe(settings, catalog)
    zones = {zone["code"]: zone for zone in document["zones"]}
    assert "+towgs84=-191.90441429" in zones[document["zone"]]["proj4"]
    assert zones["EPSG:9210"]["title"] == "VN-2000 105°45′"


def test_the_document_is_plain_json(settings: Settings, catalog: Catalog) -> None:
    assert json.loads(json.dumps(describe(settings, catalog)))["province"]["name"] == "Đồng Tháp"


def test_a_layer_tells_the_address_of_its_pages_and_the_days_it_has_data_of(settings: Settings, catalog: Catalog) -> None:
    state = LayerState("stations", 3, 41, None, "2016-06-15T00:00:00Z", "2022-06-17T00:00:00Z", (), "2026-01-01T00:00:00Z")
    document = describe_map(settings, catalog, Published({"stations": state, "landmask": state}, HOME), "vi", lambda name, _: name)
    stations, landmask = layer_of(document, "stations"), layer_of(document, "landmask")
    assert (stations["page"], stations["time"], stations["moments"]) == ("tram", ["2016-06-15", "2022-06-17"], [])
    assert (landmask["page"], landmask["time"]) == (None, None)


def test_a_photo_of_the_province_is_offered_only_when_it_is_a_raster_that_is_there(settings: Settings, catalog: Catalog) -> None:
    def offered(name: str | None) -> object:
        province = settings.province.model_copy(update={"orthophoto": name})
        return describe(settings.model_copy(update={"province": province}), catalog)["base"]["photo"]

    assert offered(None) is None
    assert offered("landmask") == "landmask"
    assert offered("stations") is None
    assert offered("no_such_layer") is None
