# SPDX-License-Identifier: MIT
"""What a capabilities document is made of, and the small elements all its parts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.crs.definitions import Crs
from server.query.features import LayerState
from server.style.model import Style
from server.xmlio.write import Node, element


@dataclass(frozen=True)
class Offer:
    """What the document is made of. `address` is where the service answers, `root` where the server does."""

    context: Context
    layers: Sequence[Layer]
    states: Mapping[str, LayerState]
    styles: Mapping[str, Style]
    systems: tuple[Crs, ...]
    address: str
    root: str
    version: str
    language: str

    @property
    def settings(self) -> Settings:
        """The settings of the installation."""
        return self.context.settings

    @property
    def is_130(self) -> bool:
        """Whether the document is one of WMS 1.3.0."""
        return self.version == "1.3.0"


def online(address: str) -> Node:
    """An address, as WMS writes them."""
    return element("OnlineResource", attributes={"xlink:type": "simple", "xlink:href": address})


def keyword_list(words: list[str]) -> Node | None:
    """Keywords, None without any."""
    return element("KeywordList", *(element("Keyword", word) for word in words)) if words else None
