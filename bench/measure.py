# SPDX-License-Identifier: MIT
"""How it is measured: wrk for throughput, one observed request for the long answer, pgbench for what the database alone can do."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.site import AbsentError
from server.db.login import Login

_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)")
_SOCKET = re.compile(r"Socket errors: .*")
_TPS = re.compile(r"tps = ([\d.]+)")
# The second thread begins in the middle: what one has had made, the other must not find ready.
SCRIPT = """local paths = {{{paths}}}
local threads = 0
setup = function(thread)
  thread:set("i", math.floor(threads * #paths / 2))
  threads = threads + 1
end
request = function()
  i = i % #paths + 1
  return wrk.format("GET", paths[i])
end
"""


@dataclass(frozen=True)
class Single:
    """One long answer: seconds in all, seconds to the first byte of the body, bytes, growth of the biggest worker in bytes."""

    seconds: float
    first_byte_s: float
    size: int
    growth: int


def measure_rate(folder: Path, port: int, paths: Sequence[str], seconds: float) -> float:
    """Requests per second over two threads and four connections, asking the paths in turn. Raises AbsentError for error answers."""
    program = shutil.which("wrk")
    if program is None:
        raise AbsentError("wrk is not installed")
    script = folder / "paths.lua"
    script.write_text(SCRIPT.format(paths=",".join(f'"{path}"' for path in paths)), encoding="utf-8")
    command = [program, "-t2", "-c4", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "-s", str(script), f"http://127.0.0.1:{port}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    bad = _BAD.search(text)
    if bad:
        raise AbsentError(f"{bad.group(1)} answers were errors")
    failed = _SOCKET.search(text)
    if failed and "read 0, write 0, timeout 0" not in failed.group():
        raise AbsentError(failed.group())
    rate = _RATE.search(text)
    return float(rate.group(1)) if rate else 0.0


def measure_single(port: int, path: str, workers: Sequence[int]) -> Single:
    """Time one request and watch the memory of the worker processes meanwhile."""
    before = {pid: _resident(pid) for pid in workers}
    peak = 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise AbsentError(f"status {answer.status}")
    size, first = len(answer.read(1)), time.perf_counter() - started
    while block := answer.read(1 << 20):
        size += len(block)
        peak = max(peak, *(_resident(pid) - before[pid] for pid in workers), 0) if workers else 0
    elapsed = time.perf_counter() - started
    connection.close()
    return Single(elapsed, first, size, peak)


def measure_floor(folder: Path, login: Login, program: str, sql: str, seconds: float) -> float:
    """Executions per second of one statement over four connections of pgbench: what the database alone can do."""
    script = folder / "floor.sql"
    script.write_text(sql + ";\n", encoding="utf-8")
    command = [program, "-n", "-M", "prepared", "-f", str(script), "-c", "4", "-j", "2", "-T", f"{max(1, round(seconds))}"]
    command += ["-h", login.host, "-p", str(login.port), "-U", login.user, login.dbname]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env={"PGPASSWORD": login.password}).stdout
    found = _TPS.search(text)
    return float(found.group(1)) if found else 0.0


def children(pid: int) -> list[int]:
    """Process ids of a process's children."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    """Resident bytes of a process; 0 when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * 4096
