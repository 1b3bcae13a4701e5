# SPDX-License-Identifier: MIT
"""The fast lane answers as the ordinary way does, and asks the database once where a tile has to be made anyway."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.features.tiles import vector_tile_now
from server.query.tiles import TileState, VectorTileQuery
from server.tiles import vectors
from tests.protocol.tiles.conftest import Tiled, read_vectors
from tests.protocol.tiles.test_exactness import VECTORS, WELLS, move_well

_ORDINARY = {"Authorization": "Basic none"}
_SMALL = "/tiles/wells/12/3246/1934.mvt"
_EMPTY = "/tiles/wells/9/10/10.mvt"
_WRONG = (
    "/tiles/nothing/9/405/241.mvt",
    "/tiles/wells/9/405/9999.mvt",
    "/tiles/wells/x/405/241.mvt",
    "/tiles/wells/no_style/9/405/241.png",
)


@pytest.mark.parametrize("path", [WELLS, "/tiles/wells/default/9/405/241@2x.webp", VECTORS, _EMPTY, "/tiles/wells.json", *_WRONG])
def test_both_ways_give_one_answer(tiled: Tiled, path: str) -> None:
    for held in ('"nothing"', tiled.get(path).headers.get("ETag", "")):
        quick, ordinary = tiled.get(path, If_None_Match=held), tiled.get(path, If_None_Match=held, **_ORDINARY)
        assert (quick.status, quick.data, dict(quick.headers)) == (ordinary.status, ordinary.data, dict(ordinary.headers))


@pytest.mark.parametrize("held", ['"{}"', 'W/"{}"', '"other", "{}"'])
@pytest.mark.parametrize("path", [WELLS, VECTORS, _EMPTY])
def test_whoever_holds_a_tile_is_told_so(tiled: Tiled, path: str, held: str) -> None:
    tag = tiled.get(path).headers["ETag"].strip('"')
    answer = tiled.get(path, If_None_Match=held.format(tag))
    assert (answer.status_code, answer.data) == (304, b"")


def test_small_vector_tiles_are_made_for_everyone_who_asks_and_fill_no_disk(tiled: Tiled, tmp_path: Path) -> None:
    first = tiled.get(_SMALL)
    assert first.status_code == 200
    assert tiled.get(_SMALL).data == first.data
    assert tiled.get(_EMPTY).status_code == 204
    assert not (tmp_path / "cache").exists()


def test_large_vector_tiles_are_kept(tiled: Tiled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_WORTH_KEEPING_BYTES", 100)
    first = tiled.get(VECTORS)
    monkeypatch.setattr(vectors, "vector_tile_now", None)
    monkeypatch.setattr(vectors, "vector_tile", None)
    assert tiled.get(VECTORS).data == first.data


def test_who_joins_a_tile_in_the_making_after_an_edit_sees_the_edit(tiled: Tiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_WORTH_KEEPING_BYTES", 10**9)
    tiled.get(VECTORS)
    asked, go_on = threading.Event(), threading.Event()

    def slowly(context: object, query: VectorTileQuery) -> tuple[TileState | None, bytes]:
        made = vector_tile_now(tiled.context, query)
        asked.set()
        assert go_on.wait(10)
        return made

    monkeypatch.setattr(vectors, "vector_tile_now", slowly)
    with ThreadPoolExecutor(1) as pool:
        before = pool.submit(lambda: tiled.client.application.test_client().get(VECTORS).data)
        assert asked.wait(10)
        move_well(tiled.context, 703, (105.1, 10.1))
        after = tiled.get(VECTORS)
        go_on.set()
    name = "Giếng (105.1, 10.1)"
    assert name in [feature["name"] for feature in read_vectors(after.data, tmp_path)]
    assert name not in [feature["name"] for feature in read_vectors(before.result(), tmp_path)]
