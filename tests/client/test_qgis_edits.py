# SPDX-License-Identifier: MIT
"""QGIS itself (without a screen) edits layers over WFS; what it saved is compared with SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.access import SYSTEM
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.filter.tree import GeometryLiteral
from server.query.edits import Edit
from tests.client.conftest import Qgis
from tests.client.editing_steps import SHAPES, WELLS
from tests.db.catalogs import make_field, make_layer
from tests.editing_province import make_editing_catalog, open_province
from tests.edits import apply_edits

PARCEL = {"type": "Polygon", "coordinates": [[[106, 10], [106.1, 10], [106.1, 10.1], [106, 10]]]}


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """A province to edit, with a parcel that has a gate beside its own geometry."""
    catalog = make_editing_catalog()
    parcels = make_layer("parcels", "polygon", {"name": make_field(title=True), "gate": make_field(type="geometry", geometry="point")})
    opened = open_province(database, settings, replace(catalog, layers={**catalog.layers, "parcels": parcels}))
    gate = GeometryLiteral({"type": "Point", "coordinates": [106.5, 10.5]}, 4326)
    apply_edits(
        database, opened.catalog, SYSTEM, [Edit("insert", parcels, values={"name": "Thửa 1", "gate": gate}, geometry=PARCEL)], "test"
    )
    return opened


def read_rows(context: Context, query: str) -> list[tuple[Any, ...]]:
    """What a query of the test answers."""
    with context.database.owner() as connection:
        return connection.execute(query).fetchall()


def test_a_reviewer_adds_changes_and_deletes_and_sql_sees_it(qgis: Qgis, context: Context) -> None:
    wells = qgis("duyet", WELLS)["wells"]
    assert (wells["count"], wells["add"], wells["change"], wells["delete"]) == (3, True, True, True)
    assert [step["saved"] for step in wells["steps"]] == [True, False, True, True], wells
    assert "Loại: nothing không có trong danh mục / Kind: nothing is not in the code list" in " ".join(wells["steps"][1]["errors"])
    query = (
        "SELECT code, name, depth, kind, opened::text, automatic, zone, measured::text, round(ST_X(geom)::numeric, 7)::float,"
        " round(ST_Y(geom)::numeric, 7)::float FROM published.wells ORDER BY code"
    )
    assert read_rows(context, query) == [
        ("G1", None, 99.5, "auto", None, None, None, None, 105.51, 10.5),
        ("G2", "dời", 20.0, "auto", None, None, None, None, 105.8, 10.7),
        ("Q1", "Từ <QGIS>", 2.5, None, "2024-05-06", True, 1, "2024-05-06 07:08:09+00", 105.7, 10.6),
        ("Q2", "sửa ngay", None, None, None, None, None, None, 105.72, 10.62),
    ]
    # what one save of QGIS sends in several requests
    assert read_rows(context, "SELECT count(DISTINCT change_set) FROM history.wells WHERE protocol = 'wfs'") == [(1,)]


def test_every_kind_of_shape_and_none_arrives(qgis: Qgis, context: Context) -> None:
    answers = qgis("duyet", *SHAPES)
    saved = {key: [step["saved"] for step in answer["steps"]] for key, answer in answers.items()}
    kept = {"zones": [True, False, True], "canals": [True], "canals in VN-2000": [True], "permits": [True, True], "parcels": [True]}
    assert saved == kept
    assert "Self-intersection" in " ".join(answers["zones"]["steps"][1]["errors"])
    zones = read_rows(
        context, "SELECT name, ST_NumGeometries(geom), ST_XMax(geom)::int FROM published.zones WHERE id IN (2, 4) ORDER BY id"
    )
    assert zones == [("Khu 2", 2, 108), ("Khu mới", 1, 105)]
    starts = read_rows(
        context,
        "SELECT name, round(ST_X(p)::numeric, 6)::float, round(ST_Y(p)::numeric, 6)::float FROM"
        " (SELECT name, ST_StartPoint(ST_GeometryN(geom, 1)) AS p FROM published.canals) c ORDER BY name",
    )
    assert sorted(starts) == [("Kênh VN", 105.5, 10.5), ("Kênh mới", 105.0, 10.0), ("Kênh xáng", 105.5, 10.5)]
    assert read_rows(context, "SELECT number FROM published.permits") == [("2/GP",)]
    parcels = read_rows(context, "SELECT name, ST_XMin(geom)::int, ST_AsText(gate) FROM published.parcels ORDER BY id")
    assert parcels == [("Thửa một", 105, "POINT(106.5 10.5)"), ("Thửa 2", 105, None)]


def test_an_editor_has_the_tools_of_an_editor_and_what_is_saved_waits(qgis: Qgis, context: Context) -> None:
    step = {"change": [{"where": "code = 'G1'", "wkt": "Point(105.9 10.9)"}]}
    wells = qgis("sua", {"name": "wells", "steps": [step]})["wells"]
    assert (wells["add"], wells["change"], wells["delete"]) == (True, True, False)
    assert wells["steps"][0]["saved"]
    assert read_rows(context, "SELECT review_state, ST_AsText(geom) FROM official.wells WHERE id = 1") == [("pending", "POINT(105.9 10.9)")]
    assert read_rows(context, "SELECT ST_AsText(geom) FROM published.wells WHERE id = 1") == [("POINT(105.51 10.5)",)]


def test_nobody_edits_without_rights(qgis: Qgis) -> None:
    for account in (None, "xem"):
        wells = qgis(account, {"name": "wells", "steps": [{"change": [{"where": "true", "values": {"depth": 1}}]}]})["wells"]
        assert (wells["count"], wells["add"], wells["change"], wells["delete"]) == (4, False, False, False)
        assert wells["steps"] == [{"saved": False, "errors": ["the layer cannot be edited"]}]
