# SPDX-License-Identifier: MIT
"""Pictures people send: the position is read, then everything but the pixels is thrown away."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,  # noqa: F401 - each format registers itself
    PngImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from server.errors import InvalidParameter

_FORMATS = ("JPEG", "PNG", "WEBP")
# What the library raises on damaged files.
_DAMAGED = (OSError, ValueError, TypeError, KeyError, SyntaxError, EOFError, struct.error, Image.DecompressionBombError)
_GPS = 0x8825
_QUALITY = 82


@dataclass(frozen=True)
class Photo:
    """A JPEG without metadata, upright, and where it was taken (lon/lat, WGS 84), if it said so."""

    jpeg: bytes
    point: tuple[float, float] | None


def read_photo(data: bytes, most_pixels: int, longest_side: int) -> Photo:
    """A picture made small and clean. Raises InvalidParameter for what is no JPEG, PNG or WebP, is damaged or has too many pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                if image.width * image.height > most_pixels:
                    raise _refuse()
                point = _read_point(image)
                image.draft("RGB", (longest_side, longest_side))
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except _DAMAGED as error:
        raise _refuse() from error
    upright.thumbnail((longest_side, longest_side))
    # Only the pixels go on: a new image carries no EXIF, no profile and no comment.
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Photo(out.getvalue(), point)


def _refuse() -> InvalidParameter:
    return InvalidParameter(
        "The picture cannot be read: send a JPEG, PNG or WebP of ordinary size.",
        locator="photo",
        message_vi="Không đọc được ảnh: hãy gửi ảnh JPEG, PNG hoặc WebP cỡ thông thường.",
    )


def _read_point(image: Image.Image) -> tuple[float, float] | None:
    """The position in the EXIF of a picture; None without one that makes sense."""
    try:
        gps: dict[int, Any] = image.getexif().get_ifd(_GPS)
        lat, lon = _degrees(gps[2], str(gps[1]), "S"), _degrees(gps[4], str(gps[3]), "W")
    except (*_DAMAGED, IndexError, ZeroDivisionError):
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0.0, 0.0) else None


def _degrees(parts: Any, side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side.strip().upper().startswith(negative) else value
