# SPDX-License-Identifier: MIT
"""Bands of a raster chosen by a style: three of them are red, green and blue, in whatever order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mapnik
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from server.query.maps import MapLayer, MapQuery
from server.render.map import MapRenderer
from server.render.source import RasterFile
from server.style.elements import Losses
from server.style.read import read_style
from tests.unit.render.test_mapxml import make_layer, make_source
from tests.unit.style.documents import document

# The value of every pixel, by band.
BANDS = (10, 60, 110, 160)


def _channels(*bands: int) -> str:
    named = zip(("RedChannel", "GreenChannel", "BlueChannel"), bands, strict=False)
    return "".join(f"<{name}><SourceChannelName>{band}</SourceChannelName></{name}>" for name, band in named)


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """A GeoTIFF of four even bands, 64 by 64 pixels of a metre."""
    found = tmp_path / "probes.tif"
    shape = {"driver": "GTiff", "width": 64, "height": 64, "count": len(BANDS), "dtype": "uint8", "crs": "EPSG:3857"}
    with rasterio.open(found, "w", transform=from_origin(0, 64, 1, 1), **shape) as file:
        for number, value in enumerate(BANDS, 1):
            file.write(np.full((64, 64), value, "uint8"), number)
    return found


@pytest.mark.parametrize("bands", [(1, 2, 3), (3, 2, 1), (4, 1, 2), (2, 2, 2)])
def test_three_bands_are_red_green_and_blue_in_the_order_of_the_style(tmp_path: Path, raster: Path, bands: tuple[int, ...]) -> None:
    rule = f"<Rule><RasterSymbolizer><ChannelSelection>{_channels(*bands)}</ChannelSelection></RasterSymbolizer></Rule>"
    losses = Losses()
    source = make_source(tmp_path, read_style(document(rule), "probe", losses))
    assert losses.found == []
    layer = make_layer().model_copy(update={"geometry": "raster"})
    source = replace(source, raster_files=lambda _, __: (RasterFile(raster, 3857),))
    query = MapQuery((MapLayer(layer, "probe", 1, None, ()),), 3857, (16.0, 16.0, 48.0, 48.0), 32, 32, transparent=True)
    image = mapnik.Image.from_string(MapRenderer(source).render_map(query))
    colour = image.get_pixel_color(16, 16)
    # The engine blends pixels, which may cost a shade.
    assert (colour.r, colour.g, colour.b) == pytest.approx([BANDS[band - 1] for band in bands], abs=2)
