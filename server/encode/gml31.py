# SPDX-License-Identifier: MIT
"""The frame around GML 3.1.1 feature members (WFS 1.1.0 9.4, OGC 04-094). The members come from the database.

Members are `<gml:featureMember><xanh:LAYER gml:id="LAYER.7"><xanh:geom>...</xanh:geom><xanh:FIELD>...</xanh:FIELD>...`: the geometry first,
then the published fields in the layer's order, fields without value left out. The frame must declare the prefixes `gml` and `xanh`.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

APP_PREFIX = "xanh"
MEDIA_TYPE = "text/xml; subtype=gml/3.1.1"
_WFS, _GML, _XSI = "http://www.opengis.net/wfs", "http://www.opengis.net/gml", "http://www.w3.org/2001/XMLSchema-instance"
TAIL = b"\n</wfs:FeatureCollection>\n"


def write_head(app_namespace: str, schema_url: str, *, number: int | None, time_stamp: str, lock_id: str | None = None) -> bytes:
    """The start of a wfs:FeatureCollection; `number` is numberOfFeatures, left out (with the rows still unknown) when None.

    `schema_url` is the DescribeFeatureType address of the feature type, `time_stamp` ISO 8601, `lock_id` the lock the features are held by.
    """
    attributes = {
        "xmlns:wfs": _WFS,
        "xmlns:gml": _GML,
        f"xmlns:{APP_PREFIX}": app_namespace,
        "xmlns:xsi": _XSI,
        "xsi:schemaLocation": f"{_WFS} http://schemas.opengis.net/wfs/1.1.0/wfs.xsd {app_namespace} {schema_url}",
        "timeStamp": time_stamp,
    }
    if number is not None:
        attributes["numberOfFeatures"] = str(number)
    if lock_id is not None:
        attributes["lockId"] = lock_id
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:FeatureCollection {written}>\n'.encode()
