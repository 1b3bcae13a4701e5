# SPDX-License-Identifier: MIT
"""Shares in the embedded cluster, so that the last process that needs it stops it and nobody stops it under another.

A share is a shared lock on an open file: the kernel drops it when the process dies, and a child that inherits the file keeps it alive.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.db.cluster import Cluster
from server.state import StateDir


@dataclass(frozen=True)
class ClusterLease:
    """One share. `handle` is the file descriptor a child process must inherit to keep it."""

    handle: int
    turns: Path

    @classmethod
    def take(cls, state: StateDir) -> ClusterLease:
        """Take a share; waits while another process is about to stop the cluster."""
        handle = os.open(state.run / "cluster.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_SH)
        return cls(handle, state.run / "cluster.turn")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Only one process at a time makes, starts or stops the cluster; the others wait."""
        with self.turns.open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def give_back(self, cluster: Cluster) -> None:
        """Return the share; stop the cluster if it was the last one. Raises ServerFault when the cluster does not stop."""
        try:
            with self.turn():
                if self._is_last():
                    cluster.stop()
        finally:
            os.close(self.handle)

    def _is_last(self) -> bool:
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
