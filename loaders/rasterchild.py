# SPDX-License-Identifier: MIT
"""Rasters are opened in the reading process too (`loaders.childread`): one that crashes or fills it is refused, nothing else stops."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from loaders.childread import Reading
from loaders.geotiff import RasterPlan, plan_raster, write_cog
from server.config import Loading
from server.crs.definitions import Crs, find_crs


class RasterReader:
    """One reading process for some rasters. Its methods raise what `plan_raster` and `write_cog` raise, and SourceRefused for a crash."""

    def __init__(self, path: Path, limits: Loading) -> None:
        # Writing says nothing until it is done; the ceiling on processor time holds.
        patient = limits.model_copy(update={"silent_seconds": float(limits.reader_cpu_seconds)})
        self._reading = Reading(path, path.name, None, limits)
        self._writing = Reading(path, path.name, None, patient)

    def plan(self, path: Path, band: int, crs: int | None) -> RasterPlan:
        """`plan_raster`, over there."""
        told = self._reading.ask("raster", file=str(path.absolute()), band=band, crs=crs)["plan"]
        told["extent"] = tuple(told["extent"])
        return RasterPlan(**{**told, "crs": find_crs(told["crs"])})

    def store(self, path: Path, target: Path, crs: tuple[Crs, Crs]) -> None:
        """`write_cog`, over there; of a process that died nothing stays."""
        try:
            self._writing.ask("cog", file=str(path.absolute()), target=str(target.absolute()), crs=[one.code for one in crs])
        finally:
            for left in target.parent.glob(f".{target.name}.*"):
                left.unlink(missing_ok=True)


def answer_raster(question: dict[str, Any]) -> dict[str, Any]:
    """What the reading process answers. Raises what `plan_raster` and `write_cog` raise."""
    path = Path(question["file"])
    if question["what"] == "raster":
        plan = plan_raster(path, question["band"], question["crs"])
        return {"plan": {**asdict(plan), "crs": plan.crs.code}}
    source, target = question["crs"]
    write_cog(path, Path(question["target"]), (find_crs(source), find_crs(target)))
    return {}
