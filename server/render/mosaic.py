# SPDX-License-Identifier: MIT
"""Many tiles out of one picture: drawn together with a margin that is cut away, so that labels do not break where tiles meet."""

from __future__ import annotations

from dataclasses import replace

from server.query.maps import MapQuery
from server.render.images import encode_image, find_format
from server.render.map import MapRenderer


def render_mosaic(renderer: MapRenderer, query: MapQuery, tile_pixels: int, margin: int) -> list[list[bytes]]:
    """The map of `query` cut into square tiles of `tile_pixels`: rows from the top, each from the left.

    `query.width` and `query.height` are multiples of `tile_pixels`; `margin` pixels more are drawn on every side.
    Raises like `MapRenderer.render_map`.
    """
    image_format = find_format(query.format)
    minx, miny, maxx, maxy = query.extent
    wide, high = (maxx - minx) / query.width * margin, (maxy - miny) / query.height * margin
    extent = (minx - wide, miny - high, maxx + wide, maxy + high)
    image = renderer.draw(replace(query, extent=extent, width=query.width + 2 * margin, height=query.height + 2 * margin))
    return [
        [
            encode_image(image.view(left, top, tile_pixels, tile_pixels), image_format, transparent=query.transparent)
            for left in range(margin, margin + query.width, tile_pixels)
        ]
        for top in range(margin, margin + query.height, tile_pixels)
    ]
