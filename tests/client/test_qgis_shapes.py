# SPDX-License-Identifier: MIT
"""QGIS adds, changes and deletes shapes of every type in several systems, over WFS and OGC API; SQL finds them where they were put.

QGIS, GDAL and OWSLib then read every one of them in every system, and find what SQL has. QGIS 3.22 does not edit over the OGC API.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import shapely
import shapely.geometry
from owslib.wfs import WebFeatureService

from server.access import SYSTEM
from server.catalog.model import Layer
from server.config import ROOT, Settings
from server.context import Context
from server.crs.definitions import find_crs
from server.db.pool import Database
from server.query.edits import Edit
from tests.client.conftest import Qgis
from tests.client.desktop import is_newer
from tests.editing_province import make_editing_catalog, open_province
from tests.edits import apply_edits

# Longitude and latitude (EPSG:4326): what is added, and what it is changed to.
KINDS = {
    "point": ("POINT(105.51 10.41)", "POINT(105.63 10.52)"),
    "multipoint": ("MULTIPOINT((105.5 10.4),(105.6 10.5))", "MULTIPOINT((105.7 10.6),(105.8 10.7),(105.9 10.8))"),
    "line": ("LINESTRING(105.5 10.4,105.6 10.5,105.7 10.4)", "LINESTRING(105.1 10.2,105.3 10.4)"),
    "multiline": ("MULTILINESTRING((105.5 10.4,105.6 10.5),(105.7 10.4,105.8 10.5))", "MULTILINESTRING((105.1 10.2,105.3 10.4))"),
    "polygon": (
        "POLYGON((105.5 10.4,105.7 10.4,105.7 10.6,105.5 10.6,105.5 10.4),(105.55 10.45,105.6 10.45,105.6 10.5,105.55 10.45))",
        "POLYGON((105.1 10.2,105.3 10.2,105.3 10.4,105.1 10.2))",
    ),
    "multipolygon": (
        "MULTIPOLYGON(((105.5 10.4,105.7 10.4,105.7 10.6,105.5 10.4)),((105.8 10.4,105.9 10.4,105.9 10.6,105.8 10.4)))",
        "MULTIPOLYGON(((105.1 10.2,105.3 10.2,105.3 10.4,105.1 10.2)))",
    ),
}
SYSTEMS = ("EPSG:4326", "EPSG:4756", "EPSG:9210")
_SEED = "mẫu"
BOW = "POLYGON((105.5 10.4,105.7 10.6,105.7 10.4,105.5 10.6,105.5 10.4))"
# Two centimetres: QGIS may write a digit less than it has. To an OGC API it writes degrees with six digits, which is five centimetres.
_NEAR_DEGREES, _NEAR_METRES = 2e-7, 0.02
_SIX_DIGITS = 1e-6


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """A province with a layer of every geometry type, `shapes_point` and so on."""
    catalog = make_editing_catalog()
    source = {"vi": "Thử", "en": "Test", "licence": "MIT"}
    words = {"vi": "Hình", "en": "Shapes"}
    layers = {
        f"shapes_{kind}": Layer.model_validate(
            {
                "id": f"shapes_{kind}",
                "group": "g",
                "title": words,
                "abstract": words,
                "geometry": kind,
                "source": source,
                "fields": {"name": {"vi": "Tên", "en": "Name", "title": True, "required": True, "max_length": 40}},
            }
        )
        for kind in KINDS
    }
    return open_province(database, settings, replace(catalog, layers={**catalog.layers, **layers}))


def write_in(context: Context, wkt: str, system: str) -> str:
    """A shape of longitudes and latitudes in another system, x before y."""
    srid = find_crs(int(system.rpartition(":")[2])).postgis_srid
    with context.database.owner() as connection:
        row = connection.execute("SELECT ST_AsText(ST_Transform(ST_GeomFromText(%s, 4326), %s::integer), 12)", [wkt, srid]).fetchone()
    assert row is not None
    return str(row[0])


def plan_steps(context: Context, kind: str, system: str) -> dict[str, Any]:
    """One layer in one system: add two, change one, delete the other; then one that cannot be saved, and is rolled back."""
    first, second = (write_in(context, wkt, system) for wkt in KINDS[kind])
    kept, gone = f"giữ {system}", f"bỏ {system}"
    bad: dict[str, Any] = {"values": {"name": "x" * 41}, "wkt": first}
    if kind == "polygon":
        bad = {"values": {"name": "nơ"}, "wkt": write_in(context, BOW, system)}
    return {
        "name": f"shapes_{kind}",
        "key": f"{kind} {system}",
        "system": system,
        "told": "name",
        "steps": [
            {"add": [{"values": {"name": kept}, "wkt": first}, {"values": {"name": gone}, "wkt": first}]},
            {"change": [{"where": f"name = '{kept}'", "wkt": second}], "delete": [f"name = '{gone}'"]},
            {"add": [{"values": {"name": f"thêm {system}"}, "wkt": first}]},
            {"add": [bad], "change": [{"where": f"name = '{kept}'", "values": {"name": "y" * 41}}]},
        ],
    }


def seed(context: Context) -> None:
    """A feature in every layer: from the first ones QGIS learns which fields an OGC API has."""
    layers = [context.catalog.layer(f"shapes_{kind}") for kind in KINDS]
    shapes = [shapely.geometry.mapping(shapely.from_wkt(first)) for first, _ in KINDS.values()]
    edits = [Edit("insert", layer, values={"name": _SEED}, geometry=shape) for layer, shape in zip(layers, shapes, strict=True)]
    apply_edits(context.database, context.catalog, SYSTEM, edits, "test")


def read_truth(context: Context, kind: str, system: str) -> dict[str, Any]:
    """The published shapes by name, in a system, x before y."""
    srid = find_crs(int(system.rpartition(":")[2])).postgis_srid
    statement = f"SELECT name, ST_AsBinary(ST_Transform(geom, %s::integer)) FROM published.shapes_{kind}"
    with context.database.owner() as connection:
        return {row[0]: shapely.from_wkb(bytes(row[1])) for row in connection.execute(statement.encode(), [srid]).fetchall()}


def read_by_gdal(address: str, version: str) -> dict[str, dict[str, Any]]:
    """What GDAL's WFS driver reads of every layer in every system."""
    asked = [
        {
            "key": f"{kind} {system}",
            "source": f"WFS:{address}/wfs?VERSION={version}&SRSNAME={system}",
            "layer": f"xanh:shapes_{kind}",
            "column": "name",
        }
        for kind in KINDS
        for system in SYSTEMS
    ]
    program = str(ROOT / "tests" / "client" / "gdal_reading.py")
    done = subprocess.run([sys.executable, program], input=json.dumps(asked), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {key: {name: shapely.from_wkt(text) for name, text in shapes.items()} for key, shapes in json.loads(done.stdout).items()}


def read_by_owslib(service: WebFeatureService, kind: str, system: str) -> dict[str, Any]:
    """What OWSLib is sent of a layer in a system."""
    answer = service.getfeature(typename=[f"xanh:shapes_{kind}"], srsname=system, outputFormat="application/json")
    features = json.loads(answer.read())["features"]
    return {each["properties"]["name"]: shapely.geometry.shape(each["geometry"]) for each in features}


def miss(found: Any, truth: Any) -> float:
    """How far a shape is from what it must be, in the units of its system; infinite where it is of another kind."""
    same = found.geom_type == truth.geom_type and shapely.get_num_coordinates(found) == shapely.get_num_coordinates(truth)
    return float(shapely.hausdorff_distance(found, truth)) if same else math.inf


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0", "OGC API"])
def test_every_type_in_every_system_lies_where_it_was_drawn(qgis: Qgis, address: str, context: Context, version: str) -> None:
    is_api = version == "OGC API"
    if is_api:
        seed(context)
    can_edit = is_newer() or not is_api
    pairs = [(kind, system) for kind in KINDS for system in SYSTEMS if can_edit or system == SYSTEMS[0]]
    answers = qgis("duyet", *(plan_steps(context, kind, system) for kind, system in pairs), version=version)
    saved = {key: [step["saved"] for step in answer["steps"]] for key, answer in answers.items()}
    assert saved == {f"{kind} {system}": [can_edit, can_edit, can_edit, False] for kind, system in pairs}, answers
    assert {answer["add"] and answer["change"] and answer["delete"] for answer in answers.values()} == {can_edit}
    if can_edit:
        refusals = {key: " ".join(answer["steps"][3]["errors"]) for key, answer in answers.items()}
        word = "Cannot modify feature" if is_api else " / "
        assert [key for key, text in refusals.items() if word not in text] == [], refusals
        check_readers(address, context, "2.0.0" if is_api else version, answers)
    words = ("giữ", "thêm") if can_edit else ()
    with context.database.owner() as connection:
        for kind, (first, second) in KINDS.items():
            rows = connection.execute(
                "SELECT name, GeometryType(geom), greatest("
                "ST_HausdorffDistance(geom, ST_GeomFromText(CASE WHEN name LIKE 'giữ%%' THEN %s ELSE %s END, 4326)),"
                " abs(ST_Area(geom) - ST_Area(ST_GeomFromText(CASE WHEN name LIKE 'giữ%%' THEN %s ELSE %s END, 4326))))"
                f" FROM published.shapes_{kind} ORDER BY name",
                [second, first, second, first],
            ).fetchall()
            expected = [f"{word} {system}" for word in words for system in SYSTEMS] + [_SEED] * is_api
            assert [row[0] for row in rows] == sorted(expected), kind
            assert {row[1] for row in rows} == {KINDS[kind][0].partition("(")[0]}
            assert [row for row in rows if row[2] > (_SIX_DIGITS if is_api else _NEAR_DEGREES)] == [], kind
            sets = connection.execute(f"SELECT count(DISTINCT change_set) FROM history.shapes_{kind} WHERE protocol <> 'test'").fetchone()
            assert sets is not None
            assert sets[0] <= len(SYSTEMS)
            connection.execute(f"DELETE FROM official.shapes_{kind}".encode())
            connection.execute(f"DELETE FROM published.shapes_{kind}".encode())
            connection.execute(f"TRUNCATE history.shapes_{kind}".encode())


def check_readers(address: str, context: Context, version: str, answers: dict[str, Any]) -> None:
    """What QGIS read in the end, and what GDAL and OWSLib read now, is what SQL has."""
    by_gdal, service = read_by_gdal(address, version), WebFeatureService(f"{address}/wfs", version=version)
    for kind in KINDS:
        for system in SYSTEMS:
            truth = read_truth(context, kind, system)
            readers = {
                "QGIS": {name: shapely.from_wkt(text) for name, text in answers[f"{kind} {system}"]["shapes"].items()},
                "GDAL": by_gdal[f"{kind} {system}"],
                "OWSLib": read_by_owslib(service, kind, system),
            }
            for reader, found in readers.items():
                missed = {name: miss(shape, truth[name]) for name, shape in found.items()}
                assert missed.keys() == truth.keys(), (reader, kind, system)
                assert max(missed.values()) < (_NEAR_METRES if system == "EPSG:9210" else _NEAR_DEGREES), (reader, kind, system, missed)
