# SPDX-License-Identifier: MIT
"""Where a map lies: the box of a request in the coordinate system it names."""

from __future__ import annotations

from server.crs.extent import Extent, parse_wms_bbox
from server.crs.spelling import parse_crs
from server.wms.frame import MapFrame
from server.wms.layers import LayerBook


def read_extent(frame: MapFrame, book: LayerBook) -> Extent:
    """The box of a request, x east or longitude whatever order it came in. Raises InvalidCrs, InvalidParameter."""
    locator = "CRS" if frame.version == "1.3.0" else "SRS"
    reference = parse_crs(frame.crs, offered=book.systems, locator=locator)
    return parse_wms_bbox(frame.bbox, reference, frame.version)
