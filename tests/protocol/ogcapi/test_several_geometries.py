# SPDX-License-Identifier: MIT
"""A collection whose features have a further geometry: described, filtered by either, chosen, changed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.access import SYSTEM
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.filter.tree import GeometryLiteral
from server.query.edits import Edit
from tests.db.catalogs import make_field, make_layer
from tests.editing_province import make_app, make_editing_catalog, open_province
from tests.edits import apply_edits
from tests.protocol.ogcapi.editor import Editor

AREA = {"type": "Polygon", "coordinates": [[[106, 10], [106.1, 10], [106.1, 10.1], [106, 10]]]}
FAR = {"type": "Polygon", "coordinates": [[[107, 10], [107.1, 10], [107.1, 10.1], [107, 10]]]}
GATE = {"type": "Point", "coordinates": [106.5, 10.5]}
PARCELS = "/ogcapi/collections/parcels"


@pytest.fixture(scope="module")
def parcels(database: Database, settings: Settings) -> Context:
    """Two parcels; the first has a gate, half a degree away."""
    fields = {"name": make_field(title=True), "gate": make_field(type="geometry", geometry="point")}
    layer = make_layer("parcels", "polygon", fields)
    catalog = make_editing_catalog()
    context = open_province(database, settings, replace(catalog, layers={**catalog.layers, "parcels": layer}))
    first = Edit("insert", layer, values={"name": "one", "gate": GeometryLiteral(GATE, 4326)}, geometry=AREA)
    apply_edits(database, context.catalog, SYSTEM, [first, Edit("insert", layer, values={"name": "two"}, geometry=FAR)], "test")
    return context


@pytest.fixture(scope="module")
def api(parcels: Context) -> FlaskClient:
    """A client without account."""
    return make_app(parcels).test_client()


@pytest.fixture
def reviewer(parcels: Context) -> Editor:
    """Somebody whose changes are published at once."""
    return Editor(make_app(parcels).test_client(), parcels, "duyet")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [feature["properties"]["name"] for feature in json.loads(answer.data)["features"]]


def test_schemas_describe_each_geometry(api: FlaskClient) -> None:
    schema = api.get(f"{PARCELS}/schema").get_json()["properties"]
    assert schema["geometry"]["format"] == "geometry-polygon"
    assert schema["gate"] == {"title": "Nhãn 'của' trường", "format": "geometry-point"}
    queryables = api.get(f"{PARCELS}/queryables?lang=en").get_json()["properties"]
    assert queryables["gate"] == {"title": 'A "label"', "format": "geometry-point", "$ref": "https://geojson.org/schema/Point.json"}
    assert set(api.get(f"{PARCELS}/sortables").get_json()["properties"]) == {"name"}
    nested = api.get(f"{PARCELS}/feature-schema").get_json()["properties"]["properties"]["properties"]
    assert nested["gate"]["oneOf"] == [{"type": "null"}, {"$ref": "https://geojson.org/schema/Point.json"}]


NEAR_GATE, NEAR_AREA = "BBOX(106.4,10.4,106.6,10.6)", "BBOX(105.9,9.9,106.2,10.2)"
FILTERS = [
    (f"S_INTERSECTS(gate, {NEAR_GATE})", ["one"]),
    (f"S_INTERSECTS(gate, {NEAR_AREA})", []),
    (f"S_INTERSECTS(geometry, {NEAR_GATE})", []),
    (f"S_INTERSECTS(geometry, {NEAR_AREA})", ["one"]),
    ("S_DISJOINT(gate, POINT(106 10))", ["one"]),
    ("S_WITHIN(gate, POLYGON((106 10,107 10,107 11,106 11,106 10)))", ["one"]),
    ("S_CONTAINS(POLYGON((106 10,107 10,107 11,106 11,106 10)), gate)", ["one"]),
    ("gate IS NULL", ["two"]),
    ("S_DISJOINT(geometry, gate)", ["one"]),
    ("S_CONTAINS(geometry, gate)", []),
    ("S_DWITHIN(gate, geometry, 500000)", ["one"]),
    ("S_BEYOND(gate, gate, 1)", []),
    ("gate IS NOT NULL AND S_INTERSECTS(geometry, POINT(106.05 10.02))", ["one"]),
]


@pytest.mark.parametrize(("text", "found"), FILTERS, ids=[text for text, _ in FILTERS])
def test_cql2_filters_by_the_geometry_it_names(text: str, found: list[str], api: FlaskClient) -> None:
    assert names(api.get(f"{PARCELS}/items", query_string={"filter": text})) == found


def test_cql2_json_and_ecql_name_them_too(api: FlaskClient) -> None:
    asked = {"op": "s_intersects", "args": [{"property": "gate"}, GATE]}
    assert names(api.get(f"{PARCELS}/items", query_string={"filter": json.dumps(asked), "filter-lang": "cql2-json"})) == ["one"]
    query = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAME": "parcels", "OUTPUTFORMAT": "json"}
    assert names(api.get("/wfs", query_string={**query, "CQL_FILTER": "BBOX(gate, 106.4, 10.4, 106.6, 10.6)"})) == ["one"]
    assert names(api.get("/wfs", query_string={**query, "CQL_FILTER": "BBOX(geom, 106.4, 10.4, 106.6, 10.6)"})) == []
    assert names(api.get("/wfs", query_string={**query, "BBOX": "106.4,10.4,106.6,10.6,EPSG:4326"})) == ["one"]


@pytest.mark.parametrize("name", ["name", "gates", "x' OR 1=1 --"])
def test_what_is_no_geometry_is_refused(name: str, api: FlaskClient) -> None:
    answer = api.get(f"{PARCELS}/items", query_string={"filter": f'S_INTERSECTS("{name}", {NEAR_GATE})'})
    assert answer.status_code == 400


def test_a_choice_of_properties_may_name_them(api: FlaskClient) -> None:
    feature = api.get(f"{PARCELS}/items/1").get_json()
    assert (feature["geometry"]["type"], feature["properties"]["gate"]) == ("Polygon", GATE)
    feature = api.get(f"{PARCELS}/items?properties=gate&skipGeometry=true&limit=1").get_json()["features"][0]
    assert (feature["geometry"], feature["properties"]) == (None, {"gate": GATE})
    table = api.get(f"{PARCELS}/items?f=csv&bom=false&properties=gate&skipGeometry=true").text
    assert table == 'id,gate\r\n1,"POINT(106.5 10.5)"\r\n2,""\r\n'


def gate_of(api: FlaskClient, number: int) -> Any:
    return api.get(f"{PARCELS}/items/{number}").get_json()["properties"]["gate"]


def test_what_was_read_may_be_written_back_and_either_geometry_changed(reviewer: Editor, api: FlaskClient) -> None:
    before = api.get(f"{PARCELS}/items/1").get_json()
    assert reviewer.send("PUT", f"{PARCELS}/items/1", before).status_code in (200, 204)
    assert (gate_of(api, 1), api.get(f"{PARCELS}/items/1").get_json()["geometry"]) == (GATE, AREA)
    moved = {"properties": {"gate": {"type": "Point", "coordinates": [10.25, 106.25]}}}
    crs = "<http://www.opengis.net/def/crs/EPSG/0/4326>"
    assert reviewer.send("PATCH", f"{PARCELS}/items/2", moved, Content_Crs=crs).status_code in (200, 204)
    assert gate_of(api, 2) == {"type": "Point", "coordinates": [106.25, 10.25]}
    assert reviewer.send("PATCH", f"{PARCELS}/items/2", {"properties": {"gate": None}}).status_code in (200, 204)
    assert gate_of(api, 2) is None


@pytest.mark.parametrize(
    "gate", [AREA, {"type": "Point", "coordinates": "x"}, {"type": "Point", "coordinates": [2, 48]}, [1, 2], "POINT(1 2)", 7]
)
def test_what_is_no_such_place_is_refused_with_its_name(gate: Any, reviewer: Editor, api: FlaskClient) -> None:
    answer = reviewer.send("PATCH", f"{PARCELS}/items/1", {"properties": {"gate": gate}})
    assert answer.status_code in (400, 409, 422), answer.text
    assert answer.get_json()["locator"] == "gate"
    assert gate_of(api, 1) == GATE
