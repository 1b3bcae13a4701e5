# SPDX-License-Identifier: MIT
"""Output formats of the WFS and the names clients call them by (04-094 9.4 and 14.2.2; MIME parameters may be quoted)."""

from __future__ import annotations

import re
from collections.abc import Collection

from server.encode.formats import DOWNLOADS, Format, find_download
from server.errors import InvalidFormat
from server.query.features import RowFormat
from server.wfs.versions import DEFAULT, GML_FORMATS

GML31 = "text/xml; subtype=gml/3.1.1"
GML32 = "application/gml+xml; version=3.2"
GML2 = "text/xml; subtype=gml/2.1.2"
GML: frozenset[RowFormat] = frozenset({"gml31", "gml32", "gml2"})
"""The formats that are GML: coordinates follow the name of the CRS, required fields are never left out."""
GML_NAMES: dict[str, str] = {"1.0.0": "GML2", "1.1.0": GML31, "2.0.0": GML32}
"""The GML of each version, as its capabilities name it."""
_JSON = ("application/json", "application/geo+json", "json", "geojson")
_NAMES: dict[str, RowFormat] = {
    **dict.fromkeys(("text/xml;subtype=gml/3.1.1", "text/xml;subtype=gml/3.1", "application/gml+xml;version=3.1", "gml31"), "gml31"),
    **dict.fromkeys(("application/gml+xml;version=3.1.1", "gml3"), "gml31"),
    **dict.fromkeys(("application/gml+xml;version=3.2", "application/gml+xml;version=3.2.1", "application/gml+xml", "gml32"), "gml32"),
    **dict.fromkeys(("text/xml;subtype=gml/3.2", "text/xml;subtype=gml/3.2.1"), "gml32"),
    **dict.fromkeys(("text/xml;subtype=gml/2.1.2", "application/gml+xml;version=2.1", "gml2"), "gml2"),
    **dict.fromkeys((*_JSON, "application/json;subtype=geojson"), "geojson"),
}
"""Formats by the names clients use, in small letters without blanks and quotes."""
_LONGEST = 200


def feature_formats(version: str) -> tuple[str, ...]:
    """What the capabilities of a version offer, its own GML first."""
    others = [name for known, name in GML_NAMES.items() if known != version and known != "1.0.0"]
    return (GML_NAMES[version], *_JSON, *others, *(name for each in DOWNLOADS for name in each.names[:2]))


def choose_download(text: str | None) -> Format | None:
    """The format of an outputFormat that people take home, None for GML, GeoJSON and names nobody knows."""
    return find_download(_plain(text) or "")


def describe_formats(version: str) -> tuple[str, ...]:
    """The schema languages the capabilities of a version offer."""
    return ("XMLSCHEMA",) if version == "1.0.0" else (GML_NAMES[version], "XMLSCHEMA")


def choose_feature_format(text: str | None, version: str = DEFAULT) -> RowFormat:
    """How features are encoded for an outputFormat; the GML of the version when none is given. Raises InvalidFormat."""
    name = _plain(text)
    if name in (None, "", "text/xml", "application/xml"):
        return GML_FORMATS[version]
    found = _NAMES.get(name or "")
    if found is None:
        raise _refuse(feature_formats(version))
    return found


def check_describe_format(text: str | None, version: str = DEFAULT) -> RowFormat:
    """The GML a schema is written for: that of the version unless another one is named. Raises InvalidFormat."""
    name = _plain(text)
    if name in (None, "", "xmlschema", "text/xml", "application/xml"):
        return GML_FORMATS[version]
    found = _NAMES.get(name or "")
    if found not in GML:
        raise _refuse(describe_formats(version))
    return found


def _plain(text: str | None) -> str | None:
    """Lower case, without blanks and quotes; a `+` that a client left unescaped arrives as a blank."""
    if text is None:
        return None
    repaired = (
        re.sub(r"(?<=/(?:geo|gml)) (?=json|xml)", "+", text[:_LONGEST].lower().strip()) if "/g" in text.lower() else text[:_LONGEST].lower()
    )
    return re.sub(r"[\s\"']", "", repaired)


def _refuse(offered: Collection[str]) -> InvalidFormat:
    return InvalidFormat(f"The output format is not offered. Offered: {', '.join(offered)}", locator="outputFormat")
