# SPDX-License-Identifier: MIT
"""One answer of a million features beside `psql` writing the same encoded rows to a file."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Single, measure_single
from bench.site import Site

LAYER = "bench_long"
# What the server asks of the database for GML 3.1.1 in EPSG:4326, as one COPY.
FLOOR_SQL = """copy (select '<gml:featureMember><xanh:bench_long gml:id="bench_long.' || id || '">'
  || coalesce(overlay(st_asgml(3, st_setsrid(geom, 0), 7, 6) placing '<xanh:geom><gml:Point srsName="EPSG:4326"' from 1 for 10)
  || '</xanh:geom>', '') || gml || '</xanh:bench_long></gml:featureMember>'
  from published.bench_long order by id limit {limit}) to stdout"""


def measure_long(site: Site, port: int, workers: Sequence[int], limit: int, rounds: int) -> tuple[list[Single], float]:
    """Our answers and the seconds psql needs (median), in turns. Raises AbsentError for an error answer."""
    path = f"/wfs?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={LAYER}&SRSNAME=EPSG:4326&MAXFEATURES={limit}"
    answers, floors = [], []
    for _ in range(rounds):
        floors.append(_time_psql(site, limit, site.folder / "long.gml"))
        answers.append(measure_single(port, path, workers))
    return answers, statistics.median(floors)


def _time_psql(site: Site, limit: int, target: Path) -> float:
    login = site.login
    command = ["psql", "-h", login.host, "-p", str(login.port), "-U", login.user, "-d", login.dbname, "-qAt", "-o", str(target)]
    environment = {"PGPASSWORD": login.password, "PATH": "/usr/bin:/bin:/usr/local/bin", "PGOPTIONS": "-c jit=off"}
    began = time.perf_counter()
    subprocess.run([*command, "-c", FLOOR_SQL.format(limit=limit)], check=True, env=environment)
    elapsed = time.perf_counter() - began
    target.unlink()
    return elapsed
