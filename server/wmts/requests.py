# SPDX-License-Identifier: MIT
"""Requests for tiles as values: key-value parameters of WMTS 1.0.0 (07-057r7 7.1, 7.2) and the parts of addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from server.errors import InvalidFormat, InvalidParameter, MissingParameter
from server.ows.kvp import require
from server.tiles.asked import GetTile, read_tile
from server.tiles.pictures import FORMATS
from server.wmts.throughwms import GetInfo

_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)
_LAST = re.compile(r"(?P<row>[^.@]*)(?P<sharp>@2x)?\.(?P<ending>[^.]*)")


def read_get_tile(parameters: Mapping[str, str]) -> GetTile:
    """A GetTile of key-value parameters. An empty STYLE is the default one. Raises MissingParameter, InvalidParameter, InvalidFormat."""
    layer = require(parameters, "LAYER")
    if "STYLE" not in parameters:
        raise MissingParameter("The parameter STYLE is missing.", locator="STYLE", message_vi="Thiếu tham số STYLE.")
    ending = _find_ending(require(parameters, "FORMAT"))
    matrix_set, level = require(parameters, "TILEMATRIXSET"), require(parameters, "TILEMATRIX")
    row, column = require(parameters, "TILEROW"), require(parameters, "TILECOL")
    return GetTile(layer, parameters["STYLE"], matrix_set, read_tile(level, column, row), ending)


def read_get_info(parameters: Mapping[str, str]) -> GetInfo:
    """A GetFeatureInfo of key-value parameters. Raises MissingParameter, InvalidParameter, InvalidFormat."""
    tile = read_get_tile(parameters)
    row, column = (read_number(require(parameters, name), name) for name in ("J", "I"))
    return GetInfo(tile, column, row, require(parameters, "INFOFORMAT").lower())


def read_number(text: str, name: str) -> int:
    """A whole number. Raises InvalidParameter."""
    if not _INTEGER.fullmatch(text):
        raise InvalidParameter(f"{name} must be a whole number.", locator=name)
    return int(text)


def read_last(text: str) -> tuple[str, str, int]:
    """The last part of an address, `1929.png` or `1929@2x.png`: the number as text, the ending, and 2 for sharp screens, else 1.

    Raises InvalidFormat for an ending that is not offered.
    """
    found = _LAST.fullmatch(text)
    if found is None or found["ending"] not in FORMATS:
        raise InvalidFormat(f"Tiles are offered as {', '.join(FORMATS)}.", locator="FORMAT")
    return found["row"], found["ending"], 2 if found["sharp"] else 1


def _find_ending(media_type: str) -> str:
    for ending, offered in FORMATS.items():
        if media_type.lower() == offered:
            return ending
    raise InvalidFormat(f"The formats offered are {', '.join(FORMATS.values())}.", locator="FORMAT")
