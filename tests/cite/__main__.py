# SPDX-License-Identifier: MIT
"""`python -m tests.cite SUITE`: run a conformance suite and say what it found. Exit status 0 only when nothing failed or was missing."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from rich.table import Table

from server.commands.screen import SCREEN, complain, say
from server.config import load_settings
from server.errors import XanhError
from tests.cite.artifacts import SUITES, Suite, fetch_artifacts, fetch_program, fetch_schemas
from tests.cite.engine import run_engine, run_program
from tests.cite.instance import run_instance
from tests.cite.mirror import read_schemas, serve_schemas
from tests.cite.verdict import Outcome, read_results, read_session


def main() -> int:
    """Run the suite named on the command line."""
    parser = argparse.ArgumentParser(prog="xanh test --cite", description="Run an OGC conformance suite without internet.")
    parser.add_argument("suite", choices=sorted(SUITES))
    parser.add_argument("--keep", action="store_true", help="leave the server running afterwards")
    parser.add_argument(
        "--suite", dest="archive", type=Path, metavar="FILE", help="the suite's -ctl.zip or -aio.jar, where Maven does not have it"
    )
    asked = parser.parse_args()
    suite, cache = SUITES[asked.suite], load_settings().var / "cite"
    say(f"{suite.artifact} {suite.version} in {cache}")
    try:
        run = _run_scripts if suite.script else _run_program
        return run(suite, cache, asked)
    except XanhError as error:
        complain(error.message)
        return 2


def _run_scripts(suite: Suite, cache: Path, asked: argparse.Namespace) -> int:
    artifacts = fetch_artifacts(suite, cache, asked.archive)
    with (
        run_instance(suite, cache, artifacts.data, keep=asked.keep) as instance,
        serve_schemas(read_schemas(artifacts.schemas), instance.port, instance.authorization) as mirror,
    ):
        say(f"running on {instance.url}")
        address, output = instance.url + suite.address, cache / suite.name / "output"
        session = run_engine(suite, artifacts, address, proxy_port=mirror.port, output=output)
        say(f"{mirror.served} schemas read")
        return report(read_session(session), mirror.missed)


def _run_program(suite: Suite, cache: Path, asked: argparse.Namespace) -> int:
    program, output = fetch_program(suite, cache, asked.archive), cache / suite.name / "output"
    schemas = read_schemas(fetch_schemas(cache / "schemas")) if suite.edits else {}
    with run_instance(suite, cache, None, keep=asked.keep) as instance:
        say(f"running on {instance.url}")
        address = instance.url + suite.address
        if not suite.edits:
            return report(read_results(run_program(suite, program, address, output=output)), [])
        with serve_schemas(schemas, instance.port, instance.authorization) as mirror:
            results = run_program(suite, program, address, output=output, proxy_port=mirror.port)
            say(f"{mirror.served} schemas read")
            return report(read_results(results), mirror.missed)


def report(outcomes: list[Outcome], missed: list[str]) -> int:
    """Print a table of the profiles, the failures and, last, the sums. Returns the exit status."""
    table = Table("profile", "passed", "failed", "skipped", box=None, padding=(0, 2))
    for profile in dict.fromkeys(outcome.profile for outcome in outcomes):
        counts = Counter(outcome.status for outcome in outcomes if outcome.profile == profile)
        table.add_row(profile, *(str(counts[status]) for status in ("passed", "failed", "skipped")))
    SCREEN.print(table)
    for outcome in outcomes:
        if outcome.status == "failed":
            SCREEN.print(f"FAILED {outcome.name}\n    {outcome.text[:600]}", markup=False, soft_wrap=True)
    for address in dict.fromkeys(missed):
        SCREEN.print(f"MISSING {address}: the mirror does not have it, so the run proves nothing where it was asked for", soft_wrap=True)
    sums = Counter(outcome.status for outcome in outcomes)
    SCREEN.print(f"{sums['passed']} passed, {sums['failed']} failed, {sums['skipped']} skipped")
    return 1 if sums["failed"] or missed or not sums["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
