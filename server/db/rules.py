# SPDX-License-Identifier: MIT
"""The rules across fields of a layer file, checked on staged rows as they will stand, old values included."""

from __future__ import annotations

from psycopg import sql

from server.catalog.model import Layer, Rule
from server.db.columns import content_columns
from server.db.condition import Condition
from server.db.pool import Connection
from server.db.stage import STAGE, Stage
from server.db.where import compile_rule
from server.filter.cql2_text import read_cql2_text


def check_rules(connection: Connection, stage: Stage) -> None:
    """Mark staged rows that break a rule; the fault's detail is the rule's number from 0. Raises InvalidParameter for a bad rule."""
    for number, rule in enumerate(stage.layer.rules):
        broken = _find_broken(stage.layer, rule)
        field = next(iter(rule.require), None)
        command = sql.SQL(
            "UPDATE {stage} s SET fault = 'rule', fault_field = {field}, fault_detail = {number} WHERE s.fault IS NULL AND s.row_no IN"
            " (SELECT row_no FROM (SELECT t.row_no, {values} FROM {stage} t LEFT JOIN {official} o ON o.id = t.target) row WHERE {broken})"
        ).format(
            stage=STAGE,
            field=sql.Literal(field),
            number=sql.Literal(str(number)),
            values=sql.SQL(", ").join(_value(stage, column.name) for column in content_columns(stage.layer) if column.name != "geom"),
            official=sql.Identifier("official", stage.layer.id),
            broken=broken.sql,
        )
        connection.execute(command, broken.params)


def _find_broken(layer: Layer, rule: Rule) -> Condition:
    """The rule applies (`when` is true or absent) and a required field is empty or `check` is false; unknown is no fault (SQL's null)."""
    applies = compile_rule(layer, read_cql2_text(rule.when, locator="when")) if rule.when else Condition(sql.SQL("TRUE"))
    faults = [sql.SQL("{} IS NULL").format(sql.Identifier(name)) for name in rule.require]
    params = applies.params
    if rule.check:
        check = compile_rule(layer, read_cql2_text(rule.check, locator="check"))
        faults.append(sql.SQL("NOT ({})").format(check.sql))
        params += check.params
    return Condition(sql.SQL("({}) AND ({})").format(applies.sql, sql.SQL(" OR ").join(faults)), params)


def _value(stage: Stage, name: str) -> sql.Composable:
    """What the column will hold: the row's value where it gives one, else the old one, else the default."""
    field = stage.layer.fields.get(name)
    given = name in stage.given or bool(field and (field.fill or field.computed))
    default = sql.Literal(field.default) if field and field.default is not None else None
    parts = [sql.SQL("t.{}" if given else "o.{}").format(sql.Identifier(name))]
    if given and name not in stage.given and not (stage.clears_geometry and field and field.computed):
        parts.append(sql.SQL("o.{}").format(sql.Identifier(name)))
    if default is not None:
        parts.append(sql.SQL("CASE WHEN t.target IS NULL THEN {} END").format(default))
    value = sql.SQL("coalesce({})").format(sql.SQL(", ").join(parts)) if len(parts) > 1 else parts[0]
    return sql.SQL("{} AS {}").format(value, sql.Identifier(name))
