# SPDX-License-Identifier: MIT
"""Shapes on their way to the official store: whatever way a shape is written in a file, the same EWKB comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest
import shapely

from server.catalog.model import Layer
from server.features.readyshapes import ShapeReader
from server.features.shapes import Shapes
from tests.db.catalogs import awkward_catalog

SITES = awkward_catalog().layer("sites")
SQUARE = shapely.box(106, 10, 106.5, 10.5)
WIGGLE = shapely.LineString([(106, 10), (106.2, 10.1), (106.4, 10)])
SPOT = shapely.Point(106.25, 10.25)
SINGLES = {"polygon": SQUARE, "line": WIGGLE, "point": SPOT}
MULTI: dict[str, Callable[[Any], Any]] = {
    "polygon": lambda shape: shapely.MultiPolygon([shape]),
    "line": lambda shape: shapely.MultiLineString([shape]),
    "point": lambda shape: shapely.MultiPoint([shape]),
}


def layer_of(geometry: str) -> Layer:
    return SITES.model_copy(update={"geometry": geometry, "storage_crs": 4326})


def write(shape: Any) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, 4326), hex=True, include_srid=True)).lower()


@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize("prefix", ["", "multi"])
@pytest.mark.parametrize("kind", ["polygon", "line", "point"])
def test_every_spelling_of_a_shape_is_stored_alike(kind: str, prefix: str, is_own: bool) -> None:
    single = SINGLES[kind]
    multi = MULTI[kind](single)
    high = shapely.force_3d(single, 7.0)
    spellings = [
        shapely.to_wkb(single),
        shapely.to_wkb(multi),
        shapely.to_wkb(single, byte_order=0),
        shapely.to_wkb(high, output_dimension=3),
    ]
    ready, kept = ShapeReader(layer_of(prefix + kind), 4326).read(Shapes(spellings, is_own=is_own))
    assert {str(text).lower() for text in ready.to_pylist()} == {write(multi if prefix else single)}
    assert kept.null_count == len(spellings)


def test_shapes_of_another_kind_invalid_empty_or_unreadable_ones_are_left_to_the_stage() -> None:
    bow = shapely.Polygon([(106, 10), (107, 11), (107, 10), (106, 11)])
    given = [shapely.to_wkb(shape) for shape in (WIGGLE, bow, shapely.Polygon(), SQUARE)]
    ready, kept = ShapeReader(layer_of("multipolygon"), 4326).read(Shapes([*given, b"", None], is_own=True))
    assert ready.is_valid().to_pylist() == [False, False, False, True, False, False]
    assert kept.to_pylist() == [f"\\x{given[0].hex()}", f"\\x{given[1].hex()}", f"\\x{given[2].hex()}", None, "\\x", None]


def test_nothing_hidden_behind_a_foreign_shape_reaches_the_database() -> None:
    ready, _ = ShapeReader(layer_of("polygon"), 4326).read(Shapes([shapely.to_wkb(SQUARE) + b"behind it"]))
    assert ready.to_pylist()[0].lower() == write(SQUARE)


def test_a_layer_of_any_kind_takes_every_flat_shape() -> None:
    mixed = [SQUARE, WIGGLE, SPOT, shapely.MultiPoint([SPOT]), shapely.GeometryCollection([SPOT, WIGGLE])]
    ready, _ = ShapeReader(layer_of("any"), 4326).read(Shapes(shapely.to_wkb(numpy.array(mixed)).tolist(), is_own=True))
    assert [text.lower() for text in ready.to_pylist()] == [write(shape) for shape in mixed]
