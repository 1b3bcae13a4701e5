# SPDX-License-Identifier: MIT
"""Values of people and files become values of columns, or are refused; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.features.convert import CONVERTERS

MOMENT = datetime(2020, 1, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        ("text", "Gò Công".encode().decode(), "Gò Công"),
        ("text", "Go\u0300", "Gò"),
        ("text", 12, "12"),
        ("integer", "12", 12),
        ("integer", 12.0, 12),
        ("integer", -(2**63), -(2**63)),
        ("number", "1e3", 1000.0),
        ("number", 1, 1.0),
        ("boolean", "TRUE", True),
        ("boolean", 0, False),
        ("date", "2020-02-29", date(2020, 2, 29)),
        ("date", MOMENT, date(2020, 1, 2)),
        ("date", "2020-01-01T20:00:00Z", date(2020, 1, 2)),
        ("datetime", "2020-01-02T03:00:00", MOMENT),
        ("datetime", date(2020, 1, 2), datetime(2020, 1, 1, 17, tzinfo=UTC)),
    ],
)
def test_sound_values_are_converted(kind: str, given: Any, wanted: Any) -> None:
    assert CONVERTERS[kind](given) == wanted


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", True),
        ("text", ["a"]),
        ("integer", "1_000"),
        ("integer", "１２"),
        ("integer", 1.5),
        ("integer", 2**63),
        ("integer", True),
        ("integer", float("inf")),
        ("number", "nan"),
        ("number", float("inf")),
        ("number", "12,5"),
        ("boolean", "maybe"),
        ("boolean", 2),
        ("date", "2021-02-29"),
        ("date", "01/02/2020"),
        ("date", 20200101),
        ("datetime", "yesterday"),
    ],
)
def test_anything_else_is_refused(kind: str, given: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        CONVERTERS[kind](given)
