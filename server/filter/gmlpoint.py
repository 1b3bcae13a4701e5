# SPDX-License-Identifier: MIT
"""Points by the thousand: a gml:Point of one gml:pos, as nearly all clients write it, without looking at what else GML would allow."""

from __future__ import annotations

from collections.abc import Sequence

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

    def read_alike(self, example: Element, texts: Sequence[str]) -> list[tuple[float, float]] | None:
        """x and y of points written like `example` - which `read` can read - but for the texts of their positions.

        None when one of them is not what `read` reads.
        """
        swapped, farthest, highest, _ = self._rules[example.get("srsName")]
        words = [text.split() for text in texts]
        if "_" in "".join(texts) or any(len(pair) != 2 for pair in words):
            return None
        try:
            places = [(float(y), float(x)) for x, y in words] if swapped else [(float(x), float(y)) for x, y in words]
        except ValueError:
            return None
        fits = all(abs(x) <= farthest and abs(y) <= highest for x, y in places)
        return places if fits else None

    def _find_rule(self, name: str | None) -> _Rule:
        reading = self._reading
        reference = parse_crs(name.strip(), offered=reading.offered, locator=reading.locator) if name else reading.default_crs
        swapped = axis_order(reference.crs, Service.WFS, reading.version, reference.spelling) == "yx"
        farthest = FARTHEST[reference.crs.unit]
        rule = swapped, farthest, POLE if reference.crs.kind == "geographic" else farthest, reference.crs.code
        self._rules[name] = rule
        return rule
