# SPDX-License-Identifier: MIT
"""The data sets among the files of a source, and the one that is meant.

A shapefile is put together anew under one spelling, without its `.cpg` (GDAL drops letters under some) and with a `.prj` that is text.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from loaders.unpack import Workspace, sets_by_stem
from server.crs.identify import is_definition
from server.errors import SourceRefused

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")
SINGLE = (
    *(".gpkg", ".geojson", ".json", ".geojsonl", ".geojsons", ".topojson", ".fgb", ".kml", ".gml", ".dxf", ".gpx"),
    *(".parquet", ".geoparquet"),
)
# MapInfo: the file that stands for the set, and what must lie beside it.
SETS = {".tab": (), ".mif": (".mid",)}
_HINTS = {
    ".dwg": ("DWG is not read; save it as DXF.", "Không đọc DWG; hãy lưu thành DXF."),
    ".xls": ("Old workbooks are not read; save it as .xlsx.", "Không đọc .xls; hãy lưu thành .xlsx."),
    ".rar": ("RAR archives are not read; use .zip.", "Không đọc .rar; hãy nén .zip."),
    ".7z": ("7z archives are not read; use .zip.", "Không đọc .7z; hãy nén .zip."),
}


@dataclass(frozen=True)
class Dataset:
    """One data set: the file to open, its name for people, the layer asked for inside, the declared encoding, notes for the plan."""

    file: Path
    name: str
    is_table: bool = False
    layer: str | None = None
    declared: str | None = None
    notes: tuple[str, ...] = ()


def choose_dataset(workspace: Workspace, name: str, wanted: str | None) -> Dataset:
    """The one data set of a source, or the one `wanted` names (by its file's name or stem); any other word is a layer inside the only one.

    Raises SourceRefused when there is none or several; the message lists them.
    """
    found = _find(workspace)
    if not found:
        raise _refuse_unknown(workspace, name)
    spatial = {label: parts for label, parts in found.items() if not label.lower().endswith((*TABLES, ".dbf"))}
    choices = spatial or found
    if wanted is not None:
        named = [wanted] if wanted in found else [label for label in found if wanted.lower() in _spellings(label)]
        if len(named) == 1:
            return _open(workspace, named[0], found[named[0]], None)
    if len(choices) > 1:
        listed = ", ".join(sorted(choices)[:10]) + (" …" if len(choices) > 10 else "")
        raise SourceRefused(
            f"{name} holds {len(choices)} data sets; say which with --inner-layer: {listed}.",
            locator=name,
            message_vi=f"{name} chứa {len(choices)} bộ dữ liệu; hãy chọn bằng --inner-layer: {listed}.",
        )
    ((label, parts),) = choices.items()
    if wanted is not None and label.lower().endswith((".shp", ".csv", ".tsv")):
        raise SourceRefused(
            f"{name} holds no data set {wanted!r}; it has {label}.", locator=name, message_vi=f"{name} không có bộ dữ liệu {wanted!r}."
        )
    return _open(workspace, label, parts, wanted)


def _find(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Data sets by the file that stands for them."""
    found: dict[str, dict[str, str]] = {}
    for _, parts in sets_by_stem(workspace.files):
        for extension, file in parts.items():
            is_lone_table = extension == ".dbf" and not {".shp", ".tab"} & parts.keys()
            if extension in (".shp", *SINGLE, *TABLES, *SETS) or is_lone_table:
                found[file] = parts
    return found


def _spellings(label: str) -> set[str]:
    path = Path(label.lower())
    return {label.lower(), path.name, path.stem, path.with_suffix("").as_posix()}


def _open(workspace: Workspace, label: str, parts: dict[str, str], layer: str | None) -> Dataset:
    extension = Path(label).suffix.lower()
    name = Path(label).name
    if extension in TABLES:
        return Dataset(workspace.folder / label, name, is_table=True, layer=layer)
    if extension in (".shp", ".dbf"):
        return _assemble(workspace, name, {kind: workspace.folder / file for kind, file in parts.items()})
    missing = [kind for kind in SETS.get(extension, ()) if kind not in parts]
    if missing:
        raise SourceRefused(
            f"{name}: {', '.join(missing)} is missing beside it.",
            locator=name,
            message_vi=f"{name}: thiếu tệp {', '.join(missing)} đi kèm.",
        )
    return Dataset(workspace.folder / label, name, layer=layer)


def _assemble(workspace: Workspace, name: str, parts: dict[str, Path]) -> Dataset:
    target = workspace.folder / ".shapefile"
    target.mkdir(exist_ok=True)
    for kind in (".shp", ".shx", ".dbf"):
        if kind in parts:
            os.symlink(parts[kind].resolve(), target / f"data{kind}")
    notes = []
    if ".shp" in parts:
        if ".shx" not in parts:
            notes.append("The index (.shx) is missing; it was made again. · Thiếu tệp .shx; đã lập lại.")
        if ".dbf" not in parts:
            notes.append("The table (.dbf) is missing; only geometries are there. · Thiếu tệp .dbf; chỉ có hình học.")
        if ".prj" not in parts:
            notes.append("The coordinate system (.prj) is missing. · Thiếu tệp .prj về hệ toạ độ.")
    if ".prj" in parts:
        text = parts[".prj"].read_bytes()[:100_000].decode("utf-8-sig", "replace").encode("ascii", "replace")
        if is_definition(text.decode()):
            (target / "data.prj").write_bytes(text)
        else:
            notes.append("The coordinate system (.prj) cannot be read. · Không đọc được tệp .prj về hệ toạ độ.")
    declared = parts[".cpg"].read_bytes()[:100].decode("ascii", "ignore").strip() if ".cpg" in parts else None
    file = target / ("data.shp" if ".shp" in parts else "data.dbf")
    return Dataset(file, name, declared=declared or None, notes=tuple(notes))


def _refuse_unknown(workspace: Workspace, name: str) -> SourceRefused:
    for file in workspace.files:
        hint = _HINTS.get(Path(file).suffix.lower())
        if hint:
            return SourceRefused(f"{name}: {hint[0]}", locator=name, message_vi=f"{name}: {hint[1]}")
    inside = ", ".join(workspace.files[:5]) or "nothing"
    return SourceRefused(
        f"{name} holds no data set that can be loaded ({inside}).", locator=name, message_vi=f"{name} không có bộ dữ liệu nào nạp được."
    )
