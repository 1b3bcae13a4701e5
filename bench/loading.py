# SPDX-License-Identifier: MIT
"""Loading: a large CSV and a large GeoPackage beside ogr2ogr, a raster beside gdal_translate, in turns.

The files are those of the folder XANH_OFFICE_FILES (else `shared/data` beside the repository); where it is not, files of the same size are
made from a fixed sequence. The eastings and northings of the points are taken as UTM 48N: only the load counts, not where they are.
"""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import psycopg
import pyarrow
import pyarrow.csv
import pyogrio
import rasterio
import shapely
from rasterio.transform import from_origin

from bench.site import AbsentError, Site
from loaders.geotiff import write_cog
from loaders.load import Face, LoadReport, run_load
from loaders.plan import LoadRequest, plan_load
from loaders.source import SourceOptions
from server.catalog.read import read_catalog
from server.config import ROOT, Settings
from server.crs.definitions import find_crs
from server.db.pool import Database
from server.db.store import find_logins
from server.features.batches import StagedBatch

FILES = Path(os.environ.get("XANH_OFFICE_FILES") or ROOT.parent / "shared" / "data") / "large"
POINTS, AREAS = 1_684_769, 153_000
_LAYERS = {"load-points": "bench_load_points", "load-areas": "bench_load_areas"}
_PIXELS = (7200, 5450)
_MEGA = 1e6


@dataclass
class Clock:
    """Notes when the rows were read and when they were in the official store; a `loaders.load.Watch`."""

    began: float = field(default_factory=time.perf_counter)
    read: float = 0.0
    stored: float = 0.0
    rows: int = 0
    stage: str = ""

    def batches(self, batches: Iterator[StagedBatch], total: int) -> Iterator[StagedBatch]:
        """The batches as they are."""
        self.rows = total
        yield from batches
        self.read = time.perf_counter() - self.began

    def say(self, stage: str) -> None:
        """What comes after the load step."""
        self.stage, self.stored = stage, time.perf_counter() - self.began


@dataclass(frozen=True)
class Loaded:
    """Medians in seconds: the load step (read, checked, in the official store with history), ogr2ogr into a bare table; further figures."""

    ours: float
    peer: float
    extra: dict[str, float]


def measure_load(site: Site, settings: Settings, kind: str, rounds: int) -> Loaded:
    """Load a file into its empty layer and publish it, and into a bare table, in turns. Raises AbsentError without ogr2ogr."""
    path = _find_points(site.folder) if kind == "load-points" else _find_areas(site.folder)
    ours, peers, clocks, wholes = [], [], [], []
    report: LoadReport | None = None
    for _ in range(rounds):
        peers.append(_run_ogr2ogr(site, path, kind))
        began, clock, report = _load(site, settings, kind, path)
        ours.append(clock.stored)
        clocks.append(clock)
        wholes.append(time.perf_counter() - began)
    step, rows = statistics.median(ours), report.result.inserted if report else 0
    return Loaded(
        step,
        statistics.median(peers),
        {
            "rows": rows,
            "rejected": report.result.rejected if report else 0,
            "rows_per_s": round(rows / step),
            "reading_s": round(statistics.median(clock.read for clock in clocks), 2),
            "published_after_s": round(statistics.median(wholes), 2),
            "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MEGA),
        },
    )


def measure_cog(site: Site, rounds: int) -> tuple[float, float]:
    """Medians in seconds: a raster made cloud-optimised by us and by gdal_translate. Raises AbsentError."""
    source, ours, peers = _make_raster(site.folder), [], []
    for _ in range(rounds):
        command = ["gdal_translate", "-q", "-of", "COG", "-co", "COMPRESS=DEFLATE", "-co", "BLOCKSIZE=256", str(source)]
        peers.append(_time_program([*command, str(site.folder / "peer.tif")]))
        began = time.perf_counter()
        write_cog(source, site.folder / "ours.tif", (find_crs(4326), find_crs(4326)))
        ours.append(time.perf_counter() - began)
    return statistics.median(ours), statistics.median(peers)


def _load(site: Site, settings: Settings, kind: str, path: Path) -> tuple[float, Clock, LoadReport]:
    layer_id = _LAYERS[kind]
    with psycopg.connect(site.login.conninfo(), autocommit=True) as connection:
        for table in (f"official.{layer_id}", f"history.{layer_id}", f"published.{layer_id}", f"published.{layer_id}_pyramid"):
            connection.execute(f"TRUNCATE {table}".encode())
        connection.execute("DELETE FROM published.catalogue WHERE layer = %s", [layer_id])
    catalog, database = read_catalog(settings), Database(find_logins(settings), settings.database)
    try:
        began = time.perf_counter()
        options = SourceOptions(crs=32648 if kind == "load-points" else None)
        plan = plan_load(catalog, LoadRequest(path, catalog.layer(layer_id), options))
        clock = Clock()
        return began, clock, run_load(database, catalog, plan, face=Face(watch=clock))
    finally:
        database.close()


def _run_ogr2ogr(site: Site, path: Path, kind: str) -> float:
    with psycopg.connect(site.login.conninfo(), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench.ogr")
    places = ["-oo", "X_POSSIBLE_NAMES=easting", "-oo", "Y_POSSIBLE_NAMES=northing", "-a_srs", "EPSG:32648"]
    target = [
        "ogr2ogr",
        "-f",
        "PostgreSQL",
        f"PG:{site.login.conninfo()}",
        str(path),
        "-nln",
        "bench.ogr",
        "--config",
        "PG_USE_COPY",
        "YES",
    ]
    return _time_program([*target, *(places if kind == "load-points" else ["-nlt", "PROMOTE_TO_MULTI"])])


def _time_program(command: list[str]) -> float:
    if shutil.which(command[0]) is None:
        raise AbsentError(f"{command[0]} is not installed (gdal-bin)")
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise AbsentError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()[:200]}")
    return time.perf_counter() - began


def _find_points(folder: Path) -> Path:
    path, packed = folder / "points.csv", FILES / "codepoint_open_gb_2014.csv.gz"
    if path.exists():
        return path
    if packed.exists():
        with gzip.open(packed) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        return path
    random, numbers = numpy.random.default_rng(5), numpy.arange(POINTS)
    columns = {
        "postcode": [f"P{n:07d}" for n in numbers],
        "quality": numbers % 9 * 10 + 10,
        "easting": random.integers(0, 700_000, POINTS),
        "northing": random.integers(1_000_000, 2_500_000, POINTS),
        **{name: [f"{name[0].upper()}{n % most:08d}" for n in numbers] for name, most in _PLACES.items()},
    }
    pyarrow.csv.write_csv(pyarrow.table(columns), path, pyarrow.csv.WriteOptions(quoting_style="none"))
    return path


_PLACES = {"country": 3, "county": 60, "district": 400, "ward": 9000}


def _find_areas(folder: Path) -> Path:
    packed, path = FILES / "gshhg_h_world_polygons.gpkg.zip", folder / "areas.gpkg"
    if path.exists():
        return path
    if packed.exists():
        shutil.unpack_archive(packed, folder / "areas")
        return next((folder / "areas").rglob("*.gpkg")).rename(path)
    random, numbers = numpy.random.default_rng(6), numpy.arange(AREAS)
    places = numpy.column_stack([random.uniform(-170, 170, AREAS), random.uniform(-80, 80, AREAS)])
    discs = shapely.to_wkb(shapely.buffer(shapely.points(places), random.uniform(0.01, 0.5, AREAS), quad_segs=3))
    fields = [numbers % 4 + 1, random.uniform(1, 1000, AREAS), numpy.array([f"{n}-E" for n in numbers], dtype=object)]
    pyogrio.raw.write(path, discs, fields, ["level", "area_km2", "src_id"], crs="EPSG:4326", geometry_type="Polygon", driver="GPKG")
    return path


def _make_raster(folder: Path) -> Path:
    path, (width, height) = folder / "raster.tif", _PIXELS
    if not path.exists():
        rows, columns = numpy.ogrid[0:height, 0:width]
        relief = 800 * numpy.sin(columns / 300) * numpy.cos(rows / 200) + numpy.random.default_rng(7).normal(0, 5, (height, width))
        place = from_origin(104, 22, 4 / width, 3 / height)
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=1, dtype="int16", crs="EPSG:4326", transform=place, tiled=True
        ) as out:
            out.write(relief.astype("int16"), 1)
    return path
