# SPDX-License-Identifier: MIT
"""Image formats: what a client may ask for and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

import mapnik

from server.errors import InvalidFormat
from server.render.png import write_png


@dataclass(frozen=True)
class ImageFormat:
    """A format of the service: its media type as answered, how Mapnik writes it ("" = our own PNG), whether it can be transparent."""

    name: str
    media_type: str
    writer: str
    transparent: bool


FORMATS: dict[str, ImageFormat] = {
    "image/png": ImageFormat("image/png", "image/png", "", True),
    "image/png; mode=8bit": ImageFormat("image/png; mode=8bit", "image/png", "png8:z=1", True),
    "image/jpeg": ImageFormat("image/jpeg", "image/jpeg", "jpeg85", False),
    "image/webp": ImageFormat("image/webp", "image/webp", "webp:quality=85:method=2", True),
}
_ALIASES = {
    "image/png8": "image/png; mode=8bit",
    "png8": "image/png; mode=8bit",
    "image/png;mode=8bit": "image/png; mode=8bit",
    "image/png; mode=24bit": "image/png",
    "image/png; mode=32bit": "image/png",
    "image/jpg": "image/jpeg",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
}


def find_format(text: str) -> ImageFormat:
    """The format a client names, in any case and with the aliases of other servers. Raises InvalidFormat."""
    key = " ".join(text.lower().split())
    found = FORMATS.get(_ALIASES.get(key, key))
    if found is None:
        raise InvalidFormat(f"This image format is not offered. Offered: {', '.join(FORMATS)}", locator="FORMAT")
    return found


# Besides pictures, what a map (but no tile, legend or notice) may be asked for as.
# Other map servers call it image/geotiff; its registered name (OGC 19-008r4 8) is answered to those who ask by that.
_GEOTIFF = ImageFormat("image/geotiff", "image/geotiff", "", True)
_TIFF = ImageFormat("image/tiff", "image/tiff; application=geotiff", "", True)
_PDF = ImageFormat("application/pdf", "application/pdf", "pdf", True)
_SVG = ImageFormat("image/svg+xml", "image/svg+xml", "svg", True)
MAP_FORMATS: dict[str, ImageFormat] = {**FORMATS, **{one.name: one for one in (_GEOTIFF, _PDF, _SVG)}}
_MAP_ALIASES = {
    **_ALIASES,
    "image/geotiff8": "image/geotiff",
    "image/tiff; application=geotiff": "image/tiff",
    "image/tiff;application=geotiff": "image/tiff",
    "geotiff": "image/geotiff",
    "pdf": "application/pdf",
    "image/svg": "image/svg+xml",
    "image/svg xml": "image/svg+xml",  # a plus sign nobody escaped arrives as a blank
    "svg": "image/svg+xml",
}


def find_map_format(text: str) -> ImageFormat:
    """The format of a whole map a client names, in any case and with the aliases of other servers. Raises InvalidFormat."""
    key = " ".join(text.lower().split())
    named = _MAP_ALIASES.get(key, key)
    found = _TIFF if named == _TIFF.name else MAP_FORMATS.get(named)
    if found is None:
        raise InvalidFormat(f"This image format is not offered. Offered: {', '.join(MAP_FORMATS)}", locator="FORMAT")
    return found


def is_document(image_format: ImageFormat) -> bool:
    """Whether the format holds shapes and letters instead of pixels."""
    return image_format in (_PDF, _SVG)


def is_georeferenced(image_format: ImageFormat) -> bool:
    """Whether the format carries the place of the map on the ground."""
    return image_format in (_GEOTIFF, _TIFF)


def encode_image(image: mapnik.Image, image_format: ImageFormat, *, transparent: bool) -> bytes:
    """The picture as bytes of the format; `transparent` = the background may shine through."""
    if not image_format.writer:
        return write_png(image.to_string(), image.width(), image.height(), transparent=transparent)
    return bytes(image.to_string(image_format.writer))
