# SPDX-License-Identifier: MIT
"""GetLegendGraphic with BBOX lists the classes that exist there; with SLD_BODY it is the legend of the style sent."""

from __future__ import annotations

import pytest

from tests.protocol.wms.conftest import BOX_3857, Wms, read_exception, read_json
from tests.protocol.wms.test_asked_styles import RED, equals, mark, sld, user_style

NOWHERE = "100,100,200,200"


def classes(wms: Wms, **parameters: str | int) -> list[str]:
    """Names of the classes of a legend of stations."""
    usual: dict[str, str | int] = {"REQUEST": "GetLegendGraphic", "LAYER": "stations", "STYLE": "stations", "FORMAT": "application/json"}
    return [one["name"] for one in read_json(wms.get(**{**usual, **parameters}))["classes"]]


def test_only_classes_of_the_view_are_listed(wms: Wms) -> None:
    everything = classes(wms)
    assert set(classes(wms, CRS="EPSG:3857", BBOX=BOX_3857)) <= set(everything)
    assert classes(wms, CRS="EPSG:3857", BBOX=BOX_3857)
    assert classes(wms, CRS="EPSG:3857", BBOX=NOWHERE) == []


def test_the_view_obeys_filters_and_both_versions(wms: Wms) -> None:
    only = classes(wms, CRS="EPSG:3857", BBOX=BOX_3857, CQL_FILTER="kind='auto'")
    assert only == ["auto"]
    assert classes(wms, VERSION="1.1.1", SRS="EPSG:4326", BBOX="105,10,107,11", CQL_FILTER="kind='auto'") == only
    assert classes(wms, CRS="EPSG:4326", BBOX="10,105,11,107", CQL_FILTER="kind='auto'") == only


def test_the_size_of_the_view_tells_its_scale(wms: Wms) -> None:
    rules = mark(RED).replace("<PointSymbolizer>", "<MaxScaleDenominator>100000</MaxScaleDenominator><PointSymbolizer>")
    body = sld(user_style(f"{rules}{mark(RED, extra=equals('kind', 'auto'))}"))
    view: dict[str, str | int] = {"STYLE": "mine", "CRS": "EPSG:3857", "BBOX": BOX_3857, "SLD_BODY": body}
    assert len(classes(wms, **view)) == 2
    assert len(classes(wms, **view, SRCWIDTH=300, SRCHEIGHT=175)) == 1


def test_elsefilter_is_listed_where_something_is_left(wms: Wms) -> None:
    body = sld(user_style(mark(RED, extra=equals("kind", "auto")), mark(RED, extra="<ElseFilter/>")))
    view: dict[str, str | int] = {"STYLE": "mine", "CRS": "EPSG:3857", "BBOX": BOX_3857, "SLD_BODY": body}
    assert len(classes(wms, **view)) == 2
    assert len(classes(wms, **view, CQL_FILTER="kind='auto'")) == 1


def test_a_picture_of_an_empty_view_is_a_blank_line(wms: Wms) -> None:
    answer = wms.get(REQUEST="GetLegendGraphic", LAYER="stations", FORMAT="image/png", CRS="EPSG:3857", BBOX=NOWHERE)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wrong", "code", "locator"),
    [
        ({"BBOX": BOX_3857}, "MissingParameterValue", "CRS"),
        ({"BBOX": "nan,1,2,3", "CRS": "EPSG:3857"}, "InvalidParameterValue", "BBOX"),
        ({"BBOX": BOX_3857, "CRS": "EPSG:1"}, "InvalidCRS", "CRS"),
        ({"BBOX": BOX_3857, "CRS": "EPSG:3857", "SRCWIDTH": "0"}, "InvalidParameterValue", "WIDTH"),
        ({"SLD": "http://127.0.0.1:1/x"}, "OperationNotSupported", "SLD"),
        ({"SLD_BODY": "<a/>"}, "InvalidParameterValue", "SLD_BODY"),
        ({"REMOTE_OWS_URL": "http://127.0.0.1:1/x"}, "OperationNotSupported", "REMOTE_OWS_URL"),
    ],
)
def test_a_wrong_view_is_named(wms: Wms, wrong: dict[str, str], code: str, locator: str) -> None:
    answer = wms.get(**{"REQUEST": "GetLegendGraphic", "LAYER": "stations", "FORMAT": "image/png", **wrong})
    assert answer.status_code == 400
    assert read_exception(answer)[:2] == (code, locator)
