# SPDX-License-Identifier: MIT
"""Styles sent with a request: SLD_BODY, and the StyledLayerDescriptor inside an XML GetMap (02-070 11, 05-078r4 10 and 11).

Nothing is fetched: addresses are refused, and so are layers that bring their own data. What the drawing cannot show is named in `losses`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from server.config import Limits
from server.crs.definitions import WGS84
from server.crs.spelling import CrsReference, Spelling
from server.errors import ConfigError, InvalidParameter, LimitExceeded, OperationNotSupported
from server.filter.fes import read_fes
from server.filter.fes_value import FesReading
from server.filter.tree import And, Node, Or
from server.style.elements import Losses, read_text
from server.style.model import Style
from server.style.read import read_user_style
from server.wms.ceilings import require_drawable
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, descendants, first_child, local_name, parse_xml, text_form, text_of

LOCATOR = "SLD_BODY"
GEOMETRY_NAMES = frozenset({"geom", "geometry", "the_geom", "geom_3857", "wkb_geometry", "shape", "location"})
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# A path below the pictures of this installation; everything with a scheme, a host or a way up is an address.
_LOCAL = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]*(?:\?.*)?", re.ASCII | re.DOTALL)
_REFUSED = {
    "RemoteOWS": "layers of other servers are not drawn",
    "UserLayer": "layers that bring their own data are not drawn",
    "InlineFeature": "layers that bring their own data are not drawn",
    "InlineContent": "pictures inside the style are not drawn",
    "SLDLibrary": "styles are not fetched from elsewhere",
    "UseSLDLibrary": "styles are not fetched from elsewhere",
}


@dataclass(frozen=True)
class AskedStyle:
    """A style a document asks for: one of ours by name, or one of its own (`style`), which then bears a name nothing of ours has."""

    name: str
    style: Style | None = None
    is_default: bool = False


@dataclass(frozen=True)
class AskedLayer:
    """A NamedLayer: a layer or group of ours, its styles in order, and the condition its features must meet."""

    name: str
    styles: tuple[AskedStyle, ...]
    where: Node | None = None


@dataclass(frozen=True)
class Sld:
    """A StyledLayerDescriptor; `losses` are sentences about what of its own styles is not drawn as written."""

    layers: tuple[AskedLayer, ...]
    losses: tuple[str, ...] = ()

    def find_layer(self, name: str) -> AskedLayer | None:
        """The first NamedLayer of that name."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def find_style(self, layer_name: str, style_name: str) -> AskedStyle | None:
        """What LAYERS and STYLES of a request mean here; None where the document says nothing of it (05-078r4 10.1.1: a library of styles).

        Without a style name it is the document's default for the layer, else its first.
        """
        layer = self.find_layer(layer_name)
        if layer is None:
            return None
        if style_name:
            return next((style for style in layer.styles if style.name == style_name), None)
        return next((style for style in layer.styles if style.is_default), layer.styles[0] if layer.styles else None)


def read_sld_text(text: str, limits: Limits) -> Sld:
    """The document of SLD_BODY. Raises like `read_sld`, and InvalidParameter for what is no XML."""
    # The text was decoded already; what its declaration says of bytes no longer holds.
    data = _DECLARATION.sub("", text, count=1).encode("utf-8")
    return read_sld(parse_xml(data, limits.max_sld_bytes, limits.max_xml_depth, locator=LOCATOR), limits)


def read_sld(root: Element, limits: Limits) -> Sld:
    """A StyledLayerDescriptor.

    Raises InvalidParameter, LimitExceeded for more than the ceilings allow, OperationNotSupported for remote styles, graphics and data.
    """
    if local_name(root) != "StyledLayerDescriptor":
        raise InvalidParameter("The style must be a StyledLayerDescriptor.", locator=LOCATOR)
    _require_small(root, limits)
    _require_local(root)
    losses = Losses()
    layers = tuple(_read_layer(child, limits, losses) for child in children(root, "NamedLayer"))
    if not layers:
        raise InvalidParameter("The StyledLayerDescriptor has no NamedLayer.", locator=LOCATOR)
    return Sld(layers, tuple(losses.found))


def _require_small(root: Element, limits: Limits) -> None:
    if len(text_form(root, locator=LOCATOR)) > limits.max_sld_bytes:
        raise LimitExceeded(f"A style sent with a request has at most {limits.max_sld_bytes} bytes.", locator=LOCATOR)
    if sum(1 for _ in descendants(root, "Rule")) > limits.max_sld_rules:
        raise LimitExceeded(f"A style sent with a request has at most {limits.max_sld_rules} rules.", locator=LOCATOR)


def _require_local(root: Element) -> None:
    for name, sentence in _REFUSED.items():
        if next(descendants(root, name), None) is not None:
            raise OperationNotSupported(f"The style uses {name}; {sentence}.", locator=LOCATOR)
    for element in root.iterdescendants():
        address = attribute(element, "href", Namespace.XLINK)
        address = attribute(element, "href") if address is None else address
        if address is not None and not _LOCAL.fullmatch(address.strip()):
            raise OperationNotSupported("The style uses an address; nothing is fetched from elsewhere.", locator=LOCATOR)


def _read_layer(element: Element, limits: Limits, losses: Losses) -> AskedLayer:
    name = _read_name(element)
    if not name:
        raise InvalidParameter("A NamedLayer needs a Name.", locator=LOCATOR)
    styles: list[AskedStyle] = []
    for child in children(element):
        kind = local_name(child)
        if kind == "NamedStyle":
            styles.append(AskedStyle(_read_name(child)))
        elif kind == "UserStyle":
            styles.append(_read_style(child, f"#{len(styles)}", limits, losses))
    return AskedLayer(name, tuple(styles), _read_constraints(element, name, limits))


def _read_name(element: Element) -> str:
    return read_text(first_child(element, "Name"))


def _read_style(element: Element, nameless: str, limits: Limits, losses: Losses) -> AskedStyle:
    digest = hashlib.sha256(text_form(element, locator=LOCATOR)).hexdigest()[:24]
    try:
        style = read_user_style(element, f"asked:{digest}", digest, losses)
    except ConfigError:
        told = f" ({losses.found[-1]})" if losses.found else ""
        raise InvalidParameter(f"Nothing of the style can be drawn{told}.", locator=LOCATOR) from None
    require_drawable(style, limits)
    default = first_child(element, "IsDefault")
    return AskedStyle(_read_name(element) or nameless, style, default is not None and text_of(default).lower() in ("1", "true"))


def _read_constraints(element: Element, name: str, limits: Limits) -> Node | None:
    """LayerFeatureConstraints: a feature must meet one of them (02-070 11.3.2)."""
    holder = first_child(element, "LayerFeatureConstraints")
    filters = [first_child(one, "Filter") for one in children(holder, "FeatureTypeConstraint")] if holder is not None else []
    if not filters or any(one is None for one in filters):
        return None
    nodes = tuple(read_fes(one, fes_reading(name, limits, LOCATOR)) for one in filters if one is not None)
    return nodes[0] if len(nodes) == 1 else Or(nodes) if nodes else And(())


def fes_reading(name: str, limits: Limits, locator: str) -> FesReading:
    """How the filters of a map are read: the layer's ids, our names for its geometry, longitude first where no CRS is named."""
    return FesReading(
        type_name=name,
        default_crs=CrsReference(WGS84, Spelling.SHORT),
        geometry=GEOMETRY_NAMES,
        max_nodes=limits.max_filter_nodes,
        max_ids=limits.max_ids,
        locator=locator,
    )
