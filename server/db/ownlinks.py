# SPDX-License-Identifier: MIT
"""Links of staged rows to rows of the same load: a permit that replaces another of the same file."""

from __future__ import annotations

from psycopg import sql

from server.db.columns import key_field
from server.db.pool import Connection
from server.db.stage import STAGE, Stage, key_column


def own_link_fields(stage: Stage) -> list[str]:
    """The given link fields that point to the layer itself and can be resolved by its key."""
    key = key_field(stage.layer)
    if key is None or key not in stage.given:
        return []
    return [name for name in stage.given if name in stage.layer.fields and stage.layer.fields[name].link == stage.layer.id]


def resolve_own_links(connection: Connection, stage: Stage) -> None:
    """Give new rows their ids beforehand and resolve links among them; a link to a row that stays out makes its row stay out too."""
    fields = own_link_fields(stage)
    if not fields:
        return
    key = sql.Identifier(key_field(stage.layer) or "")
    official = sql.Literal(f"official.{stage.layer.id}")
    connection.execute(
        sql.SQL(
            "UPDATE {stage} s SET new_id = n.id FROM (SELECT row_no, nextval(pg_get_serial_sequence({name}, 'id')) AS id FROM {stage}"
            " WHERE target IS NULL AND fault IS NULL ORDER BY row_no) n WHERE n.row_no = s.row_no"
        ).format(stage=STAGE, name=official)
    )
    for name in fields:
        parts = {"stage": STAGE, "column": sql.Identifier(name), "typed": sql.Identifier(key_column(name)), "key": key}
        connection.execute(
            sql.SQL(
                "UPDATE {stage} s SET {column} = coalesce(t.target, t.new_id) FROM {stage} t"
                " WHERE s.{column} IS NULL AND s.{typed} = t.{key}::text AND t.fault IS NULL"
            ).format(**parts)
        )
    while sum(_refuse_dangling(connection, name) for name in fields):
        pass


def _refuse_dangling(connection: Connection, name: str) -> int:
    """Rows whose link leads to a row that stays out, or nowhere; answers how many were new."""
    command = sql.SQL(
        "UPDATE {stage} s SET fault = 'link_unknown', fault_field = {name}, fault_detail = s.{typed}"
        " WHERE s.fault IS NULL AND s.{typed} IS NOT NULL"
        " AND (s.{column} IS NULL OR EXISTS (SELECT FROM {stage} t WHERE t.new_id = s.{column} AND t.fault IS NOT NULL))"
    ).format(stage=STAGE, name=sql.Literal(name), typed=sql.Identifier(key_column(name)), column=sql.Identifier(name))
    return connection.execute(command).rowcount
