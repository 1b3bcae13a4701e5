# SPDX-License-Identifier: MIT
"""What is read out of the logs of a conformance run, and what counts as a passed run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cite.__main__ import report
from tests.cite.verdict import Outcome, read_results, read_session


def write_log(folder: Path, name: str, result: int | None, body: str = "") -> None:
    prefix, _, local = name.partition(":")
    folder.mkdir(parents=True)
    end = "" if result is None else f'<endtest result="{result}"/>'
    start = f'<starttest prefix="{prefix}" local-name="{local}" path="{folder.name}"><assertion>It holds.</assertion></starttest>'
    (folder / "log.xml").write_text(f"<log>{start}{body}{end}</log>", encoding="utf-8")


def test_groups_are_not_counted_but_their_members_are(tmp_path: Path) -> None:
    write_log(tmp_path / "a", "main:all", 5, '<testcall path="b"/><testcall path="c"/>')
    write_log(tmp_path / "b", "getmap:one", 1)
    write_log(tmp_path / "c", "getmap:two", 6, "<message>Error: no map</message>")
    assert [(one.name, one.status) for one in read_session(tmp_path)] == [("getmap:one", "passed"), ("getmap:two", "failed")]
    assert [one.text for one in read_session(tmp_path)] == ["It holds.", "Error: no map"]


def test_a_test_whose_own_assertion_failed_counts_once(tmp_path: Path) -> None:
    write_log(tmp_path / "a", "basic:map", 5, '<testcall path="b"/>')
    write_log(tmp_path / "b", "ctl:assert-xpath", 6)
    assert [(one.name, one.status) for one in read_session(tmp_path)] == [("basic:map", "failed")]


def test_a_log_without_end_or_that_is_no_xml_is_a_failure(tmp_path: Path) -> None:
    write_log(tmp_path / "a", "getmap:one", None)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "log.xml").write_text("<log><start", encoding="utf-8")
    assert [one.status for one in read_session(tmp_path)] == ["failed", "failed"]


@pytest.mark.parametrize(
    ("outcomes", "missed", "status"),
    [
        ([Outcome("a:b", "passed", "")], [], 0),
        ([Outcome("a:b", "passed", ""), Outcome("a:c", "failed", "")], [], 1),
        ([Outcome("a:b", "passed", "")], ["http://schemas.opengis.net/none.xsd"], 1),
        ([Outcome("a:b", "skipped", "")], [], 1),
        ([], [], 1),
    ],
)
def test_a_run_passes_only_when_something_passed_and_nothing_failed_or_was_missing(
    outcomes: list[Outcome], missed: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(outcomes, missed) == status
    passed, failed, skipped = (sum(one.status == kind for one in outcomes) for kind in ("passed", "failed", "skipped"))
    assert capsys.readouterr().out.splitlines()[-1] == f"{passed} passed, {failed} failed, {skipped} skipped"


def test_results_of_testng_count_tests_and_only_failed_preparations(tmp_path: Path) -> None:
    path = tmp_path / "testng-results.xml"
    path.write_text(
        """<testng-results><suite><test><class name="org.example.Boxes">
        <test-method name="prepare" is-config="true" status="PASS"/>
        <test-method name="prepareMore" is-config="true" status="FAIL"/>
        <test-method name="find" status="PASS"/>
        <test-method name="miss" status="FAIL"><params><param><value>lakes</value></param></params>
          <exception><message>Expected 200</message></exception></test-method>
        <test-method name="wait" status="SKIP"/>
        </class></test></suite></testng-results>""",
        encoding="utf-8",
    )
    outcomes = read_results(path)
    assert [(one.name, one.status) for one in outcomes] == [
        ("Boxes:prepareMore", "failed"),
        ("Boxes:find", "passed"),
        ("Boxes:miss", "failed"),
        ("Boxes:wait", "skipped"),
    ]
    assert outcomes[2].text == "lakes | Expected 200"
