# SPDX-License-Identifier: MIT
"""A piece of SQL and the values bound to it: what the parts of a WHERE clause are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg import sql

FALSE = sql.SQL("FALSE")


@dataclass(frozen=True)
class Condition:
    """A piece of SQL with `%s` placeholders and the values for them, in order."""

    sql: sql.Composable
    params: tuple[Any, ...] = ()
