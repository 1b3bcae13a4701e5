# SPDX-License-Identifier: MIT
"""QGIS Server FastCGI on a project written by Debian's PyQGIS; each process gets one warm-up request."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bench.peers.fastcgi import start_behind_nginx
from bench.peers.peer import Running, wfs_path, wms_paths
from bench.site import AbsentError, Site, fetch, wait_for
from bench.whole import whole_paths
from bench.workloads import Workload

PROGRAM = "/usr/lib/cgi-bin/qgis_mapserv.fcgi"
PYTHON = "/usr/bin/python3"
WRITER = Path(__file__).parent / "qgis_project.py"


def start(site: Site) -> Running:
    """Write the project and start two processes. Raises AbsentError."""
    if not Path(PROGRAM).exists():
        raise AbsentError("qgis_mapserv.fcgi is not installed")
    project, login = site.folder / "bench.qgs", site.login
    arguments = [login.host, str(login.port), login.dbname, login.user, login.password, str(project)]
    made = subprocess.run(
        [PYTHON, str(WRITER), *arguments], capture_output=True, check=False, env={"QT_QPA_PLATFORM": "offscreen", "HOME": str(site.folder)}
    )
    if made.returncode or not project.exists():
        raise AbsentError(f"its project could not be written: {made.stderr[-200:].decode('utf-8', 'replace')}")
    environment = {"QGIS_PROJECT_FILE": str(project), "QT_QPA_PLATFORM": "offscreen", "HOME": str(site.folder)}
    port, process = start_behind_nginx(site, "qgis", PROGRAM, environment)
    capabilities = "/?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities"
    wait_for(port, capabilities, process)
    for _ in range(4):
        fetch(port, capabilities)

    def paths(workload: Workload) -> list[str]:
        if workload.kind == "whole":
            return whole_paths("/?", "map_many")
        if workload.kind == "map":
            return wms_paths("/?", "map_zones,map_points", workload)
        return [wfs_path("/?", "bench_points", workload, "GeoJSON")]

    return Running("qgis_server", port, process, paths, frozenset({"gml", "wfs-json", "map", "whole"}))
