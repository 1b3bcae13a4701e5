# SPDX-License-Identifier: MIT
"""Statements prepared once per connection, and what happens when the connection forgets some or all of them."""

from __future__ import annotations

import pytest

from server.db.pool import Database
from server.db.prepared import run_prepared

STATEMENTS = [b"SELECT $1::text || '%d'" % number for number in range(4)]


def ask_all(connection: object) -> list[bytes | None]:
    return [run_prepared(connection, statement, [b"a"]).get_value(0, 0) for statement in STATEMENTS]  # type: ignore[arg-type]


@pytest.mark.parametrize("forgotten", ["DEALLOCATE ALL", None])
def test_statements_a_connection_has_lost_are_made_again(database: Database, forgotten: str | None) -> None:
    with database.reader() as connection:
        expected = [b"a%d" % number for number in range(4)]
        assert ask_all(connection) == expected
        names = [
            row[0] for row in connection.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'xanh%' ORDER BY 1").fetchall()
        ]
        assert len(names) >= 4
        connection.execute(forgotten or f'DEALLOCATE "{names[0]}"')
        assert ask_all(connection) == expected
        assert ask_all(connection) == expected


def test_each_connection_prepares_a_statement_once(database: Database) -> None:
    with database.reader() as connection:
        ask_all(connection)
        query = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'xanh%'"
        before = connection.execute(query).fetchone()
        ask_all(connection)
        assert connection.execute(query).fetchone() == before
