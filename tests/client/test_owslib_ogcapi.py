# SPDX-License-Identifier: MIT
"""OWSLib reads OGC API Features."""

from __future__ import annotations

import pytest
from owslib.ogcapi.features import Features

from tests.client.conftest import Province


@pytest.fixture(scope="module")
def service(province: Province) -> Features:
    return Features(f"{province.address}/ogcapi")


def test_every_layer_is_a_feature_collection(service: Features, province: Province) -> None:
    assert set(service.feature_collections()) == {layer.id for layer in province.layers}


def test_every_collection_says_the_number_sql_counts(service: Features, province: Province) -> None:
    assert {layer.id: service.collection_items(layer.id, limit=1)["numberMatched"] for layer in province.layers} == province.counts


def test_whole_collections_arrive(service: Features, province: Province) -> None:
    read = {layer.id: len(service.collection_items(layer.id, limit=10_000)["features"]) for layer in province.layers}
    assert read == province.counts


def test_one_feature_is_the_one_asked_for(service: Features, province: Province) -> None:
    number, position = next(iter(province.positions("stations").items()))
    feature = service.collection_item("stations", str(number))
    assert feature["id"] == number
    assert feature["geometry"]["coordinates"] == pytest.approx(position, abs=1e-7)
