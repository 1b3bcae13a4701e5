# SPDX-License-Identifier: MIT
"""What the checks of layer files share: faults, what a file may point to, the hint at the nearest valid name."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from server.catalog.model import CodeList, Group, Layer
from server.strictyaml import Place

Fault = tuple[Place, str]
NUMBERS = ("integer", "number")
DATES = ("date", "datetime")


@dataclass(frozen=True)
class Surroundings:
    """What a layer file may point to. `layer_ids` and `list_ids` also hold files that could not be read, so one mistake is told once."""

    groups: Mapping[str, Group]
    layers: Mapping[str, Layer]
    code_lists: Mapping[str, CodeList]
    layer_ids: Collection[str]
    list_ids: Collection[str]


def suggest(word: str, valid: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest valid word, or nothing."""
    near = difflib.get_close_matches(word, sorted(valid), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
