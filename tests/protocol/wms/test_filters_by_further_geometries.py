# SPDX-License-Identifier: MIT
"""Maps of layers with several geometries are narrowed by any of them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from server.access import SYSTEM
from server.config import Settings
from server.db.pool import Database
from server.filter.tree import GeometryLiteral
from server.mapsource import make_map_source
from server.query.edits import Edit
from server.render.map import MapRenderer
from server.tiles.desk import build_desk
from server.wms.routes import blueprint
from tests.db.catalogs import make_field, make_layer
from tests.editing_province import make_editing_catalog, open_province
from tests.edits import apply_edits

GATE = {"type": "Point", "coordinates": [106.5, 10.5]}
STYLE = (
    '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>parcels</Name><UserStyle><FeatureTypeStyle>'
    "<Rule><PolygonSymbolizer><Fill><CssParameter name='fill'>#ff0000</CssParameter></Fill></PolygonSymbolizer></Rule>"
    "</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
)
XML = (
    '<Filter xmlns="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"><BBOX><PropertyName>{}</PropertyName>'
    '<gml:Envelope srsName="EPSG:4326"><gml:lowerCorner>{} 10.4</gml:lowerCorner><gml:upperCorner>{} 10.6</gml:upperCorner></gml:Envelope>'
    "</BBOX></Filter>"
)


@pytest.fixture(scope="module")
def app(database: Database, settings: Settings) -> Flask:
    """Two parcels side by side; the western one has a gate, half a degree to the north-east."""
    layer = make_layer("parcels", "polygon", {"name": make_field(title=True), "gate": make_field(type="geometry", geometry="point")})
    catalog = make_editing_catalog()
    context = open_province(database, settings, replace(catalog, layers={**catalog.layers, "parcels": layer}))
    west, east = ({"type": "Polygon", "coordinates": [[[x, 10], [x + 0.1, 10], [x + 0.1, 10.1], [x, 10]]]} for x in (106.0, 106.2))
    edits = [
        Edit("insert", layer, values={"name": "west", "gate": GeometryLiteral(GATE, 4326)}, geometry=west),
        Edit("insert", layer, values={"name": "east"}, geometry=east),
    ]
    apply_edits(database, context.catalog, SYSTEM, edits, "test")
    app = Flask("several", static_folder=None)
    app.register_blueprint(blueprint(context, build_desk(context, MapRenderer(make_map_source(context)))))
    return app


def drawn(app: Flask, **asked: str) -> str:
    """Which of the parcels a map shows: w, e, both or none."""
    parameters = {"SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetMap", "LAYERS": "parcels", "STYLES": "", "SRS": "EPSG:4326"}
    parameters |= {"BBOX": "106,9.95,106.3,10.1", "WIDTH": "60", "HEIGHT": "30", "FORMAT": "image/png", "SLD_BODY": STYLE, **asked}
    answer = app.test_client().get("/wms", query_string=parameters)
    assert answer.mimetype == "image/png", answer.text
    picture = Image.open(BytesIO(answer.data)).convert("RGB")
    red = {x < 25 for x in range(60) for y in range(30) if picture.getpixel((x, y)) == (255, 0, 0)}
    return "".join(letter for letter, is_west in (("w", True), ("e", False)) if is_west in red)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("INCLUDE", "we"),
        ("BBOX(gate, 106.4, 10.4, 106.6, 10.6)", "w"),
        ("BBOX(geom, 106.4, 10.4, 106.6, 10.6)", ""),
        ("BBOX(geom, 106.2, 10, 106.3, 10.1)", "e"),
        ("BBOX(gate, 106.2, 10, 106.3, 10.1)", ""),
        ("gate IS NULL", "e"),
        ("DWITHIN(gate, POINT(106.5 10.51), 5, kilometers) AND INTERSECTS(geom, POINT(106.05 10.02))", "w"),
    ],
)
def test_ecql_means_the_geometry_it_names(app: Flask, text: str, shown: str) -> None:
    assert drawn(app, CQL_FILTER=text) == shown


@pytest.mark.parametrize(
    ("name", "west", "shown"), [("gate", "106.4", "w"), ("geom", "106.4", ""), ("parcels/gate", "106.4", "w"), ("gate", "106.55", "")]
)
def test_xml_means_it_as_well(app: Flask, name: str, west: str, shown: str) -> None:
    assert drawn(app, FILTER=XML.format(name, west, "106.6")) == shown


def test_what_is_no_geometry_of_the_layer_is_refused(app: Flask) -> None:
    for text in ("BBOX(name, 106.4, 10.4, 106.6, 10.6)", "BBOX(door, 106.4, 10.4, 106.6, 10.6)"):
        with pytest.raises(AssertionError, match="InvalidParameterValue"):
            drawn(app, CQL_FILTER=text)
