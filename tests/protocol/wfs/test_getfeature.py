# SPDX-License-Identifier: MIT
"""GetFeature as GML 3.1.1: counts, properties, paging, order, several types."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from server.context import Context
from tests.protocol.wfs.conftest import NAMES, Truth, Wfs

GML_ID = f"{{{NAMES['gml']}}}id"


def names_of(feature: ElementTree.Element) -> list[str]:
    return [child.tag.rpartition("}")[2] for child in feature]


def test_every_layer_gives_as_many_features_as_the_database_holds(app: Flask, wfs: Wfs, truth: Truth) -> None:
    context: Context = app.extensions["xanh"]
    for layer in context.catalog.feature_layers():
        expected = truth.count(layer.id)
        answer = wfs.get(REQUEST="GetFeature", TYPENAME=f"xanh:{layer.id}")
        root = ElementTree.fromstring(answer.data)
        assert len(root.findall(f"gml:featureMember/xanh:{layer.id}", NAMES)) == expected
        assert root.attrib["numberOfFeatures"] == str(expected)
        assert wfs.hits(TYPENAME=layer.id) == expected


def test_the_collection_says_which_schema_describes_it(wfs: Wfs) -> None:
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", MAXFEATURES=1)
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{{{NAMES['wfs']}}}FeatureCollection"
    assert answer.content_type == "text/xml; subtype=gml/3.1.1; charset=utf-8"
    location = root.attrib["{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"].split()
    address = location[location.index("urn:xanh:layers") + 1]
    schema = wfs.client.get(address)
    assert b'name="stationsType"' in schema.data


@pytest.mark.parametrize("spelling", ["stations", "xanh:stations", "other:stations"])
def test_the_prefix_of_a_type_name_does_not_matter(wfs: Wfs, spelling: str) -> None:
    assert len(wfs.features(TYPENAME=spelling, MAXFEATURES=3)) == 3


def test_values_are_those_of_the_database(wfs: Wfs, truth: Truth) -> None:
    feature = wfs.features(TYPENAME="stations", MAXFEATURES=1)[0]
    number = int(feature.attrib[GML_ID].removeprefix("stations."))
    name, wqi = (feature.findtext(f"xanh:{field}", namespaces=NAMES) for field in ("name", "wqi"))
    assert truth.count("stations", f"id = {number} AND name = '{name}' AND wqi = {wqi}") == 1


def test_names_with_vietnamese_and_markup_characters_arrive_whole(wfs: Wfs, truth: Truth) -> None:
    names = {feature.findtext("xanh:name", namespaces=NAMES) for feature in wfs.features(TYPENAME="facilities")}
    assert len(names) == truth.count("facilities", "id IN (SELECT min(id) FROM published.facilities GROUP BY name)")
    assert any("ệ" in (name or "") for name in names)


def test_feature_ids_pick_features_with_and_without_a_type_name(wfs: Wfs) -> None:
    ids = [feature.attrib[GML_ID] for feature in wfs.features(TYPENAME="stations", MAXFEATURES=5)]
    wanted = f"{ids[3]},{ids[1]}"
    assert [feature.attrib[GML_ID] for feature in wfs.features(FEATUREID=wanted)] == [ids[1], ids[3]]
    assert [feature.attrib[GML_ID] for feature in wfs.features(TYPENAME="stations", FEATUREID=wanted)] == [ids[1], ids[3]]
    assert wfs.features(FEATUREID="stations.999999999") == []
    assert wfs.features(FEATUREID="stations.x") == []


def test_feature_ids_of_two_types_give_both(wfs: Wfs) -> None:
    station = wfs.features(TYPENAME="stations", MAXFEATURES=1)[0].attrib[GML_ID]
    place = wfs.features(TYPENAME="places", MAXFEATURES=1)[0].attrib[GML_ID]
    assert [feature.attrib[GML_ID] for feature in wfs.features(FEATUREID=f"{station},{place}")] == [station, place]


def test_chosen_properties_come_with_those_the_schema_requires(wfs: Wfs) -> None:
    feature = wfs.features(TYPENAME="provinces", MAXFEATURES=1, PROPERTYNAME="xanh:geom,provinces/name")[0]
    assert {"geom", "name"} <= set(names_of(feature))
    assert "area_ha" not in names_of(feature)
    without = wfs.features(TYPENAME="provinces", MAXFEATURES=1, PROPERTYNAME="name")[0]
    assert "geom" not in names_of(without)


def test_the_geometry_comes_first_and_the_fields_in_the_order_of_the_schema(wfs: Wfs) -> None:
    schema = ElementTree.fromstring(wfs.get(REQUEST="DescribeFeatureType", TYPENAME="stations").data)
    order = [part.attrib["name"] for part in schema.iterfind(".//xsd:sequence/xsd:element", NAMES)]
    for feature in wfs.features(TYPENAME="stations"):
        names = names_of(feature)
        assert names[0] == "geom"
        assert names == sorted(names, key=order.index)


def test_pages_by_start_index_neither_overlap_nor_skip(wfs: Wfs) -> None:
    whole = [feature.attrib[GML_ID] for feature in wfs.features(TYPENAME="places")]
    pages = [
        feature.attrib[GML_ID]
        for start in range(0, len(whole) + 100, 100)
        for feature in wfs.features(TYPENAME="places", STARTINDEX=start, MAXFEATURES=100)
    ]
    assert pages == whole
    assert len(set(whole)) == len(whole)


def test_pages_of_several_types_follow_one_another(wfs: Wfs) -> None:
    types = "stations,craft_villages,places"
    whole = [feature.attrib[GML_ID] for feature in wfs.features(TYPENAME=types)]
    assert len({name.partition(".")[0] for name in whole}) == 3
    pages = [
        feature.attrib[GML_ID]
        for start in range(0, len(whole), 90)
        for feature in wfs.features(TYPENAME=types, STARTINDEX=start, MAXFEATURES=90)
    ]
    assert pages == whole
    assert wfs.hits(TYPENAME=types) == len(whole)


def test_max_features_counts_over_all_types_and_number_of_features_tells_what_is_there(wfs: Wfs, truth: Truth) -> None:
    stations = truth.count("stations")
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations,places", MAXFEATURES=stations + 7)
    root = ElementTree.fromstring(answer.data)
    assert len(root.findall("gml:featureMember/xanh:places", NAMES)) == 7
    assert root.attrib["numberOfFeatures"] == str(stations + 7)
    assert wfs.hits(TYPENAME="stations", MAXFEATURES=5) == 5


def test_sorting_has_a_direction_and_puts_missing_values_last(wfs: Wfs) -> None:
    values = [feature.findtext("xanh:wqi", namespaces=NAMES) for feature in wfs.features(TYPENAME="stations", SORTBY="wqi D")]
    present = [float(value) for value in values if value is not None]
    assert present == sorted(present, reverse=True)
    assert values[: len(present)] == [value for value in values if value is not None]
    names = [feature.findtext("xanh:code", namespaces=NAMES) for feature in wfs.features(TYPENAME="stations", SORTBY="xanh:code A")]
    assert names == sorted(names, key=str)


def test_a_long_answer_leaves_before_it_is_complete(wfs: Wfs) -> None:
    answer = wfs.client.get("/wfs?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=communes", buffered=False)
    assert "Content-Length" not in answer.headers
    first = next(iter(answer.response))
    assert b"<gml:featureMember>" in first
    assert b"</wfs:FeatureCollection>" not in first
    answer.close()


def test_the_version_may_be_left_out(wfs: Wfs) -> None:
    assert len(wfs.features(TYPENAME="stations", MAXFEATURES=2, VERSION="-")) == 2
