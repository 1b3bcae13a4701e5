# SPDX-License-Identifier: MIT
"""Pages of features as CSV."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from tests.small_province import HOSTILE_TEXT, PERMIT_COUNT, WELL_COUNT, ZONE_COUNT


def read(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize(("layer", "count"), [("wells", WELL_COUNT), ("zones", ZONE_COUNT), ("permits", PERMIT_COUNT)])
def test_a_spreadsheet_gets_every_row_with_named_columns(layer: str, count: int, api: FlaskClient) -> None:
    answer = api.get(f"/ogcapi/collections/{layer}/items?f=csv&limit=5000")
    rows = read(answer.text)
    assert answer.content_type.startswith("text/csv")
    assert [int(row["id"]) for row in rows] == list(range(1, count + 1))
    assert f'filename="{layer}.csv"' in answer.headers["Content-Disposition"]


def test_quotes_and_missing_values_survive(api: FlaskClient) -> None:
    rows = read(api.get("/ogcapi/collections/wells/items?f=csv&limit=5").text)
    assert rows[1]["name"] == HOSTILE_TEXT
    assert rows[2]["name"] == ""
    assert rows[4]["geometry"] == ""
    assert rows[0]["geometry"] == "POINT(105.31 9.9)"


def test_no_rows_leave_the_header(api: FlaskClient) -> None:
    assert read(api.get("/ogcapi/collections/wells/items?f=csv&rank=99").text) == []


def test_an_unchanged_table_is_not_sent_again(api: FlaskClient) -> None:
    address = "/ogcapi/collections/wells/items?f=csv&limit=2"
    assert api.get(address, headers={"If-None-Match": api.get(address).headers["ETag"]}).status_code == 304
