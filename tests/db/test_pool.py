# SPDX-License-Identifier: MIT
"""Connections: what sessions are set to, and what happens when the server goes away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest

from server.config import DatabaseSettings
from server.db.pool import Database
from server.errors import LimitExceeded, ServerFault, VersionConflict


def test_every_role_runs_in_utc(database: Database) -> None:
    for borrow in (database.reader, database.writer, database.owner):
        with borrow() as connection:
            assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_a_public_question_has_a_time_limit(database: Database) -> None:
    quick = Database(database.logins, DatabaseSettings(pool_size=1, statement_timeout_s=0.1))
    try:
        with pytest.raises(LimitExceeded, match="longer"), quick.reader() as connection:
            connection.execute("SELECT pg_sleep(5)")
        with quick.reader() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        quick.close()


def test_an_exception_rolls_the_writer_back(database: Database) -> None:
    def fail_halfway() -> None:
        with database.writer() as connection:
            connection.execute("INSERT INTO xanh.change_set (by_account, protocol) VALUES ('a', 'test')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with database.writer() as connection:
        assert connection.execute("SELECT count(*) FROM xanh.change_set").fetchone() == (0,)


def test_a_connection_the_server_closed_is_replaced_unnoticed(database: Database) -> None:
    own = Database(database.logins, DatabaseSettings(pool_size=1))
    try:
        with own.reader() as connection:
            backend = connection.info.backend_pid
        with psycopg.connect(database.logins.admin.conninfo(), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        with own.reader() as connection:
            assert connection.info.backend_pid != backend
    finally:
        own.close()


def test_an_absent_server_is_a_fault_without_details(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.db.pool._WAIT_S", 0.5)
    nowhere = replace(database.logins, reader=replace(database.logins.reader, host="/nonexistent"))
    lost = Database(nowhere, DatabaseSettings(pool_size=1))
    try:
        with pytest.raises(ServerFault) as caught, lost.reader() as connection:
            connection.execute("SELECT 1")
        assert "nonexistent" not in caught.value.message
    finally:
        lost.close()


def test_two_writers_in_each_other_s_way_give_a_conflict_not_a_fault(database: Database) -> None:
    with database.owner() as connection:
        connection.execute("CREATE TABLE xanh.pair (id int PRIMARY KEY, n int)")
        connection.execute("INSERT INTO xanh.pair VALUES (1, 0), (2, 0)")
        connection.execute("GRANT SELECT, UPDATE ON xanh.pair TO xanh_writer")
    both_hold_one = threading.Barrier(2)

    def update(first: int, second: int) -> str:
        try:
            with database.writer() as connection:
                connection.execute("UPDATE xanh.pair SET n = n + 1 WHERE id = %s", (first,))
                both_hold_one.wait(10)
                connection.execute("UPDATE xanh.pair SET n = n + 1 WHERE id = %s", (second,))
        except VersionConflict:
            return "conflict"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(update, (1, 2), (2, 1)))
    assert outcomes == ["conflict", "saved"]
