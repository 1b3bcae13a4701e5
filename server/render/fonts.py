# SPDX-License-Identifier: MIT
"""Type faces: those under `styles/assets/fonts`, and the DejaVu faces that come with Mapnik and hold every Vietnamese letter."""

from __future__ import annotations

from pathlib import Path

import mapnik

from server.style.model import Font

_WEIGHTS = {"normal": "Regular", "400": "Regular", "500": "Medium", "600": "SemiBold", "bold": "SemiBold", "700": "SemiBold"}
_FALLBACK = {False: "DejaVu Sans Book", True: "DejaVu Sans Bold"}


def register_fonts(directory: Path) -> None:
    """Make the faces of `directory` known to Mapnik (again and again does no harm)."""
    for path in sorted(directory.glob("*.ttf")):
        mapnik.FontEngine.register_font(str(path))


def find_face(font: Font) -> str:
    """The registered face nearest to a font of a style; DejaVu Sans where the family is not there."""
    known = set(mapnik.FontEngine.face_names())
    weight = _WEIGHTS.get(font.weight, "Regular")
    slanted = f"{font.family} {weight} Italic" if weight != "Regular" else f"{font.family} Italic"
    wanted = [slanted] if font.italic else []
    for face in (*wanted, f"{font.family} {weight}", f"{font.family} Regular"):
        if face in known:
            return face
    return _FALLBACK[weight in ("SemiBold", "Medium")]
