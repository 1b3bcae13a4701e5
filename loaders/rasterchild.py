# SPDX-License-Identifier: MIT
"""Rasters are opened in the reading process too (`loaders.childread`): one that crashes or fills it is refused, nothing else stops."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from loaders.childread import Reading
from loaders.geotiff import RasterPlan, differ, plan_raster, write_cog
from loaders.rastermosaic import Mosaic, join_tiles, list_tiles, write_vrt
from server.config import Loading
from server.crs.definitions import Crs, find_crs
from server.errors import SourceRefused


class RasterReader:
    """One reading process for some rasters; a folder is one raster in tiles.

    Its methods raise what `plan_raster`, `join_tiles` and `write_cog` raise, and SourceRefused for a crash.
    """

    def __init__(self, path: Path, limits: Loading) -> None:
        # Writing says nothing until it is done; the ceiling on processor time holds.
        patient = limits.model_copy(update={"silent_seconds": float(limits.reader_cpu_seconds)})
        self._reading = Reading(path, path.name, None, limits)
        self._writing = Reading(path, path.name, None, patient)
        self._mosaic: Mosaic | None = None

    def plan(self, path: Path, band: int, crs: int | None) -> RasterPlan:
        """`plan_raster`, over there; of a folder that of its mosaic."""
        if not path.is_dir():
            return self._plan_one(path, band, crs)
        files = list_tiles(path)
        mosaic = join_tiles(path.name, files, [self._plan_one(file, band, crs) for file in files])
        for one, here, other, there in mosaic.overlaps():
            windows = [[str(one.file.absolute()), here], [str(other.file.absolute()), there]]
            if self._reading.ask("overlap", file=str(path.absolute()), windows=windows, band=band)["differs"]:
                raise SourceRefused(
                    f"{one.plan.name} and {other.plan.name} overlap and differ there.",
                    locator=one.plan.name,
                    message_vi=f"{one.plan.name} và {other.plan.name} chồng lên nhau và khác nhau ở đó.",
                )
        self._mosaic = mosaic
        return mosaic.plan

    def store(self, path: Path, target: Path, crs: tuple[Crs, Crs]) -> None:
        """`write_cog`, over there; of a process that died nothing stays. A folder must have been planned."""
        if self._mosaic is None or not path.is_dir():
            self._store_one(path, target, crs, is_mosaic=False)
            return
        with tempfile.TemporaryDirectory(prefix="xanh-mosaic-") as folder:
            joined = Path(folder) / f"{path.name}.vrt"
            write_vrt(self._mosaic, joined)
            self._store_one(joined, target, crs, is_mosaic=True)

    def _plan_one(self, path: Path, band: int, crs: int | None) -> RasterPlan:
        told = self._reading.ask("raster", file=str(path.absolute()), band=band, crs=crs)["plan"]
        lists = {name: tuple(told[name]) for name in ("extent", "place", "notes")}
        return RasterPlan(**{**told, **lists, "crs": find_crs(told["crs"])})

    def _store_one(self, path: Path, target: Path, crs: tuple[Crs, Crs], *, is_mosaic: bool) -> None:
        codes = [one.code for one in crs]
        try:
            self._writing.ask("cog", file=str(path.absolute()), target=str(target.absolute()), crs=codes, is_mosaic=is_mosaic)
        finally:
            for left in target.parent.glob(f".{target.name}.*"):
                left.unlink(missing_ok=True)


def answer_raster(question: dict[str, Any]) -> dict[str, Any]:
    """What the reading process answers. Raises what `plan_raster`, `differ` and `write_cog` raise."""
    path = Path(question["file"])
    if question["what"] == "raster":
        plan = plan_raster(path, question["band"], question["crs"])
        return {"plan": {**asdict(plan), "crs": plan.crs.code}}
    if question["what"] == "overlap":
        first, second = ((Path(file), tuple(window)) for file, window in question["windows"])
        return {"differs": differ(first, second, question["band"])}
    source, target = question["crs"]
    write_cog(path, Path(question["target"]), (find_crs(source), find_crs(target)), is_mosaic=question["is_mosaic"])
    return {}
