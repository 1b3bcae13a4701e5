# SPDX-License-Identifier: MIT
"""Two figures of ours, one divided by the other: late pages and first ones, large layers and small ones, HTTP and `psql`."""

from __future__ import annotations

import http.client
import statistics
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.data import TEN
from bench.site import AbsentError, Site

LATE_PAGE = 10_000
_TURNS, _REQUESTS = 15, 40
_PAGE = "/ogcapi/collections/bench_points/items?f=json&limit={limit}"
# Every document that speaks of one layer, and counts of it; `{layer}` is its name.
METADATA = {
    "collection": "/ogcapi/collections/{layer}?f=json",
    "collection page": "/ogcapi/collections/{layer}?f=html",
    "schema": "/ogcapi/collections/{layer}/schema?f=json",
    "queryables": "/ogcapi/collections/{layer}/queryables?f=json",
    "number of items": "/ogcapi/collections/{layer}/items?f=json&limit=1",
    "items page": "/ogcapi/collections/{layer}/items?f=html&limit=10",
    "api/v1": "/api/v1/layers/{layer}",
    "hits": "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&RESULTTYPE=hits",
    "feature type": "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={layer}",
    "legend": "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER={layer}&FORMAT=image/png",
    "tileset": "/ogcapi/collections/{layer}/tiles/WebMercatorQuad?f=json",
}
_PSQL = "select geojson from published.bench_points order by id limit {limit};\n"


def compare_pages(port: int, limit: int) -> dict[str, float]:
    """How many times as long the page 10 000 of `limit` features takes as the first. Raises AbsentError for an error answer."""
    first = _PAGE.format(limit=limit)
    late = f"{first}&cursor=n{(LATE_PAGE - 1) * limit:x}"
    with_late, with_first = _compare(lambda: _ask(port, late), lambda: _ask(port, first))
    return {"times the first page": round(with_late / with_first, 2)}


def compare_metadata(port: int) -> dict[str, float]:
    """By document, how many times as long it takes for two million features as for ten. Raises AbsentError for an error answer."""
    out = {}
    for name, path in METADATA.items():
        of_many, of_ten = _compare(*(partial(_ask, port, path.format(layer=layer)) for layer in ("bench_many", TEN)))
        out[name] = round(of_many / of_ten, 2)
    return out


def compare_psql(site: Site, port: int, limit: int) -> tuple[float, dict[str, float]]:
    """How many times as long a page takes as its SQL in `psql`, one after the other, connections kept; and both. Raises AbsentError."""
    script = site.folder / "psql.sql"
    empty = site.folder / "empty.sql"
    script.write_text(_PSQL.format(limit=limit) * _REQUESTS, encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    path = _PAGE.format(limit=limit)
    ours, theirs = _compare(lambda: _ask(port, path), lambda: _run_psql(site, script) - _run_psql(site, empty))
    return round(ours / theirs, 2), {"ours_ms": round(ours * 1000, 3), "psql_ms": round(theirs * 1000, 3)}


def _compare(one: Callable[[], float], other: Callable[[], float]) -> tuple[float, float]:
    """Median seconds per request of both, asked in turns after a turn that warms up."""
    samples = [(one() / _REQUESTS, other() / _REQUESTS) for _ in range(_TURNS + 1)][1:]
    return statistics.median(first for first, _ in samples), statistics.median(second for _, second in samples)


def _ask(port: int, path: str) -> float:
    """Seconds of a series of requests over one connection. Raises AbsentError for an error answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.connect()
        began = time.perf_counter()
        for _ in range(_REQUESTS):
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise AbsentError(f"{path}: status {answer.status}: {body[:200].decode('utf-8', 'replace')}")
        return time.perf_counter() - began
    finally:
        connection.close()


def _run_psql(site: Site, script: Path) -> float:
    login = site.login
    command = ["psql", "-h", login.host, "-p", str(login.port), "-U", login.user, "-d", login.dbname, "-qAt", "-o", "/dev/null"]
    environment = {"PGPASSWORD": login.password, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    began = time.perf_counter()
    subprocess.run([*command, "-f", str(script)], check=True, env=environment)
    return time.perf_counter() - began
