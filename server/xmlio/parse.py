# SPDX-License-Identifier: MIT
"""Reading XML from strangers: no DTD, no entities, no network, bounded size and depth. The one reader of lxml trees.

Broken XML is an invalid value of whatever carried it, so everything here raises InvalidParameter (LimitExceeded for size and depth, which
has the same code) with the locator the caller names: "FILTER", "SLD_BODY", or "request" for a request body (OWS Common 06-121r3 table 25).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from server.errors import InvalidParameter, LimitExceeded

Element: TypeAlias = etree._Element

# Readers of the tree recurse; whatever the settings say, this is deep enough for any standard document.
_DEEPEST = 256
# The beginning of a document in an encoding whose bytes below 128 are ASCII, so that a DOCTYPE could be seen in its bytes.
_IN_ASCII = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml\s+version=["']1\.[01]["'](?:\s+encoding=["'](?:utf-8|us-ascii|iso-8859-1)["'])?"""
    rb"""(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>)?\s*<[a-z_]""",
    re.IGNORECASE,
)


class _Guard:
    """A parser target that builds nothing: it stops the parser at a DOCTYPE or one level too deep, before anything is expanded."""

    def __init__(self, max_depth: int, locator: str | None) -> None:
        self._max_depth = max_depth
        self._depth = 0
        self._locator = locator

    def start(self, tag: object, attributes: object) -> None:
        del tag, attributes
        self._depth += 1
        if self._depth > self._max_depth:
            raise LimitExceeded(
                f"The XML is nested deeper than {self._max_depth} elements",
                locator=self._locator,
                message_vi=f"XML lồng sâu hơn {self._max_depth} phần tử",
            )

    def end(self, tag: object) -> None:
        del tag
        self._depth -= 1

    def data(self, text: object) -> None:
        del text

    def comment(self, text: object) -> None:
        del text

    def doctype(self, name: object, public_id: object, system_id: object) -> None:
        del name, public_id, system_id
        raise InvalidParameter("XML with a DOCTYPE is not accepted", locator=self._locator, message_vi="Không nhận XML có DOCTYPE")

    def close(self) -> None:
        return None


def parse_xml(data: bytes, max_bytes: int, max_depth: int, *, locator: str | None = None) -> Element:
    """Read one XML document and return its root; comments and processing instructions are dropped.

    The encoding is the document's own (declaration or byte order mark), UTF-8 without one. `max_depth` counts the root as 1 and cannot
    exceed 256. Raises InvalidParameter for XML that is not well-formed or has a DOCTYPE, LimitExceeded for too large or too deep.
    """
    if len(data) > max_bytes:
        raise LimitExceeded(f"The XML is larger than {max_bytes} bytes", locator=locator, message_vi=f"XML lớn hơn {max_bytes} byte")
    deepest = min(max_depth, _DEEPEST)
    try:
        root = _parse_plain(data, deepest)
        if root is None:
            # the same parser twice: first only to be stopped, then for the tree
            etree.fromstring(data, _make_parser(_Guard(deepest, locator)))
            root = etree.fromstring(data, _make_parser(None))
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        # lxml reports an encoding nobody knows as LookupError
        place = _describe_place(error)
        raise InvalidParameter(f"The XML is not well-formed{place}", locator=locator, message_vi=f"XML sai cú pháp{place}") from None
    return root


def _parse_plain(data: bytes, deepest: int) -> Element | None:
    """The root of a document that surely has no DOCTYPE, read once; None where only the guard can tell, or has something to refuse."""
    if not _IN_ASCII.match(data) or b"<!DOCTYPE" in data:
        return None
    try:
        root = etree.fromstring(data, _make_parser(None))
    except etree.XMLSyntaxError:
        return None
    return None if _is_deeper(deepest)(root) else root


@lru_cache
def _is_deeper(depth: int) -> etree.XPath:
    """Tells whether a tree has elements below so many levels, the root's included."""
    return etree.XPath("boolean(" + "/*" * (depth + 1) + ")")


def _make_parser(guard: _Guard | None) -> etree.XMLParser:
    return etree.XMLParser(
        target=guard,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """The element's namespace, "" when it has none."""
    return str(element.tag)[1:].rpartition("}")[0]


def line_of(element: Element) -> int:
    """The line of the document the element begins on; 0 when it was not read from one."""
    line = getattr(element, "sourceline", None)
    return line if isinstance(line, int) else 0


def text_of(element: Element) -> str:
    """The text directly inside the element (not that of its children), without blanks around it."""
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(parts).strip()


def children(element: Element, name: str | None = None) -> list[Element]:
    """The child elements in document order; with `name` only those of that local name, in whatever namespace."""
    return list(element) if name is None else [child for child in element if local_name(child) == name]


def first_child(element: Element, name: str) -> Element | None:
    """The first child of that local name, or None."""
    return next((child for child in element if local_name(child) == name), None)


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Every element below (not `element` itself) of that local name, in document order."""
    return (found for found in element.iterdescendants() if local_name(found) == name)


def attribute(element: Element, name: str, namespace: str | None = None) -> str | None:
    """An attribute's value, or None; `namespace` None means an attribute without namespace, as nearly all are."""
    value = element.get(f"{{{namespace}}}{name}" if namespace else name)
    return None if value is None else str(value)


def text_form(element: Element, *, locator: str | None = None) -> bytes:
    """The element as a document of its own (canonical XML 1.0, UTF-8, without declaration): for digests, and to hand it on as it came.

    Raises InvalidParameter for namespaces that are no absolute addresses; canonical XML has no form for them.
    """
    try:
        return bytes(etree.tostring(element, method="c14n", with_comments=False))
    except etree.C14NError:
        raise InvalidParameter("The XML has a namespace that is no absolute address", locator=locator) from None


def attributes(element: Element) -> dict[str, str]:
    """All attributes; a namespaced name is written `{namespace}name`."""
    return {str(key): str(value) for key, value in element.attrib.items()}


def _describe_place(error: Exception) -> str:
    """Line and column only: the parser's own words may repeat the input."""
    if isinstance(error, etree.XMLSyntaxError) and error.lineno:
        return f" (line {error.lineno}, column {error.offset})"
    return ""
