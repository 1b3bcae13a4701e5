# SPDX-License-Identifier: MIT
"""Conditions on layers in key-value requests: CQL_FILTER and FILTER, one for each layer, as other map servers take them."""

from __future__ import annotations

import re
from collections.abc import Mapping

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


def read_filters(parameters: Mapping[str, str], layers: tuple[str, ...], limits: Limits) -> tuple[Node | None, ...]:
    """The condition on each of `layers` (None = all features); () when the request has none.

    Raises InvalidParameter, LimitExceeded, OperationNotSupported naming CQL_FILTER or FILTER.
    """
    cql, xml = parameters.get("CQL_FILTER", ""), parameters.get("FILTER", "")
    if cql and xml:
        raise InvalidParameter("CQL_FILTER and FILTER exclude one another.", locator="CQL_FILTER")
    if cql:
        reading = Cql2Reading(
            tuple(sorted(GEOMETRY_NAMES)),
            max_length=limits.max_sld_bytes,
            max_depth=limits.max_filter_depth,
            max_nodes=limits.max_filter_nodes,
            locator="CQL_FILTER",
        )
        return tuple(read_ecql(text, reading) for text in _match(_split(cql), layers, "CQL_FILTER"))
    if xml:
        groups = _match(split_groups(xml), layers, "FILTER")
        return tuple(_read_xml(text, layer, limits) for text, layer in zip(groups, layers, strict=True))
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


def _read_xml(text: str, layer: str, limits: Limits) -> Node | None:
    if not text.strip():
        return None
    root = parse_xml(text.encode("utf-8"), limits.max_sld_bytes, limits.max_xml_depth, locator="FILTER")
    return read_fes(root, fes_reading(layer, limits, "FILTER"))
