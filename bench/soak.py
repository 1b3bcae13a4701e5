# SPDX-License-Identifier: MIT
"""Many readers and some writers at once for a while: what failed, how long answers took, and whether a reader ever waited for a lock."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Act = Callable[[int, int], str | None]
"""Does one thing: (number of the reader or writer, how many it did before) to what went wrong, or None."""


@dataclass(frozen=True)
class Plan:
    """How many of each, for how many seconds, and what they do. `watch` counts readers that wait for a lock at this moment."""

    readers: int
    writers: int
    seconds: float
    read: Act
    write: Act
    watch: Callable[[], int]


@dataclass
class Outcome:
    """Seconds every read and write took, what went wrong, how often was looked for waiting readers and how often there were any."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    looks: int = 0
    waits: int = 0

    def summary(self) -> dict[str, float]:
        """The figures of a report; milliseconds for times."""
        return {
            "reads": len(self.reads),
            "writes": len(self.writes),
            "errors": len(self.faults),
            "looks for waiting readers": self.looks,
            "readers found waiting": self.waits,
            "median read ms": round(statistics.median(self.reads) * 1000, 1) if self.reads else 0.0,
            "slowest read ms": round(max(self.reads, default=0.0) * 1000, 1),
            "median write ms": round(statistics.median(self.writes) * 1000, 1) if self.writes else 0.0,
            "slowest write ms": round(max(self.writes, default=0.0) * 1000, 1),
        }


def soak(plan: Plan) -> Outcome:
    """Run it. What an act raises is a fault like what it answers; nothing is raised here."""
    outcome, end = Outcome(), time.monotonic() + plan.seconds
    threads = [
        threading.Thread(target=_repeat, args=(plan.read, number, end, outcome.reads, outcome.faults)) for number in range(plan.readers)
    ]
    threads += [
        threading.Thread(target=_repeat, args=(plan.write, number, end, outcome.writes, outcome.faults)) for number in range(plan.writers)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        outcome.looks += 1
        outcome.waits += plan.watch()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    return outcome


def _repeat(act: Act, number: int, end: float, times: list[float], faults: list[str]) -> None:
    done = 0
    while time.monotonic() < end:
        started = time.perf_counter()
        try:
            fault = act(number, done)
        except Exception as error:  # noqa: BLE001 - whatever happened to a client is what is looked for
            fault = f"{type(error).__name__}: {error}"
        times.append(time.perf_counter() - started)
        if fault:
            faults.append(fault[:300])
        done += 1
