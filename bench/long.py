# SPDX-License-Identifier: MIT
"""One answer of a million features beside `psql` writing the same encoded rows to a file, and what a client that stops reading holds."""

from __future__ import annotations

import socket
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.measure import Single, measure_single
from bench.site import AbsentError, Site
from server.config import Settings
from server.db.store import find_logins

LAYER = "bench_long"
# What the server asks of the database for GML 3.1.1 in EPSG:4326, as one COPY.
FLOOR_SQL = """copy (select '<gml:featureMember><xanh:bench_long gml:id="bench_long.' || id || '">'
  || coalesce(overlay(st_asgml(3, st_setsrid(geom, 0), 7, 6) placing '<xanh:geom><gml:Point srsName="EPSG:4326"' from 1 for 10)
  || '</xanh:geom>', '') || gml || '</xanh:bench_long></gml:featureMember>'
  from published.bench_long order by id limit {limit}) to stdout"""
_BUSY = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND state <> 'idle'"
_PATIENCE_S = 30.0


def measure_long(site: Site, port: int, workers: Sequence[int], limit: int, rounds: int) -> tuple[list[Single], float]:
    """Our answers and the seconds psql needs (median), in turns. Raises AbsentError for an error answer."""
    path = _path(limit)
    answers, floors = [], []
    for _ in range(rounds):
        floors.append(_time_psql(site, limit, site.folder / "long.gml"))
        answers.append(measure_single(port, path, workers))
    return answers, statistics.median(floors)


def time_stalled(settings: Settings, port: int, limit: int) -> float:
    """Seconds until a client that stops reading in the middle holds no database connection any more (at most 30).

    Raises AbsentError when the answer fits into the buffers of both ends, so that nothing is tried.
    """
    logins = find_logins(settings)
    with psycopg.connect(logins.admin.conninfo(), autocommit=True) as connection, socket.socket() as client:

        def is_busy() -> bool:
            row = connection.execute(_BUSY, [logins.reader.user]).fetchone()
            return row is not None and row[0] > 0

        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", port))
        client.sendall(f"GET {_path(limit)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        client.recv(1024)
        began = time.perf_counter()
        time.sleep(0.5)
        if not is_busy():
            raise AbsentError("the answer fits into the buffers")
        while is_busy() and time.perf_counter() - began < _PATIENCE_S:
            time.sleep(0.05)
        return time.perf_counter() - began


def _path(limit: int) -> str:
    return f"/wfs?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={LAYER}&SRSNAME=EPSG:4326&MAXFEATURES={limit}"


def _time_psql(site: Site, limit: int, target: Path) -> float:
    login = site.login
    command = ["psql", "-h", login.host, "-p", str(login.port), "-U", login.user, "-d", login.dbname, "-qAt", "-o", str(target)]
    environment = {"PGPASSWORD": login.password, "PATH": "/usr/bin:/bin:/usr/local/bin", "PGOPTIONS": "-c jit=off"}
    began = time.perf_counter()
    subprocess.run([*command, "-c", FLOOR_SQL.format(limit=limit)], check=True, env=environment)
    elapsed = time.perf_counter() - began
    target.unlink()
    return elapsed
