# SPDX-License-Identifier: MIT
"""The frame around GML 2.1.2 feature members (WFS 1.0.0, OGC 02-058 9). The members come from the database.

Members are `<gml:featureMember><xanh:LAYER fid="LAYER.7"><xanh:geom>...`. Coordinates stand east first: this version knows no other order.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from server.xmlio.namespaces import Namespace

MEDIA_TYPE = "text/xml; subtype=gml/2.1.2"
TAIL = b"\n</wfs:FeatureCollection>\n"
_SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd"
# The schema of GML 2 wants a box of every collection; where nobody has measured it, it may be said to be unknown (02-069 4.4).
_UNKNOWN_BOX = "<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>\n"


def write_head(schema_url: str, lock_id: str | None = None) -> bytes:
    """The start of a wfs:FeatureCollection of WFS 1.0.0; `schema_url` is the DescribeFeatureType address of the feature types."""
    attributes: dict[str, str] = {
        "xmlns:wfs": Namespace.WFS,
        "xmlns:gml": Namespace.GML,
        "xmlns:xanh": Namespace.XANH,
        "xmlns:xsi": Namespace.XSI,
        "xsi:schemaLocation": f"{Namespace.WFS} {_SCHEMA} {Namespace.XANH} {schema_url}",
    }
    if lock_id is not None:
        attributes["lockId"] = lock_id
    written = " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:FeatureCollection {written}>\n{_UNKNOWN_BOX}'.encode()
