# SPDX-License-Identifier: MIT
"""`xanh test`: every check the project has, quick ones first, one summary at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from server.commands.screen import SCREEN
from server.config import ROOT

_FRONT_END = ROOT / "viewer" / "frontend"
# Each process has a database cluster and a demo province of its own, so more of them than this cost more than they save.
_SIDE_BY_SIDE = ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile")


@dataclass(frozen=True)
class Step:
    """One program to run: it passes when it ends with status 0."""

    name: str
    command: tuple[str, ...]
    directory: Path = ROOT


def list_steps() -> tuple[Step, ...]:
    """The checks in the order they run."""
    tools = Path(sys.executable).parent
    python = (sys.executable, "-m")
    return (
        Step("ruff", (*python, "ruff", "check", ".")),
        Step("import-linter", (str(tools / "lint-imports"),)),
        Step("mypy", (*python, "mypy")),
        Step("front end (tsc, eslint, tests)", ("npm", "run", "--silent", "check"), _FRONT_END),
        Step("pytest", (*python, "pytest", *_SIDE_BY_SIDE)),
    )


def run_tests(arguments: Sequence[str]) -> int:
    """Run every check, with arguments pytest alone with them, with `--cite SUITE` an OGC conformance suite. Returns 0 when all passed."""
    if arguments and arguments[0] == "--cite":
        return _run_step(Step("OGC conformance", (sys.executable, "-P", "-m", "tests.cite", *arguments[1:])))[0]
    steps = list_steps()
    if arguments:
        steps = (Step("pytest", (sys.executable, "-m", "pytest", *arguments)),)
    outcomes = [_run_step(step) for step in steps]
    table = Table(title="Kết quả · summary", title_justify="left", box=None, padding=(0, 2), show_header=False)
    for step, (status, took_s) in zip(steps, outcomes, strict=True):
        table.add_row(step.name, "[green]passed[/]" if status == 0 else f"[bold red]failed ({status})[/]", f"{took_s:.1f} s")
    SCREEN.print(table)
    return 0 if all(status == 0 for status, _ in outcomes) else 1


def _run_step(step: Step) -> tuple[int, float]:
    SCREEN.rule(f"[bold]{step.name}", align="left")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    begun = time.monotonic()
    try:
        status = subprocess.run(step.command, cwd=step.directory, env=environment, check=False, stdin=subprocess.DEVNULL).returncode
    except OSError as error:
        SCREEN.print(f"{step.command[0]}: {error.strerror}", style="red", markup=False)
        status = 127
    return status, time.monotonic() - begun
