# SPDX-License-Identifier: MIT
"""QGIS adds, changes and deletes shapes of every type in several systems, over WFS 1.1.0 and 2.0.0; SQL finds them where they were put."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.crs.definitions import find_crs
from server.db.pool import Database
from tests.client.conftest import Qgis
from tests.editing_province import make_editing_catalog, open_province

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
BOW = "POLYGON((105.5 10.4,105.7 10.6,105.7 10.4,105.5 10.6,105.5 10.4))"
# Two centimetres: QGIS may write a digit less than it has.
_NEAR_DEGREES = 2e-7


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
        "steps": [
            {"add": [{"values": {"name": kept}, "wkt": first}, {"values": {"name": gone}, "wkt": first}]},
            {"change": [{"where": f"name = '{kept}'", "wkt": second}], "delete": [f"name = '{gone}'"]},
            {"add": [{"values": {"name": f"thêm {system}"}, "wkt": first}]},
            {"add": [bad], "change": [{"where": f"name = '{kept}'", "values": {"name": "y" * 41}}]},
        ],
    }


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
def test_every_type_in_every_system_lies_where_it_was_drawn(qgis: Qgis, context: Context, version: str) -> None:
    answers = qgis("duyet", *(plan_steps(context, kind, system) for kind in KINDS for system in SYSTEMS), version=version)
    saved = {key: [step["saved"] for step in answer["steps"]] for key, answer in answers.items()}
    assert saved == {f"{kind} {system}": [True, True, True, False] for kind in KINDS for system in SYSTEMS}, answers
    refusals = {key: " ".join(answer["steps"][3]["errors"]) for key, answer in answers.items()}
    assert [key for key, text in refusals.items() if " / " not in text] == [], refusals
    with context.database.owner() as connection:
        for kind, (first, second) in KINDS.items():
            rows = connection.execute(
                "SELECT name, GeometryType(geom), greatest("
                "ST_HausdorffDistance(geom, ST_GeomFromText(CASE WHEN name LIKE 'giữ%%' THEN %s ELSE %s END, 4326)),"
                " abs(ST_Area(geom) - ST_Area(ST_GeomFromText(CASE WHEN name LIKE 'giữ%%' THEN %s ELSE %s END, 4326))))"
                f" FROM published.shapes_{kind} ORDER BY name",
                [second, first, second, first],
            ).fetchall()
            assert [row[0] for row in rows] == sorted(f"{word} {system}" for word in ("giữ", "thêm") for system in SYSTEMS), kind
            assert {row[1] for row in rows} == {KINDS[kind][0].partition("(")[0]}
            assert [row for row in rows if row[2] > _NEAR_DEGREES] == [], kind
            sets = connection.execute(f"SELECT count(DISTINCT change_set) FROM history.shapes_{kind}").fetchone()
            assert sets is not None
            assert sets[0] <= len(SYSTEMS)
            connection.execute(f"DELETE FROM official.shapes_{kind}".encode())
            connection.execute(f"DELETE FROM published.shapes_{kind}".encode())
            connection.execute(f"TRUNCATE history.shapes_{kind}".encode())
