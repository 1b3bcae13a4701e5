# SPDX-License-Identifier: MIT
"""Addresses of the viewer's own files; each bears a fingerprint of its content, so that a browser may keep it for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"


def asset_address(name: str) -> str:
    """The address of `name` below `static/`, with the fingerprint of the file as it is now (none while it has not been built)."""
    path = STATIC / name
    if not path.is_file():
        return f"/static/{name}"
    return f"/static/{name}?v={_fingerprint(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=64)
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
