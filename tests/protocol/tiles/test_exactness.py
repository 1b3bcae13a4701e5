# SPDX-License-Identifier: MIT
"""The cache is exact: the request after an edit shows it, what did not change keeps its tiles, and nothing is drawn twice."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from server.access import SYSTEM
from server.context import Context
from server.query.edits import Edit
from server.tiles.matrix import Tile, web_mercator
from tests.edits import apply_edits
from tests.protocol.tiles.conftest import Tiled, read_vectors

# Wells lie on a grid from 105.3 E 9.9 N, zones in a row from 105.55 E at 10.3 N.
WELLS, ZONES, GROUP = "/tiles/wells/default/9/405/241.png", "/tiles/zones/default/9/405/241.png", "/tiles/g/default/9/405/241.png"
VECTORS = "/tiles/wells/9/405/241.mvt"
DEGREES = "/wmts/1.0.0/wells/default/WorldCRS84Quad/8/113/405.png"
TILED = (
    "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=zones,wells&STYLES=,&CRS=EPSG:3857&WIDTH=256&HEIGHT=256&FORMAT=image/png"
    f"&TRANSPARENT=TRUE&TILED=TRUE&BBOX={','.join(map(repr, web_mercator().extent(Tile(9, 405, 241)).bounds))}"
)
PLAIN = TILED.replace("&TILED=TRUE", "").replace("LAYERS=zones,wells&STYLES=,", "LAYERS=wells&STYLES=")


def move_well(context: Context, number: int, place: tuple[float, float]) -> None:
    wells = context.catalog.layer("wells")
    shape = {"type": "Point", "coordinates": list(place)}
    apply_edits(context.database, context.catalog, SYSTEM, [Edit("update", wells, number, {"name": f"Giếng {place}"}, shape)], "test")


@pytest.mark.parametrize("path", [WELLS, GROUP, VECTORS, DEGREES, TILED, PLAIN])
def test_the_very_next_request_after_an_edit_shows_it(tiled: Tiled, path: str) -> None:
    for step in range(3):
        before = tiled.get(path)
        assert tiled.get(path, If_None_Match=before.headers["ETag"]).status_code == 304
        move_well(tiled.context, 700, (105.2 + step * 0.02, 10.15))
        after = tiled.get(path, If_None_Match=before.headers["ETag"])
        assert after.status_code == 200
        assert after.headers["ETag"] != before.headers["ETag"]
        assert after.data != before.data


def test_an_edited_object_is_in_the_next_vector_tile(tiled: Tiled, tmp_path: Path) -> None:
    tiled.get(VECTORS)
    move_well(tiled.context, 701, (105.123, 10.123))
    assert "Giếng (105.123, 10.123)" in [feature["name"] for feature in read_vectors(tiled.get(VECTORS).data, tmp_path)]


def test_layers_that_did_not_change_keep_their_tiles(tiled: Tiled) -> None:
    first = tiled.get(ZONES)
    drawn = tiled.renderer.drawn
    move_well(tiled.context, 702, (105.3, 10.2))
    again = tiled.get(ZONES)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.data == first.data
    assert tiled.renderer.drawn == drawn


def test_work_that_is_not_published_changes_no_tile(tiled: Tiled) -> None:
    first = tiled.get(WELLS)
    with tiled.context.database.writer() as connection:
        connection.execute("UPDATE official.wells SET name = 'Nháp', review_state = 'pending' WHERE id = 9")
    assert tiled.get(WELLS).headers["ETag"] == first.headers["ETag"]


def test_another_process_draws_nothing_that_lies_on_disk(tiled: Tiled, tmp_path: Path) -> None:
    first = tiled.get(WELLS)
    second = Tiled(tiled.context, tmp_path)
    assert second.get(WELLS).data == first.data
    assert second.renderer.drawn == 0


def test_another_style_file_of_the_same_name_is_another_tile(tiled: Tiled, tmp_path: Path) -> None:
    first = tiled.get(WELLS)
    second = Tiled(tiled.context, tmp_path, colour="#0000cc").get(WELLS)
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.data != first.data


def test_another_scale_of_the_layer_file_is_another_tile(tiled: Tiled, tmp_path: Path) -> None:
    catalog = tiled.context.catalog
    wells = catalog.layers["wells"]
    hidden = wells.model_copy(update={"scale": wells.scale.model_copy(update={"max": 1000.0})})
    changed = replace(tiled.context, catalog=replace(catalog, layers={**catalog.layers, "wells": hidden}))
    first, second = tiled.get(WELLS), Tiled(changed, tmp_path).get(WELLS)
    assert second.headers["ETag"] != first.headers["ETag"]
    assert len(second.data) < len(first.data), "nothing is drawn any more"


def test_neighbours_are_drawn_together(tiled: Tiled) -> None:
    for column in (404, 405, 406, 407):
        assert tiled.get(f"/tiles/wells/default/9/{column}/241.png").status_code == 200
    assert tiled.renderer.drawn == 1


@pytest.mark.parametrize("path", [WELLS, "/tiles/wells/default/9/405/241@2x.png", TILED])
def test_threads_that_ask_for_one_cold_tile_draw_it_once(tiled: Tiled, path: str) -> None:
    together = threading.Barrier(8)

    def ask(_: int) -> bytes:
        together.wait()
        return bytes(tiled.client.application.test_client().get(path).data)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert tiled.renderer.drawn == 1


def test_tiles_are_served_where_none_can_be_kept_and_the_log_says_so_once(
    tiled: Tiled, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "xanh.tiles"):
        answers = [tiled.get(path) for path in (WELLS, ZONES, VECTORS, WELLS, VECTORS)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len([record for record in caplog.records if record.name == "xanh.tiles"]) == 1


def test_nothing_is_kept_where_nothing_lies(tiled: Tiled, tmp_path: Path) -> None:
    """Strangers could fill the disk with blank tiles of the whole world otherwise."""
    answer = tiled.get("/tiles/wells/default/9/10/10.png")
    assert answer.status_code == 200
    assert tiled.renderer.drawn == 0
    assert not (tmp_path / "cache").exists()
