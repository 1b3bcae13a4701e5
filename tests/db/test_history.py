# SPDX-License-Identifier: MIT
"""Every state of every row is kept, with who, when and through which door."""

from __future__ import annotations

from server.db.edit import Author, begin_change_set
from server.db.pool import Connection

INSERT = "INSERT INTO official.records (label, created_by, updated_by) SELECT 'r' || n, 'x', 'x' FROM generate_series(1, %s) n"


def _count(connection: Connection, action: str) -> int:
    row = connection.execute("SELECT count(*) FROM history.records WHERE action = %s", [action]).fetchone()
    return int(row[0]) if row else 0


def test_one_statement_writes_one_history_row_per_row_changed(writing: Connection) -> None:
    writing.execute(INSERT, [500])
    writing.execute("UPDATE official.records SET label = 'new' WHERE label <> 'r1'")
    writing.execute("DELETE FROM official.records WHERE label = 'new'")
    assert [_count(writing, action) for action in ("insert", "update", "delete")] == [500, 499, 499]


def test_history_holds_the_state_after_a_change_and_the_last_state_of_what_went(writing: Connection) -> None:
    writing.execute(INSERT, [1])
    writing.execute("UPDATE official.records SET label = 'it''s'")
    writing.execute("DELETE FROM official.records")
    rows = writing.execute("SELECT action, label FROM history.records ORDER BY history_id").fetchall()
    assert rows == [("insert", "r1"), ("update", "it's"), ("delete", "it's")]


def test_a_statement_that_changes_nothing_leaves_no_history(writing: Connection) -> None:
    writing.execute("UPDATE official.records SET label = 'new'")
    assert _count(writing, "update") == 0


def test_truncating_counts_as_deleting(writing: Connection) -> None:
    writing.execute(INSERT, [3])
    writing.execute("TRUNCATE official.records")
    assert _count(writing, "delete") == 3


def test_history_names_account_protocol_and_change_set(writing: Connection) -> None:
    change_set = begin_change_set(writing, Author("Lê 'Q' Anh", "wfs"))
    writing.execute(INSERT, [1])
    row = writing.execute("SELECT changed_by, protocol, change_set FROM history.records").fetchone()
    assert row == ("Lê 'Q' Anh", "wfs", change_set)


def test_history_names_the_database_role_when_nobody_said_who(writing: Connection) -> None:
    writing.execute(INSERT, [1])
    row = writing.execute("SELECT changed_by, protocol, change_set FROM history.records").fetchone()
    assert row == ("xanh_writer", "sql", None)
