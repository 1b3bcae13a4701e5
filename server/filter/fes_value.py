# SPDX-License-Identifier: MIT
"""What filters compare (04-095 9, 09-026r2 7.4 to 7.6): property names, literals, arithmetic and functions, as expressions of the tree."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from server.crs.definitions import Crs
from server.crs.spelling import CrsReference
from server.errors import InvalidParameter, NotComparable
from server.filter.fes_functions import ARITHMETIC, FES_FUNCTIONS
from server.filter.tree import Calculation, Constant, Formula, Property
from server.xmlio.parse import Element, attribute, children, local_name, text_of

NAMES = ("PropertyName", "ValueReference")
"""How a property is named: Filter Encoding 1.1 and 2.0."""
GEOMETRY = "geom"
_MAX_NAME = 200
_ID_STEP = re.compile(r"@(?:[\w.-]{1,40}:)?f?id")  # GML 2 calls it fid


@dataclass(frozen=True)
class FesReading:
    """What a reader needs to know besides the XML.

    `type_name` is the layer's id, `alias` another name of it, `geometry` the names its geometry may go by, `shapes` its further geometries;
    `default_crs` is for geometries without srsName,
    `offered` the systems the service takes, `version` the WFS version (it decides axis order). Ceilings: `max_nodes`, `max_ids`.
    """

    type_name: str
    default_crs: CrsReference
    version: str = "1.1.0"
    geometry: Collection[str] = ("geom",)
    shapes: Collection[str] = ()
    alias: str = ""
    offered: Collection[Crs] | None = None
    max_nodes: int = 500
    max_ids: int = 2000
    locator: str = "FILTER"


def read_property_name(text: str, reading: FesReading) -> str:
    """The field a property name means: `xanh:name`, `stations/name`, `/xanh:stations/xanh:name` are all `name`.

    Raises InvalidParameter for paths deeper than that.
    """
    # every property has one value, so that the first is all there is (09-026r2 7.4.4)
    steps = [step.strip().rpartition(":")[2].removesuffix("[1]") for step in text.strip().removeprefix("./").strip("/").split("/")]
    if len(steps) == 2 and steps[0] and steps[0] in (reading.type_name, reading.alias):
        steps = steps[1:]
    if len(text) > _MAX_NAME or "@" in text or len(steps) != 1 or not re.fullmatch(r"[\w.]+", steps[0]):
        raise InvalidParameter(f"The property name {shown(text)} does not name one field", locator=reading.locator)
    return steps[0]


def names_id(text: str, reading: FesReading) -> bool:
    """Whether a path leads to the id of the feature: `@gml:id`, `stations/@gml:id` (09-026r2 7.4.4; the only attribute there is)."""
    if len(text) > _MAX_NAME:
        return False
    head, _, last = text.strip().removeprefix("./").strip("/").rpartition("/")
    return _ID_STEP.fullmatch(last) is not None and head.rpartition(":")[2] in ("", reading.type_name, reading.alias)


def read_expression(element: Element, reading: FesReading) -> Formula:
    """A property, literal, arithmetic or function element. Raises InvalidParameter for anything else."""
    name = local_name(element)
    if name in NAMES:
        if names_id(text_of(element), reading):
            return Calculation("concat", (Constant(f"{reading.type_name}."), Property("id")))
        found = read_property_name(text_of(element), reading)
        return Property(GEOMETRY if found in reading.geometry else found)
    if name == "Literal":
        if children(element):
            raise NotComparable(
                "A Literal in a comparison holds text; geometries are compared by spatial operators",
                locator=reading.locator,
                message_vi="Literal trong phép so sánh phải là văn bản; hình học dùng phép so sánh không gian",
            )
        return Constant(element.text or "")
    if name in ARITHMETIC:
        parts = [read_expression(child, reading) for child in children(element)]
        if len(parts) != 2:
            raise InvalidParameter(f"{name} takes two operands", locator=reading.locator)
        return Calculation(ARITHMETIC[name], tuple(parts))
    if name == "Function":
        return _read_call(element, reading)
    raise InvalidParameter(f"{shown(name)} is not a property or a value", locator=reading.locator)


def _read_call(element: Element, reading: FesReading) -> Calculation:
    name = (attribute(element, "name") or "").strip()
    function = FES_FUNCTIONS.get(name)
    if function is None:
        known = ", ".join(FES_FUNCTIONS)
        raise InvalidParameter(f"There is no function {shown(name)}. Functions: {known}", locator=reading.locator)
    arguments = tuple(read_expression(child, reading) for child in children(element))
    if len(arguments) != len(function.arguments):
        wanted = ", ".join(part for part, _ in function.arguments)
        raise InvalidParameter(f"The function {name} takes ({wanted})", locator=reading.locator)
    return Calculation(function.name, arguments)


def shown(text: str) -> str:
    """A stranger's text, short, printable and quoted."""
    return "'" + "".join(character if character.isprintable() else "?" for character in text[:60]) + "'"
