# SPDX-License-Identifier: MIT
"""A collection whose features have a further geometry: described, filtered by either, chosen, in files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.access import SYSTEM
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.filter.tree import GeometryLiteral
from server.guards import install_guards
from server.ogcapi.routes import blueprint as ogcapi_room
from server.publish.layer import publish_layer
from server.publish.migrate import migrate
from server.query.edits import Edit
from server.wfs.routes import blueprint as wfs_room
from tests.db.catalogs import make_catalog, make_field, make_layer
from tests.edits import apply_edits

AREA = {"type": "Polygon", "coordinates": [[[106, 10], [106.1, 10], [106.1, 10.1], [106, 10]]]}
FAR = {"type": "Polygon", "coordinates": [[[107, 10], [107.1, 10], [107.1, 10.1], [107, 10]]]}
GATE = {"type": "Point", "coordinates": [106.5, 10.5]}
PARCELS = "/ogcapi/collections/parcels"


@pytest.fixture(scope="module")
def api(database: Database, settings: Settings) -> FlaskClient:
    """Two parcels; the first has a gate, half a degree away."""
    fields = {"name": make_field(title=True), "gate": make_field(type="geometry", geometry="point")}
    catalog = make_catalog(make_layer("parcels", "polygon", fields))
    layer = catalog.layer("parcels")
    with database.owner() as connection:
        migrate(connection, catalog)
    first = Edit("insert", layer, values={"name": "one", "gate": GeometryLiteral(GATE, 4326)}, geometry=AREA)
    apply_edits(database, catalog, SYSTEM, [first, Edit("insert", layer, values={"name": "two"}, geometry=FAR)], "test")
    with database.writer() as connection:
        publish_layer(connection, catalog, "parcels")
    context = Context(settings, catalog, database)
    app = Flask("several_geometries_test", static_folder=None)
    install_guards(app, settings)
    for room in (ogcapi_room, wfs_room):
        app.register_blueprint(room(context))
    return app.test_client()


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
