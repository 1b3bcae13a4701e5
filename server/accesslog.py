# SPDX-License-Identifier: MIT
"""Log lines of the server on stderr, one per event, the same shape for all.

Requests are written past Python's logging: a line through its records, handlers and locks costs as much as reading the request.
"""

from __future__ import annotations

import logging
import sys
import time
from contextlib import suppress


def start_log() -> None:
    """Send the lines of every logger to stderr, as the workers do."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def log_request(text: str) -> None:
    """One line for one request. `text` is printable ASCII."""
    now = time.time()
    # A log that cannot be written (full disk) is no reason to refuse an answer, and there is nowhere to say so.
    with suppress(OSError):
        sys.stderr.write(f"{_CLOCK.read(int(now))},{int(now % 1 * 1000):03d} INFO xanh.access {text}\n")


class _Clock:
    """Writes out the local time once a second: a busy worker logs thousands of requests in one."""

    def __init__(self) -> None:
        self._written = (0, "")

    def read(self, second: int) -> str:
        """`second` since the epoch as logging writes it."""
        known, text = self._written
        if known != second:
            text = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(second))
            self._written = (second, text)
        return text


_CLOCK = _Clock()
