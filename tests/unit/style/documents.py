# SPDX-License-Identifier: MIT
"""Small SLD documents for tests."""

from __future__ import annotations

from server.style.elements import Losses
from server.style.model import Style
from server.style.read import read_style

_HEAD = (
    '<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0"><NamedLayer><Name>x</Name><UserStyle><FeatureTypeStyle>'
)
_TAIL = "</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"

DOT = "<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName></Mark><Size>8</Size></Graphic></PointSymbolizer>"


def document(rules: str) -> bytes:
    """An SLD 1.0 document of one pass with these rules."""
    return (_HEAD + rules + _TAIL).encode()


def read_rules(rules: str) -> tuple[Style, list[str]]:
    """The style of these rules and what is lost of it."""
    losses = Losses()
    return read_style(document(rules), "probe", losses), losses.found


def equals(field: str, value: str) -> str:
    """A filter `field = value`."""
    condition = f"<ogc:PropertyName>{field}</ogc:PropertyName><ogc:Literal>{value}</ogc:Literal>"
    return f"<ogc:Filter><ogc:PropertyIsEqualTo>{condition}</ogc:PropertyIsEqualTo></ogc:Filter>"
