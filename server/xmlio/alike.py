# SPDX-License-Identifier: MIT
"""Elements by the thousand that are written alike but for their texts: read as columns of texts, without looking at each element."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import unescape

from lxml import etree

from server.xmlio.parse import Element

# Tags as the writer of a tree writes them: nothing but the end of a tag is a >.
_TAG = re.compile(r"<(/?)[^>]*?(/?)>")
# What else the writer puts for a character of a text.
_RETURN = {"&#13;": "\r"}


@dataclass(frozen=True)
class Alike:
    """The children of an element: so many, and for the leaves of the `first` that have a text their texts in all children, in order.

    Names, attributes and nesting are those of the first in all of them; a leaf without text has none in any.
    """

    first: Element
    count: int
    texts: dict[Element, Sequence[str]]


def read_alike(root: Element) -> Alike | None:
    """The children of `root` as columns, or None where they are not written alike: then they are read one by one."""
    if not len(root):
        return None
    written = etree.tostring(root, encoding="unicode", with_tail=False)
    inside = written[written.index(">") + 1 : written.rindex("</")]
    between = _split_example(inside)
    leaves = [leaf for leaf in root[0].iter() if not len(leaf) and leaf.text]
    if between is None or not leaves or len(between) != len(leaves) + 1:
        return None
    rows = re.findall("([^<]*)".join(map(re.escape, between)), inside)
    columns = [rows] if len(leaves) == 1 else list(zip(*rows, strict=True))
    # they lie next to one another from beginning to end: nothing was passed over
    found = len(rows) * sum(map(len, between)) + sum(sum(map(len, column)) for column in columns)
    if len(rows) != len(root) or found != len(inside):
        return None
    if "&" in inside:
        columns = [[unescape(text, _RETURN) for text in column] for column in columns]
    return Alike(root[0], len(rows), dict(zip(leaves, columns, strict=True)))


def _split_example(inside: str) -> list[str] | None:
    """The first element's text form, split at the texts of its leaves."""
    pieces: list[str] = []
    depth = begin = 0
    before = None
    for tag in _TAG.finditer(inside):
        closes, is_empty = bool(tag[1]), bool(tag[2])
        if before is not None and closes and tag.start() > before:
            pieces.append(inside[begin:before])
            begin = tag.start()
        depth += -1 if closes else 0 if is_empty else 1
        before = None if closes or is_empty else tag.end()
        if depth == 0:
            return [*pieces, inside[begin : tag.end()]]
    return None
