# SPDX-License-Identifier: MIT
"""Stock tipg under uvicorn, two processes. It counts the table on each request: its default."""

from __future__ import annotations

from urllib.parse import quote

from bench.peers.peer import Running, filter_paths
from bench.site import AbsentError, Site, free_port, wait_for
from bench.workloads import Workload


def start(site: Site) -> Running:
    """Start it on schema `bench`. Raises AbsentError."""
    program = site.python.parent / "uvicorn"
    if not program.exists():
        raise AbsentError("not installed (requirements-bench.lock)")
    port, login = free_port(), site.login
    socket = quote(login.host, safe="")
    url = f"postgresql://{login.user}:{quote(login.password)}@{socket}:{login.port}/{login.dbname}?default_transaction_read_only=off"
    environment = {
        "DATABASE_URL": url,
        "TIPG_DB_SCHEMAS": '["bench"]',
        "TIPG_MAX_FEATURES_PER_QUERY": "200000",
        "TIPG_DB_SPATIAL_EXTENT": "false",
    }
    process = site.start(
        "tipg", [str(program), "tipg.main:app", "--port", str(port), "--workers", "2", "--log-level", "error"], environment
    )
    wait_for(port, "/collections/bench.bench_points/items?f=geojson&limit=1", process)

    def paths(workload: Workload) -> list[str]:
        if workload.kind == "item":
            return [f"/collections/bench.bench_points/items/{number}?f=geojson" for number in workload.features()]
        page = f"/collections/bench.bench_points/items?f=geojson&limit={workload.limit}"
        return filter_paths(page, workload, "filter-lang=cql2-text") if workload.kind == "filter" else [page]

    return Running("tipg", port, process, paths, frozenset({"items", "item", "filter"}))
