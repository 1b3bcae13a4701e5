# SPDX-License-Identifier: MIT
"""Every operator of `filter`, in text and JSON, asked of real features and compared with what SQL says of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from server.context import Context
from tests.cql2_pairs import PAIRS

COLLECTIONS = "/ogcapi/collections"
Count = Callable[..., int]
POLYGON = "POLYGON((105.3 9.9, 105.5 9.9, 105.5 10.1, 105.3 10.1, 105.3 9.9))"
INSIDE = f"ST_Within(geom, ST_GeomFromText('{POLYGON}', 4326))"
MEETS = f"ST_Intersects(geom, ST_GeomFromText('{POLYGON}', 4326))"


@pytest.fixture
def count(api: FlaskClient) -> Count:
    def ask(filter_: str | dict[str, Any], layer: str = "wells", **more: str) -> int:
        given = {"filter": filter_} if isinstance(filter_, str) else {"filter": json.dumps(filter_), "filter-lang": "cql2-json"}
        answer = api.get(f"{COLLECTIONS}/{layer}/items?{urlencode({**given, **more, 'limit': '1'})}")
        assert answer.status_code == 200, answer.text
        return int(answer.get_json()["numberMatched"])

    return ask


@pytest.fixture
def truth(context: Context) -> Count:
    def ask(condition: str, table: str = "wells") -> int:
        with context.database.reader() as connection:
            row = connection.execute(f"SELECT count(*) FROM published.{table} WHERE {condition}").fetchone()
        assert row is not None
        return int(row[0])

    return ask


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["text"])
def test_every_pair_of_the_corpus_finds_the_same_features_in_both_languages(pair: dict[str, Any], count: Count) -> None:
    assert count(pair["text"]) == count(pair["json"])


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("A_CONTAINS((kind, code), ('auto'))", "kind = 'auto'"),
        ("A_CONTAINEDBY((kind), ('auto', 'other'))", "kind = 'auto' OR kind IS NULL"),
        ("A_CONTAINEDBY(('auto', 'auto'), (kind))", "kind = 'auto'"),
        ("A_OVERLAPS((rank, 7), (1, 2))", "rank IN (1, 2)"),
        ("A_EQUALS(('hand', kind), ('auto', 'hand'))", "kind = 'auto'"),
        ("A_OVERLAPS((opened, closed), (DATE('2020-02-29'), DATE('2024-03-01')))", "opened = '2020-02-29' OR closed = '2024-03-01'"),
        ("A_CONTAINS((rank + 1, rank - 1), (3))", "rank IN (2, 4)"),
        ("A_CONTAINS((name), ())", "true"),
        ("A_EQUALS((closed), ())", "closed IS NULL"),
        ("A_CONTAINS((rank, 'x'), ('1', 'x'))", "rank = 1"),
        ("name = 'Gò Công'", "name = 'Gò Công'"),
        ("kind <> 'auto'", "kind <> 'auto'"),
        ("depth > 100.5 AND rank <= 3", "depth > 100.5 AND rank <= 3"),
        ("rank = 1 OR rank = 2 AND NOT (kind = 'auto')", "rank = 1 OR rank = 2 AND kind <> 'auto'"),
        ("3 >= rank", "rank <= 3"),
        ("opened < closed", "opened < closed"),
        ("automatic = TRUE", "automatic"),
        ("TRUE", "true"),
        ("FALSE OR rank = 1", "rank = 1"),
        ("depth BETWEEN 10 AND 20", "depth BETWEEN 10 AND 20"),
        ("depth NOT BETWEEN 10 AND 20", "depth NOT BETWEEN 10 AND 20"),
        ("name LIKE 'G_ C%'", "name LIKE 'G_ C%'"),
        ("name NOT LIKE 'Giếng%'", "name NOT LIKE 'Giếng%'"),
        ("rank IN (1, 2, 99)", "rank IN (1, 2)"),
        ("kind NOT IN ('auto')", "kind <> 'auto'"),
        ("name IS NULL", "name IS NULL"),
        ("closed IS NOT NULL", "closed IS NOT NULL"),
        ("opened >= DATE('2021-01-01')", "opened >= '2021-01-01'"),
        ("measured < TIMESTAMP('2025-01-02T07:00:00+07:00')", "measured < '2025-01-02 00:00:00+00'"),
        ("zone_title = 'Khu số 3'", "zone = 3"),
        ("CASEI(name) = CASEI('gò CÔNG')", "id = 1"),
        ("CASEI(name) LIKE casei('GÒ C%')", "id = 1"),
        ("CASEI(name) = 'gò công'", "id = 1"),
        ("CASEI(name) LIKE 'gò c%'", "id = 1"),
        ("CASEI(name) LIKE 'Gò C%'", "false"),
        ("lower(name) LIKE CASEI('GÒ C%')", "id = 1"),
        ("kind LIKE ACCENTI(CASEI('ẦUTÓ'))", "kind = 'auto'"),
        ("'auto' = CASEI(upper(kind))", "kind = 'auto'"),
        ("depth > - rank AND -rank = - 3", "rank = 3"),
        ("- (rank - 1) * 2 = +(-4)", "rank = 3"),
        ("rank = 3 AND S_CROSSES(LINESTRING(0 0, 2 2), LINESTRING(0 2, 2 0))", "rank = 3"),
        ("S_WITHIN(POINT(5 5), BBOX(0, 0, 1, 1))", "false"),
        ("rank = 3 AND S_DWITHIN(POINT(105 10), POINT(105 10.001), 200)", "rank = 3"),
        ("S_EQUALS(geometry, geometry) AND rank = 3", "rank = 3 AND geom IS NOT NULL"),
        ("CASEI(name) IN (CASEI('GÒ CÔNG'), CASEI('gô cống đông'))", "id IN (1, 4)"),
        ("ACCENTI(name) = ACCENTI('Go Cong')", "id = 1"),
        ("ACCENTI(name) = ACCENTI('go cong')", "false"),
        ("ACCENTI(name) LIKE ACCENTI('Go Cong D%')", "id = 4"),
        ("ACCENTI(CASEI(name)) LIKE CASEI(ACCENTI('GO CONG%'))", "id IN (1, 4)"),
        ("CASEI(ACCENTI(name)) <> CASEI(ACCENTI('go cong'))", "id <> 1 AND name IS NOT NULL"),
        ("id = 7", "id = 7"),
    ],
)
def test_a_comparison_in_text_finds_what_the_rows_say(text: str, condition: str, count: Count, truth: Count) -> None:
    assert count(text) == truth(condition)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (f"S_INTERSECTS(geometry, {POLYGON})", MEETS),
        (f"s_intersects(geom, {POLYGON})", MEETS),
        (f"S_WITHIN(geometry, {POLYGON})", INSIDE),
        (f"S_CONTAINS({POLYGON}, geometry)", INSIDE),
        (f"S_DISJOINT(geometry, {POLYGON})", f"NOT {MEETS}"),
        (f"S_TOUCHES(geometry, {POLYGON})", f"{MEETS} AND NOT {INSIDE}"),
        ("S_INTERSECTS(geometry, BBOX(105.3, 9.9, 105.5, 10.1))", MEETS),
        ("S_INTERSECTS(geometry, BBOX(105.3, 9.9, 0, 105.5, 10.1, 9))", MEETS),
        ("S_EQUALS(geometry, POINT(105.31 9.9))", "id = 1"),
        ("S_EQUALS(geometry, POINT Z (105.31 9.9 7))", "id = 1"),
        ("S_INTERSECTS(geometry, MULTIPOINT((105.31 9.9), (105.32 9.9)))", "id IN (1, 2)"),
        ("S_INTERSECTS(geometry, MULTIPOINT(105.31 9.9, 105.32 9.9))", "id IN (1, 2)"),
        ("S_INTERSECTS(geometry, LINESTRING(105.305 9.9, 105.325 9.9))", "id IN (1, 2)"),
        ("S_INTERSECTS(geometry, MULTILINESTRING((105.305 9.9, 105.315 9.9), (105.318 9.9, 105.325 9.9)))", "id IN (1, 2)"),
        (f"S_INTERSECTS(geometry, MULTIPOLYGON({POLYGON[7:]}, ((106 10, 106.1 10, 106.1 10.1, 106 10)))) AND rank < 9", "TRUE"),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(105.31 9.9), LINESTRING(105.315 9.9, 105.325 9.9)))", "id IN (1, 2)"),
        (f"NOT S_INTERSECTS(geometry, {POLYGON}) AND rank = 1", f"NOT {MEETS} AND rank = 1"),
    ],
)
def test_a_place_in_text_finds_what_the_rows_say(text: str, condition: str, count: Count, truth: Count) -> None:
    if "MULTIPOLYGON" in text:
        other = "ST_GeomFromText('POLYGON((106 10, 106.1 10, 106.1 10.1, 106 10))', 4326)"
        condition = f"({MEETS} OR ST_Intersects(geom, {other})) AND rank < 9"
    assert count(text) == truth(condition)


@pytest.mark.parametrize(
    ("operator", "function"), [("S_CROSSES", "ST_Crosses"), ("S_OVERLAPS", "ST_Overlaps"), ("S_CONTAINS", "ST_Contains")]
)
def test_relations_of_areas_hold_as_in_sql(operator: str, function: str, count: Count, truth: Count) -> None:
    shape = {
        "S_CROSSES": "LINESTRING(105 10.3, 105.8 10.3)",
        "S_OVERLAPS": "POLYGON((105 10.3, 105.8 10.3, 105.8 11, 105 11, 105 10.3))",
        "S_CONTAINS": "POINT(105.6 10.3)",
    }[operator]
    wanted = truth(f"{function}(geom, ST_GeomFromText('{shape}', 4326))", "zones")
    assert wanted > 0
    assert count(f"{operator}(geometry, {shape})", "zones") == wanted


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("T_AFTER(opened, DATE('2021-01-01'))", "opened > '2021-01-01'"),
        ("T_BEFORE(opened, DATE('2021-01-01'))", "opened < '2021-01-01'"),
        ("T_EQUALS(opened, DATE('2021-01-01'))", "opened = '2021-01-01'"),
        ("T_AFTER(measured, TIMESTAMP('2025-01-03T00:00:00Z'))", "measured > '2025-01-03 00:00Z'"),
        ("T_INTERSECTS(measured, DATE('2025-01-03'))", "measured >= '2025-01-03 00:00Z' AND measured < '2025-01-04 00:00Z'"),
        ("T_DURING(opened, INTERVAL('2021-01-01', '2021-02-01'))", "opened > '2021-01-01' AND opened < '2021-02-01'"),
        ("T_INTERSECTS(opened, INTERVAL('2021-01-01', '2021-02-01'))", "opened BETWEEN '2021-01-01' AND '2021-02-01'"),
        ("T_INTERSECTS(opened, INTERVAL('..', '2021-02-01'))", "opened <= '2021-02-01'"),
        ("T_INTERSECTS(opened, INTERVAL('2021-02-01', '..'))", "opened >= '2021-02-01'"),
        ("T_DISJOINT(opened, INTERVAL('2021-01-01', '2021-02-01'))", "opened NOT BETWEEN '2021-01-01' AND '2021-02-01'"),
        (
            "T_INTERSECTS(INTERVAL(opened, closed), INTERVAL('2024-06-01', '2024-06-30'))",
            "opened <= '2024-06-30' AND closed >= '2024-06-01'",
        ),
        ("T_CONTAINS(INTERVAL(opened, closed), DATE('2024-06-01'))", "opened < '2024-06-01' AND closed > '2024-06-01'"),
        (
            "T_OVERLAPS(INTERVAL(opened, closed), INTERVAL('2021-01-01', '2025-01-01'))",
            "opened < '2021-01-01' AND closed > '2021-01-01' AND closed < '2025-01-01'",
        ),
        (
            "T_OVERLAPPEDBY(INTERVAL(opened, closed), INTERVAL('2019-01-01', '2020-06-01'))",
            "opened > '2019-01-01' AND opened < '2020-06-01' AND closed > '2020-06-01'",
        ),
        ("T_STARTS(INTERVAL(opened, closed), INTERVAL('2020-01-03', '2030-01-01'))", "opened = '2020-01-03' AND closed < '2030-01-01'"),
        ("T_STARTEDBY(INTERVAL(opened, closed), INTERVAL('2020-01-03', '2020-02-01'))", "opened = '2020-01-03' AND closed > '2020-02-01'"),
        ("T_FINISHES(INTERVAL(opened, closed), INTERVAL('2019-01-01', '2024-01-03'))", "opened > '2019-01-01' AND closed = '2024-01-03'"),
        ("T_FINISHEDBY(INTERVAL(opened, closed), INTERVAL('2023-01-01', '2024-01-03'))", "opened < '2023-01-01' AND closed = '2024-01-03'"),
        ("T_MEETS(INTERVAL(opened, closed), INTERVAL('2024-01-03', '2025-01-01'))", "closed = '2024-01-03'"),
        ("T_METBY(INTERVAL(opened, closed), INTERVAL('2019-01-01', '2020-01-03'))", "opened = '2020-01-03'"),
        ("T_BEFORE(DATE('2020-01-01'), DATE('2020-01-02'))", "true"),
        ("T_AFTER(DATE('2020-01-01'), INTERVAL('..', '..'))", "false"),
    ],
)
def test_a_time_in_text_finds_what_the_rows_say(text: str, condition: str, count: Count, truth: Count) -> None:
    assert count(text) == truth(condition)


def compare(operator: str, name: str, value: Any) -> dict[str, Any]:
    return {"op": operator, "args": [{"property": name}, value]}


def fold(name: str, value: Any) -> dict[str, Any]:
    return {"op": name, "args": [value]}


NAME = {"property": "name"}
RING = [[105.3, 9.9], [105.5, 9.9], [105.5, 10.1], [105.3, 10.1], [105.3, 9.9]]
AREA = {"type": "Polygon", "coordinates": [RING]}


@pytest.mark.parametrize(
    ("filter_", "condition"),
    [
        (compare("=", "name", "Gò Công"), "name = 'Gò Công'"),
        ({"op": "and", "args": [compare(">", "depth", 100.5), compare("<=", "rank", 3)]}, "depth > 100.5 AND rank <= 3"),
        ({"op": "or", "args": [compare("=", "rank", 1), compare("=", "rank", 2)]}, "rank IN (1, 2)"),
        ({"op": "not", "args": [compare("=", "rank", 1)]}, "rank <> 1"),
        (compare("=", "automatic", True), "automatic"),
        (compare("<", "opened", {"property": "closed"}), "opened < closed"),
        (compare("like", "name", "G_ C%"), "name LIKE 'G_ C%'"),
        (compare("in", "rank", [1, 2]), "rank IN (1, 2)"),
        ({"op": "between", "args": [{"property": "depth"}, 10, 20]}, "depth BETWEEN 10 AND 20"),
        ({"op": "isNull", "args": [NAME]}, "name IS NULL"),
        (compare(">=", "opened", {"date": "2021-01-01"}), "opened >= '2021-01-01'"),
        (compare("<", "measured", {"timestamp": "2025-01-02T00:00:00Z"}), "measured < '2025-01-02 00:00:00+00'"),
        ({"op": "=", "args": [fold("casei", NAME), fold("casei", "gò CÔNG")]}, "id = 1"),
        ({"op": "like", "args": [fold("accenti", fold("casei", NAME)), fold("casei", fold("accenti", "GO CONG%"))]}, "id IN (1, 4)"),
        ({"op": "in", "args": [fold("casei", NAME), [fold("casei", "GÒ CÔNG"), fold("casei", "x")]]}, "id = 1"),
        (compare("s_intersects", "geometry", AREA), MEETS),
        ({"op": "s_contains", "args": [AREA, {"property": "geometry"}]}, INSIDE),
        (compare("s_intersects", "geometry", {"bbox": [105.3, 9.9, 105.5, 10.1]}), MEETS),
        (compare("s_equals", "geometry", {"type": "Point", "coordinates": [105.31, 9.9, 3]}), "id = 1"),
        (
            compare(
                "s_intersects", "geometry", {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [105.31, 9.9]}]}
            ),
            "id = 1",
        ),
        (compare("t_after", "opened", {"date": "2021-01-01"}), "opened > '2021-01-01'"),
        (compare("t_intersects", "opened", {"interval": ["..", "2021-02-01"]}), "opened <= '2021-02-01'"),
        (
            {"op": "t_metBy", "args": [{"interval": [{"property": "opened"}, {"property": "closed"}]}, {"interval": ["..", "2020-01-03"]}]},
            "opened = '2020-01-03'",
        ),
    ],
)
def test_a_filter_in_json_finds_what_the_rows_say(filter_: dict[str, Any], condition: str, count: Count, truth: Count) -> None:
    assert count(filter_) == truth(condition)


@pytest.mark.parametrize(
    ("crs", "point"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "105.31 9.9"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "9.9 105.31"),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", "11723055.575 1107550.09"),
    ],
)
def test_the_filter_crs_decides_units_and_axis_order(crs: str, point: str, api: FlaskClient, context: Context) -> None:
    x, y = point.split()
    size = 0.001 if "3857" not in crs else 100.0
    box = f"{float(x) - size},{float(y) - size},{float(x) + size},{float(y) + size}"
    for shape in (f"BBOX({box})", "POLYGON(({0} {1},{2} {1},{2} {3},{0} {3},{0} {1}))".format(*box.split(","))):
        query = urlencode({"filter": f"S_INTERSECTS(geometry, {shape})", "filter-crs": crs})
        found = api.get(f"{COLLECTIONS}/wells/items?{query}").get_json()
        assert [feature["id"] for feature in found["features"]] == [1], (crs, shape)
    assert context.settings.services.crs


def test_a_filter_goes_with_other_parameters_and_with_every_page(api: FlaskClient) -> None:
    query = urlencode({"filter": "rank = 3", "kind": "auto", "limit": "50", "properties": "rank,kind"})
    path, ids = f"{COLLECTIONS}/wells/items?{query}", []
    while path:
        page = api.get(path).get_json()
        ids += [feature["id"] for feature in page["features"]]
        assert all(feature["properties"] == {"rank": 3, "kind": "auto"} for feature in page["features"])
        path = next((link["href"].removeprefix("http://localhost") for link in page["links"] if link["rel"] == "next"), "")
    assert len(ids) == len(set(ids)) == page["numberMatched"] > 50


def test_qgis_finds_every_class_it_asks_for_before_it_hands_a_filter_over(api: FlaskClient) -> None:
    classes = set(api.get("/ogcapi/conformance").get_json()["conformsTo"])
    cql2, filtering = "http://www.opengis.net/spec/cql2/1.0/conf/", "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
    wanted = {f"{filtering}filter", f"{filtering}features-filter"}
    wanted |= {f"{cql2}{name}" for name in ("cql2-text", "basic-cql2", "basic-spatial-functions", "basic-spatial-operators")}
    assert wanted <= classes


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("((\"zone_title\" = 'Khu số 3') OR (rank = 3))", "zone = 3 OR rank = 3"),
        ("(NOT (name IS NULL))", "name IS NOT NULL"),
        ("(name IS NOT NULL)", "name IS NOT NULL"),
        ("(CASEI(name) NOT LIKE CASEI('giếng%'))", "name NOT ILIKE 'giếng%'"),
        ("(measured >= TIMESTAMP('2025-01-03T00:00:00.000Z'))", "measured >= '2025-01-03 00:00Z'"),
        ("(depth BETWEEN -1 AND 20.5 AND kind IN ('auto','hand'))", "depth <= 20.5"),
        ("(S_INTERSECTS(geometry,BBOX(105.3,9.9,105.5,10.1)) AND (automatic = TRUE))", f"{MEETS} AND automatic"),
        ("S_INTERSECTS(geometry,POINT(105.31 9.9))", "id = 1"),
    ],
)
def test_filters_as_qgis_writes_them_are_understood(text: str, condition: str, count: Count, truth: Count) -> None:
    assert count(text) == truth(condition)


def test_the_collection_links_its_queryables_and_openapi_tells_the_parameters(api: FlaskClient) -> None:
    links = api.get(f"{COLLECTIONS}/wells").get_json()["links"]
    found = next(link for link in links if link["rel"].endswith("/queryables") and link["type"] == "application/schema+json")
    queryables = api.get(found["href"].removeprefix("http://localhost")).get_json(force=True)
    assert {"geometry", "name", "opened"} <= set(queryables["properties"])
    assert "phone" not in queryables["properties"]
    assert queryables["additionalProperties"] is False
    assert queryables["properties"]["geometry"]["$ref"] == "https://geojson.org/schema/Point.json"
    parameters = api.get("/ogcapi/openapi").get_json(force=True)["paths"]["/collections/wells/items"]["get"]["parameters"]
    assert {"filter", "filter-lang", "filter-crs"} <= {each.get("name") for each in parameters}
