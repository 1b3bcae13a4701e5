# SPDX-License-Identifier: MIT
"""The state directory: one place names every file the running system writes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.errors import SetupRefused
from server.strictyaml import read_yaml


@dataclass(frozen=True)
class StateDir:
    """Paths below the state directory (`var/`, moved by XANH_VAR)."""

    root: Path

    @property
    def cluster(self) -> Path:
        """Data directory of the embedded PostGIS."""
        return self.root / "pg"

    @property
    def run(self) -> Path:
        """Sockets and records of running processes."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """Log files."""
        return self.root / "log"

    @property
    def rasters(self) -> Path:
        """Loaded rasters."""
        return self.root / "rasters"

    @property
    def tiles(self) -> Path:
        """The tile cache; it may be emptied at any time."""
        return self.root / "cache" / "tiles"

    @property
    def exports(self) -> Path:
        """Files of features: those in the making, and those that wait to be fetched."""
        return self.root / "exports"

    @property
    def uploads(self) -> Path:
        """Files staff handed in, each in a folder of its own."""
        return self.root / "uploads"

    @property
    def loads(self) -> Path:
        """Reports of loads."""
        return self.root / "loads"

    @property
    def processes(self) -> Path:
        """Answers of processes that wait to be fetched."""
        return self.root / "processes"

    @property
    def secrets(self) -> Path:
        """Passwords, readable by the owner alone."""
        return self.root / "secrets.yml"

    @property
    def facts(self) -> Path:
        """What was set up here: a short list of `key: value` lines."""
        return self.root / "state.yml"

    def create(self) -> None:
        """Make the directories. Raises SetupRefused when that is not allowed."""
        try:
            for directory in (self.root, self.run, self.log, self.rasters):
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupRefused(f"The state directory {self.root} cannot be made ({error.strerror}). XANH_VAR moves it.") from error

    def read_facts(self) -> dict[str, str]:
        """The facts remembered from earlier runs; empty before the first."""
        if not self.facts.exists():
            return {}
        values, _ = read_yaml(self.facts)
        return {str(key): str(value) for key, value in dict(values).items()}

    def remember(self, **facts: str) -> None:
        """Add or replace facts; the file is replaced at once, never half written."""
        merged = self.read_facts() | facts
        replace_file(self.facts, "".join(f'{key}: "{value}"\n' for key, value in sorted(merged.items())), mode=0o644)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the only permission to set up this directory. Raises SetupRefused when another process holds it."""
        self.create()
        with (self.run / "setup.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise SetupRefused(f"Another ./xanh is setting up {self.root}; wait for it or move this one with XANH_VAR.") from error
            yield


def replace_file(path: Path, text: str, *, mode: int) -> None:
    """Write a small file so that a reader sees the old or the new text, with the given permission bits from the first byte on."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
