# SPDX-License-Identifier: MIT
"""A style of SLD 1.0 (02-070) in the words of SE 1.1 (05-077r4), so that styles of both versions stand in one document."""

from __future__ import annotations

from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, children, local_name, namespace

_RENAMED = {"CssParameter": "SvgParameter"}
_DESCRIBED = ("UserStyle", "FeatureTypeStyle", "Rule")
_TEXTS = ("Title", "Abstract")
# What stays in the namespace of the document around it.
_OUTER = ("UserStyle", "IsDefault")


def write_newer(style: Element) -> Element:
    """The UserStyle itself, renamed in place: symbolizers in the namespace of SE, parameters called SvgParameter, titles in Descriptions.

    Filters, colour maps and VendorOptions stay as they are; readers of SE take them so.
    """
    for element in list(style.iter()):
        if not isinstance(element.tag, str) or namespace(element) != Namespace.SLD:
            continue
        name = local_name(element)
        if name in _DESCRIBED:
            _describe(element)
        if name not in _OUTER:
            element.tag = f"{{{Namespace.SE}}}{_RENAMED.get(name, name)}"
    return style


def _describe(element: Element) -> None:
    """Title and Abstract move into a Description, which follows the Name."""
    texts = [child for child in children(element) if local_name(child) in _TEXTS and namespace(child) == Namespace.SLD]
    if not texts:
        return
    description = element.makeelement(f"{{{Namespace.SE}}}Description")
    element.insert(element.index(texts[0]), description)
    description.extend(texts)
