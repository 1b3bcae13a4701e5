# SPDX-License-Identifier: MIT
"""Martin, when its program is on PATH: one process with two worker threads, its tile cache switched off."""

from __future__ import annotations

import shutil
from urllib.parse import quote

from bench.peers.peer import TILE_FIELDS, Running
from bench.site import AbsentError, Site, free_port, wait_for
from bench.workloads import MVT_KINDS, Workload

CONFIGURATION = """
listen_addresses: "127.0.0.1:{port}"
worker_processes: 2
cache: {{size_mb: 0}}
postgres:
  connection_string: "{url}"
  auto_publish: false
  auto_bounds: skip
  tables:
    tile_points:
      layer_id: bench_points
      schema: bench
      table: tile_points
      srid: 3857
      geometry_column: geom_3857
      geometry_type: POINT
      id_column: id
      extent: 4096
      buffer: 128
      clip_geom: true
      properties: {{{properties}}}
"""


def start(site: Site) -> Running:
    """Start it on the table of the tiles. Raises AbsentError."""
    program = shutil.which("martin")
    if program is None:
        raise AbsentError("martin is not on PATH")
    port, login = free_port(), site.login
    url = f"postgresql://{login.user}:{quote(login.password)}@{quote(login.host, safe='')}:{login.port}/{login.dbname}"
    properties = ", ".join(f"{name}: {kind}" for name, kind in TILE_FIELDS.items())
    config = site.folder / "martin.yaml"
    config.write_text(CONFIGURATION.format(port=port, url=url, properties=properties), encoding="utf-8")
    process = site.start("martin", [program, "--config", str(config)])

    def paths(workload: Workload) -> list[str]:
        return [f"/tile_points/{level}/{column}/{row}" for level, column, row in workload.tiles()]

    wait_for(port, "/tile_points/9/405/240", process)
    return Running("martin", port, process, paths, MVT_KINDS)
