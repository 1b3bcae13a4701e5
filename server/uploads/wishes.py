# SPDX-License-Identifier: MIT
"""What a form says about how a file is to be loaded; nothing of it is trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from server.catalog.model import Layer
from server.errors import InvalidParameter
from server.query.uploads import MODES, ON_ERROR, REPAIRS, Wishes

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}", re.ASCII)
_LONGEST = 300
BY_ITSELF = "*"
Choice = TypeVar("Choice", bound=str)


def read_wishes(layer: Layer, given: Mapping[str, str]) -> Wishes:
    """The wishes of a form: `mode`, `on_error`, `repair`, `crs`, `encoding`, `inner`, `key`, and `field.NAME` for every field.

    `value.NAME` is one value for all rows, and goes before a column. A field the form leaves out, or calls `BY_ITSELF`, is found by
    itself; an empty one stays empty. Raises InvalidParameter naming the field of the form at fault.
    """
    names = [*layer.fields, *(("valid_from", "valid_to") if layer.validity else ())]
    fields = {name: given[f"field.{name}"][:_LONGEST] for name in names if given.get(f"field.{name}", BY_ITSELF) != BY_ITSELF}
    values = {name: given[f"value.{name}"].strip()[:_LONGEST] for name in names if given.get(f"value.{name}", "").strip()}
    columns = [column for column in fields.values() if column]
    if len(columns) != len(set(columns)):
        raise _wrong("field", "Two fields name the same column.", "Một cột được chọn cho hai trường.")
    key = given.get("key", "") or None
    if key is not None and key not in layer.fields:
        raise _wrong("key", "The layer has no such field.", "Lớp không có trường này.")
    return Wishes(
        mode=_choose(MODES, given.get("mode", "upsert"), "mode"),
        on_error=_choose(ON_ERROR, given.get("on_error", "reject"), "on_error"),
        repair=_choose(REPAIRS, given.get("repair", "no"), "repair"),
        crs=_read_crs(given.get("crs", "").strip()),
        encoding=_read_encoding(given.get("encoding", "").strip()),
        inner=given.get("inner", "").strip()[:_LONGEST] or None,
        key=key,
        fields={name: column for name, column in fields.items() if name not in values},
        values=values,
    )


def _choose(choices: tuple[Choice, ...], given: str, name: str) -> Choice:
    found = next((one for one in choices if one == given), None)
    if found is None:
        raise _wrong(name, f"Choose one of {', '.join(choices)}.", f"Hãy chọn một trong: {', '.join(choices)}.")
    return found


def _read_crs(text: str) -> int | None:
    if not text:
        return None
    number = re.sub(r"^epsg:", "", text, flags=re.IGNORECASE)
    if not (number.isascii() and number.isdigit() and len(number) <= 6):
        raise _wrong("crs", "A coordinate system is a number of EPSG, as 9210.", "Hệ toạ độ là mã số EPSG, ví dụ 9210.")
    return int(number)


def _read_encoding(text: str) -> str | None:
    if text and not _WORD.fullmatch(text):
        raise _wrong("encoding", "There is no such encoding.", "Không có bảng mã này.")
    return text or None


def _wrong(name: str, message: str, vietnamese: str) -> InvalidParameter:
    return InvalidParameter(message, locator=name, message_vi=vietnamese)
