# SPDX-License-Identifier: MIT
"""QGIS itself (without a screen) reads layers over WFS 2.0.0, 1.1.0, 1.0.0 and OGC API Features; what it finds is compared with SQL."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.config import ROOT, Settings
from server.crs.definitions import WGS84
from server.crs.transform import transform_point
from server.encode.formats import FileFormat
from server.state import StateDir
from tests.client.conftest import Province
from tests.unit.crs.vectors import TOLERANCE_METRES, VECTORS, Vector
from tests.unit.encode.placed_file import write_vector

_TIME_LIMIT_S = 120
BOX = [105.0, 10.0, 106.0, 10.5]
SUBSET = "wqi < 40 AND kind = 'periodic'"
SINCE = "\"sampled_at\" >= '2021-01-01'"
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
    home = str(tmp_path_factory.mktemp("qgis"))
    environment = {
        "HOME": home,
        "XDG_RUNTIME_DIR": home,
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        ["/usr/bin/python3", str(ROOT / "tests" / "client" / "qgis_reading.py")],
        input=json.dumps({"address": province.address, "layers": LAYERS, "files": list(marks)}),
        env=environment,
        capture_output=True,
        text=True,
        timeout=_TIME_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_reads_pages_and_filters_what_sql_finds(found: dict[str, Any], province: Province, version: str) -> None:
    answer = found[version]
    assert answer["read"] == province.count("stations")
    if version != "1.0.0":  # which knows no counting without reading
        assert answer["count"] == province.count("stations")
    assert answer["in_box"] == province.count("stations", "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)") > 0
    assert answer["chosen"] == province.count("stations", SUBSET) > 0
    longitude, latitude = answer["first"]
    assert 102 < longitude < 110
    assert 8 < latitude < 24


def test_features_of_the_ogc_api_are_read_page_by_page_and_chosen_by_the_server(
    found: dict[str, Any], province: Province, settings: Settings
) -> None:
    answer = found["api"]
    assert answer["read"] == answer["count"] == province.count("stations")
    assert answer["in_box"] == province.count("stations", "geom && ST_MakeEnvelope(105, 10, 106, 10.5, 4326)") > 0
    assert answer["chosen"] == province.count("stations", "sampled_at >= '2021-01-01'") > 0
    assert found["api areas"]["chosen"] == province.count("communes", "name LIKE '%Mỹ%'") > 0
    assert found["api records"]["read"] == province.count("investors")
    log = (StateDir(settings.var).log / "server.log").read_text("utf-8")
    asked = [line for line in log.splitlines() if "/ogcapi/collections/stations/items?" in line]
    for part in ("limit=50&cursor=", "bbox=105,10,106,10.5", "datetime=2021-01-01"):
        assert any(part in line for line in asked), part


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
