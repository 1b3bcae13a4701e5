# SPDX-License-Identifier: MIT
"""What PostgreSQL plans for every filter operator on the table of every shipped layer: an index finds the rows wherever one can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg import sql

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.projection import published_fields, searched_fields, time_fields
from server.catalog.queries import QUERIES_FOLDER
from server.catalog.read import read_catalog
from server.config import Settings
from server.db.ddl_published import published_table
from server.db.pool import Connection, Database
from server.db.where import compile_where
from server.filter.cql2_time import Span, build_temporal
from server.filter.fes_time import TEMPORAL
from server.filter.tree import (
    COMPARISON_OPERATORS,
    And,
    Between,
    Box,
    Calculation,
    Comparison,
    Constant,
    GeometryLiteral,
    Holds,
    Ids,
    In,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Period,
    Property,
    Spatial,
    SpatialOperator,
)

LAYERS = sorted(path.stem for path in Path("layers").glob("*/*.yml") if path.parent.name != QUERIES_FOLDER)
MOMENT = datetime(2021, 5, 5, tzinfo=UTC)
BOX = Box(105.1, 9.9, 105.2, 10.0, 4326)
SHAPE = GeometryLiteral({"type": "Polygon", "coordinates": [[[105.1, 9.9], [105.2, 9.9], [105.2, 10.0], [105.1, 9.9]]]}, 4326)
RELATIONS: tuple[SpatialOperator, ...] = ("intersects", "contains", "within", "touches", "crosses", "overlaps", "equals")
VALUES: dict[str, str | int | float] = {
    "text": "abcdef",
    "integer": 5,
    "link": 5,
    "number": 5.5,
    "boolean": True,
    "date": "2021-05-05",
    "datetime": "2021-05-05T00:00:00Z",
}


@pytest.fixture(scope="module")
def catalog(settings: Settings) -> Catalog:
    return read_catalog(settings)


@pytest.fixture
def connection(demo: Database) -> Iterator[Connection]:
    """Small tables, and small indexes, are read whole whatever is asked; here that is made dear, as it is with many rows."""
    with demo.owner() as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        connection.execute("SET LOCAL cpu_index_tuple_cost = 10")
        yield connection
        connection.rollback()


def explain(connection: Connection, layer: Layer, node: Node) -> str:
    condition = compile_where(layer, node, is_published=True)
    statement = sql.SQL("EXPLAIN SELECT id FROM {} WHERE {}").format(sql.Identifier("published", layer.id), condition.sql)
    return "\n".join(row[0] for row in connection.execute(statement, condition.params).fetchall())


def indexed_fields(layer: Layer) -> list[str]:
    """The fields that begin an index of the published table."""
    written = [index.definition.as_string(None) for index in published_table(layer).indexes]
    return [field.name for field in published_fields(layer) if any(text.startswith(f'("{field.name}"') for text in written)]


def comparisons(layer: Layer) -> Iterator[Node]:
    """Every operator on every field that has an index."""
    fields = {field.name: field for field in published_fields(layer)}
    for name in indexed_fields(layer):
        field, value = Property(name), Constant(VALUES[str(fields[name].type)])
        yield from (Comparison(operator, field, value) for operator in COMPARISON_OPERATORS if operator != "<>")
        yield Comparison("=", value, field)
        yield Between(field, value, value)
        yield In(field, (value.value, value.value))
        yield IsNull(field)


def texts(layer: Layer) -> Iterator[Node]:
    """Patterns and comparisons without regard to case, accents or both, on every field that is searched."""
    for name in (field.name for field in searched_fields(layer) if field.type == "text"):
        for case, accents in ((True, True), (False, True), (True, False), (False, False)):
            yield Like(Property(name), "%Nhà máy%", case, accents)
            yield Like(Property(name), "Nhà máy _1%", case, accents)
        for case, accents in ((False, True), (True, False), (False, False)):
            yield Comparison("=", Property(name), Constant("Nhà máy chế biến"), case, accents)
            yield Comparison("=", Constant("Nhà máy chế biến"), Property(name), case, accents)


def places(layer: Layer) -> Iterator[Node]:
    if layer.has_geometry:
        yield from (Spatial(operator, shape) for operator in RELATIONS for shape in (BOX, SHAPE))
        yield Spatial("dwithin", SHAPE, 1000.0)
        yield Spatial("intersects", Box(550000, 1090000, 560000, 1100000, 9210))


def times(layer: Layer) -> Iterator[Node]:
    """Every temporal operator with an instant and with a period, on every field of times or days that has an index."""
    fields = {field.name: field for field in published_fields(layer)}
    for name in indexed_fields(layer):
        if fields[name].type in ("date", "datetime"):
            for operator in sorted(set(TEMPORAL.values())):
                for span in (Span(MOMENT, MOMENT), Span(MOMENT, MOMENT + timedelta(days=30))):
                    yield build_temporal(operator, [Property(name), span], "FILTER")


def nowhere(layer: Layer) -> Iterator[Node]:
    """What holds for nearly all rows, or is worked out for each."""
    name = next(field.name for field in published_fields(layer))
    yield Comparison("<>", Property("id"), Constant(5))
    yield Holds(Calculation(">", (Calculation("length", (Property(name),)), Constant(3))))
    yield Holds(Calculation(">", (Calculation("add", (Property("id"), Constant(1))), Constant(3))))
    if layer.has_geometry:
        yield Spatial("disjoint", BOX)
        yield Spatial("beyond", SHAPE, 1000.0)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_an_index_finds_the_rows(catalog: Catalog, connection: Connection, layer_id: str) -> None:
    layer = catalog.layers[layer_id]
    if not layer.has_table:
        assert layer.geometry == "raster"
        return
    nodes = [Ids((3, 5)), *comparisons(layer), *texts(layer), *places(layer)]
    for node in nodes:
        plan = explain(connection, layer, node)
        assert "Index Cond" in plan, (node, plan)
    for node in times(layer):
        plan = explain(connection, layer, node)
        assert "Index Cond" in plan or "One-Time Filter: false" in plan, (node, plan)
    for node in nowhere(layer):
        plan = explain(connection, layer, node)
        assert ("Filter" in plan, "Index Cond" in plan) == (True, False), (node, plan)
    selective = [node for node in nodes if isinstance(node, Ids | Between | Spatial) and getattr(node, "distance", None) is None]
    for node in selective:
        assert "Index Cond" in explain(connection, layer, And((node, Not(IsNull(Property("id")))))), node
        assert "Index Cond" in explain(connection, layer, Or((node, Ids((9,))))), node


@pytest.mark.parametrize("layer_id", LAYERS)
def test_a_period_uses_the_indexes_of_times(catalog: Catalog, connection: Connection, layer_id: str) -> None:
    layer = catalog.layers[layer_id]
    fields = time_fields(layer) if layer.has_table else None
    if fields is None:
        return
    plan = explain(connection, layer, Period(datetime(2021, 1, 1, tzinfo=UTC), datetime(2021, 2, 1, tzinfo=UTC)))
    # validity that every layer may have is open for nearly all rows, so it has no index of its own
    assert ("Index Cond" in plan) == (fields[0] in indexed_fields(layer)), plan


@pytest.mark.parametrize(
    "node",
    [
        Comparison("<>", Property("kind"), Constant("auto")),
        Not(Comparison("=", Property("kind"), Constant("auto"))),
        Spatial("disjoint", BOX),
        Spatial("beyond", SHAPE, 1000.0),
        Like(Property("name"), "%a%"),
        Comparison(">", Property("tss"), Constant(5)),
    ],
)
def test_what_holds_for_nearly_all_rows_or_has_no_index_is_answered_by_reading_them(
    catalog: Catalog, connection: Connection, node: Node
) -> None:
    assert "Filter" in explain(connection, catalog.layers["stations"], node)


@pytest.mark.parametrize("name", ["Trạm", "tRạM", "tram", "TRẠM%", "50%_\\", "đ Đ", "Ａ", "ß", "x_y z"])
@pytest.mark.parametrize(("case", "accents"), [(True, True), (False, True), (True, False), (False, False)])
def test_looking_into_the_index_first_changes_no_answer(
    catalog: Catalog, connection: Connection, name: str, case: bool, accents: bool
) -> None:
    layer = catalog.layers["stations"]
    pattern = f"%{name}%".replace("\\", "\\\\")
    alike: tuple[Node, ...] = (
        Like(Property("name"), pattern, case, accents),
        Comparison("=", Property("name"), Constant(name), case, accents),
        Like(Property("water_body"), pattern, case, accents),
    )
    # what has no value is neither like a pattern nor unlike it
    for node in (*alike, *map(Not, alike), Not(Or(alike))):
        found = []
        for narrowed in (True, False):
            condition = compile_where(layer, node, is_published=narrowed)
            statement = sql.SQL("SELECT id FROM published.stations WHERE {} ORDER BY id").format(condition.sql)
            found.append(connection.execute(statement, condition.params).fetchall())
        assert found[0] == found[1]
