# SPDX-License-Identifier: MIT
"""Points by the thousand: a gml:Point of one gml:pos, as nearly all clients write it, without looking at what else GML would allow."""

from __future__ import annotations

from server.crs.axis import Service, axis_order
from server.crs.spelling import parse_crs
from server.filter.gmlshape import FARTHEST, POLE, GmlReading
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element

_PLAIN = {f"{{{space}}}Point": f"{{{space}}}pos" for space in (Namespace.GML, Namespace.GML32)}
# Whether latitude or north comes first, the largest number, the largest y, and the EPSG code.
_Rule = tuple[bool, float, float, int]


class PointReader:
    """Reads points of one request; what the name of a CRS means it remembers."""

    def __init__(self, reading: GmlReading) -> None:
        self._reading = reading
        self._rules: dict[str | None, _Rule] = {}

    def read(self, element: Element) -> tuple[float, float, int] | None:
        """x, y (x = east or longitude) and the EPSG code; None for any other element, and for what is wrong: `read_shape` tells what.

        Raises InvalidCrs.
        """
        inside = _PLAIN.get(element.tag)
        if inside is None or len(element) != 1:
            return None
        position = element[0]
        if position.tag != inside or len(position) or position.attrib or element.get("dimension"):
            return None
        name = element.get("srsName")
        rule = self._rules.get(name) or self._find_rule(name)
        words = (position.text or "").split()
        if len(words) != 2 or "_" in words[0] or "_" in words[1]:
            return None
        try:
            x, y = float(words[0]), float(words[1])
        except ValueError:
            return None
        swapped, farthest, highest, epsg = rule
        if swapped:
            x, y = y, x
        return (x, y, epsg) if abs(x) <= farthest and abs(y) <= highest else None

    def _find_rule(self, name: str | None) -> _Rule:
        reading = self._reading
        reference = parse_crs(name.strip(), offered=reading.offered, locator=reading.locator) if name else reading.default_crs
        swapped = axis_order(reference.crs, Service.WFS, reading.version, reference.spelling) == "yx"
        farthest = FARTHEST[reference.crs.unit]
        rule = swapped, farthest, POLE if reference.crs.kind == "geographic" else farthest, reference.crs.code
        self._rules[name] = rule
        return rule
