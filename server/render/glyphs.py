# SPDX-License-Identifier: MIT
"""Letters for web clients that draw labels themselves: 256 of a face at a time as signed distance fields, in the protocol buffers
MapLibre and Mapbox GL read (24 pixels per em, edge at three quarters, fields of 8 pixels, border of 3). The only importer of freetype.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import freetype

_EM, _FIELD, _BORDER = 24, 8, 3
# Letters stand on a line this far below the top of their box; clients reckon with about this much.
_ASCENDER = 26
_EDGE, _STEPS = 191.25, 255 / _FIELD / 16
# FreeType's distances (128 on the edge, 16 to a pixel) in those of clients (191 on the edge, 32 to a pixel).
_DISTANCES = bytes(min(max(round(_EDGE + (value - 128) * _STEPS), 0), 255) for value in range(256))
LAST_START = 65_280
_lock = threading.Lock()


def write_glyphs(directory: Path, stack: str, start: int) -> bytes:
    """The letters `start` to `start` + 255 of the first known face of `stack` (names with commas between them), under that name.

    Faces are those of the font files in `directory`; where none is known it is the plainest. Letters a face lacks are left out.
    Raises ValueError for a start that is no multiple of 256 up to 65 280, or a directory without fonts.
    """
    if start % 256 or not 0 <= start <= LAST_START:
        raise ValueError("letters come in ranges of 256")
    named = _field(1, stack.encode()) + _field(2, f"{start}-{start + 255}".encode())
    return _field(1, named + _write_range(_find_face(directory, stack), start))


@lru_cache(maxsize=128)
def _write_range(path: Path, start: int) -> bytes:
    with _lock:
        face = freetype.Face(str(path))
        face.set_pixel_sizes(_EM, _EM)
        return b"".join(_field(3, letter) for letter in _write_letters(face, start))


def _find_face(directory: Path, stack: str) -> Path:
    faces = _list_faces(directory)
    known = next((faces[name.strip()] for name in stack.split(",") if name.strip() in faces), None)
    return known or next((path for name, path in faces.items() if name.endswith(" Regular")), None) or next(iter(faces.values()))


@lru_cache(maxsize=8)
def _list_faces(directory: Path) -> dict[str, Path]:
    faces: dict[str, Path] = {}
    for path in sorted(directory.glob("*.ttf")):
        face = freetype.Face(str(path))
        faces[f"{face.family_name.decode()} {face.style_name.decode()}"] = path
    if not faces:
        raise ValueError("no fonts")
    return faces


def _write_letters(face: freetype.Face, start: int) -> Iterator[bytes]:
    for code in range(start, start + 256):
        index = face.get_char_index(code)
        if not index:
            continue
        face.load_glyph(index, freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP)
        advance = round(face.glyph.linearHoriAdvance / 65_536)
        if face.glyph.outline.n_points == 0:
            yield _number(1, code) + _number(3, 0) + _number(4, 0) + _signed(5, 0) + _signed(6, 0) + _number(7, advance)
            continue
        # Distances measured from the picture of a letter cost a quarter of those from its outline.
        face.glyph.render(freetype.FT_RENDER_MODE_NORMAL)
        face.glyph.render(freetype.FT_RENDER_MODE_SDF)
        yield _write_letter(code, face.glyph, advance)


def _write_letter(code: int, glyph: freetype.GlyphSlot, advance: int) -> bytes:
    """The picture of a letter without the outermost pixels of its field, and where it stands."""
    bitmap, cut = glyph.bitmap, _FIELD - _BORDER
    width, height = bitmap.width - 2 * _FIELD, bitmap.rows - 2 * _FIELD
    pixels = bytes(bitmap.buffer).translate(_DISTANCES)
    rows = (pixels[row * bitmap.pitch + cut : row * bitmap.pitch + bitmap.width - cut] for row in range(cut, bitmap.rows - cut))
    place = _signed(5, glyph.bitmap_left + _FIELD) + _signed(6, glyph.bitmap_top - _FIELD - _ASCENDER)
    return _number(1, code) + _field(2, b"".join(rows)) + _number(3, width) + _number(4, height) + place + _number(7, advance)


def _field(number: int, content: bytes) -> bytes:
    """Bytes, texts and messages of protocol buffers: length before content."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _signed(number: int, value: int) -> bytes:
    return _number(number, value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
