# SPDX-License-Identifier: MIT
"""Texts compared by pattern, or without regard to case or accents, found through the index of the search text.

`published.<layer>.search` holds the folded texts of the searched fields, one after the other, under a trigram index. Two texts that are
alike apart from case and accents fold alike, so what a condition on such a field can be true for has the folded value in its search text.
Adding that as a condition changes no answer and lets the index find the candidates; no field needs an index of its own for it.
"""

from __future__ import annotations

import re

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import searched_fields
from server.db.condition import Condition
from server.db.ddl_published import search_expression
from server.filter.tree import Words

# What is no letter, digit or escaped character of a pattern may fold into anything, so it stands for anything.
_UNSURE = re.compile(r"\\.|[^\w]|_", re.DOTALL)
_ESCAPED = re.compile(r"[\\%_]")
_TRIGRAM = 3


def narrow_by_search(condition: Condition, name: str, value: str, layer: Layer) -> Condition:
    """`condition` (the field is `value`, apart from case or accents) and what the index knows about it."""
    return _narrow(condition, name, _UNSURE.sub("%", value), layer)


def narrow_like_by_search(condition: Condition, name: str, pattern: str, layer: Layer) -> Condition:
    """`condition` (the field is like `pattern`, with or without regard to case and accents) and what the index knows about it."""
    return _narrow(condition, name, _UNSURE.sub("%", pattern), layer)


def hold_words(node: Words, layer: Layer, *, is_published: bool) -> Condition:
    """Each word stands somewhere in the search text, which an index answers where it is kept (`is_published`)."""
    text = sql.Identifier("search") if is_published else search_expression(layer)
    parts = [sql.SQL("{} LIKE xanh.fold(%s)").format(text)] * len(node.words)
    return Condition(sql.SQL("({})").format(sql.SQL(" AND ").join(parts)), tuple(f"%{_ESCAPED.sub(_escape, word)}%" for word in node.words))


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _narrow(condition: Condition, name: str, sure: str, layer: Layer) -> Condition:
    """Pieces too short for a trigram are no help; neither is a field that is not in the search text."""
    if all(len(piece) < _TRIGRAM for piece in sure.split("%")):
        return condition
    if not any(field.name == name and field.type == "text" for field in searched_fields(layer)):
        return condition
    pattern = re.sub("%+", "%", f"%{sure}%")
    joined = sql.SQL("(search LIKE xanh.fold(%s) AND {})").format(condition.sql)
    return Condition(joined, (pattern, *condition.params))
