# SPDX-License-Identifier: MIT
"""The demo province: carries out `demo/manifest.yml` with the same loaders everybody uses.

Every step is one transaction, and a file that was loaded is not loaded again: an interrupted first run is simply repeated, and a second
province joins the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shapely
from pydantic import BaseModel, ConfigDict, Field

from loaders.illustrative import write_illustrative
from loaders.load import checksum, run_load
from loaders.plan import LoadRequest, plan_load
from loaders.rasterload import load_raster
from loaders.source import SourceOptions, open_source
from server.catalog.catalog import Catalog
from server.config import ROOT, Settings
from server.db.loads import is_loaded
from server.db.pool import Database
from server.errors import SourceRefused
from server.strictyaml import read_model

DEMO = ROOT / "demo"
COMMUNES = "data/admin/communes/communes_{province}.gpkg.zip"
PROVINCES = "data/admin/provinces_2025.gpkg.zip"
Report = Callable[[str], None]


class Step(BaseModel):
    """One step of the manifest; its head comment explains the keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: str
    file: str
    only: tuple[str, ...] = ()
    except_: tuple[str, ...] = Field(default=(), alias="except")
    optional: bool = False
    where: dict[str, str] = {}
    map: dict[str, str] = {}
    defaults: dict[str, str | float | int | bool] = {}
    crs: int | None = None
    encoding: str | None = None
    xy: tuple[str, str] | None = None
    illustrative: bool = False

    def is_for(self, province: str) -> bool:
        """True when the step belongs to this province."""
        return (not self.only or province in self.only) and province not in self.except_


class Manifest(BaseModel):
    """What a fresh installation loads, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: tuple[Step, ...]


def load_province(database: Database, catalog: Catalog, settings: Settings, report: Report) -> None:
    """Load and publish the demo data of `settings.province`; `report` gets one line per step.

    Raises SourceRefused (a shipped file is missing or a row does not fit) and ConfigProblems (the manifest is wrong).
    """
    province = settings.province.code
    manifest = read_model(DEMO / "manifest.yml", Manifest)
    made: dict[str, Path] = {}
    for step in manifest.steps:
        if not step.is_for(province) or step.layer not in catalog.layers:
            continue
        if "{illustrative}" in step.file and not made:
            folder = settings.var / "demo" / province
            folder.mkdir(parents=True, exist_ok=True)
            made = dict(write_illustrative(province, list(_communes(province)), folder))
        path = _resolve(step, province, settings.var / "demo" / province)
        if step.optional and not path.exists():
            continue
        _load_step(database, catalog, settings, (step, path, report))


def _load_step(database: Database, catalog: Catalog, settings: Settings, work: tuple[Step, Path, Report]) -> None:
    step, path, report = work
    layer = catalog.layer(step.layer)
    if not path.exists():
        raise SourceRefused(f"{path.name}: the demo file is missing.", locator=path.name)
    with database.writer() as connection:
        if is_loaded(connection, layer.id, checksum(path)) and not step.where:
            return
    options = SourceOptions(crs=step.crs, encoding=step.encoding, xy=step.xy)
    if layer.raster is not None:
        load_raster(database, settings, layer, path, step.crs)
        report(f"{layer.id}: {path.name}")
        return
    where = {name: value.format(province=settings.province.code) for name, value in step.where.items()}
    request = LoadRequest(path, layer, options, step.map, _defaults(step), where)
    done = run_load(database, catalog, plan_load(catalog, request), stop_on_error=True)
    report(f"{layer.id}: {done.result.inserted + done.result.updated + done.result.unchanged} ({path.name})")


def _defaults(step: Step) -> dict[str, Any]:
    return dict(step.defaults)


def _resolve(step: Step, province: str, folder: Path) -> Path:
    if step.file.startswith("{illustrative}/"):
        return folder / step.file.removeprefix("{illustrative}/")
    return DEMO / step.file.format(province=province)


def _communes(province: str) -> Iterator[tuple[str, str, shapely.Geometry]]:
    """Code, name and polygon (lon/lat) of the province's communes; the province itself where no open boundaries of communes exist."""
    path = DEMO / COMMUNES.format(province=province)
    if path.exists():
        for row in open_source(path, SourceOptions()).rows():
            yield str(row.values["code"]), str(row.values["full_name"]), shapely.from_wkb(row.wkb)
        return
    for row in open_source(DEMO / PROVINCES, SourceOptions()).rows():
        if str(row.values["code"]) == province:
            yield str(row.values["code"]), str(row.values["full_name"]), shapely.from_wkb(row.wkb)
