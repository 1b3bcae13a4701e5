# SPDX-License-Identifier: MIT
"""The same work asked for by several threads at once is done once, and all of them get what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Once(Generic[Answer]):
    """Work in progress by key. Nothing is remembered once it is done."""

    _running: dict[Hashable, _Work[Answer]] = field(default_factory=dict)

    def is_running(self, key: Hashable) -> bool:
        """Whether somebody is at that work."""
        return key in self._running

    def run(self, key: Hashable, work: Callable[[], Answer]) -> Answer:
        """What `work` answers, done here or by the thread that began it first. Raises what `work` raises, in every thread that waits."""
        mine: _Work[Answer] = _Work()
        running = self._running.setdefault(key, mine)  # one step of the interpreter: two threads cannot both be first
        if running is not mine:
            return running.wait()
        try:
            mine.answer = work()
        except BaseException as error:
            mine.error = error
            raise
        finally:
            del self._running[key]
            mine.busy.release()
        return mine.answer


class _Work(Generic[Answer]):
    """Work at hand: whoever finds it `busy` waits until it is let go of. (A Future costs ten times as much, for every tile.)"""

    __slots__ = ("answer", "busy", "error")
    answer: Answer

    def __init__(self) -> None:
        self.busy = threading.Lock()
        self.busy.acquire()
        self.error: BaseException | None = None

    def wait(self) -> Answer:
        """The answer of who is at it."""
        with self.busy:
            if self.error is not None:
                raise self.error
            return self.answer
