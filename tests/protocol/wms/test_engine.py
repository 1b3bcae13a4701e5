# SPDX-License-Identifier: MIT
"""The map engine on the demo province: many threads at once, a database that is slow or away."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from server.context import Context
from server.errors import LimitExceeded, ServerFault
from server.mapsource import make_map_source
from server.query.maps import MapLayer, MapQuery
from server.render.map import MapRenderer, render_map
from server.render.source import MapSource

PROVINCE = (11_660_000.0, 1_100_000.0, 11_900_000.0, 1_250_000.0)


@pytest.fixture
def context(app: Flask) -> Context:
    """What the rooms were given."""
    found: Context = app.extensions["xanh"]
    return found


@pytest.fixture
def source(context: Context) -> MapSource:
    """The source of the demo province."""
    return make_map_source(context)


def ask(context: Context, *names: str, size: int = 200) -> MapQuery:
    """A map of layers in their default styles."""
    layers = tuple(MapLayer(layer := context.catalog.layer(name), layer.styles[0], 1) for name in names)
    return MapQuery(layers, 3857, PROVINCE, size, size)


def test_threads_draw_the_same_pictures_side_by_side(context: Context, source: MapSource) -> None:
    renderer = MapRenderer(source)
    queries = [ask(context, "communes", "stations"), ask(context, "facilities"), ask(context, "communes", "stations", size=120)]
    alone = [renderer.render_map(query) for query in queries]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(renderer.render_map, queries * 8))
    assert together == alone * 8


def test_a_map_that_takes_too_long_is_refused_in_so_many_words(context: Context, source: MapSource) -> None:
    impatient = replace(source, connection=replace(source.connection, timeout_ms=1), table_sql=lambda _: _slow_table())
    with pytest.raises(LimitExceeded, match="longer"):
        render_map(ask(context, "communes"), impatient)


def test_a_database_that_is_away_is_our_fault_and_tells_nothing(
    context: Context, source: MapSource, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = replace(source, connection=replace(source.connection, host="/nowhere", password="very secret"))
    with caplog.at_level(logging.ERROR), pytest.raises(ServerFault) as raised:
        render_map(ask(context, "stations"), nowhere)
    assert "nowhere" not in raised.value.message
    assert "very secret" not in caplog.text


def _slow_table() -> str:
    return "(SELECT geom_3857, name FROM published.communes, pg_sleep(1)) t"
