# SPDX-License-Identifier: MIT
"""Which official row a staged row means where the layer's own key does not tell: by a field somebody names, or by being the same."""

from __future__ import annotations

from collections.abc import Collection

from psycopg import sql

from server.db.pool import Connection
from server.db.stage import STAGE, Stage


def match_field(connection: Connection, stage: Stage, key: str, *, refuse_existing: bool) -> None:
    """Find the official rows by one field. Rows that repeat a value of the stage are faulty, and so are those several official rows fit."""
    parts = {"stage": STAGE, "official": sql.Identifier("official", stage.layer.id), "key": sql.Identifier(key)}
    _mark(
        connection,
        "repeated",
        key,
        sql.SQL(
            "s.row_no IN (SELECT row_no FROM (SELECT row_no, row_number() OVER (PARTITION BY {key} ORDER BY row_no) AS n FROM {stage}"
            " WHERE fault IS NULL AND {key} IS NOT NULL) r WHERE n > 1)"
        ).format(**parts),
    )
    _mark(connection, "required", key, sql.SQL("s.{key} IS NULL").format(**parts))
    connection.execute(
        sql.SQL(
            "UPDATE {stage} s SET target = o.id, fault = coalesce(s.fault, CASE WHEN o.many > 1 THEN 'ambiguous' END),"
            " fault_field = CASE WHEN s.fault IS NULL AND o.many > 1 THEN {name} ELSE s.fault_field END"
            " FROM (SELECT {key} AS value, min(id) AS id, count(*) AS many FROM {official} GROUP BY {key}) o WHERE o.value = s.{key}"
        ).format(**parts, name=sql.Literal(key))
    )
    if refuse_existing:
        _mark(connection, "exists", key, sql.SQL("s.target IS NOT NULL"))


def match_same(connection: Connection, stage: Stage) -> None:
    """Find for each staged row an official row that is the same in all the stage brings; each is found once.

    So loading a file again changes nothing where objects have no key.
    """
    official = sql.Identifier("official", stage.layer.id)
    filled = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(official)).fetchone()
    if not (filled and filled[0]):
        return
    names = [name for name in stage.given if name not in stage.layer.fields or not stage.layer.fields[name].computed]
    columns = [sql.Identifier(name) for name in names] + ([sql.Identifier("geom")] if stage.has_geometry else [])
    connection.execute(
        sql.SQL(
            "WITH a AS (SELECT row_no, {same}, row_number() OVER (PARTITION BY {value} ORDER BY row_no) AS n FROM {stage}"
            " WHERE fault IS NULL), b AS (SELECT id, {same}, row_number() OVER (PARTITION BY {value} ORDER BY id) AS n FROM {official})"
            " UPDATE {stage} s SET target = b.id FROM a JOIN b USING (same, n) WHERE s.row_no = a.row_no"
        ).format(
            same=sql.SQL("md5(ROW({})::text) AS same").format(sql.SQL(", ").join(columns)),
            value=sql.SQL("md5(ROW({})::text)").format(sql.SQL(", ").join(columns)),
            stage=STAGE,
            official=official,
        )
    )


def keep_known(connection: Connection, stage: Stage, names: Collection[str]) -> None:
    """Give staged rows the values of the official ones they mean, in fields they leave empty."""
    for name in sorted(set(names) & set(stage.given)):
        connection.execute(
            sql.SQL(
                "UPDATE {stage} s SET {field} = o.{field} FROM {official} o WHERE o.id = s.target AND s.{field} IS NULL"
                " AND o.{field} IS NOT NULL"
            ).format(stage=STAGE, official=sql.Identifier("official", stage.layer.id), field=sql.Identifier(name))
        )


def _mark(connection: Connection, fault: str, field: str, condition: sql.Composable) -> None:
    connection.execute(
        sql.SQL("UPDATE {} s SET fault = {}, fault_field = {} WHERE s.fault IS NULL AND ({})").format(
            STAGE, sql.Literal(fault), sql.Literal(field), condition
        )
    )
