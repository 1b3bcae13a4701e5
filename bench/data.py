# SPDX-License-Identifier: MIT
"""The rows of the benchmark: 200 000 points and 50 000 polygons from a fixed sequence, loaded like any other data.

Two million points more, and ten thousand spread over the same ground, are made when a workload wants them: in SQL, then published as ever.
A million points for one long answer, and two million names for suggestions, are published without a pyramid, which nobody draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy
import shapely

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.catalogue_write import write_catalogue_row
from server.db.outline import measure
from server.db.pool import Database
from server.db.publish_rows import lock_layer, refresh_rows, refresh_statistics
from server.features.bulk import LoadPlan, StagedRow, load_rows
from server.publish.layer import publish_layer

POINTS = 200_000
ZONES = 50_000
AREA = (104.5, 9.0, 109.5, 22.0)
SECTORS = ("thuy_san", "det_may", "giay", "xi_mang", "y_te", "chan_nuoi")
STATES = ("hoat_dong", "tam_dung", "dong_cua")
MANY = {"bench_many": 2_000_000, "bench_few": 10_000}
TEN = "bench_ten"
LONG, LONG_ROWS = "bench_long", 1_000_000
NAMES, NAMES_ROWS = "bench_names", 2_000_000
_SQL = Path(__file__).parent / "sql"


def fill(database: Database, catalog: Catalog) -> None:
    """Load and publish both layers and make the peers' tables. Raises what the write door raises."""
    for layer_id, rows in (("bench_points", _points()), ("bench_zones", _zones())):
        layer = catalog.layer(layer_id)
        with database.writer() as connection:
            result = load_rows(connection, catalog, SYSTEM, LoadPlan(layer, tuple(layer.fields), mode="insert"), rows)
            if result.rejected:
                raise RuntimeError(f"{layer_id}: {result.rejected} rows rejected, first: {result.reasons[0].reason}")
            publish_layer(connection, catalog, layer_id)
    make_peer_tables(database)


def make_peer_tables(database: Database) -> None:
    """Plain tables of the same rows in schema `bench`; the one of two million points stays as it is, empty at first."""
    with database.owner() as connection:
        connection.execute((_SQL / "peer_tables.sql").read_bytes())
        connection.execute((_SQL / "many_tables.sql").read_bytes())


def fill_many(database: Database, catalog: Catalog) -> None:
    """Make and publish the layers of two million and of ten thousand points; the peers' table of the former is emptied."""
    west, south, east, north = AREA
    statement = (_SQL / "many_points.sql").read_text(encoding="utf-8")
    for layer_id, count in MANY.items():
        with database.owner() as connection:
            made = statement.format(layer=layer_id, count=count, west=west, south=south, east=east, north=north)
            connection.execute(made.encode())
        with database.writer() as connection:
            publish_layer(connection, catalog, layer_id)
    with database.owner() as connection:
        connection.execute("truncate bench.map_many")


def fill_many_for_peers(database: Database) -> None:
    """Fill the peers' table of two million points unless it is filled."""
    with database.owner() as connection:
        connection.execute((_SQL / "many_fill.sql").read_bytes())


def fill_ten(database: Database, catalog: Catalog) -> None:
    """Make and publish the layer of ten points, whose metadata are compared with those of two million."""
    west, south, east, north = AREA
    statement = (_SQL / "many_points.sql").read_text(encoding="utf-8")
    with database.owner() as connection:
        connection.execute(statement.format(layer=TEN, count=10, west=west, south=south, east=east, north=north).encode())
    with database.writer() as connection:
        publish_layer(connection, catalog, TEN)


def fill_long(database: Database, catalog: Catalog) -> None:
    """Make and publish the rows of one long answer."""
    _fill_plain(database, catalog, LONG, "long_points.sql", LONG_ROWS)


def fill_names(database: Database, catalog: Catalog, count: int = NAMES_ROWS) -> None:
    """Make and publish the names suggestions are looked for in."""
    _fill_plain(database, catalog, NAMES, "named_points.sql", count)


def _fill_plain(database: Database, catalog: Catalog, layer_id: str, script: str, count: int) -> None:
    """Make rows in SQL and publish them without a pyramid."""
    west, south, east, north = AREA
    statement = (_SQL / script).read_text(encoding="utf-8")
    layer = catalog.layer(layer_id)
    with database.owner() as connection:
        connection.execute(statement.format(count=count, west=west, south=south, east=east, north=north).encode())
    with database.writer() as connection:
        lock_layer(connection, layer)
        refresh_rows(connection, catalog, layer)
        write_catalogue_row(connection, layer, measure(connection, layer))
        refresh_statistics(connection, layer)


def _places(count: int, seed: int) -> numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float64]]:
    random = numpy.random.default_rng(seed)
    west, south, east, north = AREA
    return numpy.column_stack([random.uniform(west, east, count), random.uniform(south, north, count)])


def _points() -> Iterator[StagedRow]:
    random = numpy.random.default_rng(3)
    places, sizes = shapely.to_wkb(shapely.points(_places(POINTS, 1))), random.uniform(0, 5000, POINTS)
    for i in range(POINTS):
        values = {
            "code": f"CS{i:07d}",
            "name": f"Cơ sở sản xuất chế biến thủy sản số {i}",
            "owner": f"Công ty TNHH Môi trường {i % 5000}",
            "sector": SECTORS[i % 6],
            "address": f"Ấp {i % 40}, xã Tân Hội Đông, huyện Châu Thành",
            "commune_code": f"{28000 + i % 1000:05d}",
            "status": STATES[i % 3],
            "capacity": round(float(sizes[i]) / 5, 3),
            "permit_no": f"{i % 900}/GPMT-UBND",
            "permit_date": f"{2015 + i % 8}-{1 + i % 12:02d}-{1 + i % 28:02d}",
            "wastewater_m3d": round(float(sizes[i]), 3),
        }
        yield StagedRow(i + 1, values, places[i])


def _zones() -> Iterator[StagedRow]:
    random = numpy.random.default_rng(4)
    radii = random.uniform(0.005, 0.035, ZONES)
    discs = shapely.buffer(shapely.points(_places(ZONES, 2)), radii, quad_segs=24)
    shapes = shapely.to_wkb(discs)
    for i in range(ZONES):
        values = {
            "code": f"KV{i}",
            "name": f"Khu bảo tồn số {i}",
            "kind": ("vqg", "kbt", "ksv")[i % 3],
            "area_ha": round(float(radii[i]) * 1e4, 2),
        }
        yield StagedRow(i + 1, values, shapes[i])
