# SPDX-License-Identifier: MIT
"""The keeper of the queue's worker: it starts a worker that died again, and goes when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from server.config import ROOT

_KEEPER = "import sys; from server.jobs.supervise import keep_alive; sys.exit(keep_alive(sys.argv[1:], first_pause_s=0.05))"


def _keep(body: str, notes: Path) -> subprocess.Popen[bytes]:
    """A keeper of a program that notes its process id in a line of its own and then runs `body`."""
    program = f"import os, sys, time; open({str(notes)!r}, 'a').write(f'{{os.getpid()}}\\n'); {body}"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _KEEPER, sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )


def _wait(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert reached()


def _lives(notes: Path) -> list[int]:
    return [int(line) for line in notes.read_text().split()] if notes.exists() else []


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    notes = tmp_path / "lives"
    keeper = _keep("time.sleep(60)", notes)
    try:
        _wait(lambda: len(_lives(notes)) == 1)
        os.kill(_lives(notes)[0], signal.SIGKILL)
        _wait(lambda: len(_lives(notes)) == 2)
        assert keeper.poll() is None
    finally:
        keeper.terminate()
    assert keeper.wait(10) != 0


def test_a_worker_told_to_stop_is_not_started_again(tmp_path: Path) -> None:
    notes = tmp_path / "lives"
    keeper = _keep("time.sleep(60)", notes)
    _wait(lambda: len(_lives(notes)) == 1)
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(10) == 256 - signal.SIGTERM
    assert len(_lives(notes)) == 1


def test_a_worker_that_cannot_live_is_not_started_in_a_hurry(tmp_path: Path) -> None:
    notes = tmp_path / "lives"
    keeper = _keep("sys.exit(3)", notes)
    try:
        _wait(lambda: len(_lives(notes)) >= 2)
        time.sleep(1.5)
        assert 2 <= len(_lives(notes)) <= 7  # pauses of 0.1, 0.2, 0.4, 0.8, 1.6 s
    finally:
        keeper.terminate()
        keeper.wait(10)
