# SPDX-License-Identifier: MIT
"""GDAL reads OGC API Features with its OAPIF driver."""

from __future__ import annotations

import pyogrio
import pytest
import shapely

from server.catalog.projection import published_fields
from tests.client.conftest import Province


def source(province: Province) -> str:
    return f"OAPIF:{province.address}/ogcapi"


def test_gdal_lists_every_collection_and_the_catalogue_but_no_rasters(province: Province) -> None:
    assert {name for name, _ in pyogrio.list_layers(source(province))} == {layer.id for layer in province.layers} | {"catalogue"}
    assert pyogrio.read_info(source(province), layer="catalogue", force_feature_count=True)["features"] > len(province.layers)


def test_gdal_counts_what_sql_counts_in_every_collection(province: Province) -> None:
    counted = {
        layer.id: pyogrio.read_info(source(province), layer=layer.id, force_feature_count=True)["features"] for layer in province.layers
    }
    assert counted == province.counts


@pytest.mark.filterwarnings("error")
def test_gdal_reads_as_many_features_as_sql_counts_page_by_page(province: Province) -> None:
    read = {}
    for layer in province.layers:
        _, ids, _, _ = pyogrio.raw.read(source(province), layer=layer.id, return_fids=True, PAGE_SIZE=100)
        read[layer.id] = len(ids)
    assert read == province.counts


def test_gdal_takes_field_types_from_the_schema_not_from_the_first_features(province: Province) -> None:
    wanted = {"text": "OFTString", "link": "OFTInteger", "integer": "OFTInteger", "number": "OFTReal", "boolean": "OFTInteger"}
    wanted |= {"date": "OFTDate", "datetime": "OFTDateTime"}
    for layer in province.layers:
        about = pyogrio.read_info(source(province), layer=layer.id)
        found = dict(zip(about["fields"], about["ogr_types"], strict=True))
        assert found == {field.name: wanted[field.type] for field in published_fields(layer)}, layer.id


def test_points_stand_where_the_database_has_them(province: Province) -> None:
    _, fids, shapes, _ = pyogrio.raw.read(source(province), layer="stations", return_fids=True)
    truth = sorted(province.positions("stations").values())
    found = sorted((point.x, point.y) for point in shapely.from_wkb(shapes))
    assert len(fids) == len(truth)
    assert [number for pair in found for number in pair] == pytest.approx([number for pair in truth for number in pair], abs=1e-7)


def test_the_box_of_the_visible_map_finds_what_sql_finds(province: Province) -> None:
    _, _, shapes, _ = pyogrio.raw.read(source(province), layer="stations", bbox=(105, 10, 106, 10.5))
    assert len(shapes) == province.count("stations", "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)") > 0
