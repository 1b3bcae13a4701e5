# SPDX-License-Identifier: MIT
"""The same work asked for by several threads at once is done once, and all of them get what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Once(Generic[Answer]):
    """Work in progress by key. Nothing is remembered once it is done."""

    _running: dict[Hashable, Future[Answer]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_running(self, key: Hashable) -> bool:
        """Whether somebody is at that work."""
        return key in self._running

    def run(self, key: Hashable, work: Callable[[], Answer]) -> Answer:
        """What `work` answers, done here or by the thread that began it first. Raises what `work` raises, in every thread that waits."""
        with self._lock:
            running = self._running.get(key)
            mine = running is None
            if running is None:
                running = self._running[key] = Future()
        if not mine:
            return running.result()
        try:
            running.set_result(work())
        except BaseException as error:
            running.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._running[key]
        return running.result()
