# SPDX-License-Identifier: MIT
"""The web server and the worker of the queue: started, recorded, recognised, waited for and stopped. Nothing but ours is ever signalled."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from server.config import ROOT, Settings
from server.errors import ServerFault, SetupRefused
from server.state import StateDir, replace_file

_POLL_S = 0.1
LONGEST_REQUEST_LINE = 8190
# What the command line of each of our processes holds.
_PROGRAMS = {"server": b"gunicorn", "worker": b"server.jobs.worker"}


@dataclass(frozen=True)
class RunRecord:
    """A started web server. `started` is its start time in clock ticks since boot: with the boot id it tells a reused process id apart."""

    pid: int
    started: int
    boot: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """Address a client on this machine uses."""
        return f"http://{local_host(self.host)}:{self.port}"


def record_path(state: StateDir, name: str = "server") -> Path:
    """Where the running web server (or the `worker`) is recorded."""
    return state.run / f"{name}.json"


def read_record(state: StateDir, name: str = "server") -> RunRecord | None:
    """The web server (or `worker`) of this state directory if it is alive, else None. A stale record is removed."""
    path = record_path(state, name)
    try:
        record = RunRecord(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if is_alive(record, name):
        return record
    path.unlink(missing_ok=True)
    return None


def is_alive(record: RunRecord, name: str = "server") -> bool:
    """Whether exactly this process still runs: same id, same start, same boot, and it is what it is called."""
    if record.boot != _boot_id() or _start_ticks(record.pid) != record.started:
        return False
    try:
        command = Path(f"/proc/{record.pid}/cmdline").read_bytes()
    except OSError:
        return False
    return not command or _PROGRAMS[name] in command  # empty for the blink of an eye in which execve puts the program in place


def check_port(host: str, port: int) -> None:
    """Raise SetupRefused when nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupRefused(f"Port {port} on {host} cannot be used ({error.strerror}); choose another with --port.") from error


def start_server(settings: Settings, state: StateDir, keep_open: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Start gunicorn in a session of its own and record it; its output goes to `server.log`.

    `keep_open` are file descriptors it inherits (its share in the embedded cluster). Raises SetupRefused (port).
    """
    server = settings.server
    check_port(server.host, server.port)
    command = [sys.executable, "-P", "-m", "gunicorn", "server.app:create_server_app()"]
    command += ["--bind", f"[{server.host}]:{server.port}" if ":" in server.host else f"{server.host}:{server.port}"]
    command += ["--worker-class", "server.worker.StayingThreadWorker", "--workers", str(server.workers), "--threads", str(server.threads)]
    command += ["--timeout", str(settings.limits.request_timeout_s), "--graceful-timeout", "10", "--keep-alive", "15"]
    command += ["--limit-request-line", str(LONGEST_REQUEST_LINE), "--no-control-socket", "--log-level", "warning"]
    command += ["--forwarded-allow-ips", ""]  # X-Forwarded-* is judged by `server.trusted_proxies` alone
    return _launch("server", command, settings, state, keep_open)


def start_worker(settings: Settings, state: StateDir, keep_open: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """Start the process that works on the queue and record it; its output goes to `worker.log`. A running one is stopped first."""
    stop_server(state, name="worker")
    return _launch("worker", [sys.executable, "-P", "-m", "server.jobs.worker"], settings, state, keep_open)


def _launch(name: str, command: list[str], settings: Settings, state: StateDir, keep_open: tuple[int, ...]) -> subprocess.Popen[bytes]:
    """One of our processes in a session of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "XANH_VAR": str(state.root), "XANH_PROVINCE": settings.province.code}
    with (state.log / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=keep_open,
        )
    ticks = _start_ticks(process.pid)
    record = RunRecord(process.pid, -1 if ticks is None else ticks, _boot_id(), settings.server.host, settings.server.port)
    replace_file(record_path(state, name), json.dumps(asdict(record)), mode=0o644)
    return process


def wait_ready(record: RunRecord, process: subprocess.Popen[bytes], timeout_s: float = 60) -> None:
    """Return when `/healthz` answers 200. Raises ServerFault when the process ends or the time is over."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFault("The web server ended while starting.")
        if ask_health(record.host, record.port) == http.client.OK:
            return
        time.sleep(_POLL_S)
    raise ServerFault(f"The web server does not report ready within {timeout_s:.0f} s.")


def ask_health(host: str, port: int) -> int | None:
    """Status of one `/healthz` request, None when nothing answers."""
    connection = http.client.HTTPConnection(local_host(host), port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def stop_server(state: StateDir, timeout_s: float = 15, *, name: str = "server") -> bool:
    """Stop the recorded web server with its workers (or the `worker`): politely, after `timeout_s` by force. True if one ran."""
    record = read_record(state, name)
    if record is None:
        return False
    os.kill(record.pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout_s
    while is_alive(record, name) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    if is_alive(record, name):
        os.killpg(record.pid, signal.SIGKILL)  # it leads a session of its own: its workers and nobody else
    record_path(state, name).unlink(missing_ok=True)
    return True


def local_host(host: str) -> str:
    """The address by which this machine reaches a server bound to `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _start_ticks(pid: int) -> int | None:
    """Start time of a process in clock ticks since boot; None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
