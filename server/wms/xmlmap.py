# SPDX-License-Identifier: MIT
"""GetMap as XML (02-070 annex A.3 for WMS 1.1.1, 05-078r4 10.2 for WMS 1.3.0): the same question in other clothes.

What stands in elements becomes the key-value parameters of the same meaning, so that both spellings share one path and one answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from server.crs.axis import Service, axis_order
from server.crs.spelling import parse_crs
from server.errors import InvalidParameter, MissingParameter, OperationNotSupported
from server.xmlio.parse import Element, attribute, children, descendants, first_child, local_name, text_of

_OLD, _NEW = "1.1.1", "1.3.0"


def read_xml_map(root: Element, parameters: Mapping[str, str]) -> tuple[dict[str, str], Element]:
    """The parameters and the StyledLayerDescriptor of a GetMap element; what the address says beside it counts where the XML is silent.

    Raises OperationNotSupported for other operations, MissingParameter, InvalidParameter, InvalidCrs.
    """
    if local_name(root) != "GetMap":
        raise OperationNotSupported("Of the operations only GetMap is taken as XML.", locator="REQUEST")
    version = (attribute(root, "version") or parameters.get("VERSION") or "").strip()
    version = version if version in (_OLD, _NEW) else _guess_version(root)
    output = first_child(root, "Output")
    size = first_child(output, "Size") if output is not None else None
    said = {
        "SERVICE": "WMS",
        "VERSION": version,
        "REQUEST": "GetMap",
        "WIDTH": _text(size, "Width"),
        "HEIGHT": _text(size, "Height"),
        "FORMAT": _text(output, "Format"),
        "TRANSPARENT": _boolean(_text(output, "Transparent")),
        "BGCOLOR": _text(output, "BGcolor").replace("#", "0x", 1),
        "EXCEPTIONS": _text(root, "Exceptions") or _text(output, "Exceptions"),
        "TIME": _times(root),
        "ELEVATION": _text(root, "Elevation"),
        **_read_place(root, version),
    }
    kept = {name: value for name, value in parameters.items() if name not in ("LAYERS", "STYLES", "SLD", "SLD_BODY")}
    return {**kept, **{name: value for name, value in said.items() if value}}, _find_styles(root)


def _guess_version(root: Element) -> str:
    """The newer schema names the CRS in an element of its own."""
    return _NEW if first_child(root, "CRS") is not None else _OLD


def _find_styles(root: Element) -> Element:
    found = first_child(root, "StyledLayerDescriptor")
    if found is None:
        raise MissingParameter("GetMap in XML needs a StyledLayerDescriptor.", locator="StyledLayerDescriptor")
    return found


def _read_place(root: Element, version: str) -> dict[str, str]:
    """CRS or SRS and BBOX: `gml:coord` pairs or `gml:coordinates` (x before y, GML 2) or the corners of OWS (in the order of the CRS)."""
    box = first_child(root, "BoundingBox")
    if box is None:
        raise MissingParameter("GetMap in XML needs a BoundingBox.", locator="BoundingBox")
    name = _text(root, "CRS") or attribute(box, "crs") or attribute(box, "srsName") or ""
    if not name:
        raise MissingParameter("The BoundingBox names no coordinate reference system.", locator="CRS")
    reference = parse_crs(name.strip(), locator="CRS")
    key = "CRS" if version == _NEW else "SRS"
    corners = [_text(box, part).split() for part in ("LowerCorner", "UpperCorner")]
    if all(len(corner) >= 2 for corner in corners):
        numbers = [number for corner in corners for number in corner[:2]]
        return {key: name.strip(), "BBOX": ",".join(numbers)}
    (x0, y0), (x1, y1) = _read_gml_corners(box)
    order = axis_order(reference.crs, Service.WMS, version, reference.spelling)
    numbers = [x0, y0, x1, y1] if order == "xy" else [y0, x0, y1, x1]
    return {key: name.strip(), "BBOX": ",".join(numbers)}


def _read_gml_corners(box: Element) -> tuple[tuple[str, str], tuple[str, str]]:
    corners = [(_text(one, "X"), _text(one, "Y")) for one in descendants(box, "coord")]
    if not corners:
        pairs = [pair.split(",") for pair in _text(box, "coordinates").split()]
        corners = [(pair[0], pair[1]) for pair in pairs if len(pair) >= 2]
    if len(corners) != 2:
        raise InvalidParameter("The BoundingBox needs two corners.", locator="BoundingBox")
    return corners[0], corners[1]


def _times(root: Element) -> str:
    """Time as text, or its Value elements as a list (05-078r4)."""
    found = first_child(root, "Time")
    if found is None:
        return ""
    values = [text_of(one) for one in children(found, "Value")]
    return ",".join(values) or text_of(found)


def _boolean(text: str) -> str:
    return {"1": "TRUE", "0": "FALSE"}.get(text, text.upper())


def _text(element: Element | None, name: str) -> str:
    found = first_child(element, name) if element is not None else None
    return "" if found is None else text_of(found)
