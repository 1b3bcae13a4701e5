# SPDX-License-Identifier: MIT
"""Writing XML: a small tree for documents (capabilities, schemas, exceptions) and escaping for streams.

Text can hold anything: what XML 1.0 cannot carry is dropped, the rest escaped. Names are ours, so a wrong one is a ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.xmlio.namespaces import Namespace

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# XML 1.0 (fifth edition) production 2: tab, line feed, carriage return and everything from blank on except surrogates, FFFE and FFFF.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"(?:([^\W\d][\w.-]*):)?([^\W\d][\w.-]*)")
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE = {**_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TEXT_TABLE = str.maketrans(_TEXT)
_ATTRIBUTE_TABLE = str.maketrans(_ATTRIBUTE)

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Node:
    """An element: name as written (`ows:Title`), attributes in order, children and text in order."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    content: tuple[Node | str, ...]


def element(name: str, *content: Node | Scalar | None, attributes: Mapping[str, Scalar | None] | None = None) -> Node:
    """Make an element. None among the content or attribute values is left out; numbers and booleans are written as XML Schema does.

    Prefixes of names are those given to `write_document`. Raises ValueError for a name that is no XML name.
    """
    given = attributes or {}
    for each in (name, *given):
        if not _NAME.fullmatch(each):
            raise ValueError(f"not an XML name: {each!r}")
    return Node(
        name,
        tuple((key, format_scalar(value)) for key, value in given.items() if value is not None),
        tuple(part if isinstance(part, Node) else format_scalar(part) for part in content if part is not None),
    )


def write_document(
    root: Node, prefixes: Mapping[str, Namespace | str], *, schema_locations: Mapping[Namespace | str, str] | None = None
) -> bytes:
    """The whole document as UTF-8 with declaration. `prefixes` maps prefix to namespace ("" = default), all declared on the root.

    `schema_locations` maps namespace to schema address and becomes xsi:schemaLocation. Raises ValueError for a prefix used but not given.
    """
    declared = dict(prefixes)
    attributes: list[tuple[str, str]] = []
    if schema_locations:
        declared.setdefault("xsi", Namespace.XSI)
        pairs = (f"{name} {address}" for name, address in schema_locations.items())
        attributes.append(("xsi:schemaLocation", " ".join(pairs)))
    declarations = [(f"xmlns:{prefix}" if prefix else "xmlns", str(uri)) for prefix, uri in declared.items()]
    out = [DECLARATION]
    _write(Node(root.name, (*declarations, *attributes, *root.attributes), root.content), frozenset(declared) | {"xml", "xmlns"}, out)
    out.append("\n")
    return "".join(out).encode("utf-8")


def escape_text(text: str) -> str:
    """Text for between tags: illegal characters dropped, `&`, `<`, `>` and carriage return escaped."""
    return _ILLEGAL.sub("", text).translate(_TEXT_TABLE)


def escape_attribute(text: str) -> str:
    """Text for a value in double quotes: as `escape_text`, and quotes, tabs and line feeds too (they would turn into blanks)."""
    return _ILLEGAL.sub("", text).translate(_ATTRIBUTE_TABLE)


def format_scalar(value: Scalar) -> str:
    """A value in XML Schema's lexical form: `true`, `12`, `0.1`, `INF`; strings as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return {"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(repr(value), repr(value))
    return str(value)


def _write(node: Node, known: frozenset[str], out: list[str]) -> None:
    for name in (node.name, *(key for key, _ in node.attributes)):
        prefix, colon, _ = name.rpartition(":")
        if colon and prefix not in known:
            raise ValueError(f"prefix of {name!r} is not declared")
    written = "".join(f' {key}="{escape_attribute(value)}"' for key, value in node.attributes)
    if not node.content:
        out.append(f"<{node.name}{written}/>")
        return
    out.append(f"<{node.name}{written}>")
    for part in node.content:
        if isinstance(part, Node):
            _write(part, known, out)
        else:
            out.append(escape_text(part))
    out.append(f"</{node.name}>")
