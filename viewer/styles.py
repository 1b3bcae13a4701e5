# SPDX-License-Identifier: MIT
"""What the looks of a layer are called on screen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from server.errors import ConfigError
from server.style.model import Title
from server.style.read import load_style


class StyleTitles:
    """Titles of the styles in a directory of SLD files; each file is read once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read = cache(self._read_title)

    def title(self, name: str, language: str) -> str:
        """The style's title in `language` ('vi' or 'en'); its name when the file says nothing or cannot be read."""
        title = self._read(name)
        return title.en if language == "en" else title.vi

    def _read_title(self, name: str) -> Title:
        try:
            return load_style(self._directory / f"{name}.sld").title
        except ConfigError:
            # `xanh check` reports the file; the viewer shows its layer as broken and goes on.
            return Title(name, name)
