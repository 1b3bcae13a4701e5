# SPDX-License-Identifier: MIT
"""How far a load is, on a terminal: rows done, rows per second, time left. Nothing is shown where nobody looks (a log file)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from server.features.batches import StagedBatch


class ProgressBar(AbstractContextManager["ProgressBar"]):
    """A bar for one load; a `loaders.load.Watch`."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def batches(self, batches: Iterator[StagedBatch], total: int) -> Iterator[StagedBatch]:
        """The batches; each moves the bar."""
        self._task, done = self._progress.add_task("đọc · reading", total=total, rate=""), 0
        for batch in batches:
            yield batch
            done += len(batch.numbers)
            speed = self._progress.tasks[0].speed
            self._progress.update(self._task, completed=done, rate=f"{speed:,.0f}/s" if speed else "")
        self._progress.update(self._task, completed=total, description="kiểm tra · checking")

    def say(self, stage: str) -> None:
        """Show another step."""
        if self._task is not None:
            self._progress.update(self._task, description=stage)
