# SPDX-License-Identifier: MIT
"""Keeps the worker of the queue alive: a process that waits for another one and starts it again when it dies."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Sequence

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
_STEADY_S = 60.0  # who has lived so long is started again at once
_LOG = logging.getLogger("xanh.jobs")


def keep_alive(command: Sequence[str], *, first_pause_s: float = _FIRST_PAUSE_S) -> int:
    """Run `command`, and run it again whenever it dies, until SIGTERM or SIGINT, which it is told as well. Returns its last exit status.

    One that dies at once is started again after a pause that doubles up to a minute. File descriptors we were given are handed on.
    """
    told = threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def stop(number: int, _: object) -> None:
        told.set()
        if child is not None and child.poll() is None:
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    pause = first_pause_s
    while True:
        started = time.monotonic()
        child = subprocess.Popen(command, close_fds=False)
        if told.is_set():  # between two lives
            child.terminate()
        code = child.wait()
        if told.is_set():
            return code
        lived = time.monotonic() - started
        pause = first_pause_s if lived > _STEADY_S else min(pause * 2, _LONGEST_PAUSE_S)
        _LOG.error("the worker of the queue died (status %s) after %.0f s; started again in %.0f s", code, lived, pause)
        if told.wait(pause):
            return code
