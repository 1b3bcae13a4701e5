# SPDX-License-Identifier: MIT
"""From layer files to the tables of the three stores. Pure: no connection, no side effects."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from server.catalog.catalog import Catalog
from server.catalog.model import Layer, LayerField
from server.db.columns import REVIEW_STATES, content_columns, key_field, longest_text, record_columns
from server.db.ddl_published import published_table, pyramid_table
from server.db.table import Column, Constraint, Index, Table, fingerprinted

OFFICIAL, HISTORY, PUBLISHED = "official", "history", "published"


def desired_tables(catalog: Catalog) -> list[Table]:
    """Every table the catalogue's layers need, store by store, layers in catalogue order."""
    layers = list(catalog.feature_layers())
    out = [official_table(layer) for layer in layers] + [history_table(layer) for layer in layers]
    out += [published_table(layer) for layer in layers]
    return out + [pyramid_table(layer) for layer in layers if layer.has_geometry]


def official_table(layer: Layer) -> Table:
    """The table staff and loaders work on, with the checks of the layer file.

    Whether a code is in its list is checked by the write door: lists change without the schema, and old rows keep old codes.
    """
    columns = (Column("id", "bigint", not_null=True, identity=True), *content_columns(layer), *record_columns())
    return Table(OFFICIAL, layer.id, columns, tuple(_constraints(layer)), tuple(_official_indexes(layer)), audited=True)


def history_table(layer: Layer) -> Table:
    """Every state every row has ever had. The same columns without checks, since checks change; never updated, never dropped from."""
    copied = [Column(column.name, column.type) for column in official_table(layer).columns]
    columns = (
        Column("history_id", "bigint", not_null=True, identity=True),
        *copied,
        Column("action", "text", not_null=True),
        Column("changed_at", "timestamp with time zone", not_null=True),
        Column("changed_by", "text", not_null=True),
        Column("protocol", "text", not_null=True),
        Column("change_set", "bigint"),
    )
    table = (HISTORY, layer.id)
    indexes = (_index(table, ("id", "history_id")), _index(table, ("change_set",)))
    return Table(HISTORY, layer.id, columns, indexes=indexes)


def _constraints(layer: Layer) -> Iterable[Constraint]:
    table = (OFFICIAL, layer.id)
    states = sql.SQL(", ").join(map(sql.Literal, REVIEW_STATES))
    yield _check(table, "review_state", sql.SQL("review_state IN ({})").format(states))
    for name, field in layer.fields.items():
        for condition in _field_conditions(name, field):
            yield _check(table, name, condition)
        if field.link:
            definition = sql.SQL("FOREIGN KEY ({}) REFERENCES {} (id)").format(sql.Identifier(name), sql.Identifier(OFFICIAL, field.link))
            yield Constraint(fingerprinted(name, table, definition), "foreign key", definition)
    if layer.validity:
        yield _check(table, "validity", sql.SQL("valid_to >= valid_from"))


def _field_conditions(name: str, field: LayerField) -> Iterable[sql.Composable]:
    column = sql.Identifier(name)
    for operator, bound in (("{} >= {}", field.min), ("{} <= {}", field.max)):
        if bound is not None and bound != "today":
            yield sql.SQL(operator).format(column, sql.Literal(bound))
    if field.type != "text" or field.link:
        return
    yield sql.SQL("char_length({}) <= {}").format(column, sql.Literal(longest_text(field)))
    if field.pattern:
        yield sql.SQL("{} ~ {}").format(column, sql.Literal(f"^(?:{field.pattern})$"))


def _official_indexes(layer: Layer) -> Iterable[Index]:
    table = (OFFICIAL, layer.id)
    if layer.has_geometry:
        definition = sql.SQL("USING gist (geom)")
        yield Index(fingerprinted(f"{layer.id}_geom", table, definition), definition)
    for name in (name for name, field in layer.fields.items() if field.geometry):
        further = sql.SQL("USING gist ({})").format(sql.Identifier(name))
        yield Index(fingerprinted(f"{layer.id}_{name}", table, further), further)
    key = key_field(layer)
    for name, field in layer.fields.items():
        if field.unique:
            yield _unique(layer, table, name)
        elif field.link or name == key:
            yield _index(table, (name,))
    definition = sql.SQL("(id) WHERE review_state <> 'approved'")
    yield Index(fingerprinted(f"{layer.id}_review", table, definition), definition)


def _unique(layer: Layer, table: tuple[str, str], name: str) -> Index:
    # Codes of administrative units were reused in July 2025: where objects have a validity, (value, valid_from) is the key.
    definition = (sql.SQL("({0}, valid_from) NULLS NOT DISTINCT WHERE {0} IS NOT NULL") if layer.validity else sql.SQL("({0})")).format(
        sql.Identifier(name)
    )
    return Index(fingerprinted(f"{layer.id}_{name}", table, definition), definition, unique=True)


def _index(table: tuple[str, str], columns: tuple[str, ...]) -> Index:
    definition = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
    return Index(fingerprinted("_".join((table[1], *columns)), table, definition), definition)


def _check(table: tuple[str, str], label: str, condition: sql.Composable) -> Constraint:
    definition = sql.SQL("CHECK ({})").format(condition)
    return Constraint(fingerprinted(label, table, definition), "check", definition)
