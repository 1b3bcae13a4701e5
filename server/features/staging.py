# SPDX-License-Identifier: MIT
"""Edits of one kind on their way to the stage: values read by the layer file, geometries in the form the database reads fastest."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Sequence
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
    has_geometry = any(edit.geometry is not None for edit in edits)
    if has_geometry and not layer.has_geometry:
        raise Fault("geometry_none", "geometry").error(layer)
    names = dict.fromkeys(name for edit in edits for name in edit.values)
    with blame(edits[0].handle):
        validator = RowValidator(catalog, layer, names, by_hand=True)
    rows = validator.read_rows([edit.values for edit in edits])
    if rows is None:
        rows = list(_read_one_by_one(validator, layer, edits))
    srid = find_crs(edits[0].epsg).postgis_srid
    points = _write_points(layer, srid, edits) if has_geometry else None
    brings_shapes = has_geometry or any(field.geometry for name, field in layer.fields.items() if name in names)
    home = find_home_box(connection, catalog, layer) if brings_shapes else None
    stage = Stage(layer, validator.fields, has_geometry, srid, placed=points is not None, home=home)
    shapes: list[Any]
    if points is not None:
        shapes = [(point,) for point in points]
    else:
        shapes = [(None, json.dumps(edit.geometry) if edit.geometry is not None else None) for edit in edits]
    open_stage(connection, stage)
    fill_stage(
        connection,
        stage,
        (
            (number, edit.id if edit.action != "insert" else None, *shape, *row)
            for number, (edit, shape, row) in enumerate(zip(edits, shapes, rows, strict=True), start=1)
        ),
    )
    return stage


def _read_one_by_one(validator: RowValidator, layer: Layer, edits: Sequence[Edit]) -> Iterator[tuple[Any, ...]]:
    dated = all(name in validator.fields for name in VALIDITY)
    for edit in edits:
        with blame(edit.handle):
            outcome = validator.read_row(edit.values)
            if isinstance(outcome, Fault):
                raise outcome.error(layer)
            values, keys = outcome
            fault = check_validity(dict(zip(validator.fields, values, strict=True))) if dated else None
            if fault:
                raise fault.error(layer)
            yield (*values, *keys)


def _write_points(layer: Layer, srid: int, edits: Sequence[Edit]) -> list[str | None] | None:
    """The points as the geometry column takes them, where they are points in the CRS they are kept in; None for other shapes."""
    if layer.geometry != "point" or srid != storage_srid(layer):
        return None
    out: list[str | None] = []
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
        out.append(_POINT.pack(1, _POINT_TYPE, srid, x, y).hex())
    return out
