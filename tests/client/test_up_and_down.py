# SPDX-License-Identifier: MIT
"""The two commands as an operator meets them: side by side, repeated, interrupted, stopped without touching anything else."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.config import ROOT
from server.db.cluster import open_cluster
from server.process import ask_health, read_record
from server.state import StateDir


@dataclass(frozen=True)
class Installation:
    """One state directory and port. The demo data counts as loaded, so that only the operations are measured."""

    state: StateDir
    port: int

    def command(self, *words: str) -> list[str]:
        """The command line for some words."""
        return [sys.executable, "-P", "-m", "server.cli", *words]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands."""
        return os.environ | {"PYTHONPATH": str(ROOT), "XANH_VAR": str(self.state.root)}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(self.command(*words), cwd="/", env=self.environment, capture_output=True, text=True, check=False, timeout=120)

    def up(self) -> subprocess.CompletedProcess[str]:
        """Start and leave running."""
        return self.run("up", "--detach", "--port", str(self.port))

    @property
    def health(self) -> int | None:
        """Status of /healthz."""
        return ask_health("127.0.0.1", self.port)

    @property
    def anything_runs(self) -> bool:
        """Whether its web server or its PostgreSQL lives."""
        return read_record(self.state) is not None or open_cluster(self.state).running_pid() is not None


@pytest.fixture
def installations() -> Iterator[tuple[Installation, Installation]]:
    """Two installations side by side."""
    made = []
    for _ in range(2):
        root = Path(tempfile.mkdtemp(prefix="xanh-up-", dir="/tmp")).resolve()
        root.chmod(0o711)
        state = StateDir(root)
        state.create()
        state.remember(loaded="82")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            made.append(Installation(state, int(probe.getsockname()[1])))
    yield made[0], made[1]
    for installation in made:
        installation.run("down")
        shutil.rmtree(installation.state.root)


def test_two_installations_live_side_by_side_and_up_heals_what_is_lost(installations: tuple[Installation, Installation]) -> None:
    first, second = installations
    started = first.up()
    assert started.returncode == 0, started.stderr
    for path in ("/map", "/wms", "/wfs", "/ogcapi"):
        assert f"http://127.0.0.1:{first.port}{path}" in started.stdout
    assert first.health == 200

    repeated = first.up()
    assert repeated.returncode == 0
    assert "already running" in repeated.stdout
    elsewhere = first.run("up", "--detach", "--port", str(second.port))
    assert (elsewhere.returncode, "already runs" in elsewhere.stderr) == (1, True)
    taken = second.run("up", "--detach", "--port", str(first.port))
    assert (taken.returncode, f"Port {first.port}" in taken.stderr) == (1, True)
    assert not second.anything_runs

    assert second.up().returncode == 0
    assert first.run("down").returncode == 0
    assert not first.anything_runs
    assert second.health == 200
    assert "nothing runs" in first.run("down").stdout

    open_cluster(second.state).stop()  # the database is lost under the running server
    assert second.health == 503
    assert second.up().returncode == 0
    assert second.health == 200


def test_a_killed_start_is_repeated_and_an_attached_server_stops_when_told_to(installations: tuple[Installation, Installation]) -> None:
    installation = installations[0]
    words = installation.command("up", "--port", str(installation.port))
    for patience in (1.0, 2.5):
        with subprocess.Popen(words, cwd="/", env=installation.environment, stdout=subprocess.DEVNULL) as process:
            time.sleep(patience)
            process.kill()
    with subprocess.Popen(words, cwd="/", env=installation.environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("Ctrl+C" in line for line in process.stdout)
        assert installation.health == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert not installation.anything_runs
