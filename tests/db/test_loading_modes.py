# SPDX-License-Identifier: MIT
"""Loading again, by another key, all or nothing, with a file of what was rejected, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from loaders.load import Face, LoadReport, LoadStopped, run_load
from loaders.plan import LoadRequest, plan_load
from loaders.rejects import write_rejects
from loaders.source import SourceOptions
from loaders.undo import undo_load
from server.catalog.catalog import Catalog
from server.db.pool import Database
from server.errors import SourceRefused
from server.features.batches import StagedBatch

THREE = ("code,name,lon,lat", "A1,một,106.1,10.1", "A2,hai,106.2,10.2", "A3,ba,106.3,10.3")


def load(stores: Database, catalog: Catalog, path: Path, *lines: str, layer: str = "sites", **options: object) -> LoadReport:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    stop = bool(options.pop("stop", False))
    return run_load(stores, catalog, plan_load(catalog, LoadRequest(path, catalog.layer(layer), **options)), stop_on_error=stop)  # type: ignore[arg-type]


def state(stores: Database) -> list[tuple[object, ...]]:
    with stores.owner() as connection:
        return connection.execute("SELECT code, name, ST_AsText(geom) FROM official.sites ORDER BY code").fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sites.csv"


def test_sync_finds_additions_changes_and_deletions_by_key(stores: Database, catalog: Catalog, path: Path) -> None:
    load(stores, catalog, path, *THREE)
    done = load(stores, catalog, path, THREE[0], THREE[1], "A2,HAI,106.2,10.2", "A4,bốn,106.4,10.4", mode="sync").result
    assert (done.inserted, done.updated, done.unchanged, done.deleted) == (1, 1, 1, 1)
    assert [code for code, *_ in state(stores)] == ["A1", "A2", "A4"]
    again = load(stores, catalog, path, THREE[0], THREE[1], "A2,HAI,106.2,10.2", "A4,bốn,106.4,10.4", mode="sync").result
    assert (again.inserted, again.updated, again.unchanged, again.deleted) == (0, 0, 3, 0)


def test_append_brings_only_new_rows(stores: Database, catalog: Catalog, path: Path) -> None:
    load(stores, catalog, path, *THREE[:3])
    done = load(stores, catalog, path, *THREE, mode="append").result
    assert (done.inserted, done.rejected) == (1, 2)
    assert done.reasons[0].reason_vi.endswith("đã có đối tượng mang giá trị này")


def test_rows_are_known_by_another_field_when_told(stores: Database, catalog: Catalog, path: Path) -> None:
    load(stores, catalog, path, *THREE, "A4,ba,106.4,10.4")
    done = load(stores, catalog, path, "code,name", "B1,một", "B3,ba", key="name").result
    assert (done.updated, done.rejected) == (1, 1)
    assert "several features" in done.reasons[0].reason
    assert ("B1", "một", "POINT(106.1 10.1)") in state(stores)
    with pytest.raises(SourceRefused, match="no field 'colour'"):
        load(stores, catalog, path, *THREE, key="colour")
    with pytest.raises(SourceRefused, match="does not bring") as caught:
        load(stores, catalog, path, "name,lon,lat", "x,106,10", mode="sync")
    assert "--key" in (caught.value.message_vi or "")


def test_objects_without_a_key_are_not_doubled_by_the_same_file(stores: Database, catalog: Catalog, path: Path) -> None:
    lines = ("label,order", "x,1", "x,1", "y,")
    first = load(stores, catalog, path, *lines, layer="records").result
    again = load(stores, catalog, path, *lines, "z,2", layer="records").result
    assert (first.inserted, again.inserted, again.unchanged) == (3, 1, 3)
    gone = load(stores, catalog, path, *lines[:2], layer="records", mode="replace").result
    assert (gone.inserted, gone.unchanged, gone.deleted) == (0, 1, 3)


def test_what_was_rejected_comes_back_as_workbook_and_geopackage(stores: Database, catalog: Catalog, path: Path, tmp_path: Path) -> None:
    lines = (*THREE, "A 9,=1+1,106.3,10.3", "A5,xa,2.35,48.85")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = plan_load(catalog, LoadRequest(path, catalog.layer("sites")))
    report = run_load(stores, catalog, plan)
    assert (report.result.inserted, report.result.rejected) == (3, 2)
    sheet, features = write_rejects(tmp_path / "out", plan, report.result.reasons)
    rows = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    assert rows[0] == ("row", "field", "reason", "ly_do", "code", "name", "lon", "lat")
    assert [row[0] for row in rows[1:]] == [4, 5]
    assert rows[1][5] == "=1+1"
    assert "outside Vietnam" in str(rows[2][2])
    assert "ngoài Việt Nam" in str(rows[2][3])
    info = pyogrio.read_info(features)
    assert (info["features"], list(info["fields"][:4])) == (2, ["row", "field", "reason", "ly_do"])


def test_all_or_nothing_loads_nothing_and_tells_every_row(stores: Database, catalog: Catalog, path: Path) -> None:
    with pytest.raises(LoadStopped) as caught:
        load(stores, catalog, path, *THREE, "A 9,x,106,10", "A5,xa,2.35,48.85", stop=True)
    assert len(caught.value.result.reasons) == 2
    assert "chưa nạp gì" in (caught.value.message_vi or "")
    assert state(stores) == []


def test_a_load_is_taken_back_as_it_was(stores: Database, catalog: Catalog, path: Path) -> None:
    load(stores, catalog, path, *THREE)
    before = state(stores)
    report = load(stores, catalog, path, THREE[0], "A1,MỘT,106.15,10.15", "A4,bốn,106.4,10.4", mode="sync")
    assert state(stores) != before
    done = undo_load(stores, catalog, report.load_id)
    assert state(stores) == before
    assert (len(done.inserted), done.updated, done.deleted) == (2, 1, 1)
    with stores.reader() as connection:
        assert connection.execute("SELECT count(*) FROM published.sites").fetchone() == (3,)
    with pytest.raises(SourceRefused, match="undone already"):
        undo_load(stores, catalog, report.load_id)
    with pytest.raises(SourceRefused, match="no load 999999"):
        undo_load(stores, catalog, 999_999)


class _Interrupting:
    """A user who presses Ctrl-C when the rows are read."""

    def batches(self, batches: Iterator[StagedBatch], total: int) -> Iterator[StagedBatch]:
        yield next(batches)
        assert total
        raise KeyboardInterrupt

    def say(self, stage: str) -> None:
        raise AssertionError(stage)


def test_an_interrupted_load_leaves_nothing(stores: Database, catalog: Catalog, path: Path) -> None:
    path.write_text("\n".join(THREE) + "\n", encoding="utf-8")
    plan = plan_load(catalog, LoadRequest(path, catalog.layer("sites")))
    with stores.owner() as connection:
        loads = connection.execute("SELECT count(*) FROM xanh.load").fetchone()
    with pytest.raises(KeyboardInterrupt):
        run_load(stores, catalog, plan, face=Face(watch=_Interrupting()))
    assert state(stores) == []
    with stores.owner() as connection:
        assert connection.execute("SELECT count(*) FROM xanh.load").fetchone() == loads
    assert run_load(stores, catalog, plan).result.inserted == 3


def test_a_plan_without_a_coordinate_system_proposes_some_and_one_with_the_wrong_says_why(
    stores: Database, catalog: Catalog, path: Path
) -> None:
    near = (106.0, 10.0, 107.0, 11.0)
    with pytest.raises(SourceRefused, match=r"--crs 9210.*Likely: EPSG:") as caught:
        load(stores, catalog, path, "code,name,X,Y", "A1,một,1145735.5,566603.9", near=near)
    assert "EPSG:9210" in caught.value.message
    assert "Có thể là" in (caught.value.message_vi or "")
    plan = plan_load(catalog, LoadRequest(path, catalog.layer("sites"), SourceOptions(crs=4326), near=near))
    assert "these are metres" in plan.suspicions[0]
    assert "EPSG:9210" in plan.suspicions[1]


def test_invalid_shapes_are_rejected_or_repaired_as_asked(stores: Database, catalog: Catalog, path: Path) -> None:
    spike = '"POLYGON ((106 10, 107 10, 107 11, 106.5 11, 106.5 11.2, 106.5 11, 106 11, 106 10))"'
    bow = '"POLYGON ((106 10, 107 11, 107 10, 106 11, 106 10))"'
    lines = ("code,wkt", f"B1,{spike}", f"B2,{bow}")
    refused = load(stores, catalog, path, *lines, layer="basins").result
    assert (refused.inserted, refused.rejected) == (0, 2)
    assert "tự cắt" in refused.reasons[0].reason_vi
    small = load(stores, catalog, path, *lines, layer="basins", repair="small")
    assert (small.result.inserted, small.result.rejected) == (1, 1)
    assert [one.done for one in small.repairs] == [True, False]
    every = load(stores, catalog, path, *lines, layer="basins", repair="all")
    assert [one.done for one in every.repairs] == [True, True]
    assert every.result.reasons[0].reason == "the geometry is a MULTIPOLYGON, not a POLYGON", "two triangles do not become one polygon"
