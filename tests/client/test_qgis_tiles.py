# SPDX-License-Identifier: MIT
"""QGIS adds the tiles as people do (WMTS in every matrix set, XYZ, vector tiles in our style) and draws the same ground as the WMS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image

from server.crs.extent import Extent
from server.tiles.matrix import Tile, TileRange, web_mercator
from tests.client.conftest import Province
from tests.client.desktop import ask_qgis

# Three by two tiles of level 10 around Cao Lãnh and Sa Đéc, a pixel of theirs to a pixel of the picture.
_GRID = web_mercator()
_BLOCK = TileRange(10, 812, 814, 481, 482)
_SIZE = (768, 512)
_CELL = 16


@dataclass(frozen=True)
class Added:
    """A layer as QGIS adds it: `source` with the address of the server; `least` is the share of the WMS's inked cells it must ink too."""

    name: str
    kind: str
    source: str
    same_as: str
    least: float = 0.97
    time: tuple[str, str] | None = None


def _wmts(layer: str, matrix_set: str, crs: str, more: str = "") -> str:
    return f"url={{wmts}}&layers={layer}&styles={layer}&format=image/png&tileMatrixSet={matrix_set}&crs={crs}{more}"


def _vectors(layer: str, path: str) -> str:
    return f"type=xyz&url={path}&zmin=0&zmax=16&styleUrl={{address}}/tiles/{layer}/styles/{layer}.json"


_WMS_STATIONS = "url={address}/wms&layers=stations&styles=stations&format=image/png&crs=EPSG:3857"
_FROM, _TO = "2018-01-01T00:00:00Z", "2021-12-31T00:00:00Z"
_WMST = "allowTemporalUpdates=true&temporalSource=provider&timeDimensionExtent=2016-06-15/2022-06-17/P1D&type=wmst"
ADDED = (
    Added("wms_stations", "wms", _WMS_STATIONS, "wms_stations"),
    Added("wms_communes", "wms", "url={address}/wms&layers=communes&styles=communes&format=image/png&crs=EPSG:3857", "wms_communes"),
    Added("wms_years", "wms", f"{_WMST}&{_WMS_STATIONS}", "years", time=(_FROM, _TO)),
    Added("wmts", "wms", _wmts("stations", "WebMercatorQuad", "EPSG:3857"), "wms_stations"),
    Added("wmts_time", "wms", _wmts("stations", "WebMercatorQuad", "EPSG:3857", "&tileDimensions=Time=default"), "wms_stations"),
    Added("wmts_degrees", "wms", _wmts("stations", "WorldCRS84Quad", "OGC:CRS84"), "wms_stations", 0.9),
    # QGIS 3.40 takes a level above and draws it smaller
    Added("wmts_vn2000", "wms", _wmts("stations", "VN2000Quad5897", "EPSG:5897"), "wms_stations", 0.8),
    Added("wmts_areas", "wms", _wmts("communes", "WebMercatorQuad", "EPSG:3857"), "wms_communes"),
    Added("xyz", "wms", "type=xyz&url={address}/tiles/stations/stations/{z}/{x}/{y}.png&zmin=0&zmax=18", "wms_stations"),
    Added("vectors", "vectortile", _vectors("stations", "{address}/tiles/stations/{z}/{x}/{y}.mvt"), "wms_stations", 0.9),
    Added(
        "vectors_ogc",
        "vectortile",
        _vectors("communes", "{address}/ogcapi/collections/communes/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"),
        "wms_communes",
        0.9,
    ),
)


def _fill(source: str, address: str) -> str:
    """The source with addresses as QGIS keeps them; one that has parts of its own is quoted."""
    capabilities = quote(f"{address}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe="")
    return source.replace("{wmts}", capabilities).replace("{address}", address)


@pytest.fixture(scope="module")
def drawn(province: Province, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, int]]]:
    """A folder with the pictures, all drawn in one session of QGIS, and what it told of each layer."""
    folder = tmp_path_factory.mktemp("qgis_tiles")
    extent: Extent = _GRID.block_extent(_BLOCK)
    common = {"system": "EPSG:3857", "extent": extent.bounds, "size": _SIZE}
    asked = [
        {
            **common,
            "kind": one.kind,
            "source": _fill(one.source, province.address),
            "out": str(folder / f"{one.name}.png"),
            "time": one.time,
        }
        for one in ADDED
    ]
    told = ask_qgis("qgis_tiles", folder, asked)
    query = f"SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=stations&STYLES=stations&CRS=EPSG:3857&TRANSPARENT=TRUE&TIME={_FROM}/{_TO}"
    size = f"FORMAT=image/png&WIDTH={_SIZE[0]}&HEIGHT={_SIZE[1]}&BBOX={','.join(map(str, extent.bounds))}"
    with urlopen(f"{province.address}/wms?{query}&{size}", timeout=30) as answer:  # the address is ours
        (folder / "years.png").write_bytes(answer.read())
    return folder, {one.name: facts for one, facts in zip(ADDED, told, strict=True)}


def _inked(folder: Path, name: str) -> np.ndarray:
    """Which cells of a coarse grid hold ink."""
    alpha = np.asarray(Image.open(folder / f"{name}.png").convert("RGBA"))[:, :, 3]
    height, width = alpha.shape[0] // _CELL, alpha.shape[1] // _CELL
    cells: np.ndarray = alpha.reshape(height, _CELL, width, _CELL).max(axis=(1, 3)) > 100
    return cells


def _colours(folder: Path, name: str) -> np.ndarray:
    """The mean colour of every cell of the grid, on white."""
    picture = Image.open(folder / f"{name}.png").convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    cells: np.ndarray = np.asarray(
        ground.convert("RGB").resize((picture.width // _CELL, picture.height // _CELL), Image.Resampling.BOX), int
    )
    return cells


@pytest.mark.parametrize("added", ADDED, ids=lambda added: added.name)
def test_qgis_draws_what_the_wms_draws(drawn: tuple[Path, dict[str, dict[str, int]]], added: Added) -> None:
    folder = drawn[0]
    expected, found = _inked(folder, added.same_as), _inked(folder, added.name)
    assert expected.sum() > 20, "the WMS itself drew nothing"
    assert (expected & found).sum() >= added.least * expected.sum()
    assert (found & ~expected).sum() <= 0.15 * found.sum()
    apart = np.abs(_colours(folder, added.name) - _colours(folder, added.same_as)).max(axis=2)[expected & found]
    assert np.percentile(apart, 90) <= 20


def test_qgis_takes_our_tiles_as_they_are(province: Province, drawn: tuple[Path, dict[str, dict[str, int]]], tmp_path: Path) -> None:
    """Where a pixel of a tile is a pixel of the picture, QGIS shows the very pixels of the tiles."""
    whole = Image.new("RGBA", _SIZE)
    for tile in _BLOCK.tiles():
        with urlopen(f"{province.address}/tiles/stations/stations/{tile.level}/{tile.column}/{tile.row}.png") as answer:
            (tmp_path / "tile.png").write_bytes(answer.read())
        whole.paste(Image.open(tmp_path / "tile.png").convert("RGBA"), _corner(tile))
    ours = np.asarray(whole)
    for name in ("wmts", "xyz"):
        theirs = np.asarray(Image.open(drawn[0] / f"{name}.png").convert("RGBA"))
        assert np.mean(np.abs(ours.astype(int) - theirs.astype(int))[:, :, 3] > 16) < 0.001, name


def _corner(tile: Tile) -> tuple[int, int]:
    return (tile.column - _BLOCK.first_column) * 256, (tile.row - _BLOCK.first_row) * 256


def test_qgis_finds_every_level_and_every_part_of_the_style(drawn: tuple[Path, dict[str, dict[str, int]]]) -> None:
    told = drawn[1]
    assert told["wmts"]["levels"] == 21
    assert told["wmts_vn2000"]["levels"] == 16
    assert told["vectors"]["layers"] >= 2
    assert told["vectors_ogc"]["layers"] >= 2
