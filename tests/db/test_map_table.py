# SPDX-License-Identifier: MIT
"""The derived tables maps are drawn from: right columns, right pyramid band, values quoted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.catalog.model import Layer, LayerField, Source, Text
from server.db.maptable import TableColumns, map_table_sql
from server.errors import InvalidParameter
from server.filter.tree import Comparison, Constant, Period, Property

_TEXT = Text(vi="Thử", en="Test")


def make_layer(geometry: str = "point") -> Layer:
    """A layer of objects with validity, one public and one inner field."""
    fields = {
        "name": LayerField(vi="Tên", en="Name"),
        "seen": LayerField(type="date", vi="Ngày", en="Day"),
        "phone": LayerField(vi="Điện thoại", en="Telephone", public=False),
    }
    source = Source(vi="thử", en="test", licence="CC0-1.0")
    return Layer.model_validate(
        {
            "id": "probes",
            "group": "g",
            "title": _TEXT,
            "abstract": _TEXT,
            "geometry": geometry,
            "fields": fields,
            "source": source,
            "validity": True,
        }
    )


def test_only_the_columns_asked_for_are_read_and_dates_come_as_text() -> None:
    text = map_table_sql(make_layer(), TableColumns(("name", "seen")))
    assert text == '(SELECT "name", "seen"::text AS "seen", "geom_3857" FROM "published"."probes") t'


def test_bands_of_points_build_on_one_another_and_those_of_areas_stand_alone() -> None:
    one = 'SELECT * FROM "published"."probes_pyramid" WHERE band = {}'
    points = " UNION ALL ".join(one.format(band) for band in (4, 5, 6, 7))
    assert f"FROM ({points}) p" in map_table_sql(make_layer(), TableColumns(), band=7)
    assert f"FROM ({one.format(7)}) p" in map_table_sql(make_layer("multipolygon"), TableColumns(), band=7)


def test_a_period_becomes_dates_and_an_order_is_total() -> None:
    day = datetime(2025, 8, 1, tzinfo=UTC)
    text = map_table_sql(make_layer(), TableColumns(), where=Period(day, day), sort=((Property("name"), True), (Property("id"), False)))
    assert "'2025-08-01'" in text
    assert text.endswith('ORDER BY "name" DESC NULLS LAST, "id" ASC NULLS LAST, id) t')


@pytest.mark.parametrize("value", ["it's", "100%", "%s", "'); DROP TABLE x; --", "\\'", "%(a)s"])
def test_a_value_is_only_ever_a_literal(value: str) -> None:
    text = map_table_sql(make_layer(), TableColumns(), where=Comparison("=", Property("name"), Constant(value)))
    head, tail = '(SELECT "geom_3857" FROM "published"."probes" WHERE ("name" = ', ")) t"
    assert text.startswith(head)
    literal = text.removeprefix(head).removesuffix(tail)
    quoted = literal.strip().removeprefix("E")
    assert quoted[1:-1].replace("''", "").count("'") == 0
    assert quoted[1:-1].replace("''", "'").replace("\\\\", "\\") == value


@pytest.mark.parametrize("name", ["phone", "nothing", 'name" FROM pg_authid --'])
def test_a_field_the_public_does_not_see_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameter):
        map_table_sql(make_layer(), TableColumns((name,)))
    with pytest.raises(InvalidParameter):
        map_table_sql(make_layer(), TableColumns(), sort=((Property(name), False),))
