# SPDX-License-Identifier: MIT
"""What a load would do, before anything is written: printable, and the input of the load itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from loaders.clean import Cleaner, build_cleaner
from loaders.crsguess import find_candidates, find_suspicions, name_candidates, sample_points
from loaders.mapping import map_fields
from loaders.repair import Wish
from loaders.shapefit import fits_dimensions
from loaders.source import Source, SourceInfo, SourceOptions, open_source
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.crs.definitions import Box
from server.db.columns import key_field
from server.errors import SourceRefused

Mode = Literal["append", "upsert", "replace", "sync"]
_FAMILY = {"point": "Point", "line": "LineString", "polygon": "Polygon"}


@dataclass(frozen=True)
class LoadRequest:
    """What to load where.

    `asked_map` is source -> layer field; `defaults` fill layer fields the source does not give; `where` keeps only rows whose source field
    has the given value. `key`: the layer field by which rows are known, instead of the layer's own key.
    `near`: where the features should lie (west, south, east, north in degrees), to tell coordinate systems apart.
    `repair`: which invalid shapes are repaired; the others are rejected. `left_out`: layer fields the source shall not fill.
    `opened`: the source itself, where `path` is but a name (a table, pages of a service).
    `most_deleted`: of the objects that are there this share (0 to 1) may go at most, else nothing is loaded.
    """

    path: Path
    layer: Layer
    options: SourceOptions = field(default_factory=SourceOptions)
    asked_map: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "upsert"
    key: str | None = None
    near: Box | None = None
    repair: Wish = "no"
    left_out: frozenset[str] = frozenset()
    most_deleted: float = 1.0
    opened: Source | None = None

    def open(self) -> Source:
        """The source. Raises what `open_source` raises."""
        return self.opened or open_source(self.path, self.options)


@dataclass(frozen=True)
class Plan:
    """A load that can be carried out: the opened source, the field map (layer -> source), the cleaner, and what is left out."""

    request: LoadRequest
    source: Source
    info: SourceInfo
    field_map: Mapping[str, str]
    cleaner: Cleaner
    unused: tuple[str, ...]
    unfilled: tuple[str, ...]
    suspicions: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Layer fields this load gives."""
        dimensions = fits_dimensions(self.request.layer, self.info.geometry)
        return tuple(dict.fromkeys([*self.field_map, *self.request.defaults, *dimensions.values()]))

    @property
    def kept(self) -> frozenset[str]:
        """Fields only heights and measures fill: a shape without them says nothing about the object's."""
        dimensions = fits_dimensions(self.request.layer, self.info.geometry)
        return frozenset(dimensions.values()) - {*self.field_map, *self.request.defaults}


def plan_load(catalog: Catalog, request: LoadRequest, opened: Source | None = None) -> Plan:
    """Open the source (unless it is `opened`) and decide everything. Writes nothing.

    Raises SourceRefused: unreadable file, geometry of another kind, unknown CRS, no field that fits, a required field without source.
    """
    layer = request.layer
    source = opened or request.open()
    info = source.info
    _check_geometry(layer, info)
    suspicions = _check_crs(catalog, request, source)
    missing = [name for name in request.where if name not in info.fields]
    if missing:
        raise SourceRefused(f"The source has no field {missing[0]!r} to choose rows by.", locator=missing[0])
    field_map = map_fields(layer, info.fields, request.asked_map)
    dropped = {*request.left_out, *(name for name, field in layer.fields.items() if field.computed)}
    field_map = {target: name for target, name in field_map.items() if target not in dropped}
    given = set(field_map) | set(request.defaults) | set(fits_dimensions(layer, info.geometry).values())
    if not given:
        raise SourceRefused(
            f"No field of {info.name} fits layer {layer.id}; map them with --map SOURCE=field.",
            locator=info.name,
            message_vi=f"Không trường nào của {info.name} khớp với lớp {layer.id}; hãy chỉ rõ bằng --map.",
        )
    _check_key(request, given)
    required = [name for name, found in layer.fields.items() if found.required and found.default is None and name not in given]
    if required:
        raise SourceRefused(
            f"Required fields without a source: {', '.join(required)}; map them with --map SOURCE=field.",
            locator=required[0],
            message_vi=f"Trường bắt buộc chưa có cột nào điền: {', '.join(layer.fields[name].vi for name in required)};"
            " hãy chỉ rõ bằng --map.",
        )
    return Plan(
        request=request,
        source=source,
        info=info,
        field_map=field_map,
        cleaner=build_cleaner(catalog, layer, field_map, request.defaults, source),
        unused=tuple(name for name in info.fields if name not in field_map.values() and name not in request.where),
        unfilled=tuple(name for name in layer.fields if name not in given and not layer.fields[name].computed),
        suspicions=suspicions,
    )


def _check_key(request: LoadRequest, given: set[str]) -> None:
    """Raises SourceRefused for a key the load does not bring, and for `sync` without any."""
    layer = request.layer
    key = request.key or key_field(layer)
    field = layer.fields.get(request.key or "")
    if request.key is not None and (field is None or field.link or field.geometry or field.computed):
        raise SourceRefused(
            f"Layer {layer.id} has no field {request.key!r} that could be a key.",
            locator=request.key,
            message_vi=f"Lớp {layer.id} không có trường {request.key!r} dùng làm khoá được.",
        )
    if (request.key is not None or request.mode == "sync") and key not in given:
        raise SourceRefused(
            f"Mode {request.mode} knows rows by {key or 'a key'}, which the file does not bring; name another with --key or --map it.",
            locator=key,
            message_vi=f"Chế độ {request.mode} nhận biết dòng theo {key or 'khoá'}, nhưng tệp không có; hãy chỉ rõ bằng --key hoặc --map.",
        )


def _check_geometry(layer: Layer, info: SourceInfo) -> None:
    if not layer.has_geometry:
        return
    if info.geometry is None:
        if info.may_lack_geometry:
            return
        raise SourceRefused(
            f"{info.name} has no geometry; layer {layer.id} holds {layer.geometry}.",
            locator=info.name,
            message_vi=f"{info.name} không có hình học; lớp {layer.id} chứa {layer.geometry}.",
        )
    family = _FAMILY.get(layer.geometry.removeprefix("multi"))
    kind = (
        info.geometry.removesuffix(" ZM")
        .removesuffix(" Z")
        .removesuffix(" M")
        .removeprefix("2.5D ")
        .removeprefix("Multi")
        .removeprefix("3D Measured ")
    )
    if family and kind not in (family, "Unknown", "GeometryCollection", "Geometry"):
        raise SourceRefused(
            f"{info.name} holds {info.geometry}, layer {layer.id} holds {layer.geometry}.",
            locator=info.name,
            message_vi=f"{info.name} chứa {info.geometry}, còn lớp {layer.id} chứa {layer.geometry}.",
        )


def _check_crs(catalog: Catalog, request: LoadRequest, source: Source) -> tuple[str, ...]:
    """What is suspicious about the coordinates. Raises SourceRefused, with the likeliest systems, when none is known."""
    info = source.info
    if not request.layer.has_geometry or info.geometry is None:
        return ()
    points = sample_points(source)
    near = None if request.layer.anywhere or request.layer.nationwide else request.near
    province = catalog.home.code if catalog.home else None
    if info.crs is None:
        likely = name_candidates(find_candidates(points, province, near))
        why = " ".join(note for note in info.notes if "EPSG" in note)
        raise SourceRefused(
            f"{info.name}: coordinate system missing or unknown; say it with --crs, e.g. --crs 9210. {why} Likely: {likely or 'none'}.",
            locator=info.name,
            message_vi=f"{info.name}: thiếu hệ toạ độ; hãy chỉ rõ bằng --crs, ví dụ --crs 9210. Có thể là: {likely or 'không rõ'}.",
        )
    if request.layer.anywhere:
        return ()
    found = find_suspicions(points, info.crs, near)
    likely = name_candidates(find_candidates(points, province, near)) if found else ""
    return (*found, f"Likely · Có thể là: {likely}") if likely else found
