# SPDX-License-Identifier: MIT
"""`./xanh layer new FILE`: looks at a file and writes `layers/<group>/<id>.yml` and `styles/<id>.sld`; never over what is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from loaders.rasterchild import RasterReader
from loaders.source import Source, SourceOptions, open_source
from loaders.wizard.layerfile import Draft, draft_fields, find_title, write_layer_file
from loaders.wizard.names import write_labels, write_name
from loaders.wizard.rasterfile import write_raster_file
from loaders.wizard.style import write_raster_style, write_style
from loaders.wizard.survey import survey_source
from server.catalog.catalog import Catalog
from server.catalog.model import Group, Layer
from server.errors import SourceRefused
from server.strictyaml import build_model

_RASTERS = (".tif", ".tiff", ".asc")


@dataclass(frozen=True)
class Wanted:
    """What the user says of the layer to be: file, id and group (else by the file's name and the first group), how the file is read."""

    path: Path
    id: str | None = None
    group: str | None = None
    options: SourceOptions = field(default_factory=SourceOptions)


@dataclass(frozen=True)
class NewLayer:
    """The files of a new layer: paths and texts (a layer without geometry has no style)."""

    id: str
    layer_file: Path
    layer_text: str
    style_file: Path | None
    style_text: str


def draft_layer(catalog: Catalog, wanted: Wanted, layers: Path, styles: Path, opened: Source | None = None) -> NewLayer:
    """Work out both files from the file wanted, or from what is `opened` under its name; writes nothing.

    Raises SourceRefused: unreadable file, unknown group, a layer or style of this name is there.
    """
    group = _find_group(catalog, wanted.group)
    stem = wanted.path.name.rpartition(".")[2] if opened else wanted.path.name.split(".", 1)[0]
    layer_id = wanted.id or write_name(stem, of_layer=True)
    files = layers / group.id / f"{layer_id}.yml", styles / f"{layer_id}.sld"
    if layer_id in catalog.layers or any(file.exists() for file in files):
        raise SourceRefused(
            f"There is a layer or style {layer_id!r} already; choose another name with --id.",
            locator=layer_id,
            message_vi=f"Đã có lớp hoặc kiểu {layer_id!r}; hãy chọn tên khác bằng --id.",
        )
    titles = write_labels(stem)
    if wanted.path.suffix.lower() in _RASTERS and opened is None:
        plan = RasterReader(wanted.path, wanted.options.limits).plan(wanted.path, 1, wanted.options.crs)
        text = write_raster_file((layer_id, group.id), titles, wanted.path.name, plan)
        style = write_raster_style(layer_id, titles, (plan.minimum or 0.0, plan.maximum or 1.0))
    else:
        survey = survey_source(opened or open_source(wanted.path, wanted.options))
        text = write_layer_file(Draft(layer_id, group.id, titles, wanted.path.name, survey))
        style = write_style(layer_id, titles, survey.geometry, group.colour, find_title(draft_fields(survey)))
    made = build_model(yaml.safe_load(text), Layer, files[0].name, {})
    return NewLayer(made.id, files[0], text, files[1] if made.is_mapped else None, style)


def write_new_layer(new: NewLayer) -> tuple[Path, ...]:
    """Write the files; answers them. Raises OSError, FileExistsError among them."""
    pairs = [(new.layer_file, new.layer_text), *([(new.style_file, new.style_text)] if new.style_file else [])]
    for path, text in pairs:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return tuple(path for path, _ in pairs)


def _find_group(catalog: Catalog, wanted: str | None) -> Group:
    known = {group.id: group for group in catalog.groups}
    if wanted is None:
        return catalog.groups[0]
    if wanted not in known:
        names = ", ".join(known)
        raise SourceRefused(
            f"There is no group {wanted!r}; there are {names} (layers/groups.yml).",
            locator=wanted,
            message_vi=f"Không có nhóm {wanted!r}; hiện có {names} (layers/groups.yml).",
        )
    return known[wanted]
