# SPDX-License-Identifier: MIT
from __future__ import annotations

import json

import pytest

from server.encode import csv, geojson, gml31
from server.xmlio.parse import parse_xml
from tests.small_province import make_catalog


def test_members_behind_the_features_make_valid_json_and_unknown_ones_are_left_out() -> None:
    text = geojson.HEAD + b'{"type":"Feature"}' + geojson.write_tail({"numberReturned": 1, "numberMatched": None, "note": "Gò"})
    assert json.loads(text) == {"type": "FeatureCollection", "features": [{"type": "Feature"}], "numberReturned": 1, "note": "Gò"}
    assert json.loads(geojson.HEAD + geojson.write_tail({})) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("number", [None, 0, 7])
def test_the_gml_frame_declares_its_prefixes_and_escapes_the_address(number: int | None) -> None:
    head = gml31.write_head("urn:x", "http://h/wfs?a=1&b=2", number=number, time_stamp="2025-07-01T00:00:00Z")
    root = parse_xml(head + gml31.TAIL, 10_000, 8)
    assert root.nsmap["xanh"] == "urn:x"
    assert root.get("numberOfFeatures") == (None if number is None else str(number))
    assert "a=1&b=2" in (root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation") or "")


def test_the_csv_header_names_the_columns_of_the_rows() -> None:
    layers = make_catalog().layers
    assert csv.write_head(layers["permits"]).decode() == "\ufeffid,number,issued\r\n"
    assert csv.write_head(layers["zones"], ("name",)).decode() == "\ufeffid,name,geometry\r\n"
