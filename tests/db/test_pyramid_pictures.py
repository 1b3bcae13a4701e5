# SPDX-License-Identifier: MIT
"""The render pyramid and the whole layer paint the same ground, zoom by zoom.

Tolerance: whatever the whole layer paints by half or more, the pyramid paints no farther away than a cell reaches across, in whole pixels:
4 for small symbols, whose cells are 2.4 pixels wide, 7 for symbols of 7 pixels and more, whose cells are 4.8 - less than a symbol is
wide, so what is left out touches what stands for it. For lines and polygons it is 3. The pyramid paints nothing farther than that from
what the whole layer touches. Areas of points differ by less than 15 %; lines and polygons smaller than a pixel are drawn as one, where
the whole layer leaves a shadow of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import pytest
from shapely import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.db.maptable import TableColumns, map_table_sql
from server.db.pool import Database
from server.features.bulk import load_rows
from server.filter.tree import Node
from server.publish.layer import publish_layer
from server.query.maps import MapLayer, MapQuery
from server.render.map import MapRenderer
from server.render.source import MapSource, PostgisConnection, RasterFile, TableQuestion
from server.style.elements import Losses
from server.style.read import read_style
from tests.db.catalogs import plan_for, row

SIZE, ZOOMS = 256, range(3, 17)
MIDDLE = (11810000.0, 1165000.0)
STYLES = {
    "dot": "<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill/></Mark><Size>5</Size></Graphic></PointSymbolizer>",
    "disc": (
        "<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName><Fill/><Stroke/></Mark><Size>7</Size></Graphic></PointSymbolizer>"
    ),
    "ink": (
        '<LineSymbolizer><Stroke><SvgParameter name="stroke-width">1.5</SvgParameter>'
        '<SvgParameter name="stroke-linejoin">round</SvgParameter></Stroke></LineSymbolizer>'
    ),
    "area": '<PolygonSymbolizer><Fill/><Stroke><SvgParameter name="stroke-width">1</SvgParameter></Stroke></PolygonSymbolizer>',
}
DOCUMENT = (
    '<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name xmlns="http://www.opengis.net/se">x</Name>'
    '<UserStyle><FeatureTypeStyle xmlns="http://www.opengis.net/se"><Rule>{}</Rule></FeatureTypeStyle></UserStyle></NamedLayer>'
    "</StyledLayerDescriptor>"
)
Random = numpy.random.Generator
Alpha = numpy.ndarray[Any, numpy.dtype[numpy.uint8]]
Painted = numpy.ndarray[Any, numpy.dtype[numpy.bool_]]


def _points(random: Random) -> list[BaseGeometry]:
    """A crowded town, a thin countryside, a thousand on one spot, some on the borders of cells."""
    town, country = random.normal((106.09, 10.4), 0.01, (3000, 2)), random.uniform((104.5, 9.5), (107.5, 11.5), (2000, 2))
    grid = [(105.46875 + i * 0.0439453125, 10.0) for i in range(40)]
    return [Point(*place) for place in (*town, *country, *grid, *[(106.1, 10.41)] * 1000)]


def _lines(random: Random) -> list[BaseGeometry]:
    """Winding rivers, zigzags finer than any pixel, specks, lines of one vertex pair across everything, parts far from each other."""
    angles = numpy.linspace(0, 80, 9000)
    rivers = [LineString(numpy.column_stack([105 + angles / 40, 9.8 + n / 5 + numpy.sin(angles + n) / 20])) for n in range(6)]
    steps = numpy.arange(9000)
    zigzag = LineString(numpy.column_stack([105.8 + steps / 20000, 10.4 + steps % 2 / 5000]))
    specks = [LineString([place, place + 2e-5]) for place in random.normal((106.1, 10.45), 0.05, (600, 2))]
    parts = MultiLineString([[(104.6, 9.6), (104.7, 9.7)], [(107.3, 11.3), (107.4, 11.2)]])
    return [*rivers, zigzag, *specks, parts, LineString([(104.5, 9.5), (107.5, 11.5)])]


def _areas(random: Random) -> list[BaseGeometry]:
    """Coasts with many vertices, holes, slivers thinner than a pixel, parcels, specks in the holes."""
    angles = numpy.linspace(0, 2 * numpy.pi, 8000, endpoint=False)
    out: list[BaseGeometry] = []
    for n in range(6):
        radius = 0.2 + 0.01 * numpy.sin(angles * 60 + n)
        coast = numpy.column_stack([105 + n * 0.4 + radius * numpy.cos(angles), 10.2 + radius * numpy.sin(angles)])
        out.append(Polygon(coast, [0.4 * (coast - coast.mean(axis=0)) + coast.mean(axis=0)]))
    out += [box(x, y, x + 4e-5, y + 4e-5) for x, y in random.normal((106.1, 10.5), 0.05, (800, 2))]
    out += [box(105.9 + i % 20 / 500, 10.4 + i // 20 / 500, 105.9019 + i % 20 / 500, 10.4019 + i // 20 / 500) for i in range(300)]
    out += [box(104.6, 11, 107.4, 11.000001), MultiPolygon([box(104.6, 9.6, 104.62, 9.62), box(107.3, 9.6, 107.32, 9.62)])]
    return out


@pytest.fixture
def look(stores: Database, tmp_path: Path) -> MapRenderer:
    """A renderer of the test's database with the three styles."""
    login = stores.reader_login()
    connection = PostgisConnection(login.host, login.port, login.dbname, login.user, login.password)
    styles = {name: read_style(DOCUMENT.format(text).encode(), name, Losses()) for name, text in STYLES.items()}

    def table(question: TableQuestion) -> str:
        return map_table_sql(question.layer, TableColumns(question.fields), band=question.band)

    def raster(layer: Layer, _where: Node | None) -> tuple[RasterFile, ...]:
        raise AssertionError(layer.id)

    assets = Path(__file__).parents[2] / "styles" / "assets"
    return MapRenderer(MapSource(connection, table, raster, styles, assets, tmp_path))


@pytest.mark.parametrize(
    ("layer_id", "style", "make", "reach"),
    [("sites", "dot", _points, 4), ("sites", "disc", _points, 7), ("roads", "ink", _lines, 3), ("communes", "area", _areas, 3)],
)
def test_the_pyramid_paints_the_ground_of_the_whole_layer(
    stores: Database,
    catalog: Catalog,
    look: MapRenderer,
    layer_id: str,
    style: str,
    make: Callable[[Random], Sequence[BaseGeometry]],
    reach: int,
) -> None:
    layer = catalog.layer(layer_id)
    rows = [row(n, shape, code=f"A{n}", **({"name": f"n{n}"} if "name" in layer.fields else {})) for n, shape in enumerate(make(_random()))]
    with stores.writer() as connection:
        load_rows(connection, catalog, SYSTEM, plan_for(layer, *rows[0].values), rows)
        state = publish_layer(connection, catalog, layer_id)
    assert len(state.pyramid_bands) >= 4
    for zoom in ZOOMS:
        whole = _draw(look, MapLayer(layer, style, state.revision), zoom)
        thin = _draw(look, MapLayer(layer, style, state.revision, pyramid_bands=state.pyramid_bands), zoom)
        bold, solid = whole > 127, thin > 127
        # At the edge, what stands for something beyond it may be missing.
        stray = ((bold & ~_grow(thin > 127, reach)) | (solid & ~_grow(whole > 0, reach)))[reach:-reach, reach:-reach].sum()
        assert stray == 0, f"zoom {zoom}: {stray} pixels are far from what the other paints"
        if layer_id == "sites":
            assert abs(int(bold.sum()) - int(solid.sum())) <= 0.15 * bold.sum() + 4, f"zoom {zoom}: {bold.sum()} and {solid.sum()} pixels"


def _random() -> Random:
    return numpy.random.default_rng(11)


def _draw(renderer: MapRenderer, painted: MapLayer, zoom: int) -> Alpha:
    half = SIZE / 2 * 156543.03392804097 / 2.0**zoom
    extent = (MIDDLE[0] - half, MIDDLE[1] - half, MIDDLE[0] + half, MIDDLE[1] + half)
    image = renderer.draw(MapQuery((painted,), 3857, extent, SIZE, SIZE, transparent=True))
    pixels = numpy.frombuffer(image.to_string(), numpy.uint8).reshape(SIZE, SIZE, 4)
    return pixels[:, :, 3]


def _grow(painted: Painted, reach: int) -> Painted:
    """The painted pixels and whatever lies no more than `reach` beside them."""
    padded = numpy.pad(painted, reach)
    steps = range(2 * reach + 1)
    grown: Painted = numpy.logical_or.reduce([padded[y : y + SIZE, x : x + SIZE] for y in steps for x in steps])
    return grown
