# SPDX-License-Identifier: MIT
"""Tiles on disk, by key, up to a size. The key says everything a tile depends on, so nothing in here is ever wrong, only unused.

Files are replaced at once and never half written. A tile that is read again is touched now and then; when the cache is full those not
touched for longest go. Where the disk is full or may not be written, tiles are made afresh each time and the log says so once.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_LOG = logging.getLogger("xanh.tiles")
# How exact "not used for longest" is: a file read again within an hour of its last touch is not touched again.
_TOUCH_SECONDS = 3600.0
# Full means swept down to this part; each process looks again after writing this part of the limit.
_SWEPT_TO, _SWEEP_EVERY = 0.9, 0.05
_PARTIAL = ".partial"
# Locks are few files for whatever work: two works that share one wait for each other now and then.
_LOCKS, _LOCK_COUNT = "locks", 256
_PATIENCE_S, _POLL_S = 10.0, 0.01


@dataclass(frozen=True)
class TileKey:
    """What a tile depends on: `edition` (names, revisions, style, engine: letters, digits, `-` and `_`), the matrix set and the place in
    it, and the ending of the file. None of these is taken from a request unchecked."""

    edition: str
    matrix_set: str
    level: int
    column: int
    row: int
    ending: str

    @property
    def path(self) -> str:
        """The file below the folder of the cache."""
        return f"{self.edition}/{self.matrix_set}/{self.level}/{self.column}/{self.row}.{self.ending}"


@dataclass
class TileCache:
    """A folder of tiles shared by all processes of an installation; `limit` in bytes, 0 = nothing is kept."""

    folder: Path
    limit: int
    _unswept: float = float("inf")
    _failing: bool = False
    _sweeping: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: TileKey) -> bytes | None:
        """The tile, or None when it is not kept."""
        if not self.limit:
            return None
        try:
            with open(f"{self.folder}/{key.path}", "rb") as stream:
                if time.time() - os.fstat(stream.fileno()).st_mtime > _TOUCH_SECONDS:
                    os.utime(stream.fileno())
                return stream.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._complain(error)
            return None

    def has(self, key: TileKey) -> bool:
        """Whether the tile is kept."""
        return bool(self.limit) and os.path.exists(f"{self.folder}/{key.path}")

    def put(self, key: TileKey, tile: bytes) -> None:
        """Keep a tile, if that is possible."""
        if not self.limit:
            return
        path = f"{self.folder}/{key.path}"
        try:
            try:
                _replace(path, tile)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                _replace(path, tile)
        except FileNotFoundError:
            return  # a sweep took the empty folder away in between
        except OSError as error:
            self._complain(error)
            return
        self._failing = False
        self._count(len(tile))

    @contextlib.contextmanager
    def alone(self, work: str) -> Iterator[bool]:
        """Hold back other processes from the same work meanwhile. Answers whether somebody else was at it, and so may have left tiles.

        Patience ends after some seconds, and where no file can be locked nobody waits: then the work is done twice, which is no harm.
        """
        path = f"{self.folder}/{_LOCKS}/{zlib.crc32(work.encode()) % _LOCK_COUNT}"
        with contextlib.ExitStack() as stack:
            waited = False
            if self.limit:
                with contextlib.suppress(OSError):
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    waited = _lock(stack.enter_context(open(path, "wb")))
            yield waited

    def sweep(self) -> int:
        """Remove the tiles not used for longest until the cache is well below its limit. Returns the bytes that stay."""
        found = sorted(_list_files(self.folder), key=lambda each: each[0])
        size = sum(each[1] for each in found)
        if size <= self.limit:
            return size
        for _, bytes_, path in found:
            if size <= self.limit * _SWEPT_TO:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
                size -= bytes_
        _remove_empty(self.folder)
        return size

    def _count(self, written: int) -> None:
        """Sweep in the background when enough was written since; the first tile a process writes counts as enough."""
        self._unswept += written
        if self._unswept < self.limit * _SWEEP_EVERY or not self._sweeping.acquire(blocking=False):
            return
        self._unswept = 0.0
        threading.Thread(target=self._sweep_once, name="tile sweep", daemon=True).start()

    def _sweep_once(self) -> None:
        try:
            self.sweep()
        except OSError as error:
            self._complain(error)
        finally:
            self._sweeping.release()

    def _complain(self, error: OSError) -> None:
        """Once per fault, not once per tile; again only after it had gone away."""
        if not self._failing:
            self._failing = True
            _LOG.warning("tiles are not kept: %s (%s)", error.strerror, self.folder)


def _lock(stream: IO[bytes]) -> bool:
    """Lock an open file until it is closed; whether that took waiting."""
    deadline, waited = time.monotonic() + _PATIENCE_S, False
    while True:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = True
            if time.monotonic() > deadline:
                return waited
            time.sleep(_POLL_S)
        else:
            return waited


def _replace(path: str, tile: bytes) -> None:
    """Write a file so that readers see all of it or nothing; no piece stays behind when that fails."""
    partial = f"{path}.{os.getpid()}.{threading.get_ident()}{_PARTIAL}"
    try:
        with open(partial, "wb") as stream:
            stream.write(tile)
        os.replace(partial, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(partial)
        raise


def _list_files(folder: Path) -> Iterator[tuple[float, int, str]]:
    """Time of the last use, size on disk and path of every file; files that vanish meanwhile are passed over."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = f"{parent}/{name}"
            with contextlib.suppress(OSError):
                found = os.stat(path)
                yield found.st_mtime, found.st_blocks * 512, path


def _remove_empty(folder: Path) -> None:
    """Drop the folders that hold nothing any more; another process may be filling one, which then is simply made again."""
    for parent, _, _ in os.walk(folder, topdown=False):
        if parent != str(folder):
            with contextlib.suppress(OSError):
                os.rmdir(parent)
