# SPDX-License-Identifier: MIT
"""pg_tileserv, when its program is on PATH. It is one Go process on all cores and keeps no tiles."""

from __future__ import annotations

import shutil
from urllib.parse import quote

from bench.peers.peer import TILE_FIELDS, Running
from bench.site import AbsentError, Site, free_port, wait_for
from bench.workloads import MVT_KINDS, Workload

CONFIGURATION = """
DbConnection = "{url}"
HttpHost = "127.0.0.1"
HttpPort = {port}
DefaultResolution = 4096
DefaultBuffer = 128
"""


def start(site: Site) -> Running:
    """Start it on schema `bench`. Raises AbsentError."""
    program = shutil.which("pg_tileserv")
    if program is None:
        raise AbsentError("pg_tileserv is not on PATH")
    port, login = free_port(), site.login
    url = f"postgresql://{login.user}:{quote(login.password)}@/{login.dbname}?host={quote(login.host, safe='')}&port={login.port}"
    config = site.folder / "pg_tileserv.toml"
    config.write_text(CONFIGURATION.format(port=port, url=url), encoding="utf-8")
    process = site.start("pg_tileserv", [program, "--config", str(config)])
    tail = f".pbf?properties={','.join(TILE_FIELDS)}"

    def paths(workload: Workload) -> list[str]:
        return [f"/bench.tile_points/{level}/{column}/{row}{tail}" for level, column, row in workload.tiles()]

    wait_for(port, f"/bench.tile_points/9/405/240{tail}", process)
    return Running("pg_tileserv", port, process, paths, MVT_KINDS)
