# SPDX-License-Identifier: MIT
"""Lines and areas of millions of pixels: drawn as if they had been cut before, and soon."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import pytest
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.maptable import TableColumns, map_table_sql
from server.db.pool import Database
from server.features.bulk import load_rows
from server.filter.tree import Comparison, Constant, Property
from server.publish.layer import publish_layer
from server.query.maps import MapLayer, MapQuery
from server.render.map import MapRenderer
from server.render.source import MapSource, PostgisConnection, TableQuestion
from server.style.elements import Losses
from server.style.read import read_style
from tests.db.catalogs import plan_for, row
from tests.db.test_pyramid_pictures import DOCUMENT

STROKE = '<Stroke><SvgParameter name="stroke-width">2</SvgParameter>{}</Stroke>'
DASH = '<SvgParameter name="stroke-dasharray">6 4</SvgParameter>'
BEADS = (
    "<GraphicStroke><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill/></Mark><Size>4</Size></Graphic><Gap>2</Gap></GraphicStroke>"
)
STYLES = {
    "plain": f"<LineSymbolizer>{STROKE.format('')}</LineSymbolizer>",
    "dashed": f"<LineSymbolizer>{STROKE.format(DASH)}</LineSymbolizer>",
    "beads": f"<LineSymbolizer><Stroke>{BEADS}</Stroke></LineSymbolizer>",
    "area": f"<PolygonSymbolizer><Fill/>{STROKE.format('')}</PolygonSymbolizer>",
}
MIDDLE = (11799866.07, 1118889.97)  # 106 E 10 N
METRES = (5.0, 0.5, 0.02)


def river() -> BaseGeometry:
    """Two hundred kilometres in a hundred thousand steps, through 106 E 10 N."""
    east = numpy.linspace(105, 107, 100_001)
    return LineString(numpy.column_stack([east, 10 + numpy.sin((east - 106) * 200) / 100]))


def island() -> BaseGeometry:
    """An area of that size whose shore runs through 106 E 10 N."""
    angles = numpy.linspace(0, 2 * numpy.pi, 50_001)
    radius = 1 + numpy.sin(angles * 4000) / 1000
    return Polygon(numpy.column_stack([105 + radius * numpy.cos(angles), 10 + radius * numpy.sin(angles)]))


@dataclass(frozen=True)
class Desk:
    """Draws one shape of a layer around 106 E 10 N, cut before or whole."""

    database: Database
    catalog: Catalog
    folder: Path

    def load(self, layer_id: str, shape: BaseGeometry) -> None:
        rows = [row(1, shape, code="A1")]
        with self.database.writer() as connection:
            load_rows(connection, self.catalog, SYSTEM, plan_for(self.catalog.layer(layer_id), "code"), rows)
            publish_layer(connection, self.catalog, layer_id)

    def draw(self, layer_id: str, style: str, metres: float, *, cuts: bool = True) -> numpy.ndarray[Any, numpy.dtype[numpy.uint8]]:
        """The alpha channel of 300 x 300 pixels."""
        login = self.database.reader_login()
        connection = PostgisConnection(login.host, login.port, login.dbname, login.user, login.password)
        styles = {name: read_style(DOCUMENT.format(text).encode(), name, Losses()) for name, text in STYLES.items()}

        def table(question: TableQuestion) -> str:
            return map_table_sql(
                question.layer, TableColumns(question.fields, question.computed, cuts and question.cuts), band=question.band
            )

        source = MapSource(connection, table, lambda *_: (), styles, self.folder, self.folder)
        half = 150 * metres
        extent = (MIDDLE[0] - half, MIDDLE[1] - half, MIDDLE[0] + half, MIDDLE[1] + half)
        query = MapQuery((MapLayer(self.catalog.layer(layer_id), style, 1),), 3857, extent, 300, 300, transparent=True)
        pixels = numpy.frombuffer(MapRenderer(source).draw(query).to_string(), numpy.uint8)
        return pixels.reshape(300, 300, 4)[:, :, 3]


@pytest.fixture
def desk(stores: Database, catalog: Catalog, tmp_path: Path) -> Desk:
    """The desk over the awkward catalogue's tables."""
    return Desk(stores, catalog, tmp_path)


@pytest.mark.parametrize("metres", METRES)
def test_a_line_cut_outside_the_map_looks_as_if_it_were_whole(desk: Desk, metres: float) -> None:
    desk.load("roads", river())
    whole, cut = (desk.draw("roads", "plain", metres, cuts=cuts) for cuts in (False, True))
    assert (whole > 127).sum() > 500
    assert numpy.abs(whole.astype(int) - cut).max() <= 2


@pytest.mark.parametrize("metres", METRES)
def test_an_area_cut_outside_the_map_looks_as_if_it_were_whole(desk: Desk, metres: float) -> None:
    desk.load("communes", island())
    whole, cut = (desk.draw("communes", "area", metres, cuts=cuts) for cuts in (False, True))
    assert 1000 < (whole > 127).sum() < 89_000
    assert numpy.abs(whole.astype(int) - cut).max() <= 2


def test_a_dashed_line_and_one_of_symbols_keep_their_share_of_ink(desk: Desk) -> None:
    desk.load("roads", river())
    for style in ("dashed", "beads"):
        whole, cut = (int((desk.draw("roads", style, 5.0, cuts=cuts) > 127).sum()) for cuts in (False, True))
        assert whole > 200
        assert abs(whole - cut) < 0.1 * whole


def test_symbols_along_ten_million_pixels_take_no_longer_than_those_along_a_few(desk: Desk) -> None:
    desk.load("roads", river())
    desk.draw("roads", "beads", 5.0)
    begun = time.perf_counter()
    assert (desk.draw("roads", "beads", 0.02) > 127).sum() > 100
    # Whole, the line takes about ten seconds on an idle machine.
    assert time.perf_counter() - begun < 3


def test_values_cannot_speak_to_the_engine(catalog: Catalog) -> None:
    """It would replace !bbox! and @name within the SQL."""
    for text in ("!bbox!", "a@b.vn", "it's \\ !pixel_width! @x"):
        written = map_table_sql(catalog.layer("roads"), TableColumns(("code",)), where=Comparison("=", Property("code"), Constant(text)))
        assert "!" not in written
        assert "@" not in written
