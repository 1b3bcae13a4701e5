# SPDX-License-Identifier: MIT
"""Edits of one kind on their way to the stage: values read by the layer file, geometries in the form the database reads fastest."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.crs.definitions import find_crs
from server.db.columns import storage_srid
from server.db.home import find_home_box
from server.db.pool import Connection
from server.db.stage import Stage, fill_stage, open_stage
from server.errors import blame
from server.features.faults import Fault
from server.features.validate import VALIDITY, RowValidator, check_validity
from server.query.edits import Edit

# Extended WKB, little-endian: byte order, point with an SRID, SRID, x, y.
_POINT = struct.Struct("<BIIdd")
_POINT_TYPE = 0x20000001


def stage_edits(connection: Connection, catalog: Catalog, layer: Layer, edits: Sequence[Edit]) -> Stage:
    """Put edits of one CRS on the stage, numbered from 1. Raises EditRefused for the first value at fault, with the handle of its edit."""
    news, has_geometry = edits[0].many, any(edit.has_geometry for edit in edits)
    if has_geometry and not layer.has_geometry:
        raise Fault("geometry_none", "geometry").error(layer)
    names = dict.fromkeys(name for edit in edits for name in edit.fields)
    with blame(edits[0].handle):
        validator = RowValidator(catalog, layer, names, by_hand=True)
    columns = validator.read_columns(news.values if news else {name: [edit.values.get(name) for edit in edits] for name in names})
    if columns is None:
        columns = list(zip(*_read_one_by_one(validator, layer, edits), strict=True))
    srid = find_crs(edits[0].epsg).postgis_srid
    in_place = has_geometry and layer.geometry == "point" and srid == storage_srid(layer)
    points = (news.points if news else _find_points(edits)) if in_place else None
    brings_shapes = has_geometry or any(field.geometry for name, field in layer.fields.items() if name in names)
    home = find_home_box(connection, catalog, layer) if brings_shapes else None
    stage = Stage(
        layer, validator.fields, has_geometry, srid, placed=points is not None, home=home, clears_geometry=edits[0].clears_geometry
    )
    count = sum(edit.count for edit in edits)
    targets = [edit.id if edit.action != "insert" else None for edit in edits] if news is None else [None] * count
    shapes: tuple[Sequence[Any], ...] = ([None] * count, _write_geojson(edits)) if points is None else (_write_points(srid, points),)
    open_stage(connection, stage)
    fill_stage(connection, stage, (range(1, count + 1), targets, *shapes, *columns))
    return stage


def _read_one_by_one(validator: RowValidator, layer: Layer, edits: Sequence[Edit]) -> Iterator[tuple[Any, ...]]:
    dated = all(name in validator.fields for name in VALIDITY)
    for handle, given in _list_rows(edits):
        with blame(handle):
            outcome = validator.read_row(given)
            if isinstance(outcome, Fault):
                raise outcome.error(layer)
            values, keys = outcome
            fault = check_validity(dict(zip(validator.fields, values, strict=True))) if dated else None
            if fault:
                raise fault.error(layer)
            yield (*values, *keys)


def _list_rows(edits: Sequence[Edit]) -> Iterator[tuple[str | None, Mapping[str, Any]]]:
    """The values of each feature, and the name the client gave its change."""
    for edit in edits:
        if edit.many is None:
            yield edit.handle, edit.values
            continue
        for row in zip(*edit.many.values.values(), strict=True):
            yield edit.handle, dict(zip(edit.many.values, row, strict=True))


def _write_geojson(edits: Sequence[Edit]) -> list[str | None]:
    news = edits[0].many
    if news is not None:
        return [json.dumps({"type": "Point", "coordinates": list(point)}) for point in news.points or ()] or [None] * news.count
    return [json.dumps(edit.geometry) if edit.geometry is not None else None for edit in edits]


def _find_points(edits: Sequence[Edit]) -> list[Sequence[float] | None] | None:
    """The coordinates of edits that are points of two finite numbers (or bring none); None when one is something else."""
    out: list[Sequence[float] | None] = []
    for edit in edits:
        shape = edit.geometry
        if shape is None:
            out.append(None)
            continue
        place = shape.get("coordinates") if shape.get("type") == "Point" and len(shape) == 2 else None
        if not isinstance(place, list) or len(place) != 2:
            return None
        x, y = place
        if not (type(x) is float and type(y) is float and math.isfinite(x) and math.isfinite(y)):
            return None
        out.append(place)
    return out


def _write_points(srid: int, points: Sequence[Sequence[float] | None]) -> list[str | None]:
    """Points as the geometry column takes them."""
    return [None if point is None else _POINT.pack(1, _POINT_TYPE, srid, *point).hex() for point in points]
