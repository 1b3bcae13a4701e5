# SPDX-License-Identifier: MIT
"""QGIS edits over OGC API - Features where it can (3.40), and offers no pencil where it cannot (3.22); SQL has what it saved."""

from __future__ import annotations

from typing import Any

import pytest

from server.config import Settings
from server.context import Context
from server.db.pool import Database
from tests.client.conftest import Qgis
from tests.client.desktop import is_newer
from tests.client.editing_steps import SHAPES, WELLS
from tests.editing_province import open_province

REFUSED = {"add": [{"values": {"code": "Q9", "kind": "nothing"}, "wkt": "Point(105.7 10.6)"}]}
PARTS = [{**WELLS, "steps": [*WELLS["steps"], REFUSED]}, *(part for part in SHAPES if part["name"] in ("zones", "canals"))]


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """A province to edit."""
    return open_province(database, settings)


def read_rows(context: Context, query: str) -> list[tuple[Any, ...]]:
    """What a query of the test answers."""
    with context.database.owner() as connection:
        return connection.execute(query).fetchall()


def test_a_reviewer_edits_every_kind_of_layer_where_qgis_can(qgis: Qgis, context: Context) -> None:
    before = read_rows(context, "SELECT code, ST_AsText(geom) FROM published.wells ORDER BY code")
    answers = qgis("duyet", *PARTS, version="OGC API")
    saved = {key: [step["saved"] for step in answer["steps"]] for key, answer in answers.items()}
    assert {(answer["add"], answer["change"], answer["delete"]) for answer in answers.values()} == {(is_newer(),) * 3}
    if not is_newer():
        assert not any(any(steps) for steps in saved.values())
        assert read_rows(context, "SELECT code, ST_AsText(geom) FROM published.wells ORDER BY code") == before
        return
    kept = {"wells": [True, False, True, True, False], "zones": [True, False, True], "canals": [True], "canals in VN-2000": [True]}
    assert saved == kept, answers
    assert "server replied: Kind: nothing is not in the code list" in " ".join(answers["wells"]["steps"][4]["errors"])
    assert "Self-intersection" in " ".join(answers["zones"]["steps"][1]["errors"])
    check_rows(context)


def check_rows(context: Context) -> None:
    """Everything that was saved, and nothing else."""
    wells = (
        "SELECT code, name, depth, kind, opened::text, automatic, zone, measured::text, ST_AsText(geom) FROM published.wells ORDER BY code"
    )
    assert read_rows(context, wells) == [
        ("G1", None, 99.5, "auto", None, None, None, None, "POINT(105.51 10.5)"),
        ("G2", "dời", 20.0, "auto", None, None, None, None, "POINT(105.8 10.7)"),
        ("Q1", "Từ <QGIS>", 2.5, None, "2024-05-06", True, 1, "2024-05-06 07:08:09+00", "POINT(105.7 10.6)"),
        ("Q2", "sửa ngay", None, None, None, None, None, None, "POINT(105.72 10.62)"),
    ]
    zones = "SELECT name, ST_NumGeometries(geom), ST_XMax(geom)::int FROM published.zones WHERE id IN (2, 4) ORDER BY id"
    assert read_rows(context, zones) == [("Khu 2", 2, 108), ("Khu mới", 1, 105)]
    starts = (
        "SELECT name, round(ST_X(p)::numeric, 6)::float, round(ST_Y(p)::numeric, 6)::float FROM"
        " (SELECT name, ST_StartPoint(ST_GeometryN(geom, 1)) AS p FROM published.canals) c"
    )
    assert set(read_rows(context, starts)) == {("Kênh VN", 105.5, 10.5), ("Kênh mới", 105.0, 10.0), ("Kênh xáng", 105.5, 10.5)}
    # what one save of QGIS sends in several requests
    assert read_rows(context, "SELECT count(DISTINCT change_set) FROM history.wells WHERE protocol = 'ogcapi'") == [(1,)]


def test_an_editor_has_the_tools_of_an_editor_and_nobody_else_any(qgis: Qgis, context: Context) -> None:
    before = read_rows(context, "SELECT id, ST_AsText(geom) FROM published.wells ORDER BY id")
    step = {"change": [{"where": "code = 'G1'", "wkt": "Point(105.9 10.9)"}]}
    for account, tools in (("sua", (is_newer(), is_newer(), False)), ("xem", (False,) * 3)):
        wells = qgis(account, {"name": "wells", "steps": [step]}, version="OGC API")["wells"]
        assert (wells["add"], wells["change"], wells["delete"]) == tools, account
        assert wells["steps"][0]["saved"] is tools[1], account
    states = read_rows(context, "SELECT review_state, ST_AsText(geom) = 'POINT(105.9 10.9)' FROM official.wells WHERE code = 'G1'")
    assert states == [("pending" if is_newer() else "approved", is_newer())]
    assert read_rows(context, "SELECT id, ST_AsText(geom) FROM published.wells ORDER BY id") == before
