# SPDX-License-Identifier: MIT
"""The demo manifest against the layer files: every step finds its file, its required fields and known codes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from loaders.demo import DEMO, Manifest, Step
from loaders.illustrative import write_illustrative
from loaders.load import read_batches
from loaders.plan import LoadRequest, plan_load
from loaders.repair import Repairer
from loaders.shapelook import ShapeLook
from loaders.source import SourceOptions, open_source
from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog_in
from server.strictyaml import read_model


@dataclass(frozen=True)
class Loaded:
    """A step, and the cleaned rows it would give."""

    step: Step
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog_in(DEMO.parent / "layers")


@pytest.fixture(scope="module", params=["82", "20"])
def province(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def loaded(province: str, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> list[Loaded]:
    folder = tmp_path_factory.mktemp(province)
    write_illustrative(province, read_communes(province), folder)
    steps = read_model(DEMO / "manifest.yml", Manifest).steps
    vector = [step for step in steps if step.is_for(province) and catalog.layer(step.layer).raster is None]
    return [Loaded(step, clean_rows(catalog, step, province, folder)) for step in vector]


def read_communes(province: str) -> list[tuple[str, str, Any]]:
    source = open_source(DEMO / f"data/admin/communes/communes_{province}.gpkg.zip", SourceOptions())
    return [(str(row.values["code"]), str(row.values["full_name"]), shapely.from_wkb(row.wkb)) for row in source.rows()]


def clean_rows(catalog: Catalog, step: Step, province: str, folder: Path) -> list[dict[str, Any]]:
    file = step.file.format(province=province, illustrative=folder)
    where = {name: value.format(province=province) for name, value in step.where.items()}
    options = SourceOptions(crs=step.crs, encoding=step.encoding, xy=step.xy)
    plan = plan_load(catalog, LoadRequest(DEMO / file, catalog.layer(step.layer), options, step.map, step.defaults, where))
    return [batch.row(index) for batch in read_batches(plan, Repairer("no"), ShapeLook()) for index in range(len(batch.numbers))]


def count(loaded: list[Loaded], layer: str) -> int:
    return sum(len(found.rows) for found in loaded if found.step.layer == layer)


def test_every_code_is_in_the_list_of_its_field(catalog: Catalog, loaded: list[Loaded]) -> None:
    lists = {name: {entry.code for entry in codes.codes} for name, codes in catalog.code_lists.items()}
    unknown = set()
    for found in loaded:
        for name, field in catalog.layer(found.step.layer).fields.items():
            if field.codes:
                values = {row[name] for row in found.rows if row.get(name) is not None}
                unknown |= {(found.step.file, name, value) for value in values - lists[field.codes]}
    assert unknown == set()


def test_every_required_field_has_a_value_in_every_row(catalog: Catalog, loaded: list[Loaded]) -> None:
    empty = set()
    for found in loaded:
        required = [name for name, field in catalog.layer(found.step.layer).fields.items() if field.required and field.default is None]
        empty |= {(found.step.file, name) for name in required for row in found.rows if row.get(name) in (None, "")}
    assert empty == set()


def test_the_rows_of_the_province_are_all_there(province: str, loaded: list[Loaded]) -> None:
    assert count(loaded, "provinces") == 34 + 63
    assert count(loaded, "communes") == {"82": 102 + 305, "20": 65 + 194}[province]
    assert count(loaded, "water_supply_points") == {"82": 1270, "20": 0}[province]
    assert count(loaded, "facilities") == 60 + 51 + 197
    assert count(loaded, "stations") == 169 + 12


def test_illustrative_steps_feed_layers_or_rows_that_say_so(catalog: Catalog, loaded: list[Loaded]) -> None:
    for found in loaded:
        marked = catalog.layer(found.step.layer).illustrative or (bool(found.rows) and all(row.get("illustrative") for row in found.rows))
        assert marked == found.step.illustrative, found.step.file


def test_a_reused_province_code_means_two_provinces_told_apart_by_date(loaded: list[Loaded]) -> None:
    rows = [row for found in loaded if found.step.layer == "provinces" for row in found.rows if row["code"] == "82"]
    names = {row["valid_from"]: row["name"] for row in rows}
    assert names == {"2025-07-01": "Đồng Tháp", "2004-07-08": "Tiền Giang"}


def test_the_provinces_reach_hoang_sa_and_truong_sa() -> None:
    provinces = open_source(DEMO / "data/admin/provinces_2025.gpkg.zip", SourceOptions())
    bounds = {str(row.values["name"]): shapely.from_wkb(row.wkb).bounds for row in provinces.rows()}
    assert max(box[2] for box in bounds.values()) > 117.8
    assert bounds["Đà Nẵng"][2] > 112
    assert bounds["Khánh Hoà"][2] > 117
