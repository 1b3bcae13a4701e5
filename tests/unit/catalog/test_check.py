# SPDX-License-Identifier: MIT
"""`check_catalog` compares the catalogue with styles and database."""

from __future__ import annotations

from pathlib import Path

from server.catalog.check import check_catalog
from server.catalog.read import read_catalog_in

WELL_FIELDS = ["id", "code", "name", "kind", "plot", "depth", "dug_on"]


def _facts() -> dict[tuple[str, str], list[str]]:
    facts: dict[tuple[str, str], list[str]] = {}
    for store in ("official", "history", "published"):
        facts[store, "wells"] = WELL_FIELDS if store == "published" else [*WELL_FIELDS, "owner"]
        facts[store, "plots"] = ["id", "number"]
    return facts


def test_a_catalogue_that_agrees_with_styles_and_database_has_no_problems(small_catalogue: Path) -> None:
    assert check_catalog(read_catalog_in(small_catalogue), {"wells", "plots"}, _facts()) == []


def test_a_style_without_a_file_is_told_with_the_nearest_one(small_catalogue: Path) -> None:
    problems = check_catalog(read_catalog_in(small_catalogue), {"well", "plots"})
    assert problems == ["water/wells.yml: there is no file styles/wells.sld; did you mean 'well'?"]


def test_a_missing_table_and_a_missing_column_are_told(small_catalogue: Path) -> None:
    facts = _facts()
    del facts["history", "plots"]
    facts["official", "wells"] = [name for name in facts["official", "wells"] if name != "owner"]
    problems = check_catalog(read_catalog_in(small_catalogue), {"wells", "plots"}, facts)
    assert problems == [
        "water/wells.yml: official.wells lacks owner; run `./xanh migrate`",
        "land/plots.yml: the table history.plots is missing; run `./xanh migrate`",
    ]


def test_a_table_without_a_layer_file_is_told(small_catalogue: Path) -> None:
    facts = {**_facts(), ("official", "well"): ["id"]}
    problems = check_catalog(read_catalog_in(small_catalogue), {"wells", "plots"}, facts)
    assert problems == ["the table official.well has no layer file; did you mean 'wells'?"]


def test_a_code_list_in_use_needs_codes(small_catalogue: Path) -> None:
    path = small_catalogue / "codes/well_kind.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    wells = small_catalogue / "water/wells.yml"
    wells.write_text(wells.read_text(encoding="utf-8").replace(", default: dug", ""), encoding="utf-8")
    problems = check_catalog(read_catalog_in(small_catalogue), {"wells", "plots"})
    assert problems == ["codes/well_kind.csv: a field uses this list, but it has no codes"]
