# SPDX-License-Identifier: MIT
"""QGIS itself (without a screen) reads layers over WFS 2.0.0, 1.1.0 and 1.0.0; what it finds is compared with SQL."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from server.config import ROOT
from tests.client.conftest import Province

_TIME_LIMIT_S = 120
BOX = [105.0, 10.0, 106.0, 10.5]
SUBSET = "wqi < 40 AND kind = 'periodic'"
VERSIONS = ("2.0.0", "auto", "1.1.0", "1.0.0")
LAYERS: list[dict[str, Any]] = [
    *(
        {"key": version, "name": "stations", "version": version, "box": BOX, "subset": SUBSET, "points": True, "page": 50}
        for version in VERSIONS
    ),
    {"key": "ordered", "name": "stations", "version": "2.0.0", "order": "wqi"},
    {"key": "communes", "name": "communes", "version": "2.0.0", "box": BOX, "subset": "name LIKE '%Mỹ%'"},
    {"key": "vn2000", "name": "stations", "version": "2.0.0", "system": "EPSG:9210", "points": True},
    {"key": "records", "name": "investors", "version": "2.0.0"},
]


@pytest.fixture(scope="module")
def found(province: Province, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
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
        input=json.dumps({"address": province.address, "layers": LAYERS}),
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


def test_sorting_is_done_here(found: dict[str, Any], province: Province) -> None:
    values = found["ordered"]["ordered"]
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
