# SPDX-License-Identifier: MIT
"""Several processes share one cache: what one is drawing, the others wait for."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.tiles.cache import TileCache
from tests.protocol.tiles.conftest import Tiled
from tests.protocol.tiles.test_exactness import WELLS

_HOLD = (
    "import sys; from pathlib import Path; from server.tiles.cache import TileCache\n"
    "with TileCache(Path(sys.argv[1]), 1000).alone('work'):\n    print('held', flush=True); sys.stdin.read()"
)


def test_processes_that_ask_for_one_cold_tile_draw_it_once(tiled: Tiled, tmp_path: Path) -> None:
    others = [tiled, *(Tiled(tiled.context, tmp_path) for _ in range(3))]
    together = threading.Barrier(len(others))

    def ask(one: Tiled) -> bytes:
        together.wait()
        return bytes(one.get(WELLS).data)

    with ThreadPoolExecutor(len(others)) as pool:
        assert len(set(pool.map(ask, others))) == 1
    assert sum(one.renderer.drawn for one in others) == 1


def test_work_waits_for_another_process_and_is_free_when_that_dies(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, 1000)
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        threading.Timer(0.2, holder.kill).start()
        with cache.alone("work") as waited:
            assert waited
    with cache.alone("work") as waited:
        assert not waited


def test_nobody_waits_where_nothing_can_be_locked(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    with TileCache(folder, 1000).alone("work") as waited:
        assert not waited
    with TileCache(tmp_path / "none", 0).alone("work"):
        assert not (tmp_path / "none").exists()
