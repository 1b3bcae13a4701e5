# SPDX-License-Identifier: MIT
"""pg_featureserv, when its program is on PATH. It is one Go process on all cores."""

from __future__ import annotations

import shutil
from urllib.parse import quote

from bench.peers.peer import Running, filter_paths
from bench.site import AbsentError, Site, free_port, wait_for
from bench.workloads import Workload

CONFIGURATION = """
[Server]
HttpHost = "127.0.0.1"
HttpPort = {port}
[Database]
DbConnection = "{url}"
TableIncludes = ["bench"]
[Paging]
LimitDefault = 10
LimitMax = 100000
"""


def start(site: Site) -> Running:
    """Start it on schema `bench`. Raises AbsentError."""
    program = shutil.which("pg_featureserv")
    if program is None:
        raise AbsentError("pg_featureserv is not on PATH")
    port, login = free_port(), site.login
    url = f"postgresql://{login.user}:{quote(login.password)}@/{login.dbname}?host={quote(login.host, safe='')}&port={login.port}"
    config = site.folder / "pg_featureserv.toml"
    config.write_text(CONFIGURATION.format(port=port, url=url), encoding="utf-8")
    process = site.start("pg_featureserv", [program, "--config", str(config)])
    wait_for(port, "/collections/bench.bench_points/items.json?limit=1", process)

    def paths(workload: Workload) -> list[str]:
        if workload.kind == "item":
            return [f"/collections/bench.bench_points/items/{number}.json" for number in workload.features()]
        page = f"/collections/bench.bench_points/items.json?limit={workload.limit}"
        return filter_paths(page, workload) if workload.kind == "filter" else [page]

    return Running("pg_featureserv", port, process, paths, frozenset({"items", "item", "filter"}))
