# SPDX-License-Identifier: MIT
"""The frame around GML 3.2 members (WFS 2.0, OGC 09-025r2 11.3; ISO 19136). The members come from the database.

Members are `<wfs:member><xanh:LAYER gml:id="LAYER.7"><xanh:geom>...</xanh:geom><xanh:FIELD>...`, geometries with an id each.
The frame must declare the prefixes `wfs`, `gml` and `xanh`.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from server.catalog.model import Layer
from server.xmlio.namespaces import Namespace

MEDIA_TYPE = "application/gml+xml; version=3.2"
TAIL = b"\n</wfs:FeatureCollection>\n"
SIMPLE_TAIL = b"\n</sf:FeatureCollection>\n"
_WFS_SCHEMA = "http://schemas.opengis.net/wfs/2.0/wfs.xsd"
_GML_SCHEMA = "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
_SF_SCHEMA = "http://schemas.opengis.net/ogcapi/features/part1/1.0/xml/core-sf.xsd"
_PREFIXES = {"wfs": Namespace.WFS20, "gml": Namespace.GML32, "xanh": Namespace.XANH, "xsi": Namespace.XSI}


@dataclass(frozen=True)
class Collection:
    """What the root of a collection says. `matched` None = unknown; `returned` is how many members follow (09-025r2 11.3.3 wants it said).

    `attributes` are more attributes of the root, such as next, previous and lockId.
    """

    schema_url: str
    time_stamp: str
    matched: int | None
    returned: int
    attributes: tuple[tuple[str, str], ...] = ()


def write_head(collection: Collection) -> bytes:
    """The start of a wfs:FeatureCollection of WFS 2.0."""
    places = f"{Namespace.WFS20} {_WFS_SCHEMA} {Namespace.GML32} {_GML_SCHEMA} {Namespace.XANH} {collection.schema_url}"
    attributes = {
        **{f"xmlns:{prefix}": str(name) for prefix, name in _PREFIXES.items()},
        "xsi:schemaLocation": places,
        "timeStamp": collection.time_stamp,
        "numberMatched": "unknown" if collection.matched is None else str(collection.matched),
        "numberReturned": str(collection.returned),
        **dict(collection.attributes),
    }
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:FeatureCollection {written}>\n'.encode()


def write_simple_head(layer: Layer, schema_url: str) -> bytes:
    """The start of an sf:FeatureCollection (OGC API Features 17-069r4 8.4), which counts nothing; its members are made by `to_simple`."""
    namespace = layer.names.namespace or Namespace.XANH
    attributes = {
        "xmlns:sf": Namespace.OGCAPI_SF,
        "xmlns:gml": Namespace.GML32,
        f"xmlns:{layer.names.prefix or 'xanh'}": namespace,
        "xmlns:xsi": Namespace.XSI,
        "xsi:schemaLocation": f"{Namespace.OGCAPI_SF} {_SF_SCHEMA} {namespace} {schema_url}",
    }
    written = " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sf:FeatureCollection {written}>\n'.encode()


def to_simple(members: bytes) -> bytes:
    """Members of WFS 2.0 as members of an sf:FeatureCollection. Texts of features hold no tags: their `<` is escaped."""
    return members.replace(b"<wfs:member>", b"<sf:featureMember>").replace(b"</wfs:member>", b"</sf:featureMember>")
