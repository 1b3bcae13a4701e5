# SPDX-License-Identifier: MIT
"""OWSLib reads OGC API Features, Records, Coverages and Processes."""

from __future__ import annotations

import pytest
from owslib.ogcapi.coverages import Coverages
from owslib.ogcapi.features import Features
from owslib.ogcapi.processes import Processes
from owslib.ogcapi.records import Records
from rasterio.io import MemoryFile

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


def test_the_catalogue_is_a_record_collection_with_every_published_layer(province: Province) -> None:
    service = Records(f"{province.address}/ogcapi")
    assert service.records() == ["catalogue"]
    known = {record["id"] for record in service.collection_items("catalogue")["features"]}
    assert {layer.id for layer in province.layers} <= known
    assert [each["id"] for each in service.collection_items("catalogue", q="chat luong nuoc, quan trac")["features"]] == ["stations"]
    assert service.collection_item("catalogue", "stations")["properties"]["title"] == province.catalog.layer("stations").title.vi


def test_rasters_are_coverages_with_values(province: Province) -> None:
    service = Coverages(f"{province.address}/ogcapi")
    assert "landmask" in service.coverages()
    picture = service.coverage("landmask", subset=[("Lon", 105.5, 105.6), ("Lat", 10.2, 10.3)]).read()
    with MemoryFile(picture) as memory, memory.open() as file:
        assert (file.width, file.height) == (13, 13)


def test_processes_are_listed_described_and_run(province: Province) -> None:
    service = Processes(f"{province.address}/ogcapi")
    assert [each["id"] for each in service.processes()] == ["buffer", "clip", "statistics"]
    assert "distance" in service.process("buffer")["inputs"]
    made = service.execute("statistics", inputs={"layer": "stations", "zones": "provinces"})
    rows = made["result"]["value"]["rows"]
    assert 0 < sum(row["features"] for row in rows) <= province.counts["stations"]
