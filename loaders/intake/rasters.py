# SPDX-License-Identifier: MIT
"""Rasters handed in on a page: a GeoTIFF or ASC, or a .zip of the tiles of one or of those of several days; looked at, then loaded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from loaders.outcome.raster import describe_rasters, keep_rasters
from loaders.plan import LoadRequest
from loaders.rasterchild import RasterReader
from loaders.rasterload import DatedRaster, Note, RasterReport, RasterRequest, load_rasters, look_at_rasters
from loaders.rastermosaic import RASTER_ENDINGS
from loaders.unpack import Workspace
from server.config import Loading
from server.context import Context
from server.crs.definitions import Box
from server.db.home import find_home_box
from server.db.raster_files import list_raster_files
from server.errors import SourceRefused
from server.jobs.intake_folder import outcome_of
from server.query.uploads import Upload

# What may lie beside a raster and say where it is; anything else (overviews, notes of GDAL that name other files) is not looked at.
_BESIDE = frozenset({".prj", ".tfw", ".tifw", ".wld"})
# A name on disk holds 255 bytes; its end tells the kind, and mostly the day.
_NAME_LETTERS = 60


def plan_upload(context: Context, upload: Upload, request: LoadRequest, note: Note) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the rasters of a file are (`describe_rasters`) and where they lie (GeoJSON in WGS 84). Raises SourceRefused."""
    layer, limits = request.layer, context.settings.loading
    with open_rasters(upload, request.path, limits) as path:
        wish = RasterRequest(layer, path, request.options.crs)
        rasters = _named(look_at_rasters(wish, RasterReader(path, limits), note), path, upload)
    _refuse_too_many(rasters, context.settings.uploads.raster_pixels)
    with context.database.writer() as connection:
        known = [moment for moment, _ in list_raster_files(connection, layer)]
    told = describe_rasters(layer, rasters, _near(context, request), known)
    return told, {"type": "FeatureCollection", "features": [_draw(number, one) for number, one in enumerate(told["rasters"], 1)]}


def load_upload(context: Context, upload: Upload, request: LoadRequest, note: Note) -> RasterReport:
    """Load and publish the rasters of a file and keep the report. Raises SourceRefused and what `note` raises; nothing is changed then."""
    with open_rasters(upload, request.path, context.settings.loading) as path:
        done = load_rasters(context.database, context.settings, RasterRequest(request.layer, path, request.options.crs), note)
        report = replace(done, rasters=_named(done.rasters, path, upload))
    keep_rasters(outcome_of(context.settings, upload), request.layer, upload.name, report, _near(context, request))
    return report


@contextmanager
def open_rasters(upload: Upload, file: Path, limits: Loading) -> Iterator[Path]:
    """The raster of a file, or a folder of all of them, under the name the sender gave; it goes afterwards. Raises SourceRefused."""
    with tempfile.TemporaryDirectory(prefix="xanh-raster-") as given:
        named = Path(given) / upload.name[-_NAME_LETTERS:].lstrip(".")
        named.symlink_to(file.resolve())
        space = Workspace(named, limits)
        found = [name for name in space.files if Path(name).suffix.lower() in RASTER_ENDINGS and not Path(name).name.startswith(".")]
        for name in space.files:
            if name not in found and Path(name).suffix.lower() not in _BESIDE:
                (space.folder / name).unlink()
        if len(found) == 1:
            yield space.folder / found[0]
            return
        named.unlink()
        named.symlink_to(_only_folder(upload, space.folder, found), target_is_directory=True)
        yield named


def _only_folder(upload: Upload, root: Path, found: Sequence[str]) -> Path:
    if not found:
        raise SourceRefused(
            f"{upload.name} holds no GeoTIFF or ASC.", locator=upload.name, message_vi=f"{upload.name} không có tệp GeoTIFF hoặc ASC nào."
        )
    folders = {(root / name).parent for name in found}
    if len(folders) > 1:
        raise SourceRefused(
            f"{upload.name} holds rasters in several folders; put those that belong together into one.",
            locator=upload.name,
            message_vi=f"{upload.name} có ảnh trong nhiều thư mục; hãy để các ảnh thuộc về nhau vào một thư mục.",
        )
    return folders.pop()


def _named(rasters: Sequence[DatedRaster], path: Path, upload: Upload) -> tuple[DatedRaster, ...]:
    """What was sent as one raster, or as the tiles of one, bears the name of what was sent; rasters of several days bear their own."""
    return tuple(replace(one, plan=replace(one.plan, name=upload.name)) if one.file == path else one for one in rasters)


def _refuse_too_many(rasters: Sequence[DatedRaster], most: int) -> None:
    pixels = sum(one.plan.width * one.plan.height for one in rasters)
    if pixels > most:
        raise SourceRefused(
            f"The rasters hold {pixels} pixels, more than {most}; load them on the server (./xanh load).",
            message_vi=f"Ảnh có {pixels} điểm ảnh, quá mức {most}; hãy nạp trên máy chủ (./xanh load).",
        )


def _near(context: Context, request: LoadRequest) -> Box | None:
    with context.database.writer() as connection:
        return find_home_box(connection, context.catalog, request.layer)


def _draw(number: int, told: dict[str, Any]) -> dict[str, Any]:
    """The footprint of a raster as the map of a plan shows rows."""
    west, south, east, north = told["extent"]
    halves = [note.partition(" · ") for note in told["notes"]]
    name = told["day"] or told["name"]
    properties = {
        "row": number,
        "sort": "accepted",
        "text": "; ".join((name, *(english for english, _, _ in halves))),
        "text_vi": "; ".join((name, *(vietnamese or english for english, _, vietnamese in halves))),
    }
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "bbox": told["extent"],
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
