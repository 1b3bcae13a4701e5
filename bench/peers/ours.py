# SPDX-License-Identifier: MIT
"""Xanh itself: two gunicorn workers of four threads, as `./xanh up` starts it."""

from __future__ import annotations

import shutil

from bench.peers.peer import Running, wfs_path, wms_paths
from bench.site import Site, free_port, wait_for
from bench.workloads import Workload
from server.config import Settings
from server.process import start_server
from server.state import StateDir


def start(site: Site, settings: Settings) -> Running:
    """Start the server on the benchmark's layers. Raises AbsentError when it does not answer."""
    chosen = settings.model_copy(update={"server": settings.server.model_copy(update={"port": free_port(), "workers": 2, "threads": 4})})
    process = start_server(chosen, StateDir(settings.var))
    site.processes.append(process)
    port = chosen.server.port
    wait_for(port, "/healthz", process)

    def paths(workload: Workload) -> list[str]:
        if workload.kind == "map":
            return wms_paths("/wms?", "bench_zones,bench_points", workload)
        if workload.kind == "items":
            return [f"/ogcapi/collections/bench_points/items?f=json&limit={workload.limit}"]
        if workload.kind in ("tile", "mvt"):
            start, ending = ("/tiles/bench_points/bench_points", "png") if workload.kind == "tile" else ("/tiles/bench_points", "mvt")
            return [f"{start}/{level}/{column}/{row}.{ending}" for level, column, row in workload.tiles()]
        return [wfs_path("/wfs?", "bench_points", workload, "application/json")]

    def forget() -> None:
        shutil.rmtree(StateDir(settings.var).tiles, ignore_errors=True)

    return Running("ours", port, process, paths, frozenset({"items", "gml", "wfs-json", "map", "tile", "mvt"}), forget)
