# SPDX-License-Identifier: MIT
"""A question like one already asked finds what it would find if its statement were made anew, with every kind of value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.catalog.model import Layer
from server.db import where_known
from server.db.pool import Connection, Database
from server.db.prepared import run_prepared
from server.db.select import Progress, count_rows, read_rows
from server.errors import InvalidParameter
from server.filter.cql2_text import read_cql2_text
from server.query.features import FeatureQuery
from tests.small_province import HOSTILE_TEXT, fill_province, make_catalog

CATALOG = make_catalog()
WELLS = CATALOG.layers["wells"]


@pytest.fixture(scope="module")
def reader(database: Database) -> Iterator[Connection]:
    fill_province(database, CATALOG)
    with database.reader() as connection:
        yield connection


def ask(connection: Connection, text: str, layer: Layer = WELLS, after: int | None = None) -> tuple[bytes, int]:
    query = FeatureQuery(layer, where=read_cql2_text(text), limit=1000, after=after)
    progress = Progress()
    rows = read_rows(connection, query, "geojson", progress)
    assert progress.state is not None
    return rows, progress.count


FILTERS = [
    ("code = '{}'", ["G00001", "G01237", "none", "'' OR 1=1 --", "$1", "%s", "Gò"]),
    ("name <> '{}'", ["Gò Công", HOSTILE_TEXT.replace("'", "''")]),
    ("rank = {}", ["3", "-1", "3.5", "9223372036854775807", "99999999999999999999", "1e300"]),
    ("depth < {} AND rank IN ({}, 5)", ["3", "100.25", "-1"]),
    ("rank IN (1, '{}')", ["2", "2.5", "007"]),
    ("depth BETWEEN 1 AND '{}'", ["3", "100.25", "1e2"]),
    ("automatic = '{}'", ["true", "false", "1"]),
    ("NOT (closed >= '{}')", ["2024-06-01", "1900-01-01", "9999-12-31", "0001-01-01"]),
    ("measured < '{}' OR zone IS NULL", ["2025-01-10T00:00:00Z", "2025-01-10T00:00:00+07:00", "2025-01-10"]),
    ("id > {}", ["5", "1200", "-9223372036854775808"]),
]


@pytest.fixture(autouse=True)
def _forget() -> None:
    forget()


def forget() -> None:
    where_known._known.clear()
    where_known._seen.clear()


@pytest.mark.parametrize(("pattern", "values"), FILTERS)
def test_values_of_every_kind_are_bound_to_the_statement_of_another_question(reader: Connection, pattern: str, values: list[str]) -> None:
    texts = [pattern.replace("{}", value) for value in values]
    expected = []
    for text in texts:
        forget()
        expected.append(ask(reader, text))
    forget()
    ask(reader, texts[0])
    ask(reader, texts[0])
    assert len(where_known._known) == 1
    for text, (rows, count) in zip(texts, expected, strict=True):
        assert ask(reader, text) == (rows, count), text
        assert count == min(1000, count_rows(reader, FeatureQuery(WELLS, where=read_cql2_text(text)))), text


def test_pages_of_a_known_question_begin_where_they_should(reader: Connection) -> None:
    for _ in range(3):
        _, count = ask(reader, "rank = 3", after=1000)
    assert count == count_rows(reader, FeatureQuery(WELLS, where=read_cql2_text("rank = 3 AND id > 1000")))
    assert ask(reader, "rank = 3", after=1100)[1] < count
    assert ask(reader, "rank = 3")[1] > count


def test_a_value_of_a_wrong_type_is_refused_however_often_the_question_was_asked(reader: Connection) -> None:
    for text in ("rank = 1", "rank = 2", "rank = 3"):
        ask(reader, text)
    for text in ("rank = 'many'", "rank = '1; DROP TABLE wells'", "no_field = 1", "phone = 'not-for-all'"):
        for _ in range(3):
            with pytest.raises(InvalidParameter):
                ask(reader, text)


def test_patterns_and_texts_without_case_are_made_anew(reader: Connection) -> None:
    for _ in range(3):
        assert ask(reader, "CASEI(name) = CASEI('gò công')")[1] == 1
        assert ask(reader, "name LIKE 'Gò%'")[1] == 1
    assert not where_known._known


def test_two_layers_with_fields_of_one_name_have_statements_of_their_own(reader: Connection) -> None:
    zones = CATALOG.layers["zones"]
    for _ in range(3):
        assert ask(reader, "name = 'Khu số 1'", zones)[1] == 1
        assert ask(reader, "name = 'Khu số 1'")[1] == 0


def test_the_statement_asked_for_least_lately_makes_room(reader: Connection) -> None:
    numbers = range(230)
    for number in numbers:
        assert run_prepared(reader, b"SELECT $1::text || '%d'" % number, [b"a"]).get_value(0, 0) == b"a%d" % number
    kept = reader.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'xanh%'").fetchone()
    assert kept == (200,)
    assert run_prepared(reader, b"SELECT $1::text || '0'", [b"a"]).get_value(0, 0) == b"a0"
