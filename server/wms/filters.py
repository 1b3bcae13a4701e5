# SPDX-License-Identifier: MIT
"""Conditions on layers in key-value requests: CQL_FILTER and FILTER, one for each layer, as other map servers take them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from server.catalog.model import Layer
from server.catalog.projection import published_shapes
from server.config import Limits
from server.errors import InvalidParameter
from server.filter.cql2 import Cql2Reading
from server.filter.ecql import read_ecql
from server.filter.fes import read_fes
from server.filter.tree import Node
from server.ows.kvp import split_groups
from server.wms.sld import GEOMETRY_NAMES, fes_reading
from server.xmlio.parse import parse_xml

# What stands between two filters: a semicolon outside texts and quoted names.
# One that belongs to a geometry: SRID=3857;POINT(...).
_SRID = re.compile(r"[,(]\s*srid=\d{1,6}$", re.IGNORECASE)
_PIECES = re.compile(r"'[^']*'|\"[^\"]*\"|;|[^'\";]+|['\"]")


@dataclass(frozen=True)
class AskedFilter:
    """A condition in the client's words: ECQL, or XML of Filter Encoding. What it names is looked up in the layers it is for."""

    text: str
    is_xml: bool

    def read(self, name: str, layer: Layer, limits: Limits) -> Node | None:
        """The condition on a layer the request calls `name`; None = all features.

        Raises InvalidParameter, LimitExceeded, OperationNotSupported naming CQL_FILTER or FILTER.
        """
        shapes = tuple(shape.name for shape in published_shapes(layer))
        own = GEOMETRY_NAMES | {layer.geometry_name}
        if not self.is_xml:
            reading = Cql2Reading(
                tuple(sorted(own)),
                max_length=limits.max_sld_bytes,
                max_depth=limits.max_filter_depth,
                max_nodes=limits.max_filter_nodes,
                locator="CQL_FILTER",
                shapes=shapes,
            )
            return read_ecql(self.text, reading)
        root = parse_xml(self.text.encode("utf-8"), limits.max_sld_bytes, limits.max_xml_depth, locator="FILTER")
        return read_fes(root, replace(fes_reading(name, limits, "FILTER"), geometry=own, shapes=shapes))


def read_filters(parameters: Mapping[str, str], layers: tuple[str, ...]) -> tuple[AskedFilter | None, ...]:
    """The condition on each of `layers` (None = all features); () when the request has none.

    Raises InvalidParameter naming CQL_FILTER or FILTER.
    """
    cql, xml = parameters.get("CQL_FILTER", ""), parameters.get("FILTER", "")
    if cql and xml:
        raise InvalidParameter("CQL_FILTER and FILTER exclude one another.", locator="CQL_FILTER")
    if cql:
        return tuple(AskedFilter(text, is_xml=False) for text in _match(_split(cql), layers, "CQL_FILTER"))
    if xml:
        groups = _match(split_groups(xml), layers, "FILTER")
        return tuple(AskedFilter(text, is_xml=True) if text.strip() else None for text in groups)
    return ()


def _split(text: str) -> list[str]:
    filters = [""]
    for piece in _PIECES.findall(text):
        if piece == ";" and not _SRID.search(filters[-1][-20:]):
            filters.append("")
        else:
            filters[-1] += piece
    return filters


def _match(filters: list[str], layers: tuple[str, ...], locator: str) -> list[str]:
    if len(filters) != len(layers):
        raise InvalidParameter(f"{locator} needs as many filters as LAYERS names layers: {len(layers)}.", locator=locator)
    return filters
