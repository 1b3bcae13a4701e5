# SPDX-License-Identifier: MIT
"""`xanh tiles seed` as the operator types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.cli import main
from server.config import Settings
from server.db.pool import Database
from server.state import StateDir
from server.tiles.matrix import Tile, web_mercator


def seed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["xanh", "tiles", "seed", *words])
    return main()


def drawn(capsys: pytest.CaptureFixture[str]) -> int:
    found = re.search(r"(\d+) khối", capsys.readouterr().out)
    assert found is not None
    return int(found[1])


def kept(settings: Settings, level: int) -> list[Path]:
    return sorted(StateDir(settings.var).tiles.glob(f"lakes-*/WebMercatorQuad/{level}/*/*.png"))


def test_seeding_draws_what_is_missing_and_nothing_twice(
    demo: Database, settings: Settings, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seed(monkeypatch, "--layer", "lakes", "--zoom", "0-7") == 0
    assert drawn(capsys) >= 8
    seeded = kept(settings, 7)
    assert len(seeded) > 4
    assert seed(monkeypatch, "--layer", "lakes", "--zoom", "0-7") == 0
    assert drawn(capsys) == 0
    lost = seeded[len(seeded) // 2]
    picture = lost.read_bytes()
    lost.unlink()
    assert seed(monkeypatch, "--layer", "lakes", "--zoom", "0-7") == 0
    assert drawn(capsys) == 1
    assert lost.read_bytes() == picture
    assert client.get(f"/tiles/lakes/default/7/{lost.parent.name}/{lost.stem}.png").data == picture


@pytest.mark.parametrize("levels", ["9-", "-3", "8-4", "0-21", "a-b", "1-2-3", "٣"])
def test_levels_that_are_none_are_refused(demo: Database, monkeypatch: pytest.MonkeyPatch, levels: str) -> None:
    assert seed(monkeypatch, "--zoom", levels) == 1


def test_an_unknown_layer_is_refused(demo: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seed(monkeypatch, "--layer", "nope") == 1


def test_seeding_the_base_map_serves_the_viewer(
    demo: Database, settings: Settings, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked as the viewer asks, the picture comes from disk: no tile is added."""
    assert seed(monkeypatch, "--layer", "basemap", "--zoom", "6") == 0
    base = client.get("/map/config.json").get_json()["base"]
    box = ",".join(map(repr, web_mercator().extent(Tile(6, 50, 29)).bounds))
    query = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "CRS": "EPSG:3857", "BBOX": box, "WIDTH": "512", "HEIGHT": "512"}
    query |= {"LAYERS": ",".join(base["layers"]), "STYLES": ",".join(base["styles"]), "PARTS": "SHAPES", "LANGUAGE": "vi"}
    query |= {"FORMAT": "image/png", "TRANSPARENT": "TRUE", "TILED": "TRUE"}
    folder = StateDir(settings.var).tiles
    before = sorted(folder.glob("map-*/WebMercatorQuadx2/6/*/*.png"))
    picture = client.get("/wms", query_string=query).data
    assert sorted(folder.glob("map-*/WebMercatorQuadx2/6/*/*.png")) == before
    assert picture in [path.read_bytes() for path in before if path.match("6/50/29.png")]
