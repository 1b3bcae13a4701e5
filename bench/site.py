# SPDX-License-Identifier: MIT
"""Where the benchmark runs: the database login, a scratch folder, free ports, and the processes it has started (stopped by their ids)."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from server.db.login import Login


class AbsentError(Exception):
    """A peer that cannot take part; the message says why and what would help."""


@dataclass
class Site:
    """Shared surroundings of all servers of one run."""

    login: Login
    folder: Path
    python: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a program in its own session; its output goes to `<folder>/<name>.log`."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                list(command),
                cwd=self.folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """Stop everything started here, newest first."""
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def fetch(port: int, path: str, timeout_s: float = 120) -> tuple[int, bytes]:
    """Status and body of one GET on the loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], timeout_s: float = 60) -> None:
    """Return when a GET answers 200. Raises AbsentError when the process ends or time is over."""
    deadline = time.monotonic() + timeout_s
    last = "no answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AbsentError(f"ended while starting (status {process.returncode})")
        try:
            status, body = fetch(port, path)
        except OSError:
            time.sleep(0.2)
            continue
        if status == 200:
            return
        last = f"status {status}: {body[:200].decode('utf-8', 'replace')}"
        time.sleep(0.5)
    raise AbsentError(f"did not answer within {timeout_s:.0f} s ({last})")
