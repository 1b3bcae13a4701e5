# SPDX-License-Identifier: MIT
"""Comparing a picture with the approved one."""

from __future__ import annotations

import os
from pathlib import Path

import mapnik

EXPECTED = Path(__file__).parent / "expected"
CHANNEL_TOLERANCE = 32
PIXEL_TOLERANCE = 0.005


def assert_looks_like(found: bytes, name: str, folder: Path) -> None:
    """Compare with the approved picture, or approve this one when XANH_BLESS is set."""
    path = EXPECTED / f"{name}.png"
    if os.environ.get("XANH_BLESS"):
        path.write_bytes(found)
    (folder / path.name).write_bytes(found)
    assert path.exists(), f"no approved picture {path.name}; look at {folder / path.name}"
    share = differing_share(path.read_bytes(), found)
    assert share <= PIXEL_TOLERANCE, f"{share:.1%} of {name} differ; look at {folder / path.name}"


def differing_share(expected: bytes, found: bytes) -> float:
    """The share of pixels that differ by more than the tolerance in a channel; 1 for another size."""
    one, other = mapnik.Image.from_string(expected), mapnik.Image.from_string(found)
    if (one.width(), one.height()) != (other.width(), other.height()):
        return 1.0
    first, second = one.to_string(), other.to_string()
    if first == second:
        return 0.0
    far = {index // 4 for index, (a, b) in enumerate(zip(first, second, strict=True)) if abs(a - b) > CHANNEL_TOLERANCE}
    return len(far) / (len(first) // 4)
