# SPDX-License-Identifier: MIT
"""GetMetadata and the MetadataURL that points at it: ISO records of layers and groups."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest

from tests.protocol.wms.conftest import Wms, read_exception

W = "{http://www.opengis.net/wms}"
HREF = "{http://www.w3.org/1999/xlink}href"
PREFIXES = {"gmd": "http://www.isotc211.org/2005/gmd", "gco": "http://www.isotc211.org/2005/gco"}


def record(wms: Wms, **parameters: str) -> ElementTree.Element:
    answer = wms.get(REQUEST="GetMetadata", **parameters)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def text_of(root: ElementTree.Element, path: str) -> str:
    return root.findtext(f".//gmd:{path}/gco:CharacterString", "", PREFIXES)


def test_a_record_says_title_abstract_licence_and_place_in_the_language_asked_for(wms: Wms) -> None:
    vietnamese, english = record(wms, LAYER="stations"), record(wms, LAYER="stations", LANGUAGE="en")
    assert text_of(vietnamese, "title") == "Trạm và điểm quan trắc"
    assert text_of(english, "title") == "Monitoring stations and points"
    assert text_of(english, "useLimitation").endswith("· MIT")
    west = float(english.findtext(".//gmd:westBoundLongitude/gco:Decimal", "0", PREFIXES))
    assert 104 < west < 107


def test_a_group_is_a_series_and_a_layer_a_dataset(wms: Wms) -> None:
    for name, level in (("quality", "series"), ("stations", "dataset")):
        found = record(wms, LAYER=name).find(".//gmd:hierarchyLevel/gmd:MD_ScopeCode", PREFIXES)
        assert found is not None
        assert found.get("codeListValue") == level


def test_every_named_layer_of_the_capabilities_points_at_its_record(wms: Wms) -> None:
    named = [
        layer
        for layer in ElementTree.fromstring(wms.get(REQUEST="GetCapabilities").data).iter(f"{W}Layer")
        if layer.find(f"{W}Name") is not None
    ]
    assert named
    for layer in named:
        link = layer.find(f"{W}MetadataURL/{W}OnlineResource")
        assert link is not None
        parameters = dict(parse_qsl(urlsplit(link.get(HREF, "")).query))
        assert parameters["LAYER"] == layer.findtext(f"{W}Name")
        assert wms.get(**parameters).status_code == 200


@pytest.mark.parametrize("name", ["none_such", "xanh:stations", ""])
def test_a_record_of_nothing_is_refused(wms: Wms, name: str) -> None:
    answer = wms.get(REQUEST="GetMetadata", LAYER=name)
    assert answer.status_code in (400, 404)
    assert read_exception(answer)[0] in ("LayerNotDefined", "MissingParameterValue")
