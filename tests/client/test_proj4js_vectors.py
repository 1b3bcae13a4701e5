# SPDX-License-Identifier: MIT
"""The browser's library reproduces the published VN-2000 vectors with the definitions we send it."""

from __future__ import annotations

import csv
import json
import subprocess

from server.config import ROOT
from server.crs.engines import browser_definitions

VECTORS = ROOT / "tests" / "data" / "vn2000_test_vectors.csv"
TOLERANCE_M = 0.01
PROGRAM = """
const proj4 = (await import("proj4")).default;
const { definitions, points } = JSON.parse(process.argv[1]);
for (const [name, text] of Object.entries(definitions)) proj4.defs(name, text);
console.log(JSON.stringify(points.map(([code, lon, lat]) => proj4("EPSG:4326", code, [lon, lat]))));
"""


def test_proj4js_meets_every_vector_within_a_centimetre() -> None:
    with VECTORS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    definitions = browser_definitions()
    points = [[f"EPSG:{row['epsg']}", float(row["wgs84_lon"]), float(row["wgs84_lat"])] for row in rows]
    assert len(points) >= 7
    assert {code for code, _, _ in points} <= set(definitions)
    given = json.dumps({"definitions": definitions, "points": points})
    run = subprocess.run(
        ["node", "--input-type=module", "-e", PROGRAM, given], cwd=ROOT / "viewer" / "frontend", capture_output=True, text=True, check=True
    )
    for row, (east, north) in zip(rows, json.loads(run.stdout), strict=True):
        assert abs(east - float(row["easting_m"])) < TOLERANCE_M, row
        assert abs(north - float(row["northing_m"])) < TOLERANCE_M, row
