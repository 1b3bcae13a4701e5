# SPDX-License-Identifier: MIT
"""The illustrative sets: the same every time, inside their communes, marked, and linked to rows that exist."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from loaders.illustrative import write_illustrative

COMMUNES = Path(__file__).parents[3] / "demo" / "data" / "admin" / "communes"
LINKS = {
    "facilities": {"investor": "investors", "industrial_zone": "industrial_zones"},
    "industrial_zones": {"investor": "investors"},
    "conservation_facilities": {"investor": "investors"},
    "stations": {"facility": "facilities"},
    "environmental_permits": {"facility": "facilities", "replaces": "environmental_permits"},
    "eia_decisions": {"facility": "facilities", "investor": "investors"},
    "discharge_points": {"facility": "facilities", "permit": "environmental_permits"},
    "incident_risk_sources": {"facility": "facilities"},
    "inspections": {"facility": "facilities"},
}
Rows = list[dict[str, Any]]


def read_communes(province: str) -> list[tuple[str, str, Any]]:
    meta, _, wkb, columns = pyogrio.raw.read(f"/vsizip/{COMMUNES}/communes_{province}.gpkg.zip/communes_{province}.gpkg")
    table = dict(zip(meta["fields"], columns, strict=True))
    return list(zip(table["code"], table["full_name"], shapely.from_wkb(wkb), strict=True))


def read_rows(path: Path) -> Rows:
    """Rows as dictionaries; a geometry under the name `shape`."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [dict(row) for row in csv.DictReader(file)]
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [feature["properties"] | {"shape": shapely.from_geojson(json.dumps(feature["geometry"]))} for feature in features]


@pytest.fixture(scope="module", params=["82", "20"])
def province(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def layers(province: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    paths = write_illustrative(province, read_communes(province), tmp_path_factory.mktemp(province))
    return {layer: read_rows(path) for layer, path in paths.items()}


def test_the_same_province_gives_the_same_bytes_whatever_the_order_of_its_communes(province: str, tmp_path: Path) -> None:
    communes = read_communes(province)
    first = write_illustrative(province, communes, tmp_path / "first")
    second = write_illustrative(province, list(reversed(communes)), tmp_path / "second")
    assert first.keys() == second.keys()
    assert all(first[layer].read_bytes() == second[layer].read_bytes() for layer in first)


def test_two_provinces_differ(tmp_path: Path) -> None:
    one = write_illustrative("82", read_communes("82"), tmp_path / "82")
    other = write_illustrative("20", read_communes("20"), tmp_path / "20")
    assert all(one[layer].read_bytes() != other[layer].read_bytes() for layer in one)


def test_every_place_lies_inside_the_commune_it_names(province: str, layers: dict[str, Rows]) -> None:
    areas = {code: area for code, _, area in read_communes(province)}
    placed = [row for rows in layers.values() for row in rows if "shape" in row]
    assert len(placed) > 150
    outside = [row["code"] for row in placed if not areas[row["commune"]].contains(row["shape"])]
    assert outside == []


def test_industrial_zones_measure_20_to_200_hectares(layers: dict[str, Rows]) -> None:
    areas = [row["area_planned_ha"] for row in layers["industrial_zones"]]
    assert len(areas) == 12
    assert all(20 <= area <= 200 for area in areas)
    assert all(row["shape"].is_valid for row in layers["industrial_zones"])


def test_every_row_is_marked_as_illustrative(layers: dict[str, Rows]) -> None:
    assert all(row["illustrative"] in (True, "true") for rows in layers.values() for row in rows)


def test_every_link_points_to_a_row_that_exists(layers: dict[str, Rows]) -> None:
    known = {layer: {row["code"] for row in rows} for layer, rows in layers.items()}
    dangling = [
        (layer, field, row[field]) for layer, links in LINKS.items() for field, target in links.items() for row in layers[layer]
        if row[field] and row[field] not in known[target]
    ]  # fmt: skip
    assert dangling == []


def test_keys_are_unique(layers: dict[str, Rows]) -> None:
    for layer, rows in layers.items():
        keys = [row["code"] for row in rows]
        assert len(keys) == len(set(keys)), layer


def test_numbers_of_permits_and_decisions_are_unique(layers: dict[str, Rows]) -> None:
    for layer in ("environmental_permits", "eia_decisions"):
        numbers = [row["number"] for row in layers[layer]]
        assert len(numbers) == len(set(numbers)), layer


def test_printed_vn2000_coordinates_have_north_as_x(layers: dict[str, Rows]) -> None:
    for row in layers["discharge_points"]:
        assert 900_000 < row["vn2000_x"] < 2_600_000
        assert 335_000 < row["vn2000_y"] < 725_000


def test_permits_run_from_issue_to_expiry_and_a_replaced_one_is_named_by_its_successor(layers: dict[str, Rows]) -> None:
    permits = layers["environmental_permits"]
    assert all(row["issue_date"] < row["expiry_date"] for row in permits)
    replaced = {row["code"] for row in permits if row["status"] == "replaced"}
    assert replaced
    assert replaced == {row["replaces"] for row in permits if row["replaces"]}


def test_a_province_that_stands_in_for_its_communes_is_not_named_as_a_commune(tmp_path: Path) -> None:
    whole = shapely.union_all([area for _, _, area in read_communes("20")])
    paths = write_illustrative("20", [("20", "Tỉnh Lạng Sơn", whole)], tmp_path)
    placed = [row for path in paths.values() if path.suffix == ".geojson" for row in read_rows(path)]
    assert len(placed) > 100
    assert all(row["commune"] is None and whole.contains(row["shape"]) for row in placed)


def test_a_set_without_communes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one commune"):
        write_illustrative("82", [], tmp_path)
