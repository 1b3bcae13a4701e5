# SPDX-License-Identifier: MIT
"""`./xanh publish` for rasters: what `published` knows of them is read again from the files below `var/rasters`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from loaders.geotiff import plan_raster
from loaders.rasterbucket import put_raster
from loaders.rasterseries import read_day
from server.catalog.model import Layer
from server.config import Settings
from server.db.pool import Database
from server.db.raster_files import RasterRecord, keep_raster_files
from server.publish.raster import publish_raster, publish_raster_series
from server.query.features import LayerState


def republish_raster(database: Database, settings: Settings, layer: Layer) -> LayerState | None:
    """Publish the files of a raster layer as they lie there; None where there are none, and then nothing is changed.

    Days whose file is gone are forgotten; of two files of one day the newer counts. With a bucket the files are put there first.
    Raises SourceRefused for a damaged file, and when the bucket does not take one; nothing is published then.
    """
    if layer.raster is None:
        return None
    folder = settings.var / "rasters"
    if not layer.raster.series:
        file = folder / f"{layer.id}.tif"
        if not file.exists():
            return None
        extent = plan_raster(file, layer.raster.band, layer.storage_crs).extent
        put_raster(settings.storage, file, file.name)
        with database.writer() as connection:
            return publish_raster(connection, layer, extent)
    records = [_read_record(moment, file, layer) for moment, file in sorted(_find_days(folder / layer.id).items())]
    if not records:
        return None
    for one in records:
        put_raster(settings.storage, folder / layer.id / one.file, f"{layer.id}/{one.file}")
    with database.writer() as connection:
        keep_raster_files(connection, layer, [one.file for one in records])
        return publish_raster_series(connection, layer, records)


def _find_days(folder: Path) -> dict[datetime, Path]:
    files = sorted(folder.glob("*.tif"), key=lambda file: file.stat().st_mtime_ns)
    # <day>.<part of its checksum>.tif
    return {moment: file for file in files if (moment := read_day(file.name.partition(".")[0])) is not None}


def _read_record(moment: datetime, file: Path, layer: Layer) -> RasterRecord:
    plan = plan_raster(file, layer.raster.band if layer.raster else 1, layer.storage_crs)
    return RasterRecord(moment, file.name, (plan.width, plan.height), plan.dtype, plan.nodata, (plan.minimum, plan.maximum), plan.extent)
