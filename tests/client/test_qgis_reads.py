# SPDX-License-Identifier: MIT
"""QGIS itself (without a screen) reads layers over WFS 2.0.0, 1.1.0, 1.0.0 and OGC API Features; what it finds is compared with SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server.config import Settings
from server.crs.definitions import WGS84
from server.crs.transform import transform_point
from server.encode.formats import FileFormat
from server.state import StateDir
from tests.client.conftest import Province
from tests.client.desktop import ask_qgis, is_newer
from tests.unit.crs.vectors import TOLERANCE_METRES, VECTORS, Vector
from tests.unit.encode.placed_file import write_vector

BOX = [105.0, 10.0, 106.0, 10.5]
_IN_BOX = "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)"
SUBSET = "wqi < 40 AND kind = 'periodic'"
SINCE = "\"sampled_at\" >= '2021-01-01'"
# What QGIS 3.40 has the server filter, whole or in part; QGIS 3.22 does it by itself.
CONDITIONS = {
    "wqi < 40 AND kind = 'periodic'": "wqi < 40 AND kind = 'periodic'",
    "name ILIKE '%mỹ%'": "name ILIKE '%mỹ%'",
    "kind IN ('auto','periodic')": "kind IN ('auto','periodic')",
    "wqi >= 10 AND wqi <= 40": "wqi BETWEEN 10 AND 40",
    "wqi IS NULL OR NOT (wqi > 40)": "wqi IS NULL OR NOT (wqi > 40)",
    "code = 'it''s'": "code = 'it''s'",
    "sampled_at >= to_datetime('2021-01-01T00:00:00Z')": "sampled_at >= '2021-01-01'",
    "intersects($geometry, geom_from_wkt('POLYGON((105 10,106 10,106 10.5,105 10.5,105 10))'))": _IN_BOX,
    "year(sampled_at) = 2021": "extract(year FROM sampled_at) = 2021",
}
VERSIONS = ("2.0.0", "auto", "1.1.0", "1.0.0")
LAYERS: list[dict[str, Any]] = [
    *(
        {"key": version, "name": "stations", "version": version, "box": BOX, "subset": SUBSET, "points": True, "page": 50}
        for version in VERSIONS
    ),
    {"key": "ordered 2.0.0", "name": "stations", "version": "2.0.0", "order": "wqi"},
    {"key": "ordered 1.1.0", "name": "stations", "version": "1.1.0", "order": "wqi"},
    {"key": "communes", "name": "communes", "version": "2.0.0", "box": BOX, "subset": "name LIKE '%Mỹ%'"},
    {"key": "vn2000", "name": "stations", "version": "2.0.0", "system": "EPSG:9210", "points": True},
    {"key": "api", "name": "stations", "version": "OGC API", "box": BOX, "subset": SINCE, "points": True, "page": 50},
    {"key": "api areas", "name": "communes", "version": "OGC API", "subset": "name LIKE '%Mỹ%'"},
    {"key": "api numbers", "name": "facilities", "version": "OGC API", "sum": "capacity_value"},
    *({"key": condition, "name": "stations", "version": "OGC API", "subset": condition} for condition in CONDITIONS),
    {"key": "api records", "name": "investors", "version": "OGC API"},
    {"key": "records", "name": "investors", "version": "2.0.0"},
]


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Vector]:
    """Files in VN-2000 by path: one point each, and where it must lie."""
    folder = tmp_path_factory.mktemp("marks")
    files: tuple[FileFormat, ...] = ("gpkg", "flatgeobuf", "shapezip")
    return {_opened(write_vector(vector, file_format, folder)): vector for vector in VECTORS for file_format in files}


def _opened(path: Path) -> str:
    return f"/vsizip/{path}/marks.shp" if path.suffix == ".zip" else str(path)


@pytest.fixture(scope="module")
def found(province: Province, marks: dict[str, Vector], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What QGIS says of every layer, in one session."""
    question = {"address": province.address, "layers": LAYERS, "files": list(marks)}
    answer: dict[str, Any] = ask_qgis("qgis_reading", tmp_path_factory.mktemp("qgis"), question)
    return answer


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_reads_pages_and_filters_what_sql_finds(found: dict[str, Any], province: Province, version: str) -> None:
    answer = found[version]
    assert answer["read"] == province.count("stations")
    if version != "1.0.0":  # which knows no counting without reading
        assert answer["count"] == province.count("stations")
    assert answer["in_box"] == province.count("stations", _IN_BOX) > 0
    assert answer["chosen"] == province.count("stations", SUBSET) > 0
    longitude, latitude = answer["first"]
    assert 102 < longitude < 110
    assert 8 < latitude < 24


def test_features_of_the_ogc_api_are_read_page_by_page_and_chosen_by_the_server(
    found: dict[str, Any], province: Province, settings: Settings
) -> None:
    answer = found["api"]
    assert answer["read"] == answer["count"] == province.count("stations")
    assert answer["in_box"] == province.count("stations", _IN_BOX) > 0
    assert answer["chosen"] == province.count("stations", "sampled_at >= '2021-01-01'") > 0
    assert found["api areas"]["chosen"] == province.count("communes", "name LIKE '%Mỹ%'") > 0
    assert found["api records"]["read"] == province.count("investors")
    log = (StateDir(settings.var).log / "server.log").read_text("utf-8")
    asked = [line for line in log.splitlines() if "/ogcapi/collections/stations/items?" in line]
    by_time = "filter=(%22sampled_at%22%20%3E%3D%20DATE('2021-01-01'))&filter-lang=cql2-text" if is_newer() else "datetime=2021-01-01"
    for part in ("limit=50&cursor=", "bbox=105,10,106,10.5", by_time):
        assert any(part in line for line in asked), part


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_of_qgis_find_what_sql_finds(found: dict[str, Any], province: Province, condition: str) -> None:
    assert found[condition]["chosen"] == province.count("stations", CONDITIONS[condition])


def test_numbers_keep_their_fractions_also_where_the_first_features_have_none(found: dict[str, Any], province: Province) -> None:
    with province.database.reader() as connection:
        row = connection.execute("SELECT sum(capacity_value), count(DISTINCT capacity_value) FROM published.facilities").fetchone()
    assert row is not None
    assert found["api numbers"]["sum"] == pytest.approx(row[0])
    assert row[0] != int(row[0])


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0"])
def test_sorting_is_done_here(found: dict[str, Any], province: Province, version: str) -> None:
    values = found[f"ordered {version}"]["ordered"]
    assert values == sorted(values, reverse=True)
    assert len(values) == province.count("stations", "wqi IS NOT NULL")


def test_areas_are_found_by_place_and_by_name(found: dict[str, Any], province: Province) -> None:
    answer = found["communes"]
    assert answer["read"] == answer["count"] == province.count("communes")
    assert answer["chosen"] == province.count("communes", "name LIKE '%Mỹ%'") > 0
    assert answer["in_box"] >= province.count("communes", "ST_Intersects(geom, ST_MakeEnvelope(105, 10, 106, 10.5, 4326))") > 0


def test_vn_2000_stands_east_first(found: dict[str, Any]) -> None:
    east, north = found["vn2000"]["first"]
    assert 100_000 < east < 900_000
    assert 900_000 < north < 2_700_000


def test_records_without_place_are_tables(found: dict[str, Any], province: Province) -> None:
    assert found["records"]["read"] == found["records"]["count"] == province.count("investors")


def test_files_in_vn_2000_lie_where_the_verified_values_have_them(found: dict[str, Any], marks: dict[str, Vector]) -> None:
    """By the code (GeoPackage) as by the definition (FlatGeobuf, shapefile), QGIS takes the seven parameters of QĐ 05/2007/QĐ-BTNMT."""
    missed = {path: vector.misses(*transform_point(found[path][0], found[path][1], WGS84, vector.crs)) for path, vector in marks.items()}
    assert len(missed) == 3 * len(VECTORS)
    assert {path: metres for path, metres in missed.items() if metres > TOLERANCE_METRES} == {}
