# SPDX-License-Identifier: MIT
"""Tables of databases where a command takes files: of the database of this installation, or of another PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from loaders.source import SourceOptions
from loaders.tablesource import DatabaseSource
from server.commands.screen import say
from server.config import Settings
from server.db.othertable import connect_elsewhere
from server.db.store import open_store


@dataclass(frozen=True)
class TableWish:
    """A table is meant, no file; `database`: the address of its database, None for our own."""

    database: str | None = None


@contextmanager
def open_table(settings: Settings, name: str, wish: TableWish, options: SourceOptions) -> Iterator[DatabaseSource]:
    """`schema.table` as a source, as long as its connection is open. Raises SourceRefused, ServerFault."""
    if wish.database is not None:
        with connect_elsewhere(wish.database) as connection:
            yield DatabaseSource(connection, name, options)
        return
    with open_store(settings, say) as store, store.database.owner() as connection:
        yield DatabaseSource(connection, name, options)
