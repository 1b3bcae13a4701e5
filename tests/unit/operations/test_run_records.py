# SPDX-License-Identifier: MIT
"""A recorded process is only ours if id, start time, boot and program agree; anything else is never signalled."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from server import process
from server.errors import SetupRefused
from server.process import RunRecord, check_port, is_alive, local_host, read_record, record_path, stop_server
from server.state import StateDir


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that calls itself gunicorn and sleeps."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "gunicorn"], start_new_session=True)
    yield child
    child.kill()
    child.wait()


def _record_of(child: subprocess.Popen[bytes]) -> RunRecord:
    ticks = process._start_ticks(child.pid)
    assert ticks is not None
    return RunRecord(child.pid, ticks, process._boot_id(), "127.0.0.1", 8090)


def test_a_live_process_is_recognised(sleeper: subprocess.Popen[bytes]) -> None:
    assert is_alive(_record_of(sleeper))


def test_a_reused_process_id_is_not_ours(sleeper: subprocess.Popen[bytes]) -> None:
    record = _record_of(sleeper)
    assert not is_alive(replace(record, started=record.started - 1))
    assert not is_alive(replace(record, boot="another boot"))


def test_another_program_is_not_ours() -> None:
    child = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        assert not is_alive(_record_of(child))
    finally:
        child.kill()
        child.wait()


def test_an_ended_process_is_dead_even_before_it_is_reaped(sleeper: subprocess.Popen[bytes]) -> None:
    record = _record_of(sleeper)
    sleeper.kill()
    deadline = time.monotonic() + 5
    while is_alive(record) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(record)


def test_a_stale_record_is_removed_and_nothing_is_stopped(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    state = StateDir(tmp_path)
    state.create()
    stale = replace(_record_of(sleeper), started=1)
    record_path(state).write_text(json.dumps(asdict(stale)), encoding="utf-8")
    assert stop_server(state) is False
    assert not record_path(state).exists()
    assert sleeper.poll() is None


def test_the_recorded_process_is_stopped(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    state = StateDir(tmp_path)
    state.create()
    record_path(state).write_text(json.dumps(asdict(_record_of(sleeper))), encoding="utf-8")
    assert stop_server(state) is True
    assert sleeper.wait(timeout=5) == -15


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str) -> None:
    state = StateDir(tmp_path)
    state.create()
    record_path(state).write_text(text, encoding="utf-8")
    assert read_record(state) is None


def test_a_port_in_use_is_a_clear_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupRefused, match=f"Port {port}.*--port"):
            check_port("127.0.0.1", port)


def test_a_free_port_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    check_port("127.0.0.1", port)


@pytest.mark.parametrize(("bound", "reached"), [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.7", "10.0.0.7")])
def test_a_server_bound_to_everything_is_asked_locally(bound: str, reached: str) -> None:
    assert local_host(bound) == reached
