# SPDX-License-Identifier: MIT
"""Tiles of the small province, which tests may change, and what they are made with."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import mapnik
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyogrio.raw import read
from werkzeug.test import TestResponse

from server.catalog.catalog import Catalog
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.guards import install_guards
from server.mapsource import make_map_source
from server.ogcapi.around import blueprints as around_ogcapi
from server.ogcapi.routes import blueprint as ogcapi_room
from server.query.maps import MapQuery
from server.render.map import MapRenderer
from server.style.read import load_style
from server.tiles.desk import TileDesk, build_desk
from server.wms.routes import blueprint as wms_room
from server.wms.routes import map_door
from server.wmts.lane import TilesLane
from server.wmts.routes import blueprint
from tests.small_province import fill_province, make_catalog

_SYMBOL = {
    "wells": "<PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName><Fill><CssParameter name='fill'>{colour}</CssParameter>"
    "</Fill></Mark><Size>8</Size></Graphic></PointSymbolizer>",
    "zones": "<PolygonSymbolizer><Fill><CssParameter name='fill'>{colour}</CssParameter></Fill></PolygonSymbolizer>",
}


class CountingRenderer(MapRenderer):
    """Draws as always and counts how often."""

    def __init__(self, renderer: MapRenderer) -> None:
        super().__init__(renderer.source)
        self.drawn = 0
        self._counting = threading.Lock()

    def draw(self, query: MapQuery) -> mapnik.Image:
        with self._counting:
            self.drawn += bool(query.layers)
        return super().draw(query)


@dataclass
class Tiled:
    """The small province behind its tile routes. A new instance is a new process: it remembers nothing but what lies on disk."""

    context: Context
    folder: Path
    colour: str = "#cc0000"
    client: FlaskClient = field(init=False)
    renderer: CountingRenderer = field(init=False)
    desk: TileDesk = field(init=False)

    def __post_init__(self) -> None:
        app = Flask("tiles_test", static_folder=None)
        source = make_map_source(self.context)
        styles = {name: load_style(write_style(self.folder, name, self.colour)) for name in _SYMBOL}
        self.renderer = CountingRenderer(MapRenderer(replace(source, styles=styles)))
        desk = self.desk = build_desk(self.context, self.renderer)
        app.wsgi_app = TilesLane(app.wsgi_app, desk)  # type: ignore[method-assign]
        install_guards(app, self.context.settings)
        app.register_blueprint(blueprint(self.context, desk, map_door(self.context, desk)))
        app.register_blueprint(wms_room(self.context, desk))
        app.register_blueprint(ogcapi_room(self.context))
        for room in around_ogcapi(desk):
            app.register_blueprint(room)
        self.client = app.test_client()

    def get(self, path: str, **headers: str) -> TestResponse:
        """GET a path."""
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def write_style(folder: Path, name: str, colour: str) -> Path:
    """An SLD file that draws the layer in one colour."""
    path = folder / f"{name}.sld"
    path.write_text(
        '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>x</Name><UserStyle><FeatureTypeStyle>'
        f"<Rule>{_SYMBOL[name].format(colour=colour)}</Rule></FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>",
        encoding="utf-8",
    )
    return path


def read_vectors(tile: bytes, folder: Path) -> list[dict[str, object]]:
    """The features of a vector tile as GDAL sees them: attributes, and `wkb` in units of the tile."""
    path = folder / "tile.mvt"
    path.write_bytes(tile)
    described, _, shapes, columns = read(f"MVT:{path}")
    names = [str(name) for name in described["fields"]]
    return [{**dict(zip(names, row, strict=True)), "wkb": wkb} for wkb, *row in zip(shapes, *columns, strict=True)]


@pytest.fixture(scope="module")
def drawn_catalog() -> Catalog:
    """The layers of the small province with styles."""
    catalog = make_catalog()
    layers = {name: layer.model_copy(update={"styles": (name,)}) if name in _SYMBOL else layer for name, layer in catalog.layers.items()}
    return replace(catalog, layers=layers)


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings, drawn_catalog: Catalog) -> Context:
    """The small province, published."""
    fill_province(database, drawn_catalog)
    return Context(settings, drawn_catalog, database)


@pytest.fixture
def tiled(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiled:
    """The tile routes with an empty cache of their own."""
    monkeypatch.setenv("XANH_VAR", str(tmp_path))
    return Tiled(context, tmp_path)
