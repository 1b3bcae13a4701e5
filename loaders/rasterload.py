# SPDX-License-Identifier: MIT
"""Load rasters: every file is looked at, made cloud-optimised beside, then all of them take their places in one database transaction."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from loaders.geotiff import RasterPlan
from loaders.load import checksum
from loaders.rasterbucket import put_raster
from loaders.rasterchild import RasterReader
from loaders.rasterseries import find_rasters, remove_others
from server.catalog.model import Layer
from server.config import Settings
from server.crs.definitions import find_crs
from server.db.loads import begin_load, finish_load
from server.db.pool import Connection, Database
from server.db.raster_files import RasterRecord, list_raster_files
from server.errors import SourceRefused
from server.publish.raster import publish_raster, publish_raster_series
from server.query.features import LayerState

# Told how many rasters are done, of how many; may raise to stop the load.
Note = Callable[[int, int], None]


@dataclass(frozen=True)
class RasterRequest:
    """What to load where: a raster or a folder of its tiles, for a layer that changes in time a folder of dated ones.

    `crs` is an EPSG code, where the files say none or a wrong one.
    """

    layer: Layer
    path: Path
    crs: int | None = None


@dataclass(frozen=True)
class DatedRaster:
    """One raster of a load; `moment` is its day in a layer that changes in time."""

    moment: datetime | None
    file: Path
    plan: RasterPlan


@dataclass(frozen=True)
class RasterReport:
    """What was loaded, the earliest first, as which load, and how the layer stands now."""

    rasters: tuple[DatedRaster, ...]
    load_id: int
    state: LayerState


def _pass_on(done: int, total: int) -> None:
    """Nobody watches."""


def look_at_rasters(request: RasterRequest, reader: RasterReader, note: Note = _pass_on) -> tuple[DatedRaster, ...]:
    """Look at the raster of a layer, or at all of a folder with their days; changes nothing. Raises SourceRefused."""
    layer = request.layer
    if layer.raster is None:
        raise SourceRefused(f"Layer {layer.id} does not hold a raster.", locator=layer.id)
    dated: list[tuple[datetime | None, Path]] = list(find_rasters(request.path)) if layer.raster.series else [(None, request.path)]
    found: list[DatedRaster] = []
    for moment, file in dated:
        note(len(found), len(dated))
        found.append(DatedRaster(moment, file, reader.plan(file, layer.raster.band, request.crs)))
    return tuple(found)


def load_rasters(database: Database, settings: Settings, request: RasterRequest, note: Note = _pass_on) -> RasterReport:
    """Check rasters, store them cloud-optimised and publish them.

    One raster becomes `var/rasters/<layer>.tif`; those of a layer that changes in time `var/rasters/<layer>/<day>.tif`, days loaded before
    stay. Raises SourceRefused when one is not what it claims, and what `note` raises; what was served before stays in place then.
    """
    layer, folder = request.layer, settings.var / "rasters"
    reader = RasterReader(request.path, settings.loading)
    rasters = look_at_rasters(request, reader, note)
    names = [_name(layer, one) for one in rasters]
    beside = folder / ".incoming"
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside) as incoming:
        made = [Path(incoming) / name for name in names]
        for number, (one, file) in enumerate(zip(rasters, made, strict=True)):
            note(number, len(rasters))
            reader.store(one.file, file, (one.plan.crs, find_crs(layer.storage_crs)))
        note(len(rasters), len(rasters))
        for file, name in zip(made, names, strict=True):
            put_raster(settings.storage, file, name)
        with database.writer() as connection:
            report = _publish(connection, request, rasters, names)
            kept = {file for _, file in list_raster_files(connection, layer)}
            for file, name in zip(made, names, strict=True):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                file.replace(folder / name)
    if layer.raster is not None and layer.raster.series:
        remove_others(folder / layer.id, kept)
    return report


def load_raster(database: Database, settings: Settings, layer: Layer, path: Path, crs: int | None = None) -> tuple[RasterPlan, LayerState]:
    """`load_rasters`; answers the plan of the last raster and the state of the layer."""
    report = load_rasters(database, settings, RasterRequest(layer, path, crs))
    return report.rasters[-1].plan, report.state


def _name(layer: Layer, one: DatedRaster) -> str:
    """The place below `var/rasters`."""
    # The file of a day gets a new name with every load: maps drawn meanwhile read the old one to its end.
    return f"{layer.id}/{one.moment:%Y-%m-%d}.{checksum(one.file)[:8]}.tif" if one.moment else f"{layer.id}.tif"


def _publish(connection: Connection, request: RasterRequest, rasters: Sequence[DatedRaster], names: Sequence[str]) -> RasterReport:
    layer, plan = request.layer, rasters[-1].plan
    load_id = begin_load(connection, layer.id, request.path.name, checksum(request.path))
    records = [_record(one, Path(name).name) for one, name in zip(rasters, names, strict=True) if one.moment]
    state = publish_raster_series(connection, layer, records) if records else publish_raster(connection, layer, plan.extent)
    summary = {key: value for key, value in asdict(plan).items() if key not in ("crs", "name", "nodata")}
    summary |= {"crs": plan.crs.code, "nodata": None if plan.nodata is None else str(plan.nodata)}  # JSON knows no NaN
    finish_load(connection, load_id, summary, (len(rasters), len(rasters), 0))
    return RasterReport(tuple(rasters), load_id, state)


def _record(one: DatedRaster, name: str) -> RasterRecord:
    if one.moment is None:
        raise SourceRefused(f"{one.file.name}: the name tells no day, such as 2024-03-05.", locator=one.file.name)
    plan = one.plan
    return RasterRecord(one.moment, name, (plan.width, plan.height), plan.dtype, plan.nodata, (plan.minimum, plan.maximum), plan.extent)
