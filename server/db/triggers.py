# SPDX-License-Identifier: MIT
"""History triggers: statement-level with transition tables, so that a bulk load pays once and not per row."""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from server.db.table import Table, digest

_SCRIPT = Path(__file__).parent / "sql" / "functions.sql"
_EVENTS = {
    "keep_insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "keep_update": "AFTER UPDATE ON {table} REFERENCING NEW TABLE AS new_rows",
    "keep_delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
    "keep_truncate": "BEFORE TRUNCATE ON {table}",
}
TRIGGERS = frozenset(_EVENTS)


def functions_sql() -> sql.SQL:
    """The functions the stores need (server/db/sql/functions.sql); each is CREATE OR REPLACE."""
    return sql.SQL(_SCRIPT.read_text(encoding="utf-8"))


def functions_fingerprint() -> str:
    """Changes when the functions change."""
    return digest(functions_sql())


def create_trigger(table: Table, name: str) -> sql.Composed:
    """CREATE TRIGGER for one of TRIGGERS on an official table."""
    event = sql.SQL(_EVENTS[name]).format(table=table.identifier)
    return sql.SQL("CREATE TRIGGER {} {} FOR EACH STATEMENT EXECUTE FUNCTION xanh.keep_history()").format(sql.Identifier(name), event)
