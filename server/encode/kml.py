# SPDX-License-Identifier: MIT
"""The frame around KML 2.2 placemarks (OGC 07-147r2): title of the layer, types of its fields. The placemarks come from the database."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from server.catalog.model import Layer
from server.catalog.projection import PublishedField, PublishedShape, published_fields, published_shapes

MEDIA_TYPE = "application/vnd.google-earth.kml+xml"
_BEGIN = b'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
PART_TAIL = b"\n</Document>"
TAIL = PART_TAIL + b"\n</kml>\n"
# 07-147r2 9.3.2: whole numbers wider than 32 bits, dates and moments have no type of their own.
_TYPES = {"number": "double", "boolean": "bool"}


def write_head(layer: Layer, fields: tuple[str, ...] | None, language: str = "vi") -> bytes:
    """The start of the file, and of its document with the schema of the chosen fields, labelled in `language`."""
    return _BEGIN + write_part_head(layer, fields, language)


def write_outer_head(title: str) -> bytes:
    """The start of a file that holds a document per layer; `TAIL` ends it."""
    return _BEGIN + f"<Document><name>{escape(title)}</name>\n".encode()


def write_part_head(layer: Layer, fields: tuple[str, ...] | None, language: str = "vi") -> bytes:
    """The start of the document of a layer; `PART_TAIL` ends it."""
    described: tuple[PublishedField | PublishedShape, ...] = (*published_fields(layer), *published_shapes(layer))
    chosen = [one for one in described if fields is None or one.name in fields]
    schema = "".join(_describe(field, language) for field in chosen)
    title = escape(layer.title.text(language))
    return f'<Document><name>{title}</name><Schema id="{layer.id}" name="{layer.id}">{schema}</Schema>\n'.encode()


def _describe(field: PublishedField | PublishedShape, language: str) -> str:
    kind = _TYPES.get(str(field.type), "string") if isinstance(field, PublishedField) else "string"
    label = escape(field.label.text(language))
    return f'<SimpleField type="{kind}" name={quoteattr(field.name)}><displayName>{label}</displayName></SimpleField>'
