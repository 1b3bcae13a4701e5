# SPDX-License-Identifier: MIT
"""Stock pygeoapi with its PostgreSQL provider under gunicorn, 2 x 4 threads. Each request counts the table: its default."""

from __future__ import annotations

import json
import subprocess

from bench.peers.peer import Running, filter_paths
from bench.site import AbsentError, Site, free_port, wait_for
from bench.workloads import Workload

_CONTACT = (
    *("name", "position", "address", "city", "stateorprovince", "postalcode", "country"),
    *("phone", "fax", "email", "url", "hours", "instructions"),
)


def start(site: Site) -> Running:
    """Write a configuration and start it. Raises AbsentError."""
    program = site.python.parent / "pygeoapi"
    if not program.exists():
        raise AbsentError("not installed (requirements-bench.lock)")
    port = free_port()
    config, openapi = site.folder / "pygeoapi.json", site.folder / "pygeoapi-openapi.json"
    config.write_text(json.dumps(_configuration(site, port)), encoding="utf-8")
    environment = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    made = subprocess.run(
        [str(program), "openapi", "generate", str(config), "--format", "json", "--output-file", str(openapi)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise AbsentError(f"its OpenAPI step failed: {made.stderr[-200:].decode('utf-8', 'replace')}")
    command = [str(site.python.parent / "gunicorn"), "pygeoapi.flask_app:APP", "--bind", f"127.0.0.1:{port}"]
    process = site.start("pygeoapi", [*command, "--workers", "2", "--worker-class", "gthread", "--threads", "4"], environment)
    wait_for(port, "/collections/bench_points/items?f=json&limit=1", process)

    def paths(workload: Workload) -> list[str]:
        if workload.kind == "item":
            return [f"/collections/bench_points/items/{number}?f=json" for number in workload.features()]
        page = f"/collections/bench_points/items?f=json&limit={workload.limit}"
        return filter_paths(page, workload, "filter-lang=cql-text") if workload.kind == "filter" else [page]

    return Running("pygeoapi", port, process, paths, frozenset({"items", "item", "filter"}))


def _configuration(site: Site, port: int) -> dict[str, object]:
    login = site.login
    database = {"host": login.host, "port": login.port, "dbname": login.dbname, "user": login.user, "password": login.password}
    address = f"http://127.0.0.1:{port}"
    person = dict.fromkeys(_CONTACT, "bench")
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "cors": True,
            "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 100_000, "on_exceed": "throttle"},
            "map": {"url": "tiles", "attribution": "none"},
            "admin": False,
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "bench",
                "description": "bench",
                "keywords": ["bench"],
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": address,
            },
            "license": {"name": "none", "url": address},
            "provider": {"name": "bench", "url": address},
            "contact": {**person, "role": "pointOfContact"},
        },
        "resources": {
            "bench_points": {
                "type": "collection",
                "title": "bench",
                "description": "bench",
                "keywords": ["bench"],
                "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [
                    {
                        "type": "feature",
                        "name": "PostgreSQL",
                        "data": {**database, "search_path": ["bench"]},
                        "id_field": "id",
                        "table": "bench_points",
                        "geom_field": "geom",
                    }
                ],
            }
        },
    }
