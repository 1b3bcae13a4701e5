# SPDX-License-Identifier: MIT
"""Whatever is wrong with a request: the standard's exception with the right code and locator, a 4xx, nothing in the log but one line."""

from __future__ import annotations

import logging

import pytest

from tests.protocol.wms.conftest import BOX_3857, Wms, read_exception

MAP = "GetMap"
MISSING, INVALID = "MissingParameterValue", "InvalidParameterValue"


@pytest.mark.parametrize(
    ("wrong", "code", "locator"),
    [
        ({"REQUEST": "-"}, MISSING, "REQUEST"),
        ({"REQUEST": "GetMapp"}, "OperationNotSupported", "getmapp"),
        ({"REQUEST": "Get<b>"}, "OperationNotSupported", "REQUEST"),
        ({"SERVICE": "WFS"}, INVALID, "SERVICE"),
        ({"VERSION": "-"}, MISSING, "VERSION"),
        ({"VERSION": "1.4.0"}, INVALID, "VERSION"),
        ({"VERSION": "' or 1=1"}, INVALID, "VERSION"),
        ({"LAYERS": "-"}, MISSING, "LAYERS"),
        ({"LAYERS": ""}, MISSING, "LAYERS"),
        ({"LAYERS": "nowhere"}, "LayerNotDefined", "LAYERS"),
        ({"LAYERS": "stations,"}, "LayerNotDefined", "LAYERS"),
        ({"LAYERS": "stations;drop table x"}, "LayerNotDefined", "LAYERS"),
        ({"LAYERS": "Stations"}, "LayerNotDefined", "LAYERS"),
        ({"LAYERS": "investors"}, "LayerNotDefined", "LAYERS"),
        ({"LAYERS": ",".join(["stations"] * 31)}, INVALID, "LAYERS"),
        ({"STYLES": "none"}, "StyleNotDefined", "STYLES"),
        ({"STYLES": "../../config"}, "StyleNotDefined", "STYLES"),
        ({"STYLES": "stations,stations"}, INVALID, "STYLES"),
        ({"CRS": "-"}, MISSING, "CRS"),
        ({"CRS": "EPSG:99999"}, "InvalidCRS", "CRS"),
        ({"CRS": "EPSG:2000"}, "InvalidCRS", "CRS"),
        ({"CRS": "+proj=longlat"}, "InvalidCRS", "CRS"),
        ({"CRS": "x" * 3000}, "InvalidCRS", "CRS"),
        ({"BBOX": "-"}, MISSING, "BBOX"),
        ({"BBOX": "1,2,3"}, INVALID, "BBOX"),
        ({"BBOX": "1,2,3,x"}, INVALID, "BBOX"),
        ({"BBOX": "3,2,1,4"}, INVALID, "BBOX"),
        ({"BBOX": "1,2,1,2"}, INVALID, "BBOX"),
        ({"BBOX": "nan,nan,nan,nan"}, INVALID, "BBOX"),
        ({"BBOX": "1e400,0,1e401,1"}, INVALID, "BBOX"),
        ({"WIDTH": "-"}, MISSING, "WIDTH"),
        ({"WIDTH": "0"}, INVALID, "WIDTH"),
        ({"WIDTH": "-5"}, INVALID, "WIDTH"),
        ({"WIDTH": "10000"}, INVALID, "WIDTH"),
        ({"WIDTH": "1e3"}, INVALID, "WIDTH"),
        ({"HEIGHT": "99999999999999999999"}, INVALID, "HEIGHT"),
        ({"HEIGHT": "٣"}, INVALID, "HEIGHT"),
        ({"FORMAT": "-"}, MISSING, "FORMAT"),
        ({"FORMAT": "image/gif"}, "InvalidFormat", "FORMAT"),
        ({"FORMAT": "application/json"}, "InvalidFormat", "FORMAT"),
        ({"BGCOLOR": "red"}, INVALID, "BGCOLOR"),
        ({"BGCOLOR": "0xGGGGGG"}, INVALID, "BGCOLOR"),
        ({"TRANSPARENT": "maybe"}, INVALID, "TRANSPARENT"),
        ({"EXCEPTIONS": "shout"}, INVALID, "EXCEPTIONS"),
        ({"TIME": "yesterday"}, "InvalidDimensionValue", "TIME"),
        ({"TIME": "2022-13-01"}, "InvalidDimensionValue", "TIME"),
        ({"TIME": "2022-01-01,2022-02-30"}, "InvalidDimensionValue", "TIME"),
        ({"TIME": "2022-06-01/2022-05-01"}, "InvalidDimensionValue", "TIME"),
        ({"TIME": "2022'; select pg_sleep(9)--"}, "InvalidDimensionValue", "TIME"),
        ({"SLD": "http://example.org/a.sld"}, "OperationNotSupported", "SLD"),
        ({"SLD_BODY": "<StyledLayerDescriptor/>"}, INVALID, "SLD_BODY"),
    ],
)
def test_a_wrong_parameter_is_named(
    wms: Wms, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], wrong: dict[str, str], code: str, locator: str
) -> None:
    with caplog.at_level(logging.INFO):
        answer = wms.map(**wrong)
    assert 400 <= answer.status_code < 500
    assert read_exception(answer)[:2] == (code, locator)
    assert caplog.records == []
    assert [line.split()[3] for line in capsys.readouterr().err.splitlines()] == ["xanh.access"]


def test_1_1_1_says_srs_and_has_its_own_media_type(wms: Wms) -> None:
    answer = wms.map(VERSION="1.1.1", SRS="EPSG:1", CRS="-")
    assert answer.mimetype == "application/vnd.ogc.se_xml"
    assert read_exception(answer)[0] == "InvalidSRS"
    assert b"<!DOCTYPE ServiceExceptionReport" in answer.data
    assert wms.map(CRS="EPSG:1").mimetype == "text/xml"


@pytest.mark.parametrize(
    ("wrong", "code", "locator"),
    [
        ({"QUERY_LAYERS": "-"}, MISSING, "QUERY_LAYERS"),
        ({"QUERY_LAYERS": "communes"}, "LayerNotDefined", "QUERY_LAYERS"),
        ({"LAYERS": "neighbours_land", "QUERY_LAYERS": "neighbours_land"}, "LayerNotQueryable", "QUERY_LAYERS"),
        ({"INFO_FORMAT": "-"}, MISSING, "INFO_FORMAT"),
        ({"INFO_FORMAT": "application/pdf"}, "InvalidFormat", "INFO_FORMAT"),
        ({"I": "-"}, MISSING, "I"),
        ({"I": "x"}, INVALID, "I"),
        ({"I": "300"}, "InvalidPoint", "I"),
        ({"J": "175"}, "InvalidPoint", "J"),
        ({"J": "-1"}, "InvalidPoint", "J"),
        ({"FEATURE_COUNT": "0"}, INVALID, "FEATURE_COUNT"),
        ({"FEATURE_COUNT": "many"}, INVALID, "FEATURE_COUNT"),
    ],
)
def test_a_wrong_question_about_features_is_named(wms: Wms, wrong: dict[str, str], code: str, locator: str) -> None:
    usual: dict[str, str | int] = {
        "REQUEST": "GetFeatureInfo",
        "QUERY_LAYERS": "stations",
        "INFO_FORMAT": "application/json",
        "I": 5,
        "J": 5,
    }
    answer = wms.map(**{**usual, **wrong})
    assert 400 <= answer.status_code < 500
    assert read_exception(answer)[:2] == (code, locator)


@pytest.mark.parametrize(
    ("wrong", "code", "locator"),
    [
        ({"LAYER": "-"}, MISSING, "LAYER"),
        ({"LAYER": "nowhere"}, "LayerNotDefined", "LAYER"),
        ({"STYLE": "nothing"}, "StyleNotDefined", "STYLES"),
        ({"RULE": "nothing"}, INVALID, "RULE"),
        ({"FORMAT": "image/tiff"}, "InvalidFormat", "FORMAT"),
        ({"WIDTH": "100000"}, INVALID, "WIDTH"),
        ({"SCALE": "one"}, INVALID, "SCALE"),
    ],
)
def test_a_wrong_question_about_a_legend_is_named(wms: Wms, wrong: dict[str, str], code: str, locator: str) -> None:
    answer = wms.get(**{"REQUEST": "GetLegendGraphic", "LAYER": "stations", "FORMAT": "image/png", **wrong})
    assert 400 <= answer.status_code < 500
    assert read_exception(answer)[:2] == (code, locator)


def test_a_parameter_given_twice_with_two_values_is_refused(wms: Wms) -> None:
    answer = wms.client.get("/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=stations&layers=communes")
    assert read_exception(answer)[:2] == (INVALID, "LAYERS")


@pytest.mark.parametrize("query", ["", "?", "?%00=%ff", "?REQUEST=%ff%fe", "?REQUEST=GetCapabilities", f"?BBOX={BOX_3857}"])
def test_half_a_request_is_an_exception_document(wms: Wms, query: str) -> None:
    answer = wms.client.get(f"/wms{query}")
    assert answer.status_code == 400
    assert read_exception(answer)[2]


def test_xml_with_entities_is_refused(wms: Wms) -> None:
    body = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    answer = wms.client.post("/wms", data=body, content_type="text/xml")
    assert answer.status_code == 400
    assert "root:" not in answer.text
    assert "DOCTYPE is not accepted" in read_exception(answer)[2]


def test_a_map_sent_as_a_form_is_answered(wms: Wms) -> None:
    form = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "stations", "STYLES": "", "CRS": "EPSG:3857"}
    form |= {"BBOX": BOX_3857, "WIDTH": "300", "HEIGHT": "175", "FORMAT": "image/png"}
    assert wms.client.post("/wms", data=form).data == wms.map().data
