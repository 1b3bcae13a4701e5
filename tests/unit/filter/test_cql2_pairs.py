# SPDX-License-Identifier: MIT
"""A corpus of conditions in both languages of CQL2, clause by clause of the standard: each pair is one tree."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.filter.cql2 import Cql2Reading
from server.filter.cql2_json import read_cql2_json
from server.filter.cql2_text import read_cql2_text
from tests.cql2_pairs import PAIRS

READING = Cql2Reading(geometry=("geometry",))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["text"])
def test_a_pair_is_one_tree(pair: dict[str, Any]) -> None:
    assert read_cql2_text(pair["text"], READING) == read_cql2_json(json.dumps(pair["json"]), READING)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["text"])
def test_words_of_the_language_go_in_any_case(pair: dict[str, Any]) -> None:
    """Operators in small letters in text and JSON; texts and names stay as they are."""
    parts = pair["text"].replace('"kind"', "kind").split("'")
    lowered = "'".join(part if index % 2 else part.lower() for index, part in enumerate(parts))
    assert read_cql2_text(lowered, READING) == read_cql2_text(pair["text"], READING)
