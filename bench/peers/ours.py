# SPDX-License-Identifier: MIT
"""Xanh itself: two gunicorn workers of four threads, as `./xanh up` starts it."""

from __future__ import annotations

import json
import os
import shutil
from typing import get_args

from bench.peers.peer import Running, filter_paths, wfs_path, wms_paths
from bench.site import Site, free_port, wait_for
from bench.whole import whole_paths
from bench.workloads import Kind, Reading, Workload
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
        if workload.kind == "whole":
            return whole_paths("/wms?", "bench_many")
        if workload.kind == "items":
            return [_items_path(workload)]
        if workload.kind == "filter":
            return filter_paths(_items_path(workload), workload)
        if workload.kind == "item":
            return [f"/ogcapi/collections/bench_points/items/{number}?f=json" for number in workload.features()]
        if workload.kind == "tile":
            return [f"/tiles/bench_points/bench_points/{level}/{column}/{row}.png" for level, column, row in workload.tiles()]
        if workload.kind == "mvt-small":
            return _vector_paths(workload)
        return [wfs_path("/wfs?", "bench_points", workload, "application/json")]

    def forget() -> None:
        shutil.rmtree(StateDir(settings.var).tiles, ignore_errors=True)

    kinds: frozenset[Kind] = frozenset(get_args(Reading)) - {"mvt"}
    return Running("ours", port, process, paths, kinds, forget)


def _items_path(workload: Workload) -> str:
    return f"/ogcapi/collections/bench_points/items?f=json&limit={workload.limit}"


def start_uncached(site: Site, settings: Settings) -> Running:
    """The same without a tile cache, like the peers that make every tile afresh. Raises AbsentError when it does not answer."""
    chosen = settings.model_copy(update={"server": settings.server.model_copy(update={"port": free_port(), "workers": 2, "threads": 4})})
    config = site.folder / "uncached.yml"
    config.write_text(json.dumps({"tiles": {"cache_megabytes": 0}}), encoding="utf-8")
    os.environ["XANH_CONFIG"] = str(config)
    try:
        process = start_server(chosen, StateDir(settings.var))
    finally:
        del os.environ["XANH_CONFIG"]
    site.processes.append(process)
    wait_for(chosen.server.port, "/healthz", process)
    return Running("ours", chosen.server.port, process, _vector_paths, frozenset({"mvt"}))


def _vector_paths(workload: Workload) -> list[str]:
    return [f"/tiles/bench_points/{level}/{column}/{row}.mvt" for level, column, row in workload.tiles()]
