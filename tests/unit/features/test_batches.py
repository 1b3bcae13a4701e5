# SPDX-License-Identifier: MIT
"""Columns of a batch read as the same values one by one: plain Arrow arrays, coded ones and lists give the same rows and faults."""

from __future__ import annotations

from typing import Any

import pyarrow
import pytest
import shapely

from server.features.batches import BatchReader, Coded, StagedBatch, is_plain_text
from server.features.readyshapes import ShapeReader
from server.features.validate import RowValidator
from tests.db.catalogs import awkward_catalog

CATALOG = awkward_catalog()
SITES = CATALOG.layer("sites")


def read(name: str, column: Any, count: int) -> tuple[bytes, list[tuple[int, str]]]:
    reader = BatchReader(RowValidator(CATALOG, SITES, [name], by_hand=False), SITES, None)
    text, faults = reader.read(StagedBatch(range(1, count + 1), {name: column}))
    return text, [(number, fault.code) for number, fault in faults]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("name", ["plain", "two words", "plain"]),
        ("name", [" blank around ", "đường", None, ""]),
        ("name", ["a\tb", "x\x00y", 'q"uote,', "line\nend"]),
        ("note", ["short", "x" * 21]),
        ("depth", [1.5, 500.0, 500.1, -1.0, None]),
        ("depth", [float("nan"), float("inf"), 2.0]),
        ("depth", [1, 2, 501]),
        ("count", [1, -(2**63), 2**63 - 1, None]),
        ("count", [1.0, 1.5]),
        ("kind", ["auto", "kitchen", "manual"]),
        ("code", ["A1", "a b", None]),
        ("open", [True, False, None]),
        ("installed", ["2020-01-31", "31/01/2020", "1989-12-31"]),
        ("commune", ["28261", None, "no such"]),
    ],
)
def test_arrays_and_codes_are_read_as_lists_are(name: str, values: list[Any]) -> None:
    as_list = read(name, values, len(values))
    array = pyarrow.array(values)
    coded = array.dictionary_encode()
    assert read(name, array, len(values)) == as_list
    assert read(name, Coded(coded.dictionary.to_pylist(), coded.indices), len(values)) == as_list


def test_a_part_of_a_larger_array_is_judged_by_itself() -> None:
    whole = pyarrow.array(["đ", "plain", "text", " x"])
    assert is_plain_text(whole.slice(1, 2))
    assert not is_plain_text(whole)
    assert not is_plain_text(whole.slice(3))
    assert not is_plain_text(pyarrow.array(["toolong"]), 3)


def test_points_and_other_shapes_are_ready_alike() -> None:
    reader, here = ShapeReader(SITES, 9210), (566603.933, 1145735.536)
    plain, far = bytes(shapely.to_wkb(shapely.Point(here))), bytes(shapely.to_wkb(shapely.Point(here[::-1])))
    high = bytes(shapely.to_wkb(shapely.Point(*here, 5.0), output_dimension=3))
    multi = bytes(shapely.to_wkb(shapely.MultiPoint([here])))
    ready, kept = reader.read([plain, plain])
    same, _ = reader.read([plain, high, multi])
    assert ready.null_count == same.null_count == 0
    assert kept.null_count == 2
    assert len({text.lower() for text in (*ready.to_pylist(), *same.to_pylist())}) == 1
    ready, kept = reader.read([far, plain, None, b""])
    assert ready.is_valid().to_pylist() == [False, True, False, False]
    assert kept.to_pylist() == [f"\\x{far.hex()}", None, None, "\\x"]
