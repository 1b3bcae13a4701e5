# SPDX-License-Identifier: MIT
"""What GetMap and GetFeatureInfo share: which layers, in which looks, narrowed to what, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.config import Limits
from server.errors import InvalidParameter, LimitExceeded, OperationNotSupported
from server.ows.kvp import read_integer, require
from server.wms.filters import AskedFilter, read_filters
from server.wms.sld import Sld, read_sld_text

# 0.28 mm pixels are 90.7 to the inch; desktop clients say 96 and mean the same.
_PLAIN_DPI = 96.0
_LARGEST_RATIO = 4.0


@dataclass(frozen=True)
class MapFrame:
    """A map in the client's words: layers and styles by name, CRS and box as text.

    `filters` holds one condition for each layer (None = all features) or nothing; `sld` are the styles sent with the request;
    `pixel_ratio` says how many pixels a pixel of 0.28 mm shall have.
    """

    version: str
    layers: tuple[str, ...]
    styles: tuple[str, ...]
    crs: str
    bbox: str
    width: int
    height: int
    time: str
    elevation: str
    language: str
    pixel_ratio: float = 1.0
    filters: tuple[AskedFilter | None, ...] = ()
    sld: Sld | None = None


def read_frame(parameters: Mapping[str, str], version: str, limits: Limits, sld: Sld | None = None) -> MapFrame:
    """The frame of key-value parameters; `sld` came in the body of the request, SLD_BODY does the same.

    Without LAYERS the layers and styles of the document are the map (02-070 6.1), with LAYERS it is a library of styles for them.
    Raises MissingParameter, InvalidParameter, LimitExceeded, OperationNotSupported.
    """
    if sld is None:
        sld = read_asked_styles(parameters, limits)
    layers, styles = _read_layers(parameters, sld)
    if len(layers) > limits.max_map_layers:
        raise LimitExceeded(f"A map has at most {limits.max_map_layers} layers.", locator="LAYERS")
    if len(styles) != len(layers):
        raise InvalidParameter("STYLES must be empty or name as many styles as LAYERS names layers.", locator="STYLES")
    return MapFrame(
        version=version,
        layers=layers,
        styles=styles,
        crs=require(parameters, "CRS" if version == "1.3.0" else "SRS"),
        bbox=require(parameters, "BBOX"),
        width=_read_side(parameters, "WIDTH", limits),
        height=_read_side(parameters, "HEIGHT", limits),
        time=parameters.get("TIME", ""),
        elevation=parameters.get("ELEVATION", ""),
        language=read_language(parameters),
        pixel_ratio=_read_ratio(parameters),
        filters=read_filters(parameters, layers),
        sld=sld,
    )


def read_asked_styles(parameters: Mapping[str, str], limits: Limits) -> Sld | None:
    """The styles in SLD_BODY. Raises OperationNotSupported for SLD: nothing is fetched; and like `read_sld_text`."""
    if parameters.get("SLD"):
        raise OperationNotSupported("Styles are not fetched from elsewhere; send the style itself as SLD_BODY.", locator="SLD")
    return read_sld_text(parameters["SLD_BODY"], limits) if parameters.get("SLD_BODY") else None


def read_language(parameters: Mapping[str, str]) -> str:
    """`vi` or `en` from LANGUAGE (`en-GB` counts as `en`); Vietnamese when nothing else is said."""
    return "en" if parameters.get("LANGUAGE", "").lower().startswith("en") else "vi"


def split_names(text: str) -> tuple[str, ...]:
    """`a,b` as its parts without blanks around them; empty parts stay, because lists of names go side by side."""
    return tuple(part.strip() for part in text.split(","))


def _read_layers(parameters: Mapping[str, str], sld: Sld | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if sld is not None and not parameters.get("LAYERS"):
        pairs = [(layer.name, name) for layer in sld.layers for name in ([style.name for style in layer.styles] or [""])]
        return tuple(name for name, _ in pairs), tuple(style for _, style in pairs)
    layers = split_names(require(parameters, "LAYERS"))
    return layers, split_names(parameters.get("STYLES", "")) if parameters.get("STYLES", "").strip(",") else ("",) * len(layers)


def _read_side(parameters: Mapping[str, str], name: str, limits: Limits) -> int:
    number = read_integer(require(parameters, name), name, least=1)
    if number > limits.max_map_pixels:
        raise LimitExceeded(f"{name} is at most {limits.max_map_pixels} pixels here.", locator=name)
    return number


def _read_ratio(parameters: Mapping[str, str]) -> float:
    """From DPI or MAP_RESOLUTION (QGIS) or FORMAT_OPTIONS=dpi:n (GeoServer), in steps of a half; 1 when absent or unreadable."""
    option = re.search(r"(?:^|;)dpi:([\d.]+)", parameters.get("FORMAT_OPTIONS", "").lower())
    text = parameters.get("DPI") or parameters.get("MAP_RESOLUTION") or (option.group(1) if option else "")
    if not re.fullmatch(r"\d{1,4}(?:\.\d{1,6})?", text, re.ASCII):
        return 1.0
    return min(max(round(float(text) / _PLAIN_DPI * 2) / 2, 1.0), _LARGEST_RATIO)
