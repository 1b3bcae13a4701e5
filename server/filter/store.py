# SPDX-License-Identifier: MIT
"""A filter tree as JSON and back, so that a question can wait in the database. Only classes of the tree are ever made of what is read."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from server.errors import InvalidParameter
from server.filter import tree

_CLASSES = {name: found for name, found in inspect.getmembers(tree, inspect.isclass) if dataclasses.is_dataclass(found)}


def to_json(value: Any) -> Any:
    """A node, or any value that stands in one, as JSON-shaped data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"node": type(value).__name__, "parts": parts}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple | list):
        return {"list" if isinstance(value, list) else "tuple": [to_json(part) for part in value]}
    if isinstance(value, dict):
        return {"map": {key: to_json(part) for key, part in value.items()}}
    return value


def from_json(data: Any) -> Any:
    """What `to_json` was given. Raises InvalidParameter for anything it has not written."""
    if not isinstance(data, dict):
        return data
    kind = next(iter(data), "")
    if kind in _READERS:
        return _READERS[kind](data[kind])
    found = _CLASSES.get(data.get("node", ""))
    if found is None:
        raise InvalidParameter("A stored question cannot be read any more.", locator="filter")
    return found(**{name: from_json(part) for name, part in data["parts"].items()})


_READERS: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "list": lambda parts: [from_json(part) for part in parts],
    "tuple": lambda parts: tuple(from_json(part) for part in parts),
    "map": lambda parts: {key: from_json(part) for key, part in parts.items()},
}
