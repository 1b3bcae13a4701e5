# SPDX-License-Identifier: MIT
"""Asks the reading process (`loaders.child`): starts it with limits, takes its answers, and says in words when it dies.

One process answers all questions about a file; it goes with the `Reading`, or when an answer was left half read.

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
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
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


@dataclass
class Reading:
    """What is read: the file, the name to show, the layer inside, and the ceilings."""

    file: Path
    name: str
    layer: str | None
    limits: Loading
    module: str = "loaders.child"
    _ready: list[_Process] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        weakref.finalize(self, _end_all, self._ready)

    def about(self, file: Path) -> Reading:
        """The same process for another file; it goes when this or that goes."""
        return Reading(file, self.name, None, self.limits, self.module, self._ready)

    def ask(self, what: str, **more: Any) -> dict[str, Any]:
        """The one-line answer to a question. Raises SourceRefused: the file is refused, or reading it crashes, stalls or takes too much."""
        with self._asked({"what": what, **more}) as process:
            found = process.answer()
        raise_refusal(found)
        return found

    def batches(
        self, columns: list[Any] | None = None, *, what: str = "rows", most: int | None = None, **more: Any
    ) -> Iterator[tuple[pyarrow.RecordBatch, str | None]]:
        """The rows in batches (texts as bytes, geometries as WKB), each with the name of the column of geometries. Raises like `ask`."""
        with self._asked({"what": what, "columns": columns, "most": most, **more}) as process:
            name = process.answer()["geometry"]
            try:
                with pyarrow.ipc.open_stream(pyarrow.PythonFile(process, mode="r")) as stream:
                    for batch in stream:
                        yield batch, name
            except (pyarrow.ArrowException, OSError, ValueError) as error:
                process.explain(error)
            raise_refusal(process.answer())

    @contextmanager
    def _asked(self, question: dict[str, Any]) -> Iterator[_Process]:
        """A process that was asked; it stays for the next question when its answer was taken whole."""
        process = self._ready.pop() if self._ready else _Process(self.name, self.limits, self.module)
        try:
            process.ask({"file": str(self.file), "layer": self.layer, "longest": self.limits.max_cell_characters, **question})
            yield process
        except BaseException:  # also a reader who turned away half way (GeneratorExit)
            process.end()
            raise
        self._ready.append(process)


def raise_refusal(answer: dict[str, Any]) -> None:
    """Raise SourceRefused for an answer that says no on purpose; the process is well and stays."""
    if answer.get("refused") == "whole":
        raise SourceRefused(answer["message"], locator=answer["locator"], message_vi=answer["message_vi"])


def _end_all(processes: list[_Process]) -> None:
    for process in processes:
        process.end()


class _Process:
    """The running child as a readable file that never waits longer than allowed."""

    closed = False

    def __init__(self, name: str, limits: Loading, module: str) -> None:
        self._name, self._limits = name, limits
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is answered by us alone
            bufsize=0,
        )
        assert self._process.stdout is not None  # noqa: S101  pipes were asked for
        assert self._process.stdin is not None  # noqa: S101
        self._out, self._in = self._process.stdout, self._process.stdin
        self._buffer = b""
        memory = limits.reader_megabytes * 1_000_000
        for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, limits.reader_cpu_seconds), (resource.RLIMIT_CORE, 0)):
            with suppress(ProcessLookupError):
                resource.prlimit(self._process.pid, kind, (most, most))

    def ask(self, question: dict[str, Any]) -> None:
        """Put a question; a process that is gone already is found out when the answer is taken."""
        with suppress(BrokenPipeError):
            self._in.write(json.dumps(question).encode() + b"\n")

    def answer(self) -> dict[str, Any]:
        """The first line. Raises SourceRefused."""
        while b"\n" not in self._buffer:
            block = self._take(_BLOCK)
            self._buffer += block
            if not block or len(self._buffer) > _LONGEST_LINE:
                self.explain(None)
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        if found.get("refused", "whole") != "whole":
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
        until = time.monotonic() + self._limits.silent_seconds
        if not select.select([self._out], [], [], max(0.0, until - time.monotonic()))[0]:
            name = self._name
            raise SourceRefused(
                f"{name}: reading was given up after {self._limits.silent_seconds:g} s without a sign of life.",
                locator=name,
                message_vi=f"{name}: đã dừng vì quá lâu không đọc được gì.",
            )
        return os.read(self._out.fileno(), size)

    def explain(self, cause: Exception | None) -> None:
        """Raise SourceRefused for a stream that broke off."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        name, status = self._name, self._process.returncode
        if status is not None and status < 0:
            why = signal.Signals(-status).name
            raise SourceRefused(
                f"{name}: the program that reads this format crashed on it ({why}); nothing else was harmed.",
                locator=name,
                message_vi=f"{name}: chương trình đọc định dạng này bị lỗi ({why}); không ảnh hưởng gì khác.",
            ) from cause
        raise refuse_damaged(name) from cause

    def _refuse(self, found: dict[str, Any]) -> SourceRefused:
        name = self._name
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
        self._in.close()


def _environment() -> dict[str, str]:
    """What the process needs and nothing else: no secrets, no proxies."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    }
    return {**kept, "GDAL_SKIP": _SKIPPED, "OGR_SKIP": _SKIPPED, "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE", "MALLOC_ARENA_MAX": "2"}
