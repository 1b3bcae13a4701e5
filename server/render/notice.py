# SPDX-License-Identifier: MIT
"""Pictures that carry a message instead of a map (EXCEPTIONS=INIMAGE and BLANK of WMS)."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

import mapnik

from server.query.maps import MapQuery
from server.render.fonts import find_face
from server.render.images import encode_image, find_format
from server.style.model import Font

_FONT = Font(size=12.0)
_EDGE = 12


def render_notice(query: MapQuery, text: str) -> bytes:
    """An image of the size and format of `query` with `text` on its background ("" = a blank one). Raises InvalidFormat."""
    image_format = find_format(query.format)
    transparent = query.transparent and image_format.transparent
    background = "" if transparent else f" background-color={quoteattr(query.background)}"
    feature = {"type": "Feature", "properties": {"text": text}, "geometry": {"type": "Point", "coordinates": [_EDGE, query.height - _EDGE]}}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    label = (
        f'<Style name="n"><Rule><TextSymbolizer face-name={quoteattr(find_face(_FONT))} size="{_FONT.size:g}" fill="#b3261e" '
        f'halo-radius="1.5" halo-fill="#ffffff" wrap-width="{max(query.width - 2 * _EDGE, 20)}" horizontal-alignment="right" '
        'vertical-alignment="bottom" justify-alignment="left" allow-overlap="true">[text]</TextSymbolizer></Rule></Style>'
        '<Layer name="n" srs="epsg:3857"><StyleName>n</StyleName><Datasource><Parameter name="type">geojson</Parameter>'
        f'<Parameter name="inline">{escape(collection)}</Parameter></Datasource></Layer>'
    )
    drawing = mapnik.Map(query.width, query.height)
    mapnik.load_map_from_string(drawing, f'<Map srs="epsg:3857"{background}>{label if text else ""}</Map>')
    drawing.zoom_to_box(mapnik.Box2d(0, 0, query.width, query.height))
    image = mapnik.Image(query.width, query.height)
    mapnik.render(drawing, image)
    return encode_image(image, image_format, transparent=transparent)
