# SPDX-License-Identifier: MIT
"""One run of a harvest: all pages of the service, then a load like that of a file: plan, cleaning, write door, publish, report, undo."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow

from loaders.harvest.pages import take_pages
from loaders.load import Face, LoadReport, LoadStopped, enter_rows, run_load
from loaders.outcome.keep import Outcome, keep_outcome
from loaders.paged import PagedSource
from loaders.plan import LoadRequest, Plan, plan_load
from loaders.source import SourceOptions
from server.catalog.catalog import Catalog
from server.catalog.harvests import Harvest
from server.config import Settings
from server.db.columns import key_field
from server.db.harvests import note_begin, note_done, note_failed, take_harvest
from server.db.home import find_home_box
from server.db.pool import Database
from server.errors import SourceRefused, XanhError
from server.faults import log_fault
from server.features.bulk import BulkResult

_WGS84 = 4326


@dataclass(frozen=True)
class Harvester:
    """What a run needs: the stores and the layers of this installation."""

    database: Database
    catalog: Catalog
    settings: Settings
    face: Face = field(default_factory=Face)

    def try_out(self, name: str, harvest: Harvest) -> tuple[Plan, BulkResult]:
        """Take the features and enter them into a transaction that is rolled back: the plan, and what a run would do now.

        Raises SourceRefused and what the write door raises.
        """
        with tempfile.TemporaryDirectory(prefix="xanh-harvest-") as folder:
            plan = self._plan(name, harvest, Path(folder))
            with self.database.writer() as connection:
                result, _, _ = enter_rows(connection, self.catalog, plan, self.face)
                connection.rollback()
        return plan, result

    def run(self, name: str, harvest: Harvest) -> tuple[LoadReport, tuple[Path, ...]]:
        """Harvest, publish, keep the report (not of a run that found nothing new); the outcome is noted whatever it is. Answers the
        report and its files.

        Raises SourceRefused (also when the same harvest runs already) and what the write door raises; nothing is loaded then.
        """
        with self.database.writer() as turn:
            if not take_harvest(turn, name):
                raise SourceRefused(f"{name} is being harvested already.", locator=name, message_vi=f"{name} đang được thu thập.")
            self._note(note_begin, name)
            try:
                report, files = self._load(name, harvest)
            except XanhError as error:
                self._note(note_failed, name, (error.message, error.message_vi or error.message))
                raise
            except KeyboardInterrupt:
                self._note(note_failed, name, ("stopped by hand; nothing was loaded", "bị dừng; chưa nạp gì"))
                raise
            except Exception as error:  # it is logged, and said in the list
                fault = log_fault(error)
                self._note(note_failed, name, (f"fault {fault}, see the log; nothing was loaded", f"lỗi {fault}, xem nhật ký; chưa nạp gì"))
                raise
            self._note(note_done, name, report.load_id, describe(report.result))
        return report, files

    def _note(self, note: Callable[..., None], *told: Any) -> None:
        with self.database.writer() as connection:
            note(connection, *told)

    def _load(self, name: str, harvest: Harvest) -> tuple[LoadReport, tuple[Path, ...]]:
        folder = self.settings.var / "loads" / f"{harvest.layer}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        with tempfile.TemporaryDirectory(prefix="xanh-harvest-") as pages:
            plan = self._plan(name, harvest, Path(pages))
            try:
                report = run_load(self.database, self.catalog, plan, stop_on_error=harvest.on_error == "stop", face=self.face)
            except LoadStopped as stopped:
                keep_outcome(folder, plan, Outcome(stopped.result))
                raise
            result = report.result
            if not (result.inserted or result.updated or result.deleted or result.rejected):
                return report, ()
            return report, keep_outcome(folder, plan, Outcome(result, report.load_id, report.repairs, report.look))

    def _plan(self, name: str, harvest: Harvest, folder: Path) -> Plan:
        pages = take_pages(harvest, self.settings, name, folder)
        crs = harvest.crs or (_WGS84 if harvest.service == "features" else None)
        options = SourceOptions(crs=crs, limits=self.settings.loading)
        source = PagedSource(pages.files, name, (options, pages.reading), pages.features)
        layer = self.catalog.layer(harvest.layer)
        request = LoadRequest(
            path=folder,
            layer=layer,
            options=options,
            asked_map=harvest.map,
            left_out=frozenset(harvest.leave_out),
            defaults=harvest.set,
            mode=harvest.mode,
            key=harvest.key,
            repair=harvest.repair,
            most_deleted=harvest.max_deleted_percent / 100,
        )
        if layer.has_geometry:
            with self.database.writer() as connection:
                request = replace(request, near=find_home_box(connection, self.catalog, layer))
        plan = plan_load(self.catalog, request, source)
        if len(pages.files) > 1:
            refuse_doubles(name, plan)
        return plan


def refuse_doubles(name: str, plan: Plan) -> None:
    """An object on two pages means that another is on none. Raises SourceRefused; does not look where a key may come again."""
    request = plan.request
    column = plan.field_map.get(request.key or key_field(request.layer) or "")
    if column is None or request.layer.validity:
        return
    seen: set[Any] = set()
    for batch in plan.source.batches([column], shapes=False):
        values: pyarrow.Array = batch.columns[column].drop_null()
        for value in values.to_pylist():
            if value in seen:
                raise SourceRefused(
                    f"{name}: the service gives {column} {value!r} twice, so another may be missing: its order changes from page to page;"
                    " name a field to sort by (parameters: sortBy).",
                    locator=name,
                    message_vi=f"{name}: dịch vụ trả {column} {value!r} hai lần nên có thể thiếu đối tượng khác; hãy thêm sortBy.",
                )
            seen.add(value)


def describe(result: BulkResult) -> tuple[str, str]:
    """What a run did, or would do, in English and Vietnamese."""
    return (
        f"{result.read} read, {result.inserted} new, {result.updated} changed, {result.unchanged} unchanged, {result.deleted} deleted,"
        f" {result.rejected} rejected",
        f"{result.read} đọc, {result.inserted} mới, {result.updated} đổi, {result.unchanged} giữ nguyên, {result.deleted} xoá,"
        f" {result.rejected} bị loại",
    )
