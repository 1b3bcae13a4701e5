# SPDX-License-Identifier: MIT
"""Ids that follow one another are named as a range, others one by one."""

from __future__ import annotations

import pytest
from psycopg import sql

from server.db.scope import among


@pytest.mark.parametrize(
    ("ids", "written"),
    [
        ([7], '"id" BETWEEN 7 AND 7'),
        ([8, 7, 9], '"id" BETWEEN 7 AND 9'),
        ([7, 9], "\"id\" = ANY('{7,9}'::bigint[])"),
        ([], "\"id\" = ANY('{}'::bigint[])"),
    ],
)
def test_ids_are_named_in_the_shortest_way(ids: list[int], written: str) -> None:
    assert among(sql.Identifier("id"), ids).as_string() == written
