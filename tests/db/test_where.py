# SPDX-License-Identifier: MIT
"""Filters asked of real rows, and compared with what the rows say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from server.catalog.model import Layer
from server.crs.definitions import WGS84, find_crs
from server.crs.extent import Extent
from server.crs.transform import transform_extent
from server.db.pool import Connection, Database
from server.db.select import count_rows
from server.db.where import compile_where
from server.errors import InvalidCrs, InvalidParameter
from server.filter.tree import (
    And,
    Between,
    Box,
    Comparison,
    Constant,
    GeometryLiteral,
    Ids,
    In,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Period,
    Property,
    Spatial,
)
from server.query.features import FeatureQuery
from tests.small_province import HOSTILE_TEXT, PERMIT_COUNT, WELL_COUNT, ZONE_COUNT, fill_province, make_catalog

CATALOG = make_catalog()
WELLS, ZONES, PERMITS = (CATALOG.layers[name] for name in ("wells", "zones", "permits"))
Count = Callable[..., int]


@pytest.fixture(scope="module")
def reader(database: Database) -> Iterator[Connection]:
    fill_province(database, CATALOG)
    with database.reader() as connection:
        yield connection


@pytest.fixture
def count(reader: Connection) -> Count:
    def ask(where: Node, layer: Layer = WELLS) -> int:
        return count_rows(reader, FeatureQuery(layer, where=where))

    return ask


@pytest.fixture
def truth(reader: Connection) -> Callable[[str], int]:
    def ask(condition: str, table: str = "wells") -> int:
        row = reader.execute(f"SELECT count(*) FROM published.{table} WHERE {condition}").fetchone()
        assert row is not None
        return int(row[0])

    return ask


def name_is(value: object, operator: str = "=", *, match_case: bool = True) -> Comparison:
    return Comparison(operator, Property("name"), Constant(value), match_case)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("node", "condition"),
    [
        (name_is("Gò Công"), "name = 'Gò Công'"),
        (name_is("gò công", match_case=False), "name = 'Gò Công'"),
        (name_is(HOSTILE_TEXT), "id = 2"),
        (name_is("x'; DROP TABLE published.wells; --"), "false"),
        (Comparison(">", Property("depth"), Constant("100.5")), "depth > 100.5"),
        (Comparison("<=", Property("rank"), Constant(3)), "rank <= 3"),
        (Comparison("=", Property("rank"), Constant(2.5)), "false"),
        (Comparison("=", Property("automatic"), Constant("true")), "automatic"),
        (Comparison(">=", Property("opened"), Constant("2021-01-01")), "opened >= '2021-01-01'"),
        (Comparison("<", Property("measured"), Constant("2025-01-02T07:00:00+07:00")), "measured < '2025-01-02 00:00:00+00'"),
        (Comparison("<", Property("opened"), Property("closed")), "opened < closed"),
        (Comparison("=", Property("zone"), Constant("3")), "zone = 3"),
        (Comparison("=", Property("zone_title"), Constant("Khu số 3")), "zone_title = 'Khu số 3'"),
        (Between(Property("depth"), Constant(10), Constant("20")), "depth BETWEEN 10 AND 20"),
        (Like(Property("name"), "G% Công"), "name = 'Gò Công'"),
        (Like(Property("name"), "g_ công", match_case=False), "name = 'Gò Công'"),
        (Like(Property("rank"), "3%"), "rank = 3"),
        (Like(Property("name"), "100\\%"), "false"),
        (In(Property("rank"), (1, "2", 9)), "rank IN (1, 2)"),
        (In(Property("rank"), ()), "false"),
        (IsNull(Property("closed")), "closed IS NULL"),
        (Not(IsNull(Property("closed"))), "closed IS NOT NULL"),
        (Ids((1, 2, 10**30, -4)), "id IN (1, 2)"),
        (Ids(()), "false"),
        (
            And((Comparison("=", Property("rank"), Constant(1)), Comparison("=", Property("kind"), Constant("auto")))),
            "rank = 1 AND kind = 'auto'",
        ),
        (Or((Comparison("=", Property("rank"), Constant(1)), Comparison("=", Property("rank"), Constant(2)))), "rank IN (1, 2)"),
        (And(()), "true"),
        (Or(()), "false"),
        (Comparison("=", Property("id"), Constant("7")), "id = 7"),
    ],
)
def test_a_filter_finds_what_the_rows_say(node: Node, condition: str, count: Count, truth: Callable[[str], int]) -> None:
    assert count(node) == truth(condition)


@pytest.mark.parametrize(
    ("begin", "end", "condition"),
    [
        ("2021-03-01", "2021-03-31", "opened <= '2021-03-31' AND (closed IS NULL OR closed >= '2021-03-01')"),
        (None, "2020-01-05", "opened <= '2020-01-05'"),
        ("2025-06-01", None, "closed IS NULL OR closed >= '2025-06-01'"),
        (None, None, "opened IS NOT NULL"),
    ],
)
def test_a_period_meets_the_time_between_begin_and_end(
    begin: str | None, end: str | None, condition: str, count: Count, truth: Callable[[str], int]
) -> None:
    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None

    assert count(Period(moment(begin), moment(end))) == truth(condition)


def test_layers_without_time_or_geometry_have_no_features_in_a_period_or_box(count: Count) -> None:
    assert count(Period(datetime(1900, 1, 1, tzinfo=UTC), None), PERMITS) == 0
    assert count(Spatial("intersects", Box(-180, -90, 180, 90, 4326)), PERMITS) == 0
    assert count(And(()), PERMITS) == PERMIT_COUNT


@pytest.mark.parametrize("epsg", [84, 4326, 3857, 32648, 4756, 9210, 5897])
def test_a_box_means_the_same_place_in_every_crs(epsg: int, count: Count, truth: Callable[[str], int]) -> None:
    around = transform_extent(Extent(105.495, 9.98, 105.705, 10.22, WGS84), find_crs(epsg))
    assert around is not None
    expected = truth("ST_Intersects(geom, ST_MakeEnvelope(105.495, 9.98, 105.705, 10.22, 4326))")
    assert expected > 50
    assert count(Spatial("intersects", Box(*around.bounds, epsg))) == expected


@pytest.mark.parametrize("box", [Box(-1e9, -1e9, 1e9, 1e9, 32648), Box(-180, -90, 180, 90, 84), Box(-1e9, -1e9, 1e9, 1e9, 3857)])
def test_a_box_larger_than_the_world_holds_everything_that_has_a_place(box: Box, count: Count) -> None:
    assert count(Spatial("intersects", box)) == WELL_COUNT - 1
    assert count(Spatial("disjoint", box)) == 0


@pytest.mark.parametrize("box", [Box(8e8, 8e8, 9e8, 9e8, 9210), Box(400, 10, 410, 11, 84), Box(0, 0, 0, 0, 84)])
def test_a_box_outside_the_world_or_without_area_is_no_mistake(box: Box, count: Count) -> None:
    assert count(Spatial("intersects", box)) == 0


def square(x: float, y: float, size: float) -> dict[str, object]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_spatial_operators_agree_with_postgis(count: Count, truth: Callable[..., int]) -> None:
    literal = GeometryLiteral(square(105.5, 10.2, 0.2), 4326)
    inside = "ST_MakeEnvelope(105.5, 10.2, 105.7, 10.4, 4326)"
    for operator, function in (
        ("intersects", "ST_Intersects"),
        ("within", "ST_Within"),
        ("overlaps", "ST_Overlaps"),
        ("touches", "ST_Touches"),
    ):
        assert count(Spatial(operator, literal), ZONES) == truth(f"{function}(geom, {inside})", "zones")  # type: ignore[arg-type]
    assert count(Spatial("disjoint", literal), ZONES) == ZONE_COUNT - count(Spatial("intersects", literal), ZONES)
    projected = transform_extent(Extent(105.5, 10.2, 105.7, 10.4, WGS84), find_crs(3857))
    assert projected is not None
    shape = square(projected.minx, projected.miny, projected.width)
    assert count(Spatial("intersects", GeometryLiteral(shape, 3857)), ZONES) == count(Spatial("intersects", literal), ZONES)


@pytest.mark.parametrize("metres", [0, 50, 3000, 600_000])
def test_distances_are_metres_on_the_ellipsoid(metres: float, count: Count, truth: Callable[[str], int]) -> None:
    point = GeometryLiteral({"type": "Point", "coordinates": [105.31, 9.9]}, 4326)
    expected = truth(f"ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(105.31, 9.9), 4326)::geography, {metres})")
    assert count(Spatial("dwithin", point, metres)) == expected
    assert count(Spatial("beyond", point, metres)) == WELL_COUNT - 1 - expected


@pytest.mark.parametrize(
    ("node", "locator"),
    [
        (Comparison("=", Property("phone"), Constant("0909")), "phone"),
        (IsNull(Property('name" IS NULL OR "x')), None),
        (In(Property("geojson"), ("x",)), "geojson"),
        (Like(Property("search"), "%"), "search"),
        (Comparison("=", Property("rank"), Constant("seven")), "rank"),
        (Comparison("=", Property("rank"), Constant(None)), "rank"),
        (Comparison("=", Property("depth"), Constant(float("nan"))), "depth"),
        (Comparison("=", Property("automatic"), Constant("maybe")), "automatic"),
        (Comparison("=", Property("opened"), Constant("31.12.2025")), "opened"),
        (Comparison("=", Property("measured"), Constant("now")), "measured"),
        (Comparison("=", Property("name"), Constant("nul\0")), "name"),
        (Comparison("=", Property("name"), Constant("\ud800")), "name"),
        (Comparison("=", Property("name"), Constant("x" * 5000)), "name"),
        (Comparison("=", Property("name"), Property("rank")), "name"),
        (Like(Property("name"), "x\\"), "name"),
        (Spatial("dwithin", Box(0, 0, 1, 1, 84), -1), "distance"),
        (Spatial("intersects", GeometryLiteral({"type": "Polygon", "coordinates": "x"}, 4326)), "filter"),
        (Spatial("intersects", GeometryLiteral({"type": "Nothing"}, 4326)), "filter"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(node: Node, locator: str | None, count: Count) -> None:
    with pytest.raises(InvalidParameter) as caught:
        count(node)
    assert caught.value.locator in (locator, 'name" IS NULL OR "x' if locator is None else locator)


def test_an_unknown_crs_is_refused(count: Count) -> None:
    with pytest.raises(InvalidCrs):
        count(Spatial("intersects", Box(0, 0, 1, 1, 2154)))


def test_dates_given_as_values_are_compared_as_dates(count: Count, truth: Callable[[str], int]) -> None:
    assert count(Comparison("<", Property("opened"), Constant(date(2020, 2, 1)))) == truth("opened < '2020-02-01'")
    moment = Constant(datetime(2020, 2, 1, 12, tzinfo=UTC))
    assert count(Comparison("<", Property("opened"), moment)) == truth("opened < '2020-02-01'")


def test_boxes_use_the_spatial_index(reader: Connection) -> None:
    condition = compile_where(WELLS, Spatial("intersects", Box(560000, 1140000, 561000, 1141000, 9210)))
    statement = b"EXPLAIN SELECT id FROM published.wells WHERE " + condition.sql.as_bytes(reader)
    reader.execute("SET enable_seqscan = off")
    try:
        plan = "\n".join(row[0] for row in reader.execute(statement, condition.params).fetchall())
    finally:
        reader.execute("RESET enable_seqscan")
    assert "Index" in plan
    assert "geom" in plan
