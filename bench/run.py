# SPDX-License-Identifier: MIT
"""One run: every server on the same rows of the same PostGIS, every workload in turns, medians of the rounds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.loading import measure_cog, measure_load
from bench.long import measure_long, time_stalled
from bench.measure import Single, children, measure_floor, measure_rate, measure_single
from bench.pan import measure_pan
from bench.peers.peer import Running
from bench.ratios import compare_metadata, compare_pages, compare_psql
from bench.site import AbsentError, Site
from bench.suggest import measure_suggestions
from bench.whole import compare_growth, time_answers
from bench.workloads import LOADING_KINDS, MVT_KINDS, OWN_KINDS, RATIO_KINDS, TILE_AREAS, Workload
from bench.writing import measure_soak, measure_transaction, open_desk
from server.config import Settings

FLOOR_SQL = "select geojson from published.bench_points order by id limit {limit}"
FLOOR_MVT = Path(__file__).parent / "sql" / "mvt_floor.sql"
# A small file the same workers serve as it lies on disk.
STATIC = "/static/mark.svg"
_PAN_ROUNDS = 3


@dataclass(frozen=True)
class Options:
    """How long and how often: seconds per measurement, rounds per workload; `pgbench` is the program that measures the floor."""

    seconds: float
    rounds: int
    pgbench: str
    settings: Settings


@dataclass
class Figure:
    """The outcome of one workload. `ratio` is ours to the best peer, above 1 is better; `extra` holds further figures of ours."""

    name: str
    unit: str
    ours: float
    peers: dict[str, float] = field(default_factory=dict)
    floor: float | None = None
    extra: dict[str, float] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours to the best peer; None without peers."""
        if not self.peers or not self.ours:
            return None
        if self.unit == "s":
            return min(self.peers.values()) / self.ours
        return self.ours / max(self.peers.values())

    def as_json(self) -> dict[str, object]:
        """The object of the JSON report."""
        out: dict[str, object] = {"name": self.name, "unit": self.unit, "ours": self.ours, "peers": self.peers, "ratio": self.ratio}
        if self.floor is not None:
            out["floor"] = self.floor
        return {**out, **({"extra": self.extra} if self.extra else {}), **({"failures": self.failures} if self.failures else {})}


def run_workload(site: Site, servers: Sequence[Running], workload: Workload, options: Options) -> Figure:
    """Ask every server that knows the kind, in turns; a server whose answers are errors is named in `failures`."""
    figure = Figure(workload.name, workload.unit, 0.0)
    if workload.kind == "long":
        _measure_long(site, servers, workload, options, figure)
        return figure
    if workload.kind in RATIO_KINDS:
        _measure_ratios(site, servers, workload, figure)
        return figure
    if workload.kind == "suggest":
        _measure_suggestions(servers, figure)
        return figure
    if workload.kind in LOADING_KINDS:
        _measure_loading(site, workload, options, figure)
        return figure
    if workload.kind in OWN_KINDS:
        _measure_writing(servers, workload, options, figure)
        return figure
    asked = [server for server in servers if workload.kind in server.kinds]
    samples: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for server in asked:
            if server.name in figure.failures:
                continue
            try:
                samples.setdefault(server.name, []).append(_measure(site, server, workload, options, figure))
            except AbsentError as error:
                figure.failures[server.name] = str(error)
    medians = {name: statistics.median(values) for name, values in samples.items() if name not in figure.failures and values}
    figure.ours = medians.pop("ours", 0.0)
    figure.peers = medians
    figure.floor = _measure_floor(site, servers, workload, options)
    return figure


def _measure_long(site: Site, servers: Sequence[Running], workload: Workload, options: Options, figure: Figure) -> None:
    """A million features in one answer; the floor is psql."""
    own = next(server for server in servers if server.name == "ours")
    answers, figure.floor = measure_long(site, own.port, children(own.process.pid), workload.limit, options.rounds)
    figure.ours = statistics.median(answer.seconds for answer in answers)
    figure.extra = {
        "share of psql's speed": round(figure.floor / figure.ours, 2),
        "first_byte_s": round(max(answer.first_byte_s for answer in answers), 4),
        "worker_growth_mb": round(max(answer.growth for answer in answers) / 1e6, 1),
        "stalled_client_freed_s": round(time_stalled(options.settings, own.port, workload.limit), 2),
    }


def _measure_ratios(site: Site, servers: Sequence[Running], workload: Workload, figure: Figure) -> None:
    """Figures of ours divided by each other; the worst counts."""
    own = next(server for server in servers if server.name == "ours")
    if workload.kind == "pan":
        _measure_panning(site, own, figure)
        return
    if workload.kind == "growth":
        figure.extra = compare_growth(own.port, "/wms?", "bench_many", "bench_few")
    elif workload.kind == "pages":
        figure.extra = compare_pages(own.port, workload.limit)
    elif workload.kind == "metadata":
        figure.extra = compare_metadata(own.port)
    else:
        figure.ours, figure.extra = compare_psql(site, own.port, workload.limit)
        return
    figure.ours = max(figure.extra.values())


def _measure_panning(site: Site, own: Running, figure: Figure) -> None:
    """Frames a second of the viewer's map, to those of a plain OpenLayers map of the same tiles."""
    try:
        seen = measure_pan(own.port, site.folder, _PAN_ROUNDS)
    except AbsentError as error:
        figure.failures["ours"] = str(error)
        return
    figure.ours = round(seen.ours / seen.plain, 2)
    figure.extra = {"frames a second": round(seen.ours, 1), "plain OpenLayers": round(seen.plain, 1), "features": seen.features}


def _measure_suggestions(servers: Sequence[Running], figure: Figure) -> None:
    """What the search box answers while somebody types; the slowest of the words counts."""
    own = next(server for server in servers if server.name == "ours")
    try:
        figure.ours, figure.extra = measure_suggestions(own.port)
    except AbsentError as error:
        figure.failures["ours"] = str(error)


def _measure_loading(site: Site, workload: Workload, options: Options, figure: Figure) -> None:
    """Files into the official store beside programs that know no checks and no history."""
    try:
        if workload.kind == "cog":
            figure.ours, figure.peers["gdal_translate"] = measure_cog(site, options.rounds)
            return
        loaded = measure_load(site, options.settings, workload.kind, options.rounds)
    except AbsentError as error:
        figure.failures["peer"] = str(error)
        return
    figure.ours, figure.peers["ogr2ogr"], figure.extra = loaded.ours, loaded.peer, loaded.extra


def _measure_writing(servers: Sequence[Running], workload: Workload, options: Options, figure: Figure) -> None:
    """A large Transaction and its floor; or the slowest read beside writers, and what else was seen."""
    own = next(server for server in servers if server.name == "ours")
    with open_desk(options.settings, own.port) as desk:
        if workload.kind == "transaction":
            figure.ours, figure.floor = measure_transaction(desk, options.rounds)
            figure.extra = {"times the floor": round(figure.ours / figure.floor, 2)}
            return
        outcome = measure_soak(desk, options.seconds)
    figure.ours, figure.extra = max(outcome.reads, default=0.0), outcome.summary()
    if outcome.faults:
        figure.failures["ours"] = outcome.faults[0]
    elif outcome.waits or not outcome.looks or not outcome.writes:
        figure.failures["ours"] = f"{outcome.waits} readers waited for a lock in {outcome.looks} looks beside {len(outcome.writes)} writes"


def _measure_floor(site: Site, servers: Sequence[Running], workload: Workload, options: Options) -> float | None:
    """What the database alone can do, or for cached tiles what our workers do with a plain file; None where there is no floor."""
    if workload.kind == "tile":
        own = next(server for server in servers if server.name == "ours")
        return measure_rate(site.folder, own.port, [STATIC], options.seconds)
    if workload.kind in MVT_KINDS:
        area = TILE_AREAS[workload.kind]
        places = dict(zip(("first_column", "last_column", "first_row", "last_row"), (*area.columns, *area.rows), strict=True))
        statement = FLOOR_MVT.read_text(encoding="utf-8").format(level=area.level, **places)
    elif workload.kind == "items" and not workload.single:
        statement = FLOOR_SQL.format(limit=workload.limit)
    else:
        return None
    return measure_floor(site.folder, site.login, options.pgbench, statement, options.seconds)


def _measure(site: Site, server: Running, workload: Workload, options: Options, figure: Figure) -> float:
    paths = server.paths(workload)
    if workload.kind == "whole":
        return time_answers(server.port, paths, options.seconds)
    if not workload.single:
        measure_rate(site.folder, server.port, paths, 1)
        if workload.kind in MVT_KINDS:
            server.forget()
        return measure_rate(site.folder, server.port, paths, options.seconds)
    single: Single = measure_single(server.port, paths[0], children(server.process.pid))
    if server.name == "ours":
        figure.extra = {
            "first_byte_s": round(single.first_byte_s, 4),
            "bytes": single.size,
            "worker_growth_mb": round(single.growth / 1e6, 1),
        }
    return single.seconds


def start_all(site: Site, starters: Sequence[tuple[str, Callable[[Site], Running]]]) -> tuple[list[Running], dict[str, str]]:
    """Start every peer that is there; answers the running ones and, by name, why the others are absent."""
    running: list[Running] = []
    absent: dict[str, str] = {}
    for name, start in starters:
        try:
            running.append(start(site))
        except AbsentError as error:
            absent[name] = str(error)
    return running, absent
