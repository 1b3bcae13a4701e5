# SPDX-License-Identifier: MIT
"""Drawings that may take too long: few at once, apart from the threads that answer, and nobody waits longer than allowed.

The engine cannot be stopped inside a drawing. One that is given up goes on until it ends, in one of the few places there are for such, so
that strangers' styles and filters never take the processor, or the answering threads, from everybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from typing import TypeVar

from server.errors import LimitExceeded

_PLACES = 2
T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """A few places for drawings, filled in the order of asking; threads begin with the first drawing."""

    places: int = _PLACES
    _pool: list[ThreadPoolExecutor] = field(default_factory=list)

    def run(self, draw: Callable[[], T], seconds: float) -> T:
        """What `draw` gives. Raises LimitExceeded after `seconds`, waiting for a place included, and whatever `draw` raises."""
        if not self._pool:
            self._pool.append(ThreadPoolExecutor(self.places, thread_name_prefix="drawing"))
        drawing = self._pool[0].submit(draw)
        try:
            return drawing.result(timeout=seconds)
        except TooLate:
            drawing.cancel()
            raise LimitExceeded(
                "The map took longer to draw than this server allows; ask for less.",
                message_vi="Bản đồ này vẽ lâu hơn mức cho phép; hãy yêu cầu ít hơn.",
            ) from None


PATIENCE = Patience()
