# SPDX-License-Identifier: MIT
"""Whether the public side of the database can be read, in one cheap question."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from server.db.pool import Database
from server.errors import ServerFault


@dataclass(frozen=True)
class Health:
    """How many layers are published and the sum of their revisions, which grows with every publication."""

    layers: int
    revision: int


def read_health(database: Database) -> Health:
    """Read the published catalogue as the public would. Raises ServerFault when the database is away or not set up."""
    question = "SELECT count(*)::int, coalesce(sum(revision), 0)::bigint FROM published.catalogue"
    try:
        with database.reader() as connection:
            row = connection.execute(question).fetchone()
    except psycopg.Error as error:
        raise ServerFault("The published catalogue cannot be read.") from error
    return Health(*row) if row else Health(0, 0)
