# SPDX-License-Identifier: MIT
"""The frame around GeoJSON features (RFC 7946 3.3; OGC API Features 17-069r4 7.16). The features themselves come from the database."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

HEAD = b'{"type":"FeatureCollection","features":[\n'
MEDIA_TYPE = "application/geo+json"


def write_tail(members: dict[str, Any]) -> bytes:
    """The end of a FeatureCollection: what is only known after the features, such as counts, links and the time, written behind them.

    Members whose value is None are left out.
    """
    known = {name: value for name, value in members.items() if value is not None}
    return b"\n]" + (b"," + orjson.dumps(known)[1:] if known else b"}") + b"\n"


def write_now() -> str:
    """The time now as RFC 3339 in UTC with seconds."""
    return _write_second(int(time.time()))


@lru_cache(2)
def _write_second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")
