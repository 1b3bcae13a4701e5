# SPDX-License-Identifier: MIT
"""Key-value requests of OGC services (OWS Common 05-008 11.2): names in any case, values as UTF-8."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from server.errors import InvalidParameter, MissingParameter

_MAX_PAIRS = 200
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,60}", re.ASCII)
_INTEGER = re.compile(r"\+?\d{1,12}", re.ASCII)


def read_kvp(text: bytes) -> dict[str, str]:
    """The parameters of a query string (or of a form sent as one) by upper-case name; blanks around values are dropped.

    A parameter given twice must say the same both times. Names no service could know are passed over.
    Raises InvalidParameter for values that are not UTF-8 or hold control characters, and for contradictions.
    """
    out: dict[str, str] = {}
    pairs = text.split(b"&")
    if len(pairs) > _MAX_PAIRS:
        raise InvalidParameter(f"The request has more than {_MAX_PAIRS} parameters.")
    for pair in pairs:
        raw_name, _, raw_value = pair.partition(b"=")
        name = unquote_to_bytes(raw_name).decode("latin-1").upper()
        if not _NAME.fullmatch(name):
            continue
        value = _decode(raw_value, name)
        if out.setdefault(name, value) != value:
            raise InvalidParameter(f"The parameter {name} is given twice with different values.", locator=name)
    return out


def require(parameters: Mapping[str, str], name: str) -> str:
    """The value of a mandatory parameter. Raises MissingParameter when it is absent or empty."""
    value = parameters.get(name)
    if not value:
        raise MissingParameter(f"The parameter {name} is missing.", locator=name, message_vi=f"Thiếu tham số {name}.")
    return value


def read_integer(text: str, name: str, *, least: int = 0) -> int:
    """A whole number of at most twelve digits. Raises InvalidParameter for anything else and for less than `least`."""
    number = int(text) if _INTEGER.fullmatch(text) else None
    if number is None or number < least:
        raise InvalidParameter(f"{name} must be a whole number, {least} or more.", locator=name)
    return number


def split_list(text: str) -> list[str]:
    """`a,b,c` as its parts without blanks around them; empty parts are dropped."""
    return [part for part in (part.strip() for part in text.split(",")) if part]


def split_groups(text: str) -> list[str]:
    """`(a,b)(c)` as its groups `a,b` and `c`; a text without brackets around it is one group (04-094 14.2.2).

    Only brackets at the outer level count, so that groups may hold brackets of their own in pairs.
    """
    text = text.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return [text]
    groups: list[str] = []
    depth, start = 0, 0
    for position, character in enumerate(text):
        if character == "(":
            depth += 1
            start = position + 1 if depth == 1 else start
        elif character == ")":
            depth -= 1
            if depth == 0:
                groups.append(text[start:position])
            elif depth < 0:
                return [text]
    return groups if depth == 0 else [text]


def _decode(raw: bytes, name: str) -> str:
    try:
        value = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8").strip()
    except UnicodeDecodeError:
        raise InvalidParameter(f"The value of {name} is not UTF-8.", locator=name) from None
    if any(character < " " and character not in "\t\r\n" for character in value):
        raise InvalidParameter(f"The value of {name} holds control characters.", locator=name)
    return value
