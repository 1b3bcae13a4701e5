# SPDX-License-Identifier: MIT
"""What stays of a load: a report for people and programs, and a map that needs no network; text of a foreign file stays text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from loaders.outcome import mapped
from loaders.outcome.keep import Outcome, keep_outcome
from loaders.plan import LoadRequest, Plan, plan_load
from loaders.repair import Repair
from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog_in
from server.config import ROOT
from server.features.bulk import BulkResult, Rejected

EVIL = "</script><script>alert(1)</script>"
REPAIRED = Repair(3, "Self-intersection", "tự cắt", (106.0, 10.0), 0.0, done=True)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog_in(ROOT / "layers")


def make_plan(catalog: Catalog, folder: Path, count: int) -> Plan:
    path = folder / "places.csv"
    rows = "".join(f"P{n},{EVIL},{106 + n / 10000},10.4\n" for n in range(1, count + 1))
    path.write_text(f"code,name,lon,lat\n{rows}", encoding="utf-8")
    return plan_load(catalog, LoadRequest(path, catalog.layer("places")))


def points_of(page: str) -> list[list[list[object]]]:
    return [json.loads(data) for data in re.findall(r"var data = (\[.*\]);", page)]


def test_report_and_map_tell_what_became_of_each_row(catalog: Catalog, tmp_path: Path) -> None:
    plan = make_plan(catalog, tmp_path, 6)
    rejected = (Rejected(2, "name", f"bad {EVIL}", f"sai {EVIL}"),)
    outcome = Outcome(BulkResult(6, 5, 0, 0, 0, 1, rejected, 1), 7, (REPAIRED,))
    files = [file.name for file in keep_outcome(tmp_path / "kept", plan, outcome)]
    assert files == ["report.html", "report.json", "map.html", "rejected.xlsx", "rejected.gpkg"]
    told = json.loads((tmp_path / "kept" / "report.json").read_text(encoding="utf-8"))
    assert (told["load_id"], told["counts"]["inserted"], told["counts"]["rejected"], told["repaired"]) == (7, 5, 1, 1)
    assert told["rejected"] == [{"row": 2, "field": "name", "reason": f"bad {EVIL}", "reason_vi": f"sai {EVIL}"}]
    page = (tmp_path / "kept" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="rejected.gpkg"' in page
    bad, repaired, good = points_of((tmp_path / "kept" / "map.html").read_text(encoding="utf-8"))
    assert [row[:2] for row in bad] == [[10.4, 106.0002]]
    assert "tự cắt" in str(repaired[0][3])
    assert len(good) == 4


def test_the_map_fetches_nothing_and_runs_nothing_foreign(catalog: Catalog, tmp_path: Path) -> None:
    plan = make_plan(catalog, tmp_path, 3)
    mapped.write_map(tmp_path / "map.html", plan, (Rejected(1, None, EVIL, EVIL),))
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert EVIL not in page
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=", page)
    assert "markerClusterGroup" in page


def test_a_map_of_many_rows_shows_all_faults_and_some_of_the_rest(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "MOST", 50)
    plan = make_plan(catalog, tmp_path, 400)
    rejected = tuple(Rejected(number, None, "x", "y") for number in range(11, 31))
    shown = mapped.write_map(tmp_path / "map.html", plan, rejected)
    bad, _, good = points_of((tmp_path / "map.html").read_text(encoding="utf-8"))
    assert len(bad) == 20
    assert 20 <= len(good) <= 30
    assert shown == len(bad) + len(good)


def test_a_load_that_was_stopped_says_that_nothing_was_loaded(catalog: Catalog, tmp_path: Path) -> None:
    result = BulkResult(1, 0, 0, 0, 0, 1, (Rejected(1, "name", "x", "y"),), 1)
    keep_outcome(tmp_path / "kept", make_plan(catalog, tmp_path, 1), Outcome(result))
    assert "Chưa nạp gì" in (tmp_path / "kept" / "report.html").read_text(encoding="utf-8")
