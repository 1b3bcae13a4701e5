# SPDX-License-Identifier: MIT
"""OWSLib reads the WFS as scripts do."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from owslib import fes, fes2
from owslib.wfs import WebFeatureService

from tests.client.conftest import Province

_MEMBER = "{http://www.opengis.net/gml}featureMember"


@pytest.fixture(scope="module")
def service(province: Province) -> WebFeatureService:
    return WebFeatureService(f"{province.address}/wfs", version="1.1.0")


def test_capabilities_name_service_provider_and_every_layer(service: WebFeatureService, province: Province) -> None:
    assert service.identification.version == "1.1.0"
    assert service.provider.name
    assert [operation.name for operation in service.operations] == [
        "GetCapabilities",
        "DescribeFeatureType",
        "GetFeature",
        "GetGmlObject",
    ]
    assert {name: kind.title for name, kind in service.contents.items()} == {
        f"xanh:{layer.id}": layer.title.vi for layer in province.layers
    }


def test_boxes_and_systems_are_understood(service: WebFeatureService) -> None:
    stations = service.contents["xanh:stations"]
    west, south, east, north = stations.boundingBoxWGS84
    assert 102 < west < east < 110
    assert 8 < south < north < 24
    assert str(stations.crsOptions[0].getcodeurn()) == "urn:ogc:def:crs:EPSG::4326"


def test_the_schema_of_every_layer_is_understood(service: WebFeatureService, province: Province) -> None:
    for layer in province.layers:
        schema = service.get_schema(f"xanh:{layer.id}")
        assert schema["properties"]
        if layer.geometry not in ("line", "multiline"):  # OWSLib does not know the curves of GML 3 and takes them for a text
            assert schema.get("geometry_column") == ("geom" if layer.has_geometry else None)


def test_both_formats_hold_as_many_features_as_sql_counts(service: WebFeatureService, province: Province) -> None:
    gml, geojson = {}, {}
    for layer in province.layers:
        name = f"xanh:{layer.id}"
        gml[layer.id] = len(ElementTree.fromstring(service.getfeature(typename=[name]).read()).findall(_MEMBER))
        geojson[layer.id] = len(json.loads(service.getfeature(typename=[name], outputFormat="application/json").read())["features"])
    assert gml == geojson == province.counts


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
@pytest.mark.parametrize("name", ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_boxes_find_what_sql_finds(province: Province, name: str, version: str) -> None:
    """OWSLib takes boxes longitude first and turns them for the spellings that follow the authority."""
    service = WebFeatureService(f"{province.address}/wfs", version=version)
    answer = service.getfeature(typename=["xanh:stations"], bbox=(105, 10, 106, 10.5, name), outputFormat="json")
    expected = province.count("stations", "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)")
    assert len(json.loads(answer.read())["features"]) == expected > 0


def ids_of(answer: Any) -> list[int]:
    return [int(number) for number in re.findall(rb':stations gml:id="stations\.(\d+)"', answer.read())]


def ids_in(province: Province, rest: str) -> list[int]:
    with province.database.reader() as connection:
        return [row[0] for row in connection.execute(f"SELECT id FROM published.stations {rest}".encode()).fetchall()]


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_filters_sorting_and_pages_give_what_sql_gives(province: Province, version: str) -> None:
    """In 2.0.0 filters go by POST: in GET OWSLib calls them `query`, which no version knows."""
    service = WebFeatureService(f"{province.address}/wfs", version=version)
    condition, method = (fes.PropertyIsGreaterThan, "Get") if version == "1.1.0" else (fes2.PropertyIsGreaterThan, "Post")
    query = {"typename": ["xanh:stations"]}
    written = ElementTree.tostring(condition("wqi", "50").toXML(), encoding="unicode")
    namespace = "http://www.opengis.net/ogc" if version == "1.1.0" else "http://www.opengis.net/fes/2.0"
    found = service.getfeature(**query, filter=f'<Filter xmlns="{namespace}">{written}</Filter>', sortby=["wqi"], method=method)
    assert ids_of(found) == ids_in(province, "WHERE wqi > 50 ORDER BY wqi, id") != []
    page = service.getfeature(**query, sortby=["name"], maxfeatures=5, startindex=3)
    assert ids_of(page) == ids_in(province, "ORDER BY name, id LIMIT 5 OFFSET 3")


@pytest.fixture(scope="module")
def newer(province: Province) -> WebFeatureService:
    return WebFeatureService(f"{province.address}/wfs", version="2.0.0")


def test_2_0_0_counts_pages_and_holds_as_many_features_as_sql_counts(newer: WebFeatureService, province: Province) -> None:
    assert newer.identification.version == "2.0.0"
    assert set(newer.contents) == {f"xanh:{layer.id}" for layer in province.layers}
    for layer in province.layers:
        name = f"xanh:{layer.id}"
        root = ElementTree.fromstring(newer.getfeature(typename=[name]).read())
        assert int(root.attrib["numberMatched"]) == int(root.attrib["numberReturned"]) == len(root) == province.counts[layer.id]
    page = ElementTree.fromstring(newer.getfeature(typename=["xanh:stations"], maxfeatures=5, startindex=5, sortby=["name"]).read())
    assert len(page) == 5
    assert {"next", "previous"} <= set(page.attrib)


def test_stored_queries_are_listed_and_run(newer: WebFeatureService, province: Province) -> None:
    listed = {query.id: [parameter.name for parameter in query.parameters] for query in newer.storedqueries}
    assert listed["urn:ogc:def:query:OGC-WFS::GetFeatureById"] == ["ID"]
    assert listed["stations_below_wqi"] == ["wqi"]
    answer = newer.getfeature(storedQueryID="stations_below_wqi", storedQueryParams={"wqi": "40"})
    assert int(ElementTree.fromstring(answer.read()).attrib["numberMatched"]) == province.count("stations", "wqi <= 40")
