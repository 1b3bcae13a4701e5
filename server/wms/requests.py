# SPDX-License-Identifier: MIT
"""WMS requests as values, read from key-value parameters of 1.3.0 (06-042) and 1.1.1 (01-068r3). Nothing is looked up in the catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from server.config import Limits
from server.errors import InvalidParameter, LimitExceeded, MissingParameter, OperationNotSupported
from server.ows.kvp import read_integer, require
from server.query.maps import MapParts
from server.wms.frame import MapFrame, read_asked_styles, read_frame, read_language, split_names
from server.wms.sld import Sld

VERSIONS = ("1.3.0", "1.1.1")
ExceptionForm = Literal["XML", "INIMAGE", "BLANK"]
_COLOUR = re.compile(r"(?:0x|#)([0-9a-f]{6})", re.ASCII | re.IGNORECASE)
_EXCEPTIONS: dict[str, ExceptionForm] = {
    "": "XML",
    "xml": "XML",
    "application/vnd.ogc.se_xml": "XML",
    "text/xml": "XML",
    "inimage": "INIMAGE",
    "application/vnd.ogc.se_inimage": "INIMAGE",
    "blank": "BLANK",
    "application/vnd.ogc.se_blank": "BLANK",
}
_PARTS: dict[str, MapParts] = {"": "all", "all": "all", "shapes": "shapes", "labels": "labels"}
# How large a map is taken for whose legend names a box and no size.
_VIEW_PIXELS = "512"
# What makes a map one of its own, which nobody else will ask for.
_NEVER_TILED = ("SLD_BODY", "CQL_FILTER", "FILTER")


@dataclass(frozen=True)
class GetMap:
    """A GetMap request. `background` is `#rrggbb`; `parts` what is drawn.

    `tiled`: the client asks for tiles and says nothing but times and heights of its own, so the answer may come from the tile cache.
    `unseen` names the layers that are not drawn, only kept clear of.
    """

    frame: MapFrame
    format: str
    transparent: bool
    background: str
    parts: MapParts = "all"
    unseen: tuple[str, ...] = ()
    tiled: bool = False


@dataclass(frozen=True)
class GetFeatureInfo:
    """A GetFeatureInfo request: column and row of the pixel asked about, from the upper left corner."""

    frame: MapFrame
    query_layers: tuple[str, ...]
    info_format: str
    feature_count: int
    column: int
    row: int


@dataclass(frozen=True)
class GetLegendGraphic:
    """A GetLegendGraphic request. `style` "" is the default one, `rule` "" all of them; `scale` is a denominator.

    `view` is the map the legend is for, when the request names its box: then only classes that exist in it are shown;
    `view_is_sized`: it names its size as well, so that the scale is known.
    """

    layer: str
    style: str
    rule: str
    format: str
    width: int
    height: int
    scale: float | None
    language: str
    transparent: bool
    background: str
    titles: bool
    view: MapFrame | None = None
    view_is_sized: bool = False
    sld: Sld | None = None


def read_exception_form(parameters: Mapping[str, str]) -> ExceptionForm:
    """How the client wants errors of GetMap; anything unknown is XML (the error itself must not fail)."""
    return _EXCEPTIONS.get(parameters.get("EXCEPTIONS", "").lower(), "XML")


def read_background(parameters: Mapping[str, str]) -> str:
    """BGCOLOR as `#rrggbb`, white when it cannot be read: for pictures that tell of an error already."""
    match = _COLOUR.fullmatch(parameters.get("BGCOLOR", ""))
    return f"#{match.group(1).lower()}" if match else "#ffffff"


def read_get_map(parameters: Mapping[str, str], version: str, limits: Limits, sld: Sld | None = None) -> GetMap:
    """A GetMap of key-value parameters; `sld` is the style document of an XML request.

    Raises MissingParameter, InvalidParameter, LimitExceeded, OperationNotSupported.
    """
    if "EXCEPTIONS" in parameters and parameters["EXCEPTIONS"].lower() not in _EXCEPTIONS:
        raise InvalidParameter("EXCEPTIONS must be XML, INIMAGE or BLANK.", locator="EXCEPTIONS")
    return GetMap(
        frame=read_frame(parameters, version, limits, sld),
        format=require(parameters, "FORMAT"),
        transparent=_read_boolean(parameters, "TRANSPARENT"),
        background=_read_colour(parameters),
        parts=_read_parts(parameters),
        unseen=_read_unseen(parameters),
        tiled=parameters.get("TILED", "").upper() == "TRUE" and not any(parameters.get(name) for name in _NEVER_TILED),
    )


def read_get_feature_info(parameters: Mapping[str, str], version: str, limits: Limits) -> GetFeatureInfo:
    """A GetFeatureInfo of key-value parameters. Raises MissingParameter, InvalidParameter, LimitExceeded."""
    first, second = ("I", "J") if version == "1.3.0" else ("X", "Y")
    count = parameters.get("FEATURE_COUNT")
    return GetFeatureInfo(
        frame=read_frame(parameters, version, limits),
        query_layers=split_names(require(parameters, "QUERY_LAYERS")),
        info_format=parameters.get("INFO_FORMAT") or ("" if version == "1.1.1" else require(parameters, "INFO_FORMAT")),
        feature_count=min(read_integer(count, "FEATURE_COUNT", least=1), limits.max_info_features) if count else 1,
        column=_read_pixel(parameters, first),
        row=_read_pixel(parameters, second),
    )


def read_get_legend_graphic(parameters: Mapping[str, str], version: str, limits: Limits) -> GetLegendGraphic:
    """A GetLegendGraphic of key-value parameters (SLD 1.1.0, 05-078r4, table 10).

    BBOX with CRS or SRS (and SRCWIDTH, SRCHEIGHT for its size in pixels) is the view, as other servers take it.
    Raises MissingParameter, InvalidParameter, LimitExceeded, OperationNotSupported.
    """
    if parameters.get("REMOTE_OWS_URL"):
        raise OperationNotSupported("REMOTE_OWS_URL is not taken.", locator="REMOTE_OWS_URL")
    scale = parameters.get("SCALE", "")
    sld = read_asked_styles(parameters, limits)
    return GetLegendGraphic(
        layer=require(parameters, "LAYER"),
        style=parameters.get("STYLE", ""),
        rule=parameters.get("RULE", ""),
        format=parameters.get("FORMAT") or "image/png",
        width=_read_small(parameters, "WIDTH", 24),
        height=_read_small(parameters, "HEIGHT", 20),
        scale=_read_scale(scale) if scale else None,
        language=read_language(parameters),
        transparent=parameters.get("TRANSPARENT", "TRUE").upper() != "FALSE",
        background=_read_colour(parameters),
        titles=parameters.get("LEGEND_OPTIONS", "").lower().replace(" ", "") != "forcelabels:off",
        view=_read_view(parameters, version, limits, sld) if parameters.get("BBOX") else None,
        view_is_sized=bool(parameters.get("SRCWIDTH")),
        sld=sld,
    )


def _read_view(parameters: Mapping[str, str], version: str, limits: Limits, sld: Sld | None) -> MapFrame:
    seen = dict(parameters)
    seen["LAYERS"], seen["STYLES"] = require(parameters, "LAYER"), parameters.get("STYLE", "")
    seen["WIDTH"], seen["HEIGHT"] = parameters.get("SRCWIDTH") or _VIEW_PIXELS, parameters.get("SRCHEIGHT") or _VIEW_PIXELS
    return read_frame(seen, version, limits, sld)


def _read_small(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name)
    number = read_integer(text, name, least=1) if text else default
    if number > 500:
        raise LimitExceeded(f"{name} of a legend symbol is at most 500 pixels.", locator=name)
    return number


def _read_pixel(parameters: Mapping[str, str], name: str) -> int:
    """I and J, or X and Y. Raises InvalidPoint through the operation when they lie outside; here only for what is no number."""
    text = parameters.get(name)
    if not text:
        raise MissingParameter(f"The parameter {name} is missing.", locator=name, message_vi=f"Thiếu tham số {name}.")
    negative = text.startswith("-")
    number = read_integer(text.removeprefix("-"), name)
    return -number if negative else number


def _read_boolean(parameters: Mapping[str, str], name: str) -> bool:
    text = parameters.get(name, "FALSE").upper() or "FALSE"
    if text not in ("TRUE", "FALSE"):
        raise InvalidParameter(f"{name} must be TRUE or FALSE.", locator=name)
    return text == "TRUE"


def _read_colour(parameters: Mapping[str, str]) -> str:
    text = parameters.get("BGCOLOR") or "0xFFFFFF"
    match = _COLOUR.fullmatch(text)
    if match is None:
        raise InvalidParameter("BGCOLOR must be written 0xRRGGBB.", locator="BGCOLOR")
    return f"#{match.group(1).lower()}"


def _read_scale(text: str) -> float:
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(text) <= 15):
        raise InvalidParameter("SCALE must be a scale denominator.", locator="SCALE")
    return float(text)


def _read_parts(parameters: Mapping[str, str]) -> MapParts:
    """From PARTS, our own parameter: a client that puts other pictures between land and names asks for both apart."""
    text = parameters.get("PARTS", "").lower()
    if text not in _PARTS:
        raise InvalidParameter("PARTS must be ALL, SHAPES or LABELS.", locator="PARTS")
    return _PARTS[text]


def _read_unseen(parameters: Mapping[str, str]) -> tuple[str, ...]:
    """From UNSEEN, our own parameter: layers of LAYERS whose symbols and labels the other labels shall keep clear of."""
    names = split_names(parameters["UNSEEN"]) if parameters.get("UNSEEN") else ()
    if not set(names) <= set(split_names(parameters.get("LAYERS", ""))):
        raise InvalidParameter("UNSEEN may name only layers that LAYERS names.", locator="UNSEEN")
    return names
