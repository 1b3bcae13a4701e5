# SPDX-License-Identifier: MIT
"""GetFeatureInfo hits what the style shows at the scale of the map, as far around as it is drawn, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.protocol.wms.conftest import Wms, read_json
from tests.protocol.wms.test_asked_styles import RED, equals, mark, sld, user_style
from tests.protocol.wms.test_getfeatureinfo import ask

MET, UNMET = "<MaxScaleDenominator>100000</MaxScaleDenominator>", "<MinScaleDenominator>100000</MinScaleDenominator>"


@pytest.fixture
def place(wms: Wms) -> tuple[float, float]:
    """Where an automatic station stands."""
    query = "service=WFS&version=1.1.0&request=GetFeature&typename=stations&outputformat=application/json"
    features = json.loads(wms.client.get(f"/wfs?{query}").data)["features"]
    found: dict[str, Any] = next(one for one in features if one["properties"]["kind"] == "auto")
    longitude, latitude = found["geometry"]["coordinates"]
    return longitude, latitude


def kinds(wms: Wms, place: tuple[float, float], rules: str, off: tuple[int, int] = (0, 0), **more: str | int) -> set[str]:
    """Kinds of the stations a style answers with."""
    found = read_json(ask(wms, place, "stations", off, SLD_BODY=sld(user_style(rules)), **more))["features"]
    return {one["properties"]["kind"] for one in found}


def test_a_class_that_is_not_drawn_is_not_hit(wms: Wms, place: tuple[float, float]) -> None:
    assert "auto" in kinds(wms, place, mark(RED))
    assert kinds(wms, place, mark(RED, extra=equals("kind", "auto"))) == {"auto"}
    assert kinds(wms, place, mark(RED, extra=equals("kind", "nothing"))) == set()


def test_elsefilter_takes_what_others_leave(wms: Wms, place: tuple[float, float]) -> None:
    assert "auto" in kinds(wms, place, mark(RED, extra=equals("kind", "nothing")) + mark(RED, extra="<ElseFilter/>"))


def test_rules_outside_their_scales_are_not_hit(wms: Wms, place: tuple[float, float]) -> None:
    # A pixel of 10 m is 1 : 35 714.
    assert "auto" in kinds(wms, place, mark(RED, extra="").replace("<PointSymbolizer>", f"{MET}<PointSymbolizer>"))
    assert kinds(wms, place, mark(RED).replace("<PointSymbolizer>", f"{UNMET}<PointSymbolizer>")) == set()


def test_the_tolerance_is_that_of_the_symbol(wms: Wms, place: tuple[float, float]) -> None:
    small, large = mark(RED, size="4", extra=equals("kind", "auto")), mark(RED, size="60", extra=equals("kind", "auto"))
    assert kinds(wms, place, small, off=(20, 0)) == set()
    assert kinds(wms, place, large, off=(20, 0)) == {"auto"}


def test_symbols_measured_on_the_ground_reach_as_far_as_they_are_drawn(wms: Wms, place: tuple[float, float]) -> None:
    # 200 m are 20 pixels of 10 m, 10 to each side.
    style = mark(RED, size="200", extra=equals("kind", "auto"))
    style = style.replace("<PointSymbolizer>", '<PointSymbolizer uom="http://www.opengeospatial.org/se/units/metre">')
    assert kinds(wms, place, style, off=(10, 0)) == {"auto"}
    assert kinds(wms, place, style, off=(18, 0)) == set()


def test_finer_pixels_keep_the_tolerance_on_the_ground(wms: Wms, place: tuple[float, float]) -> None:
    style = mark(RED, size="30", extra=equals("kind", "auto"))
    assert kinds(wms, place, style, off=(25, 0)) == set()
    assert kinds(wms, place, style, off=(25, 0), DPI=192) == {"auto"}


def test_several_layers_answer_in_every_format(wms: Wms, place: tuple[float, float]) -> None:
    formats = {
        "application/json": '"layer": "communes"',
        "application/geo+json": '"layer": "stations"',
        "text/html": "<table",
        "text/plain": "Trạm",
        "text/xml": "<gml:featureMember",
        "application/vnd.ogc.gml": "xanh:stations",
        "application/vnd.ogc.gml/3.1.1": "xanh:communes",
    }
    for name, holds in formats.items():
        answer = ask(wms, place, "communes,stations", INFO_FORMAT=name)
        assert answer.mimetype == name
        assert holds in answer.text, name
    assert ask(wms, place, "stations", INFO_FORMAT="application/geo json").mimetype == "application/geo+json", "a plus sign nobody escaped"


def test_no_more_features_than_asked_for_come_from_each_layer(wms: Wms, place: tuple[float, float]) -> None:
    assert len(read_json(ask(wms, place, "stations", FEATURE_COUNT=1, SLD_BODY=sld(user_style(mark(RED, size="200")))))["features"]) == 1
