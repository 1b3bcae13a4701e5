# SPDX-License-Identifier: MIT
"""Output formats of the WFS and the names clients call them by (04-094 9.4 and 14.2.2; MIME parameters may be quoted)."""

from __future__ import annotations

import re
from collections.abc import Collection

from server.errors import InvalidFormat
from server.query.features import RowFormat

GML31 = "text/xml; subtype=gml/3.1.1"
FEATURE_FORMATS = (GML31, "application/json", "application/geo+json", "json", "geojson")
DESCRIBE_FORMATS = (GML31, "XMLSCHEMA")

_GML_NAMES = frozenset(
    {"text/xml;subtype=gml/3.1.1", "application/gml+xml;version=3.1", "application/gml+xml;version=3.1.1", "gml3", "text/xml"}
)
_JSON_NAMES = frozenset({"application/json", "application/geo+json", "application/json;subtype=geojson", "json", "geojson"})
_LONGEST = 200


def choose_feature_format(text: str | None) -> RowFormat:
    """How features are encoded for an outputFormat; GML 3.1.1 when none is given. Raises InvalidFormat."""
    name = _plain(text)
    if name is None or name in _GML_NAMES:
        return "gml31"
    if name in _JSON_NAMES:
        return "geojson"
    raise _refuse(FEATURE_FORMATS)


def check_describe_format(text: str | None) -> None:
    """Raises InvalidFormat unless the schema language is the one we write."""
    name = _plain(text)
    if name is not None and name not in _GML_NAMES and name != "xmlschema":
        raise _refuse(DESCRIBE_FORMATS)


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
