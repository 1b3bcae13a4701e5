# SPDX-License-Identifier: MIT
"""Which source field fills which layer field: what the user says, then equal names and the layer's aliases (case and accents aside)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from server.catalog.cleaning import CleaningRule
from server.catalog.model import Layer
from server.errors import SourceRefused


def fold(name: str) -> str:
    """A name without case, accents and signs: `Tên trạm` and `TEN_TRAM` are one."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", "".join(c for c in plain if not unicodedata.combining(c)))


def map_fields(layer: Layer, source_fields: tuple[str, ...], asked: Mapping[str, str]) -> dict[str, str]:
    """Layer field -> source field. `asked` is source -> layer as on the command line (`--map TEN=name`).

    Raises SourceRefused for a name neither side has, or two sources for one field.
    """
    targets = [*layer.fields, *(("valid_from", "valid_to") if layer.validity else ())]
    out: dict[str, str] = {}
    for source, target in asked.items():
        if source not in source_fields:
            raise SourceRefused(
                f"The source has no field {source!r}; it has {', '.join(source_fields)}.",
                locator=source,
                message_vi=f"Tệp không có cột {source!r}; các cột là {', '.join(source_fields)}.",
            )
        if target not in targets:
            raise SourceRefused(
                f"Layer {layer.id} has no field {target!r}; it has {', '.join(targets)}.",
                locator=target,
                message_vi=f"Lớp {layer.id} không có trường {target!r}; các trường là {', '.join(targets)}.",
            )
        if target in out:
            raise SourceRefused(
                f"Two source fields are mapped to {target!r}.", locator=target, message_vi=f"Hai cột cùng điền trường {target!r}."
            )
        out[target] = source
    by_name = {fold(name): name for name in reversed(source_fields) if name not in asked}
    for target in targets:
        if target in out or _find_shared(layer, target) is not None:
            continue
        field = layer.fields.get(target)
        names = [target, *layer.load.aliases.get(target, ()), *((field.vi, field.en) if field else ())]
        found = next((by_name[fold(name)] for name in names if fold(name) in by_name), None)
        if found is not None and found not in out.values():
            out[target] = found
    for target in targets:
        shared = _find_shared(layer, target)
        if target not in out and shared is not None and shared in out:
            out[target] = out[shared]
    return out


def _find_shared(layer: Layer, target: str) -> str | None:
    """The field whose column this one is read from too, where a cleaning rule says so."""
    rules = layer.load.clean.get(target, ())
    return rules[0].source_of if rules and isinstance(rules[0], CleaningRule) else None
