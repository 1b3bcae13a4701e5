# SPDX-License-Identifier: MIT
"""GDAL reads the WFS: its WFS driver (pyogrio, ogrinfo) and its GML driver on a saved answer."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pyogrio
import pytest
import shapely

from tests.client.conftest import Province

_TYPES = {
    "point": "Point",
    "multipoint": "MultiPoint",
    "line": "LineString",
    "multiline": "MultiLineString",
    "polygon": "Polygon",
    "multipolygon": "MultiPolygon",
    "none": None,
}


def source(province: Province) -> str:
    return f"WFS:{province.address}/wfs?VERSION=1.1.0"


def test_gdal_lists_every_layer_with_its_geometry_type(province: Province) -> None:
    listed = {name: kind for name, kind in pyogrio.list_layers(source(province))}
    assert listed == {f"xanh:{layer.id}": _TYPES[layer.geometry] for layer in province.layers}


def test_gdal_counts_what_sql_counts_in_every_layer(province: Province) -> None:
    counted = {
        layer.id: pyogrio.read_info(source(province), layer=f"xanh:{layer.id}", force_feature_count=True)["features"]
        for layer in province.layers
    }
    assert counted == province.counts


def test_gdal_reads_as_many_features_as_sql_counts_in_every_layer(province: Province) -> None:
    read = {}
    for layer in province.layers:
        _, ids, _, _ = pyogrio.raw.read(source(province), layer=f"xanh:{layer.id}", columns=["gml_id"], return_fids=True)
        read[layer.id] = len(ids)
    assert read == province.counts


def test_ogrinfo_counts_what_sql_counts_in_every_layer(province: Province) -> None:
    done = subprocess.run(["ogrinfo", "-ro", "-al", "-so", f"WFS:{province.address}/wfs"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = re.findall(r"^Layer name: xanh:(\w+)$.*?^Feature Count: (\d+)$", done.stdout, re.MULTILINE | re.DOTALL)
    assert {name: int(count) for name, count in found} == province.counts


def test_points_stand_where_the_database_has_them(province: Province) -> None:
    meta, _, shapes, (ids,) = pyogrio.raw.read(source(province), layer="xanh:stations", columns=["gml_id"])
    truth = province.positions("stations")
    assert meta["crs"] == "EPSG:4326"
    assert len(ids) == len(truth)
    for gml_id, point in zip(ids, shapely.from_wkb(shapes), strict=True):
        assert (point.x, point.y) == pytest.approx(truth[int(gml_id.removeprefix("stations."))], abs=1e-7)


def test_the_box_of_the_visible_map_finds_what_sql_finds(province: Province) -> None:
    _, _, shapes, _ = pyogrio.raw.read(source(province), layer="xanh:stations", bbox=(105, 10, 106, 10.5))
    assert len(shapes) == province.count("stations", "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)") > 0


@pytest.mark.parametrize("condition", ["wqi > 50", "name LIKE '%kênh%' AND wqi <= 50", "kind = 'auto' OR wqi IS NULL", "NOT (wqi > 40)"])
def test_attribute_filters_find_what_sql_finds(province: Province, condition: str) -> None:
    _, _, shapes, _ = pyogrio.raw.read(source(province), layer="xanh:stations", where=condition)
    assert len(shapes) == province.count("stations", condition)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::4326", "EPSG:4326"])
def test_a_saved_answer_opens_with_the_right_coordinates(province: Province, tmp_path: Path, name: str) -> None:
    """A GML file keeps its axis order by the spelling of srsName; GDAL turns it back."""
    saved = tmp_path / "stations.gml"
    query = f"SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=xanh:stations&SRSNAME={name}"
    with urlopen(f"{province.address}/wfs?{query}", timeout=30) as answer:  # the address is ours
        saved.write_bytes(answer.read())
    _, _, shapes, _ = pyogrio.raw.read(saved, layer="stations")
    points = shapely.from_wkb(shapes)
    truth = province.positions("stations")
    assert len(points) == len(truth)
    assert {(round(point.x, 6), round(point.y, 6)) for point in points} == {(round(x, 6), round(y, 6)) for x, y in truth.values()}


def test_polygons_keep_their_area(province: Province) -> None:
    _, _, shapes, (ids,) = pyogrio.raw.read(source(province), layer="xanh:provinces", columns=["gml_id"])
    with province.database.reader() as connection:
        rows = connection.execute("SELECT id, ST_Area(geom) FROM published.provinces WHERE geom IS NOT NULL").fetchall()
    truth: dict[int, float] = {row[0]: row[1] for row in rows}
    found = {
        int(gml_id.removeprefix("provinces.")): shape.area
        for gml_id, shape in zip(ids, shapely.from_wkb(shapes), strict=True)
        if shape is not None
    }
    assert found.keys() == truth.keys()
    assert all(found[number] == pytest.approx(area, rel=1e-5) for number, area in truth.items())


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_sorting_gives_the_order_of_sql(province: Province, version: str) -> None:
    statement = "SELECT wqi FROM {} WHERE wqi IS NOT NULL ORDER BY wqi DESC"
    _, _, _, (values,) = pyogrio.raw.read(f"WFS:{province.address}/wfs?VERSION={version}", sql=statement.format('"xanh:stations"'))
    with province.database.reader() as connection:
        rows = connection.execute(statement.format("published.stations").encode()).fetchall()
    assert values.tolist() == pytest.approx([float(row[0]) for row in rows])


def test_pages_put_together_hold_every_feature_once(province: Province) -> None:
    pyogrio.set_gdal_config_options({"OGR_WFS_PAGING_ALLOWED": "ON", "OGR_WFS_PAGE_SIZE": "50"})
    try:
        _, _, _, (ids,) = pyogrio.raw.read(f"WFS:{province.address}/wfs?VERSION=2.0.0", layer="xanh:stations", columns=["gml_id"])
    finally:
        pyogrio.set_gdal_config_options({"OGR_WFS_PAGING_ALLOWED": None, "OGR_WFS_PAGE_SIZE": None})
    assert len(set(ids)) == len(ids) == province.count("stations")


@pytest.mark.parametrize("version", ["2.0.0", "1.0.0"])
def test_other_versions_give_the_same_features(province: Province, version: str) -> None:
    other = f"WFS:{province.address}/wfs?VERSION={version}"
    truth = province.positions("stations")
    _, _, shapes, _ = pyogrio.raw.read(other, layer="xanh:stations")
    points = shapely.from_wkb(shapes)
    assert sorted((round(point.x, 6), round(point.y, 6)) for point in points) == sorted(
        (round(x, 6), round(y, 6)) for x, y in truth.values()
    )
    assert pyogrio.read_info(other, layer="xanh:stations", force_feature_count=True)["features"] == len(truth)
    _, _, chosen, _ = pyogrio.raw.read(other, layer="xanh:stations", where="wqi > 50", bbox=(105, 10, 106, 10.5))
    assert len(chosen) == province.count("stations", "wqi > 50 AND geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)")
