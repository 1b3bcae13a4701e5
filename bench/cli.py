# SPDX-License-Identifier: MIT
"""`./xanh bench`: build the rows once, start the peers, measure in turns, print ratios."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.data import fill, fill_long, fill_many, fill_many_for_peers, fill_names, fill_ten, make_peer_tables
from bench.peers import featureserv, mapserver, martin, ours, pygeoapi, qgis_server, tileserv, tipg
from bench.peers.peer import Running
from bench.run import Figure, Options, run_workload, start_all
from bench.site import Site
from bench.workloads import OWN_KINDS, WORKLOADS, Workload
from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.config import ROOT, Settings, load_settings
from server.db.binaries import find_binaries
from server.db.pool import Database
from server.db.store import start_store
from server.errors import InvalidParameter
from server.publish.migrate import migrate
from server.state import StateDir

PEERS: tuple[tuple[str, Callable[[Site], Running]], ...] = (
    ("pygeoapi", pygeoapi.start),
    ("tipg", tipg.start),
    ("pg_featureserv", featureserv.start),
    ("pg_tileserv", tileserv.start),
    ("martin", martin.start),
    ("mapserver", mapserver.start),
    ("qgis_server", qgis_server.start),
)


@dataclass(frozen=True)
class BenchOptions:
    """Words of the command line."""

    only: tuple[str, ...] = ()
    json_file: Path | None = None
    seconds: float = 4.0
    rounds: int = 3


def run_bench(options: BenchOptions) -> int:
    """Run the benchmark in a state directory of its own (`<var>/bench`). Returns the exit status; raises InvalidParameter."""
    workloads = _choose(options.only)
    console = Console(width=150)
    os.environ["XANH_VAR"] = str(load_settings().var / "bench")
    os.environ["XANH_LAYERS"] = str(ROOT / "bench" / "layers")
    os.environ["XANH_STYLES"] = str(ROOT / "bench" / "styles")
    settings = load_settings()
    store = start_store(settings, console.print)
    try:
        catalog = read_catalog(settings)
        _prepare(settings, store.database, catalog, console)
        if any(workload.needs_many for workload in workloads):
            _fill_once(settings, console, "bench_many", "2 000 000 points", lambda: fill_many(store.database, catalog))
            fill_many_for_peers(store.database)
        if any(workload.kind == "metadata" for workload in workloads):
            _fill_once(settings, console, "bench_ten", "10 points", lambda: fill_ten(store.database, catalog))
        if any(workload.kind == "long" for workload in workloads):
            _fill_once(settings, console, "bench_long", "1 000 000 points", lambda: fill_long(store.database, catalog))
        if any(workload.kind == "suggest" for workload in workloads):
            _fill_once(settings, console, "bench_names", "2 000 000 names", lambda: fill_names(store.database, catalog))
        with tempfile.TemporaryDirectory(prefix="xanh-bench-") as folder:
            site = Site(store.database.logins.owner, Path(folder), ROOT / ".venv-bench" / "bin" / "python")
            store.database.close()
            try:
                figures = _measure_all(site, settings, workloads, options, console)
            finally:
                site.stop()
    finally:
        store.release()
    if options.json_file:
        options.json_file.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n", encoding="utf-8")
    return 0


def _choose(only: Sequence[str]) -> list[Workload]:
    known = {workload.name: workload for workload in WORKLOADS}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise InvalidParameter(f"There is no workload {unknown[0]!r}; there are {', '.join(known)}.", locator="--only")
    return [known[name] for name in only] if only else list(WORKLOADS)


def _prepare(settings: Settings, database: Database, catalog: Catalog, console: Console) -> None:
    with database.owner() as connection:
        migrate(connection, catalog)
    if not _fill_once(settings, console, "bench", "200 000 points and 50 000 polygons", lambda: fill(database, catalog)):
        make_peer_tables(database)


def _fill_once(settings: Settings, console: Console, fact: str, what: str, build: Callable[[], object]) -> bool:
    """Build rows unless the state directory remembers them; whether they were built."""
    state = StateDir(settings.var)
    if state.read_facts().get(fact) == "filled":
        return False
    console.print(f"building {what} (once)")
    build()
    state.remember(**{fact: "filled"})
    return True


def _measure_all(site: Site, settings: Settings, workloads: Sequence[Workload], options: BenchOptions, console: Console) -> list[Figure]:
    own = [ours.start(site, settings), ours.start_uncached(site, settings)]
    peers, absent = start_all(site, () if all(workload.kind in OWN_KINDS for workload in workloads) else PEERS)
    for name, reason in absent.items():
        console.print(f"[yellow]absent[/] {name}: {reason}", highlight=False)
    chosen = Options(options.seconds, options.rounds, str(find_binaries() / "pgbench"), settings)
    figures = []
    for workload in workloads:
        figures.append(run_workload(site, [*own, *peers], workload, chosen))
        for name, reason in figures[-1].failures.items():
            console.print(f"[red]{workload.name}: {name}: {reason}[/]", highlight=False)
    print_figures(console, figures)
    return figures


def print_figures(console: Console, figures: Sequence[Figure]) -> None:
    """The table of ratios: ours, each peer with ours divided by it, the floor."""
    names = sorted({name for figure in figures for name in figure.peers})
    table = Table(title="ours / peer (ratio); above 1 we are faster", box=None, header_style="bold")
    for head in ("workload", "unit", "ours", *names, "floor", "ratio to best"):
        table.add_column(head, justify="left" if head == "workload" else "right")
    for figure in figures:
        cells = []
        for name in names:
            value = figure.peers.get(name)
            times = 0.0 if not value or not figure.ours else (value / figure.ours if figure.unit == "s" else figure.ours / value)
            cells.append(f"{_short(value)} ({times:.1f}x)" if value else "-")
        ratio = f"{figure.ratio:.2f}" if figure.ratio else "-"
        table.add_row(figure.name, figure.unit, _short(figure.ours), *cells, _short(figure.floor), ratio)
    console.print(table)
    for figure in figures:
        if figure.extra:
            console.print(f"{figure.name}: " + ", ".join(f"{name} {value:g}" for name, value in figure.extra.items()), highlight=False)


def _short(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
