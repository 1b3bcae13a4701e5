# SPDX-License-Identifier: MIT
"""The formats a row is written in, as other programs read them: GML 3.2, GML 2, KML, text sequences, CSV no spreadsheet calculates."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest
import shapely

from server.db.flow import flow_rows
from server.db.pool import Connection, Database
from server.db.select import GLUE, Progress, read_rows
from server.encode import gml2, gml32, kml
from server.query.features import FeatureQuery, RowFormat
from tests.small_province import HOSTILE_TEXT, WELL_COUNT, ZONE_COUNT, fill_province, make_catalog

CATALOG = make_catalog()
WELLS, ZONES, PERMITS = (CATALOG.layers[name] for name in ("wells", "zones", "permits"))
GML32, GML2, APP = "{http://www.opengis.net/gml/3.2}", "{http://www.opengis.net/gml}", "{urn:xanh:layers}"
FRAMES: dict[RowFormat, tuple[bytes, bytes]] = {
    "gml32": (gml32.write_head(gml32.Collection("http://x/", "2026-01-01T00:00:00Z", None, 0)), gml32.TAIL),
    "gml2": (gml2.write_head("http://x/"), gml2.TAIL),
    "kml": (kml.write_head(WELLS, None), kml.TAIL),
}


@pytest.fixture(scope="module")
def reader(database: Database) -> Iterator[Connection]:
    fill_province(database, CATALOG)
    with database.owner() as connection:  # a zone of two parts, and texts a spreadsheet would calculate
        connection.execute("UPDATE published.zones SET geom = ST_Multi(ST_Union(geom, ST_Translate(geom, 1, 0))) WHERE id = 2")
        connection.execute("UPDATE published.wells SET name = '=HYPERLINK(\"http://x\")' WHERE id = 3")
        connection.execute("UPDATE published.wells SET name = '-1+1' WHERE id = 4")
    with database.reader() as connection:
        yield connection


def document(reader: Connection, query: FeatureQuery, row_format: RowFormat) -> bytes:
    head, tail = FRAMES[row_format]
    return head + read_rows(reader, query, row_format, Progress()) + tail


@pytest.mark.parametrize("row_format", ["gml32", "gml2", "kml", "geojsonseq", "csv"])
def test_reading_at_once_and_flowing_give_the_same_rows(row_format: RowFormat, reader: Connection) -> None:
    query = FeatureQuery(WELLS, limit=700, srs_name="EPSG:4326")
    small, large = Progress(), Progress()
    assert read_rows(reader, query, row_format, small) == b"".join(flow_rows(reader, query, row_format, large))
    assert small.count == large.count == 700


@pytest.mark.parametrize("row_format", ["gml32", "gml2"])
@pytest.mark.parametrize("fields", [None, ("name", "rank")])
def test_gdal_reads_every_gml_with_text_and_place(
    row_format: RowFormat, fields: tuple[str, ...] | None, reader: Connection, tmp_path: Path
) -> None:
    path = tmp_path / f"{row_format}.gml"
    path.write_bytes(document(reader, FeatureQuery(WELLS, limit=900, fields=fields, srs_name="EPSG:9210", crs=9210), row_format))
    meta, _, places, columns = pyogrio.raw.read(path)
    values = dict(zip(meta["fields"], columns, strict=True))
    assert len(places) == 900
    assert values["name"][1] == HOSTILE_TEXT
    expected = reader.execute("SELECT ST_AsText(ST_Transform(geom, 909210), 3) FROM published.wells WHERE id = 1").fetchone()
    assert expected is not None
    assert shapely.equals_exact(shapely.from_wkb(places[0]), shapely.from_wkt(expected[0]), tolerance=0.001)
    assert places[4] is None


def test_every_geometry_of_gml_32_has_an_id_of_its_own(reader: Connection) -> None:
    root = ElementTree.fromstring(document(reader, FeatureQuery(ZONES, limit=5, srs_name="EPSG:4326"), "gml32"))
    for name in ("MultiSurface", "Polygon"):
        assert all(each.get(f"{GML32}id") for each in root.iter(f"{GML32}{name}"))
    ids = [each.get(f"{GML32}id") for each in root.iter() if each.get(f"{GML32}id")]
    assert len(ids) == len(set(ids))
    assert {"zones.2.geom", "zones.2.geom.1", "zones.2.geom.2"} <= set(ids)
    assert "zones.1.geom.2" not in ids


def test_a_polygon_of_several_parts_is_the_same_in_both_ways_of_writing_it(reader: Connection, tmp_path: Path) -> None:
    found = []
    for row_format in ("gml32", "gml2"):
        path = tmp_path / f"zones_{row_format}.gml"
        path.write_bytes(document(reader, FeatureQuery(ZONES, limit=ZONE_COUNT, srs_name="EPSG:4326"), row_format))
        found.append(shapely.from_wkb(pyogrio.raw.read(path)[2]))
    assert all(shapely.equals_exact(found[0], found[1], tolerance=1e-7))
    assert shapely.get_num_geometries(found[0])[1] == 2


def test_axes_of_gml_32_turn_when_asked(reader: Connection) -> None:
    root = ElementTree.fromstring(document(reader, FeatureQuery(WELLS, limit=1, axis_order="yx", srs_name="urn:x"), "gml32"))
    assert [pos.text for pos in root.iter(f"{GML32}pos")] == ["9.9 105.31"]


def test_gdal_reads_placemarks_with_typed_data(reader: Connection, tmp_path: Path) -> None:
    path = tmp_path / "wells.kml"
    path.write_bytes(document(reader, FeatureQuery(WELLS, limit=1000), "kml"))
    meta, _, places, columns = pyogrio.raw.read(path, driver="LIBKML") if "LIBKML" in pyogrio.list_drivers() else pyogrio.raw.read(path)
    values = dict(zip(meta["fields"], columns, strict=True))
    assert len(places) == 1000
    assert shapely.get_coordinates(shapely.force_2d(shapely.from_wkb(places[0]))).tolist() == [[105.31, 9.9]]
    assert values["Name"][1] == HOSTILE_TEXT
    assert values["code"][0] is not None
    root = ElementTree.fromstring(path.read_bytes())
    assert len(list(root.iter("{http://www.opengis.net/kml/2.2}Placemark"))) == 1000


def test_a_text_sequence_is_one_record_per_feature_between_its_marks(reader: Connection, tmp_path: Path) -> None:
    text = b"".join(flow_rows(reader, FeatureQuery(WELLS, limit=WELL_COUNT), "geojsonseq", Progress()))
    records = text.split(b"\x1e")
    assert records[0] == b""
    assert [json.loads(record)["id"] for record in records[1:]] == list(range(1, WELL_COUNT + 1))
    path = tmp_path / "wells.geojsons"
    path.write_bytes(text + b"\n")
    assert pyogrio.read_info(path, driver="GeoJSONSeq")["features"] == WELL_COUNT


def test_no_text_in_csv_begins_like_a_formula(reader: Connection) -> None:
    rows = list(csv.reader(read_rows(reader, FeatureQuery(WELLS, limit=6), "csv", Progress()).decode().split("\r\n")))
    assert rows[2][2] == '\'=HYPERLINK("http://x")'
    assert rows[3][2] == "'-1+1"
    assert rows[0][2] == "Gò Công"


def test_records_without_place_and_choices_without_geometry_are_written_too(reader: Connection) -> None:
    for row_format in ("gml32", "gml2", "kml", "csv", "geojsonseq"):
        for query in (FeatureQuery(PERMITS, limit=3), FeatureQuery(ZONES, limit=3, with_geometry=False, fields=())):
            progress = Progress()
            rows = read_rows(reader, query, row_format, progress)
            assert progress.count == 3
            assert len(rows.split(GLUE[row_format])) == 3
