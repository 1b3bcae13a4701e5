# SPDX-License-Identifier: MIT
"""Maps of crowded layers, stamped without the map engine, beside what the engine draws of the same rows."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from PIL import Image
from shapely import Point

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.maptable import TableColumns, map_table_sql
from server.db.pool import Database
from server.db.spots import read_spots, write_spots_sql
from server.features.bulk import load_rows
from server.publish.layer import publish_features, publish_layer
from server.query.maps import MapLayer, MapQuery
from server.query.spots import Box, SpotQuestion, SpotReader, Spots
from server.render.map import MapRenderer
from server.render.source import MapSource, PostgisConnection, TableQuestion
from server.style.elements import Losses
from server.style.read import read_style
from tests.db.catalogs import plan_for, row

Pixels = numpy.ndarray[Any, numpy.dtype[numpy.int64]]
# Nearly opaque pixels at the edge of a symbol are taken as opaque.
EDGE = 17
MIDDLE = (11810000.0, 1165000.0)
ZOOM_12 = 156543.03392804097 / 4096


def _symbol(shape: str, size: int, colour: str, outline: str = "") -> str:
    stroke = f'<Stroke><SvgParameter name="stroke">{outline}</SvgParameter></Stroke>' if outline else ""
    fill = f'<Fill><SvgParameter name="fill">{colour}</SvgParameter></Fill>'
    mark = f"<Mark><WellKnownName>{shape}</WellKnownName>{fill}{stroke}</Mark>"
    return f"<PointSymbolizer><Graphic>{mark}<Size>{size}</Size></Graphic></PointSymbolizer>"


def _where(kind: str) -> str:
    equal = f"<ogc:PropertyName>kind</ogc:PropertyName><ogc:Literal>{kind}</ogc:Literal>"
    return f'<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc"><ogc:PropertyIsEqualTo>{equal}</ogc:PropertyIsEqualTo></ogc:Filter>'


DISC, SQUARE = _symbol("circle", 7, "#1e78c8", "#ffffff"), _symbol("square", 10, "#c8781e")
STAR, ODD_STAR = _symbol("star", 6, "#101010"), _symbol("star", 5, "#101010")
SHADOW = DISC.replace("<Size>", "<Opacity>0.5</Opacity><Size>")
UNEVEN = f"<Rule>{SQUARE}</Rule><Rule>{_where('manual')}{ODD_STAR}</Rule>"
STYLES = {
    "kinds": f"<Rule>{_where('auto')}{DISC}</Rule><Rule><ElseFilter/>{SQUARE}</Rule>",
    "stacked": f"<Rule>{SQUARE}</Rule><Rule>{_where('manual')}{STAR}</Rule>",
    "first": f"<Rule>{_where('manual')}{STAR}</Rule><Rule>{DISC}</Rule><VendorOption name='ruleEvaluation'>first</VendorOption>",
    "shadow": f"<Rule>{SHADOW}</Rule>",
}
DOCUMENT = (
    '<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name xmlns="http://www.opengis.net/se">x</Name>'
    '<UserStyle><FeatureTypeStyle xmlns="http://www.opengis.net/se">{}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>'
)


class Looks:
    """Two renderers of the test's database, with and without a way to read points in one piece, and the layer as it is published."""

    def __init__(self, stores: Database, catalog: Catalog, folder: Path) -> None:
        self.stores, self.catalog, self.layer = stores, catalog, catalog.layer("sites")
        self.boxes: list[Box] = []
        styles = {name: read_style(DOCUMENT.format(text).encode(), name, Losses()) for name, text in {**STYLES, "uneven": UNEVEN}.items()}
        login = stores.reader_login()
        connection = PostgisConnection(login.host, login.port, login.dbname, login.user, login.password)
        engine = MapSource(connection, self._table, lambda *_: (), styles, Path(__file__).parents[2] / "styles" / "assets", folder)
        self.engine, self.stamping = MapRenderer(engine), MapRenderer(replace(engine, spots=self._spots))

    @staticmethod
    def _table(question: TableQuestion) -> str:
        return map_table_sql(question.layer, TableColumns(question.fields, question.computed), band=question.band, where=question.where)

    def _spots(self, question: SpotQuestion) -> SpotReader:
        statement = write_spots_sql(question)

        def read(box: Box) -> Spots:
            self.boxes.append(box)
            with self.stores.reader() as connection:
                return read_spots(connection, statement, box)

        return read

    def query(self, style: str, **options: Any) -> MapQuery:
        """A map of 512 pixels at zoom 12."""
        with self.stores.owner() as connection:
            found = connection.execute("SELECT revision, pyramid_bands FROM published.catalogue WHERE layer = 'sites'").fetchone()
        assert found is not None
        assert found[1]
        half = 256 * ZOOM_12
        extent = (MIDDLE[0] - half, MIDDLE[1] - half, MIDDLE[0] + half, MIDDLE[1] + half)
        return replace(MapQuery((MapLayer(self.layer, style, found[0], pyramid_bands=tuple(found[1])),), 3857, extent, 512, 512), **options)

    def stamped(self, query: MapQuery) -> Pixels:
        """The picture of the stamps; fails where the engine was asked."""
        self.boxes.clear()
        picture = _read(self.stamping.render_map(query))
        assert self.boxes, "the engine has drawn this"
        return picture

    def drawn(self, query: MapQuery) -> Pixels:
        """The picture of the engine."""
        return _read(self.engine.render_map(query))


@pytest.fixture
def looks(stores: Database, catalog: Catalog, tmp_path: Path) -> Looks:
    """A town in the lower half, a thin grid of points that do not touch above it, a thousand on one spot, in two kinds by turns."""
    looks = Looks(stores, catalog, tmp_path)
    random = numpy.random.default_rng(5)
    pixels = [(x * 25 + 7 + random.random(), y * 25 + 7 + random.random()) for x in range(-2, 23) for y in range(-2, 11)]
    pixels += [(x, 300 + abs(y)) for x, y in random.normal((256, 0), 60, (3000, 2))]
    degrees = 180 / 20037508.342789244
    west, north = MIDDLE[0] - 256 * ZOOM_12, MIDDLE[1] + 256 * ZOOM_12
    places = [((west + x * ZOOM_12) * degrees, _latitude(north - y * ZOOM_12)) for x, y in [*pixels, *[(256.0, 505.0)] * 1000]]
    rows = [row(n, Point(*at), code=f"A{n}", name=f"n{n}", kind=("auto", "manual")[n % 2]) for n, at in enumerate(places)]
    with stores.writer() as connection:
        load_rows(connection, catalog, SYSTEM, plan_for(looks.layer, *rows[0].values), rows)
        publish_layer(connection, catalog, "sites")
    return looks


def _latitude(y: float) -> float:
    return float(numpy.degrees(2 * numpy.arctan(numpy.exp(y / 6378137.0)) - numpy.pi / 2))


def _read(picture: bytes) -> Pixels:
    """Premultiplied RGBA, so that colours of clear pixels do not count."""
    pixels = numpy.asarray(Image.open(io.BytesIO(picture)).convert("RGBA")).astype(numpy.int64)
    pixels[:, :, :3] = pixels[:, :, :3] * pixels[:, :, 3:] // 255
    return pixels


def test_stamps_stand_where_the_engine_draws_and_a_crowd_covers_the_same_ground(looks: Looks) -> None:
    fine = {"background": "#204060", "pixel_ratio": 2.0}
    for style, options in ((style, options) for style in STYLES for options in ({}, fine, {"transparent": True})):
        query = looks.query(style, **options)
        stamped, drawn = looks.stamped(query), looks.drawn(query)
        assert (drawn[:270] != drawn[0, 256]).any()
        assert abs(stamped[:270] - drawn[:270]).max() <= EDGE, (style, options)
        if query.transparent:
            ground, stood = stamped[:, :, 3], drawn[:, :, 3]
            assert (stood[300:] > 90).sum() > 9000
            # Where several of one kind share a pixel, the last alone is seen at its edge.
            assert ((ground > 90) != (stood > 90)).mean() < 0.001, style
            assert abs(ground - stood).mean() < 0.5, style


def test_symbols_that_share_a_point_and_no_pixel_are_left_to_the_engine(looks: Looks) -> None:
    query = looks.query("uneven")
    assert (_read(looks.stamping.render_map(query)) == looks.drawn(query)).all()
    looks.boxes.clear()
    looks.stamping.render_map(query)
    assert not looks.boxes, "it is remembered"


def test_an_edit_shows_in_the_next_map(looks: Looks) -> None:
    before = looks.stamped(looks.query("kinds"))
    with looks.stores.owner() as connection:
        found = connection.execute("SELECT id FROM published.sites WHERE code = 'A98'").fetchone()
        assert found is not None
        connection.execute("UPDATE official.sites SET kind = CASE kind WHEN 'auto' THEN 'manual' ELSE 'auto' END WHERE id = %s", found)
    with looks.stores.writer() as connection:
        publish_features(connection, looks.catalog, looks.layer, [found[0]])
    changed = numpy.argwhere((before != looks.stamped(looks.query("kinds"))).any(axis=2))
    assert len(changed)
    assert (numpy.ptp(changed, axis=0) <= 12).all()
