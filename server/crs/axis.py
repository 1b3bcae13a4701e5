# SPDX-License-Identifier: MIT
"""The one place that decides in which order two coordinates stand in a request or an answer.

Only geographic EPSG systems (4326, 4756) ever turn: every projected VN-2000 code and web Mercator are east, north.

| service, version       | EPSG:n | epsg.xml#n | URN       | def/crs address | CRS84 in any form |
|------------------------|--------|------------|-----------|-----------------|-------------------|
| WMS 1.0-1.1.1          | xy     | xy         | xy        | xy              | xy                |
| WMS 1.3.0              | authority | authority | authority | authority     | xy                |
| WFS 1.0.0              | xy     | xy         | xy (1)    | xy (1)          | xy                |
| WFS 1.1.0, 2.0.x       | xy (2) | xy (2)     | authority | authority       | xy                |
| OGC API (and WMTS)     | authority | authority | authority | authority     | xy                |

(1) WFS 1.0.0 and GML 2 know no other order. QGIS sends 1.0.0 transactions carrying a URN with x, y for layers it read through 2.0.0;
turning them would corrupt stored geometry. (2) What GeoServer and QGIS Server do and clients expect; only the unambiguous spellings
follow the authority.

Sources: WMS 1.3.0 (06-042) 6.7.2 and 6.7.3; WMS 1.1.1 (01-068r3) 6.5.5; OGC 08-038r7 (axis order policy); OGC API Features 2 (18-058r1) 6.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from server.crs.definitions import Crs
from server.crs.spelling import Spelling

AxisOrder = Literal["xy", "yx"]


class Service(Enum):
    """The protocols that carry coordinates."""

    WMS = "WMS"
    WFS = "WFS"
    WMTS = "WMTS"
    OGC_API = "OGC API"


_EAST_FIRST_IN_WFS = (Spelling.SHORT, Spelling.GML_URL)


def axis_order(crs: Crs, service: Service, version: str, spelling: Spelling) -> AxisOrder:
    """Whether coordinates stand as x (east, longitude) then y, or as y (north, latitude) then x.

    `version` is the protocol version as negotiated ("1.3.0"); it is not looked at for the OGC API and WMTS.
    """
    if crs.axis_order == "en":
        return "xy"
    if service is Service.WMS:
        return "yx" if version.startswith("1.3") else "xy"
    if service is Service.WFS and (version.startswith("1.0") or spelling in _EAST_FIRST_IN_WFS):
        return "xy"
    return "yx"
