# SPDX-License-Identifier: MIT
"""Plans and reports for people: tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from loaders.geotiff import RasterPlan
from loaders.load import LoadReport
from loaders.outcome.document import describe_grid
from loaders.plan import Plan
from loaders.repair import SMALL, Repair, Repairer
from loaders.shapelook import ShapeLook
from server.features.bulk import BulkResult

_SHOWN = 20
_DOUBTS_SHOWN = 5
_SAMPLES = 10


def print_plan(console: Console, plan: Plan) -> None:
    """Print what a load would do."""
    info = plan.info
    crs = f"EPSG:{info.crs.code} {info.crs.name}" if info.crs else "-"
    shape = info.geometry or "no geometry"
    head = f"[bold]{info.name}[/] ({info.format}) -> [bold]{plan.request.layer.id}[/]"
    console.print(f"{head} · {info.row_count} rows · {shape} · {crs}")
    table = Table(box=None, padding=(0, 2, 0, 0))
    for head in ("layer field", "source field", "encoding", "sample"):
        table.add_column(head)
    for target, source in plan.field_map.items():
        encoding, certainty = info.encodings.get(source, ("", 0.0))
        shown = f"{encoding} {certainty:.0%}" if encoding else ""
        table.add_row(target, source, shown, next(iter(info.samples.get(source, ())), ""))
    for target, value in plan.request.defaults.items():
        table.add_row(target, f"= {value}", "", "")
    console.print(table)
    if plan.unused:
        console.print(f"Not loaded: {', '.join(plan.unused)}")
    if plan.unfilled:
        console.print(f"Stays empty: {', '.join(plan.unfilled)}")
    for note in plan.suspicions:
        console.print(f"[bold red]![/] {escape(note)}")
    for source, samples in info.samples.items():
        if info.encodings.get(source, ("utf-8", 1.0))[0] != "utf-8":
            console.print(f"{source}: {' | '.join(samples[:_SAMPLES])}", markup=False, soft_wrap=True)
    for note in info.notes:
        console.print(f"[yellow]Note:[/] {note}")


def print_invalid(console: Console, found: Repairer) -> None:
    """Print which shapes are not valid, where, why, and what repairing them would change."""
    if found.invalid:
        console.print(
            f"[yellow]{found.invalid} invalid shapes · hình học không hợp lệ[/]: --repair small repairs those that change by"
            f" {SMALL:.1%} at most · chỉ sửa khi thay đổi không quá {SMALL:.1%}; --repair all: all · tất cả"
        )
    _print_repairs(console, found.found)


def _print_repairs(console: Console, repairs: Sequence[Repair]) -> None:
    for one in repairs[:_SHOWN]:
        console.print(f"  row · dòng {one.number}: {one.text()}", markup=False, soft_wrap=True)
    if len(repairs) > _SHOWN:
        console.print(f"  … +{len(repairs) - _SHOWN}")


def print_doubts(console: Console, look: ShapeLook) -> None:
    """Print what was done to shapes so that they fit, and which are worth a look."""
    for english, vietnamese in look.fit.texts() if look.fit else ():
        console.print(f"  shapes · hình học: {english} · {vietnamese}", markup=False, soft_wrap=True)
    if look.doubles or look.slivers:
        console.print(f"[yellow]{look.doubles} doubles · trùng hình học, {look.slivers} slivers · mảnh hẹp[/]")
    for one in look.found[:_DOUBTS_SHOWN]:
        console.print(f"  row · dòng {one.number}: {one.text()}", markup=False, soft_wrap=True)
    if len(look.found) > _DOUBTS_SHOWN:
        console.print(f"  … +{len(look.found) - _DOUBTS_SHOWN}")


def print_rejected(console: Console, result: BulkResult) -> None:
    """Print what would become of the rows, and why some would stay out."""
    console.print(
        f"[bold]{result.read}[/] dòng · rows: {result.inserted} thêm · new, {result.updated} sửa · changed,"
        f" {result.unchanged} giữ · unchanged, {result.deleted} xoá · deleted, {result.rejected} loại · rejected"
    )
    if grid := describe_grid(result):
        console.print(f"  shapes · hình học: {grid}", markup=False, soft_wrap=True)
    for item in result.reasons[:_SHOWN]:
        console.print(f"  row · dòng {item.number}: {item.field or ''} {item.reason_vi} · {item.reason}", markup=False, soft_wrap=True)
    if result.rejected > _SHOWN:
        console.print(f"  … +{result.rejected - _SHOWN}")


def print_cleaned(console: Console, cleaned: Sequence[Mapping[str, Any]]) -> None:
    """Print what cleaning changes, with the first rows of each kind."""
    for one in cleaned:
        shown = "; ".join(f"{each['row']}: {each['before']!r} → {each['after']!r}" for each in one["examples"])
        line = f"  cleaned · làm sạch {one['field']}: {one['step']} ({one['count']})"
        console.print(f"{line} {shown}" if shown else line, markup=False, soft_wrap=True)


def print_report(console: Console, report: LoadReport) -> None:
    """Print what a load did."""
    result = report.result
    console.print(
        f"[green]✓[/] {report.layer}: {result.read} rows read, {result.inserted} new, {result.updated} changed, "
        f"{result.unchanged} unchanged, {result.deleted} deleted, {result.rejected} rejected · load {report.load_id}"
        f" · revision {report.state.revision}"
    )
    if grid := describe_grid(result):
        console.print(f"  shapes · hình học: {grid}", markup=False, soft_wrap=True)
    print_cleaned(console, report.cleaned)
    _print_repairs(console, report.repairs)
    for item in result.reasons[:_SHOWN]:
        console.print(f"  [red]row {item.number}[/] {item.field or ''} {item.reason}")
    if result.rejected > _SHOWN:
        console.print(f"  … and {result.rejected - _SHOWN} more")


def print_raster(console: Console, layer: str, plan: RasterPlan) -> None:
    """Print what a raster is."""
    span = "no valid pixel" if plan.minimum is None else f"{plan.minimum:g} to {plan.maximum:g}"
    console.print(
        f"[bold]{plan.name}[/] -> [bold]{layer}[/] · {plan.width} x {plan.height} pixels · {plan.dtype} · {span} · EPSG:{plan.crs.code}"
    )
    for note in plan.notes:
        console.print(f"  {note}", markup=False, soft_wrap=True)
