# SPDX-License-Identifier: MIT
"""GetLegendGraphic as picture and as JSON."""

from __future__ import annotations

import base64

import mapnik
import pytest
from flask import Flask

from tests.protocol.wms.conftest import Wms, read_json


def legend(wms: Wms, layer: str, **more: str | int) -> mapnik.Image:
    """The picture of a legend."""
    answer = wms.get(**{"REQUEST": "GetLegendGraphic", "LAYER": layer, "FORMAT": "image/png", **more})
    assert (answer.status_code, answer.mimetype) == (200, "image/png"), answer.text
    return mapnik.Image.from_string(answer.data)


def test_a_legend_has_a_line_per_class(wms: Wms) -> None:
    one, all_of_them = legend(wms, "stations", RULE="good"), legend(wms, "stations")
    assert all_of_them.height() > 6 * one.height()
    assert all_of_them.width() > one.width()


def test_a_class_shows_its_official_colour(wms: Wms) -> None:
    image = legend(wms, "stations", RULE="good", WIDTH=30, HEIGHT=30)
    assert image.get_pixel_color(15, 15).to_hex_string()[:7] == "#00e400"


def test_json_names_every_class_in_both_languages_with_its_symbol(wms: Wms) -> None:
    answer = wms.get(REQUEST="GetLegendGraphic", LAYER="stations", FORMAT="application/json")
    classes = read_json(answer)["classes"]
    assert {"vi": "91–100 Rất tốt", "en": "91–100 Very good"} in [one["title"] for one in classes]
    for one in classes:
        prefix, _, data = one["icon"].partition(",")
        assert prefix == "data:image/png;base64"
        assert not mapnik.Image.from_string(base64.b64decode(data)).is_solid()


def test_a_raster_has_a_line_per_colour(wms: Wms) -> None:
    classes = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER="landmask", FORMAT="application/json"))["classes"]
    assert [one["title"]["en"] for one in classes] == ["Water", "Land"]


def test_a_scale_leaves_out_what_is_not_drawn_there(wms: Wms) -> None:
    far = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER="communes", FORMAT="application/json", SCALE=9_000_000))["classes"]
    near = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER="communes", FORMAT="application/json", SCALE=50_000))["classes"]
    assert len(far) < len(near)


def test_a_class_drawn_smaller_far_away_stays_in_the_legend_there(wms: Wms) -> None:
    classes = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER="rivers", FORMAT="application/json"))["classes"]
    scales = {one["title"]["en"]: (one["min_scale"], one["max_scale"]) for one in classes}
    assert scales == {"River": (None, None), "Canal, creek": (None, 1_300_000)}


def test_what_has_no_index_stands_last_but_is_drawn_first(wms: Wms) -> None:
    classes = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER="stations", FORMAT="application/json"))["classes"]
    assert (classes[0]["title"]["en"], classes[-1]["title"]["en"]) == ("91–100 Very good", "No index")
    assert len(classes) == 7


def test_the_legend_of_a_group_is_that_of_its_layers_below_their_names(wms: Wms, app: Flask) -> None:
    group = app.extensions["xanh"].catalog.layers["stations"].group
    documents = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER=group, FORMAT="application/json"))
    assert documents["group"] == group
    names = [one["layer"] for one in documents["layers"]]
    assert "stations" in names
    lines = sum(len(one["classes"]) for one in documents["layers"])
    headings = sum(bool(one["classes"]) for one in documents["layers"])
    one = legend(wms, "stations", RULE="good", WIDTH=24, HEIGHT=20)
    whole = legend(wms, group)
    assert whole.height() == (lines + headings) * (one.height() + 2)
    assert not whole.is_solid()


def test_the_legend_of_a_group_keeps_to_a_view(wms: Wms, app: Flask) -> None:
    group = app.extensions["xanh"].catalog.layers["stations"].group
    view: dict[str, str] = {"CRS": "CRS:84", "BBOX": "100.0,5.0,100.1,5.1"}
    documents = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER=group, FORMAT="application/json", **view))
    assert {len(one["classes"]) for one in documents["layers"] if one["layer"] == "stations"} == {0}
    assert wms.get(REQUEST="GetLegendGraphic", LAYER=group, RULE="nothing_of_that_name").status_code == 400


@pytest.mark.parametrize("layer", ["stations", "facilities", "industrial_zones", "protected_areas", "water_supply_points"])
def test_a_class_is_left_out_by_the_condition_beside_it(wms: Wms, app: Flask, layer: str) -> None:
    """What lies in no class but one is what the condition leaves out: without all of them, nothing is left that a class draws."""
    classes = read_json(wms.get(REQUEST="GetLegendGraphic", LAYER=layer, FORMAT="application/json"))["classes"]
    switches = [one["without"] for one in classes if one["without"]]
    assert len(switches) == (0 if len(classes) == 1 else len(classes))
    assert all(one["condition"] for one in classes if one["without"])

    def count(cql: str) -> int:
        answer = app.test_client().get(f"/ogcapi/collections/{layer}/items", query_string={"limit": 1, **({"filter": cql} if cql else {})})
        assert answer.status_code == 200, answer.text
        return int(read_json(answer)["numberMatched"])

    total = count("")
    taken = [total - count(one) for one in switches]
    assert sum(taken) >= total or not switches
    assert not switches or count(" AND ".join(f"({one})" for one in switches)) == 0
