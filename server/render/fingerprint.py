# SPDX-License-Identifier: MIT
"""What pictures depend on besides data and styles: the drawing code itself, Mapnik, symbols and fonts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from server.config import ROOT

_CODE = (
    "server/render",
    "server/style",
    "server/crs",
    "server/query",
    "server/db/maptable.py",
    "server/db/calculations.py",
    "server/db/patterns.py",
)


def engine_fingerprint(assets_dir: Path) -> str:
    """A text that changes whenever the same question might be drawn differently: after an upgrade, or with other symbols and fonts.

    Reads some forty small files; ask once per process.
    """
    digest = hashlib.sha256(version("mapnik").encode())
    for path in _list_files([*(ROOT / name for name in _CODE), assets_dir]):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _list_files(places: Iterable[Path]) -> Iterable[Path]:
    for place in places:
        if place.is_file():
            yield place
        else:
            yield from (path for path in sorted(place.rglob("*")) if path.is_file() and path.suffix != ".pyc")
