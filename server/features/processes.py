# SPDX-License-Identifier: MIT
"""Processes as a use-case: a task becomes a document, written piece by piece, within ceilings on features, time and size."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.context import Context
from server.db.processes import run_task
from server.errors import LimitExceeded
from server.features.count import count_features
from server.query.processes import Task, ZoneFigures

GEOJSON, JSON = "application/geo+json", "application/json"
_GLUE = ",\n"


@dataclass(frozen=True)
class Patience:
    """What a run may cost: features read, seconds in all, bytes of the answer."""

    features: int
    seconds: float
    bytes: int


def media_type_of(task: Task) -> str:
    """What the answer of a task is."""
    return JSON if isinstance(task, ZoneFigures) else GEOJSON


def require_bounded(context: Context, task: Task, most: int, *, hint: str = "", hint_vi: str = "") -> None:
    """Raises LimitExceeded when a task reads more features than it may; `hint` says what else to do. Raises like `count_features`."""
    if count_features(context, task.query) > most:
        raise LimitExceeded(
            f"The process takes at most {most} features{hint}; narrow them by a filter.",
            locator="inputs.filter",
            message_vi=f"Mỗi lần xử lý tối đa {most} đối tượng{hint_vi}; hãy thu hẹp bằng bộ lọc.",
        )


def write_answer(context: Context, task: Task, patience: Patience, tell: Callable[[], object] = lambda: None) -> Iterator[bytes]:
    """The document in pieces; `tell` is called now and then and may raise to end it.

    Raises InvalidParameter, FeatureNotFound, LayerNotDefined, and LimitExceeded when it takes too long or grows too large.
    """
    started, size, glue = time.monotonic(), 0, ""
    with context.database.reader() as connection:
        yield _open(task)
        for number, row in enumerate(run_task(connection, task, patience.seconds)):
            piece = f"{glue}{row}".encode()
            size, glue = size + len(piece), _GLUE
            if size > patience.bytes or time.monotonic() - started > patience.seconds:
                raise LimitExceeded(
                    "The answer takes too long or grows too large; narrow the features by a filter.",
                    locator="inputs.filter",
                    message_vi="Kết quả quá lớn hoặc xử lý quá lâu; hãy thu hẹp bằng bộ lọc.",
                )
            if number % 100 == 0:
                tell()
            yield piece
        yield b"]}"


def _open(task: Task) -> bytes:
    if not isinstance(task, ZoneFigures):
        return b'{"type":"FeatureCollection","features":['
    head = {"layer": task.query.layer.id, "zones": task.zones.layer.id, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    return f'{json.dumps(head)[:-1]},"rows":['.encode()
