# SPDX-License-Identifier: MIT
"""Encoded rows read at once and flowing: the same rows, in order, each once."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import psycopg
import pytest

from server.catalog.staffview import staff_view
from server.crs.definitions import WGS84, find_crs
from server.crs.transform import transform_point
from server.db.flow import flow_rows
from server.db.pool import Connection, Database
from server.db.select import GLUE, Progress, compose_select, drop_illegal_xml, find_page_start, read_rows
from server.errors import InvalidParameter, LayerNotDefined, ServerFault
from server.filter.tree import Comparison, Constant, Property
from server.query.features import FeatureQuery, RowFormat, SortKey
from tests.small_province import HOSTILE_TEXT, WELL_COUNT, fill_province, make_catalog

CATALOG = make_catalog()
WELLS, ZONES, PERMITS = (CATALOG.layers[name] for name in ("wells", "zones", "permits"))
HEAD = '<c xmlns:gml="http://www.opengis.net/gml" xmlns:xanh="urn:xanh:layers">'
GML, APP = "{http://www.opengis.net/gml}", "{urn:xanh:layers}"


@pytest.fixture(scope="module")
def reader(database: Database) -> Iterator[Connection]:
    fill_province(database, CATALOG)
    with database.reader() as connection:
        yield connection


def read(reader: Connection, query: FeatureQuery, row_format: RowFormat = "geojson") -> tuple[list[bytes], Progress]:
    progress = Progress()
    glued = read_rows(reader, query, row_format, progress)
    return glued.split(GLUE[row_format]) if glued else [], progress


def flow(reader: Connection, query: FeatureQuery, row_format: RowFormat = "geojson") -> tuple[bytes, Progress]:
    progress = Progress()
    return b"".join(flow_rows(reader, query, row_format, progress)), progress


QUERIES = [
    FeatureQuery(WELLS, limit=1),
    FeatureQuery(WELLS, limit=1000),
    FeatureQuery(WELLS, limit=WELL_COUNT),
    FeatureQuery(WELLS, limit=100, after=1200),
    FeatureQuery(WELLS, limit=100, after=WELL_COUNT),
    FeatureQuery(WELLS, limit=5, offset=3),
    FeatureQuery(WELLS, limit=700, where=Comparison("=", Property("kind"), Constant("auto"))),
    FeatureQuery(WELLS, limit=50, sort=(SortKey("rank", descending=True), SortKey("name"))),
    FeatureQuery(WELLS, limit=20, fields=("name", "rank"), crs=5897),
    FeatureQuery(WELLS, limit=20, with_geometry=False),
    FeatureQuery(ZONES, limit=10, axis_order="yx"),
    FeatureQuery(PERMITS, limit=10),
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("row_format", ["geojson", "gml31", "csv"])
def test_reading_at_once_and_flowing_give_the_same_rows(query: FeatureQuery, row_format: RowFormat, reader: Connection) -> None:
    query = replace(query, srs_name="EPSG:4326")
    small = query if query.limit and query.limit <= 1000 else replace(query, limit=1000)
    rows, read_progress = read(reader, small, row_format)
    flowed, flow_progress = flow(reader, small, row_format)
    assert GLUE[row_format].join(rows) == flowed
    assert replace(read_progress, state=None) == flow_progress
    assert read_progress.count == len(rows)


@pytest.mark.parametrize("query", QUERIES)
def test_rows_are_those_the_table_has_in_order(query: FeatureQuery, reader: Connection) -> None:
    flowed, progress = flow(reader, query)
    ids = [feature["id"] for feature in json.loads(b"[" + flowed + b"]")]
    statement, params = compose_select(query, "geojson")
    expected = [row[0] for row in reader.execute(statement, params).fetchall()]
    assert ids == expected[: query.limit]
    assert progress.more is (len(expected) > (query.limit or 0))
    assert progress.last_id == (ids[-1] if ids else None)
    if not query.sort:
        assert ids == sorted(ids)


def test_pages_by_key_visit_every_row_once(reader: Connection) -> None:
    seen: list[int] = []
    after: int | None = None
    while True:
        rows, progress = read(reader, FeatureQuery(WELLS, limit=100, after=after))
        seen += [json.loads(row)["id"] for row in rows]
        after = progress.last_id
        if not progress.more:
            break
    assert seen == list(range(1, WELL_COUNT + 1))


def test_the_page_before_a_feature_is_found(reader: Connection) -> None:
    assert find_page_start(reader, FeatureQuery(WELLS, limit=100), 300) == 200
    assert find_page_start(reader, FeatureQuery(WELLS, limit=100), 100) is None
    odd = Comparison("=", Property("rank"), Constant(0))
    assert find_page_start(reader, FeatureQuery(WELLS, limit=10, where=odd), 700) == 630


def test_the_state_comes_along_with_plain_rows(reader: Connection) -> None:
    _, progress = read(reader, FeatureQuery(WELLS, limit=5))
    assert progress.state is not None
    assert (progress.state.number, progress.state.count) == (1, WELL_COUNT)


def test_built_geojson_equals_the_ready_text(reader: Connection) -> None:
    ready = [json.loads(row) for row in read(reader, FeatureQuery(WELLS, limit=3))[0]]
    names = tuple(ready[0]["properties"])
    built = [json.loads(row) for row in read(reader, FeatureQuery(WELLS, limit=3, fields=names))[0]]
    assert built == ready
    assert ready[1]["properties"]["name"] == HOSTILE_TEXT


def test_axes_turn_only_when_asked_and_metres_have_millimetres(reader: Connection) -> None:
    def first(**options: object) -> list[float]:
        query = FeatureQuery(WELLS, limit=1, **options)  # type: ignore[arg-type]
        return list(json.loads(read(reader, query)[0][0])["geometry"]["coordinates"])

    assert first() == [105.31, 9.9]
    assert first(axis_order="yx") == [9.9, 105.31]
    for epsg in (3857, 32648, 9210, 5897):
        x, y = first(crs=epsg)
        assert (round(x, 3), round(y, 3)) == (x, y)
        assert (x, y) == pytest.approx(transform_point(105.31, 9.9, WGS84, find_crs(epsg)), abs=0.001)


def test_built_gml_equals_the_ready_text(reader: Connection) -> None:
    names = tuple(json.loads(read(reader, FeatureQuery(WELLS, limit=1))[0][0])["properties"])
    ready, _ = read(reader, FeatureQuery(WELLS, limit=50, srs_name="EPSG:4326"), "gml31")
    built, _ = read(reader, FeatureQuery(WELLS, limit=50, srs_name="EPSG:4326", fields=names), "gml31")
    assert built == ready


def test_gml_members_are_well_formed_whatever_the_text(reader: Connection) -> None:
    rows, _ = read(reader, FeatureQuery(WELLS, limit=6, crs=4326, axis_order="yx", srs_name="urn:ogc:def:crs:EPSG::4326"), "gml31")
    document = ElementTree.fromstring(f"{HEAD}{b''.join(rows).decode()}</c>")
    wells = [member[0] for member in document]
    assert [well.get(f"{GML}id") for well in wells] == [f"wells.{number}" for number in range(1, 7)]
    point = wells[0].find(f"{APP}geom/{GML}Point")
    assert point is not None
    assert point.get("srsName") == "urn:ogc:def:crs:EPSG::4326"
    assert (point.findtext(f"{GML}pos") or "").split() == ["9.9", "105.31"]
    assert wells[1].findtext(f"{APP}name") == HOSTILE_TEXT
    assert wells[2].find(f"{APP}name") is None
    assert wells[5].findtext(f"{APP}name") == "Giếng số 6"
    assert wells[4].find(f"{APP}geom") is None


def test_polygons_become_multi_surfaces_with_our_crs_name(reader: Connection) -> None:
    rows, _ = read(reader, FeatureQuery(ZONES, limit=1, crs=9210, srs_name="EPSG:9210"), "gml31")
    zone = ElementTree.fromstring(f"{HEAD}{rows[0].decode()}</c>")[0][0]
    surface = zone.find(f"{APP}geom/{GML}MultiSurface")
    assert surface is not None
    assert surface.get("srsName") == "EPSG:9210"
    positions = (surface.findtext(f".//{GML}posList") or "").split()
    assert len(positions) > 8
    assert 400_000 < float(positions[0]) < 700_000


def test_csv_rows_are_read_back_by_a_csv_reader(reader: Connection) -> None:
    text, _ = flow(reader, FeatureQuery(WELLS, limit=3), "csv")
    lines = list(csv.reader(text.decode().split("\r\n")))
    assert lines[1][2] == HOSTILE_TEXT
    assert lines[0][-1] == "POINT(105.31 9.9)"
    assert lines[2][2] == ""


def test_characters_xml_cannot_hold_are_dropped_and_no_others() -> None:
    assert drop_illegal_xml("a\x01\tđ\n\r\ufffe\uffff😀".encode()).decode() == "a\tđ\n\r😀"


def test_unknown_fields_orders_and_stores_are_refused(reader: Connection) -> None:
    for query in (
        FeatureQuery(WELLS, limit=1, fields=("phone",)),
        FeatureQuery(WELLS, limit=1, sort=(SortKey("phone"),)),
        FeatureQuery(WELLS, limit=1, sort=(SortKey("name"),), after=3),
    ):
        with pytest.raises(InvalidParameter):
            read(reader, query)


def test_the_public_connection_never_reads_official_rows(reader: Connection) -> None:
    with pytest.raises(ServerFault):
        read(reader, FeatureQuery(WELLS, limit=1, store="official"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        read(reader, FeatureQuery(staff_view(CATALOG, WELLS), limit=1, store="official"))


def test_a_layer_without_table_is_not_defined(reader: Connection) -> None:
    new = WELLS.model_copy(update={"id": "wells_of_tomorrow"})
    with pytest.raises(LayerNotDefined):
        read(reader, FeatureQuery(new, limit=1))
    with pytest.raises(LayerNotDefined):
        flow(reader, FeatureQuery(new, limit=5000))


def test_a_flow_that_is_given_up_leaves_the_connection_usable(reader: Connection) -> None:
    chunks = flow_rows(reader, FeatureQuery(WELLS, limit=WELL_COUNT), "geojson", Progress())
    next(chunks)
    chunks.close()  # type: ignore[attr-defined]
    assert reader.execute("SELECT 1").fetchone() == (1,)


def test_the_first_chunk_is_small_so_that_it_leaves_at_once(reader: Connection) -> None:
    chunks = flow_rows(reader, FeatureQuery(WELLS, limit=WELL_COUNT), "geojson", Progress())
    sizes = [len(json.loads(b"[" + chunk.lstrip(b",\n") + b"]")) for chunk in chunks]
    assert sizes == [50, 500, WELL_COUNT - 550]
