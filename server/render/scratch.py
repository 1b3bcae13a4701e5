# SPDX-License-Identifier: MIT
"""Symbols of styles that come with requests: drawn once like ours, but in a place of their own that is swept before it grows."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import mapnik

from server.render.symbols import SymbolStore

_MOST_FILES = 500
# A map that is being drawn may still need a symbol made for it.
_IN_USE_SECONDS = 120.0


@dataclass
class ScratchSymbols:
    """A directory of symbols that strangers decide about. `store` gives the symbols of one request."""

    directory: Path
    assets_dir: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def store(self) -> SymbolStore:
        """A store for one request; sweeps the directory first when it holds too much."""
        with self._lock:
            self._sweep()
        return SymbolStore(self.directory, self.assets_dir)

    def _sweep(self) -> None:
        if not self.directory.is_dir():
            return
        files = [path for path in self.directory.iterdir() if path.suffix in (".png", ".svg")]
        if len(files) <= _MOST_FILES:
            return
        oldest = time.time() - _IN_USE_SECONDS
        for path in files:
            # Another process may sweep at the same moment.
            if _written_at(path) < oldest:
                path.unlink(missing_ok=True)
        # The engine remembers every picture it ever drew; those of strangers would fill the memory.
        mapnik.clear_cache()


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
