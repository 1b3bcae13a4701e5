# SPDX-License-Identifier: MIT
"""Every style of an installation, read once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from server.catalog.catalog import Catalog
from server.catalog.projection import published_field_names
from server.errors import ConfigError
from server.style.fields import used_fields
from server.style.model import Style
from server.style.read import check_style, load_style


def load_styles(directory: Path) -> Mapping[str, Style]:
    """The styles of `directory` by name (file name without `.sld`). Raises ConfigError for an unreadable one."""
    return {path.stem: load_style(path) for path in sorted(directory.glob("*.sld"))}


def check_styles(directory: Path, catalog: Catalog) -> list[str]:
    """Everything wrong with the styles and their use by layers, one sentence each; [] = all is well."""
    problems: list[str] = []
    styles: dict[str, Style] = {}
    for path in sorted(directory.glob("*.sld")):
        try:
            styles[path.stem] = load_style(path)
            problems += [f"{path.name}: {loss}" for loss in check_style(path)]
        except ConfigError as error:
            problems.append(error.message)
    for layer in catalog.mapped_layers():
        names = set(published_field_names(layer)) | {"id"}
        if not layer.styles:
            problems.append(f"layer {layer.id}: it can be drawn but names no style")
        for style_name in layer.styles:
            style = styles.get(style_name)
            if style is None:
                problems.append(f"layer {layer.id}: there is no style file {style_name}.sld")
                continue
            unknown = [name for name in used_fields(style) if name not in names]
            if unknown and layer.has_table:
                problems.append(f"{style_name}.sld: layer {layer.id} has no public field {', '.join(unknown)}")
    return problems
