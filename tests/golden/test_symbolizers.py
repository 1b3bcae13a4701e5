# SPDX-License-Identifier: MIT
"""Every kind of symbolizer on layers of the demo province, and all marks in a legend, beside approved pictures (see README.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from server.catalog.read import read_catalog
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.mapsource import make_map_source
from server.query.maps import MapLayer, MapQuery
from server.render.images import FORMATS
from server.render.legend import LegendQuery, list_entries, render_legend
from server.render.map import MapRenderer
from server.style.shelf import check_styles, load_styles
from tests.golden.pictures import assert_looks_like

STYLES = Path(__file__).parent / "styles"
PROVINCE, TOWN = (11660000.0, 1100000.0, 11900000.0, 1250000.0), (11820000.0, 1155000.0, 11852000.0, 1175000.0)


@dataclass(frozen=True)
class Probe:
    """A style, the layer it is drawn on, and where (EPSG:3857)."""

    style: str
    layer: str
    extent: tuple[float, float, float, float] = PROVINCE
    ratio: float = 1.0
    suffix: str = ""


PROBES = (
    Probe("points", "stations"),
    Probe("points", "stations", TOWN, 2.0, "_fine"),
    Probe("lines", "rivers"),
    Probe("areas", "communes", TOWN),
    Probe("areas", "communes", TOWN, 2.0, "_fine"),
    Probe("labels", "stations", (11740000.0, 1130000.0, 11820000.0, 1180000.0)),
    Probe("labels_along", "rivers"),
    Probe("shields", "stations"),
    Probe("ground_units", "stations"),
    Probe("ground_units", "stations", TOWN, suffix="_near"),
    Probe("rules", "communes"),
    Probe("raster_categories", "landmask"),
    Probe("raster_ramp", "landmask"),
    Probe("raster_grey", "landmask"),
)


@pytest.fixture(scope="module")
def renderer(demo: Database, settings: Settings) -> MapRenderer:
    """A renderer of the demo data with the styles of this folder."""
    source = make_map_source(Context(settings, read_catalog(settings), demo))
    return MapRenderer(replace(source, styles=load_styles(STYLES)))


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: f"{probe.style}{probe.suffix}")
def test_a_symbolizer_looks_as_approved(renderer: MapRenderer, settings: Settings, probe: Probe, tmp_path: Path) -> None:
    layer = next(one for one in read_catalog(settings).mapped_layers() if one.id == probe.layer)
    size = (round(480 * probe.ratio), round(300 * probe.ratio))
    query = MapQuery((MapLayer(layer, probe.style, 0),), 3857, probe.extent, *size, pixel_ratio=probe.ratio)
    assert_looks_like(renderer.render_map(query), f"symbolizer_{probe.style}{probe.suffix}", tmp_path)


@pytest.mark.parametrize("name", ["marks", "lines", "areas"])
def test_samples_of_a_legend_look_as_approved(renderer: MapRenderer, settings: Settings, name: str, tmp_path: Path) -> None:
    kind = {"marks": "stations", "lines": "rivers", "areas": "communes"}[name]
    layer = next(one for one in read_catalog(settings).mapped_layers() if one.id == kind)
    entries = list_entries(load_styles(STYLES)[name])
    query = LegendQuery(30, 26, transparent=False)
    found = render_legend(layer, entries, query, renderer.symbols, FORMATS["image/png"])
    assert_looks_like(found, f"legend_of_{name}", tmp_path)


def test_nothing_of_these_styles_is_lost(settings: Settings) -> None:
    assert [one for one in check_styles(STYLES, read_catalog(settings)) if ".sld:" in one] == []
