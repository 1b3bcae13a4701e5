# SPDX-License-Identifier: MIT
"""GetFeature as GeoJSON."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.conftest import Truth, Wfs


@pytest.mark.parametrize("name", ["application/json", "json", "geojson", "application/geo+json", "GeoJSON"])
def test_every_name_of_the_format_gives_the_same_collection(wfs: Wfs, truth: Truth, name: str) -> None:
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", OUTPUTFORMAT=name)
    document = answer.get_json()
    assert answer.content_type == "application/json"
    assert document["type"] == "FeatureCollection"
    assert len(document["features"]) == document["numberReturned"] == document["numberMatched"] == truth.count("stations")


def test_a_plus_sign_nobody_escaped_is_understood(wfs: Wfs) -> None:
    answer = wfs.client.get("/wfs?SERVICE=WFS&REQUEST=GetFeature&TYPENAME=stations&MAXFEATURES=1&OUTPUTFORMAT=application/geo+json")
    assert len(answer.get_json()["features"]) == 1


def test_a_filtered_answer_does_not_pretend_to_know_the_total(wfs: Wfs) -> None:
    document = wfs.get(REQUEST="GetFeature", TYPENAME="stations", OUTPUTFORMAT="json", BBOX="10,105,10.5,106", MAXFEATURES=2).get_json()
    assert document["numberReturned"] == 2
    assert "numberMatched" not in document


def test_other_systems_are_named_in_the_answer(wfs: Wfs) -> None:
    document = wfs.get(REQUEST="GetFeature", TYPENAME="stations", OUTPUTFORMAT="json", SRSNAME="EPSG:32648", MAXFEATURES=1).get_json()
    assert document["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::32648"
    assert document["features"][0]["geometry"]["coordinates"][0] > 100_000


def test_hits_hold_the_number_and_no_features(wfs: Wfs, truth: Truth) -> None:
    document = wfs.get(REQUEST="GetFeature", TYPENAME="places", OUTPUTFORMAT="json", RESULTTYPE="hits").get_json()
    assert document["features"] == []
    assert document["numberMatched"] == truth.count("places")


def test_only_chosen_properties_come(wfs: Wfs) -> None:
    document = wfs.get(REQUEST="GetFeature", TYPENAME="stations", OUTPUTFORMAT="json", PROPERTYNAME="name", MAXFEATURES=1).get_json()
    assert list(document["features"][0]["properties"]) == ["name"]
    assert document["features"][0]["geometry"] is None


def test_several_types_and_records_without_geometry_stand_in_one_collection(wfs: Wfs, truth: Truth) -> None:
    document = wfs.get(REQUEST="GetFeature", TYPENAME="investors,craft_villages", OUTPUTFORMAT="json").get_json()
    assert len(document["features"]) == truth.count("investors") + truth.count("craft_villages")
    assert document["features"][0]["geometry"] is None
    assert document["features"][-1]["geometry"]["type"] == "Point"


def test_an_empty_answer_is_a_collection_too(wfs: Wfs) -> None:
    document = wfs.get(REQUEST="GetFeature", TYPENAME="stations", OUTPUTFORMAT="json", BBOX="1,1,2,2").get_json()
    assert (document["features"], document["numberReturned"]) == ([], 0)
