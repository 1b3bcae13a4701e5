# SPDX-License-Identifier: MIT
"""What a suite found: one outcome per test, from the `log.xml` of every test of TEAM Engine or from the results of TestNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

Status = Literal["passed", "failed", "skipped"]
# com.occamlab.te.TECore: best practice, pass, not tested, skipped, warning, inherited failure, fail.
_STATUS: dict[int, Status] = {0: "passed", 1: "passed", 2: "skipped", 3: "skipped", 4: "passed", 5: "failed", 6: "failed"}
_TESTNG: dict[str, Status] = {"PASS": "passed", "SKIP": "skipped"}
_INHERITED = (1, 5)
_LIBRARY = "ctl:"


@dataclass(frozen=True)
class Outcome:
    """How one test ended, and what it said or asked for."""

    name: str
    status: Status
    text: str

    @property
    def profile(self) -> str:
        """The part of the suite it belongs to."""
        return self.name.partition(":")[0]


def read_session(folder: Path) -> list[Outcome]:
    """The outcomes of all tests that are no mere groups of others. A log that cannot be read is a failure."""
    logs = list(_read_logs(folder))
    own = {start.get("path") for start, _ in logs if not _name_of(start).startswith(_LIBRARY)}
    outcomes = []
    for start, log in logs:
        name, end = _name_of(start), log.find("endtest")
        result = int(end.get("result", "6")) if end is not None else 6
        is_group = any(call.get("path") in own for call in log.iter("testcall"))
        if name.startswith(_LIBRARY) or (is_group and result in _INHERITED):
            continue
        outcomes.append(Outcome(name, _STATUS.get(result, "failed"), _text_of(start, log)))
    return outcomes


def read_results(path: Path) -> list[Outcome]:
    """The outcomes in a `testng-results.xml`; preparations count only where they failed."""
    outcomes = []
    for group in ElementTree.parse(path).getroot().iter("class"):
        for method in group.iter("test-method"):
            status = _TESTNG.get(method.get("status", ""), "failed")
            if method.get("is-config") == "true" and status == "passed":
                continue
            name = f"{group.get('name', '').rpartition('.')[2]}:{method.get('name')}"
            said = " ".join((method.findtext("exception/message") or "").split())
            subjects = [" ".join(value.text.split()) for value in method.iter("value") if value.text and "JsonPath" not in value.text]
            outcomes.append(Outcome(name, status, f"{' '.join(subjects)} | {said}"))
    return outcomes


def _read_logs(folder: Path) -> Iterator[tuple[ElementTree.Element, ElementTree.Element]]:
    for path in sorted(folder.rglob("log.xml")):
        try:
            log = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            log = ElementTree.Element("log")
        start = log.find("starttest")
        if start is None:
            start = ElementTree.Element("starttest", {"prefix": "broken", "local-name": path.parent.name, "path": str(path)})
        yield start, log


def _name_of(start: ElementTree.Element) -> str:
    return f"{start.get('prefix')}:{start.get('local-name')}"


def _text_of(start: ElementTree.Element, log: ElementTree.Element) -> str:
    said = [" ".join("".join(message.itertext()).split()) for message in log.iter("message")]
    return " | ".join(said) or " ".join((start.findtext("assertion") or "").split())
