# SPDX-License-Identifier: MIT
"""Asks the reading process (`loaders.child`): starts it with limits, takes its answers, and says in words when it dies.

The limits are those of config.yml (`loading`): memory, processor time, and how long it may say nothing.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow

from loaders.unpack import refuse_damaged
from server.config import ROOT, Loading
from server.errors import SourceRefused

# Drivers that follow links to other files, other services or the network are not even registered.
_SKIPPED = "VRT,OGR_VRT,WFS,OAPIF,OGCAPI,WMS,WMTS,WCS,HTTP,CSW,GMLAS,PGDUMP,PostgreSQL,MySQL,ODBC,CARTO,Elasticsearch,GTI,STACTA,S57,OSM"
_LONGEST_LINE = 10_000_000
_BLOCK = 1 << 16
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")

# Values by column (texts as bytes), and geometries as WKB (None: not asked for, or the file has none).
Batch = tuple[dict[str, list[Any]], list[Any] | None]


@dataclass(frozen=True)
class Reading:
    """What is read: the file, the name to show, the layer inside, and the ceilings."""

    file: Path
    name: str
    layer: str | None
    limits: Loading
    module: str = "loaders.child"

    def ask(self, what: str, **more: Any) -> dict[str, Any]:
        """The one-line answer to a question. Raises SourceRefused: the file is refused, or reading it crashes, stalls or takes too much."""
        process = _Process(self, {"what": what, **more})
        try:
            return process.answer()
        finally:
            process.end()

    def batches(
        self, columns: list[str] | None = None, *, geometry: bool = True
    ) -> Iterator[tuple[dict[str, list[Any]], list[Any] | None]]:
        """The rows in batches. Raises like `ask`."""
        process = _Process(self, {"what": "rows", "columns": columns, "geometry": geometry})
        try:
            name = process.answer()["geometry"]
            try:
                with pyarrow.ipc.open_stream(pyarrow.PythonFile(process, mode="r")) as stream:
                    for batch in stream:
                        values = {field: column.to_pylist() for field, column in zip(batch.schema.names, batch.columns, strict=True)}
                        yield values, values.pop(name) if name else None
            except (pyarrow.ArrowException, OSError, ValueError) as error:
                process.explain(error)
            process.check_end()
        finally:
            process.end()


class _Process:
    """The running child as a readable file that never waits longer than allowed."""

    closed = False

    def __init__(self, reading: Reading, question: dict[str, Any]) -> None:
        self._reading = reading
        asked = {"file": str(reading.file), "layer": reading.layer, **question}
        limits = reading.limits
        self._process = subprocess.Popen(
            [sys.executable, "-m", reading.module, json.dumps(asked)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is answered by us alone
            bufsize=0,
        )
        assert self._process.stdout is not None  # noqa: S101  a pipe was asked for
        self._out = self._process.stdout
        self._buffer = b""
        memory = limits.reader_megabytes * 1_000_000
        for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, limits.reader_cpu_seconds), (resource.RLIMIT_CORE, 0)):
            with suppress(ProcessLookupError):
                resource.prlimit(self._process.pid, kind, (most, most))

    def answer(self) -> dict[str, Any]:
        """The first line. Raises SourceRefused."""
        while b"\n" not in self._buffer:
            block = self._take(_BLOCK)
            self._buffer += block
            if not block or len(self._buffer) > _LONGEST_LINE:
                self.explain(None)
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        if "refused" in found:
            raise self._refuse(found)
        return found

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes of what follows; fewer only at the end."""
        parts, left = [], size if size >= 0 else sys.maxsize
        while left > 0:
            part = self._buffer[:left] or self._take(min(left, 1 << 20))
            self._buffer = self._buffer[len(part) :] if self._buffer else b""
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing: the process is ended by `end`."""

    def _take(self, size: int) -> bytes:
        until = time.monotonic() + self._reading.limits.silent_seconds
        if not select.select([self._out], [], [], max(0.0, until - time.monotonic()))[0]:
            name = self._reading.name
            raise SourceRefused(
                f"{name}: reading was given up after {self._reading.limits.silent_seconds:g} s without a sign of life.",
                locator=name,
                message_vi=f"{name}: đã dừng vì quá lâu không đọc được gì.",
            )
        return os.read(self._out.fileno(), size)

    def check_end(self) -> None:
        """After the last batch: a process that died on the way had more to say. Raises SourceRefused."""
        while self._take(_BLOCK):
            continue
        if self._process.wait(timeout=self._reading.limits.silent_seconds) != 0:
            self.explain(None)

    def explain(self, cause: Exception | None) -> None:
        """Raise SourceRefused for a stream that broke off."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        name, status = self._reading.name, self._process.returncode
        if status is not None and status < 0:
            why = signal.Signals(-status).name
            raise SourceRefused(
                f"{name}: the program that reads this format crashed on it ({why}); nothing else was harmed.",
                locator=name,
                message_vi=f"{name}: chương trình đọc định dạng này bị lỗi ({why}); không ảnh hưởng gì khác.",
            ) from cause
        raise refuse_damaged(name) from cause

    def _refuse(self, found: dict[str, Any]) -> SourceRefused:
        name = self._reading.name
        if found["refused"] in ("MemoryError", "ArrowMemoryError"):
            return SourceRefused(
                f"{name} needs more memory than a file may take (config.yml: loading.reader_megabytes).",
                locator=name,
                message_vi=f"{name} cần nhiều bộ nhớ hơn mức cho phép.",
            )
        if found["refused"] == "SourceRefused":
            return SourceRefused(f"{name}: {found['message']}.", locator=name)
        return refuse_damaged(name)

    def end(self) -> None:
        """Stop the process, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._out.close()


def _environment() -> dict[str, str]:
    """What the process needs and nothing else: no secrets, no proxies."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    }
    return {**kept, "GDAL_SKIP": _SKIPPED, "OGR_SKIP": _SKIPPED, "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE", "MALLOC_ARENA_MAX": "2"}
