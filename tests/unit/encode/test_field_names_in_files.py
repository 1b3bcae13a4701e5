# SPDX-License-Identifier: MIT
"""Fields called like something the format itself has a word for."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from server.catalog.model import Layer
from server.crs.definitions import find_crs
from server.encode.csv import write_head
from server.encode.files.table import Part, describe_table
from server.encode.files.write import write_file
from server.encode.formats import FileFormat

_SUFFIX = {"shapezip": ".zip", "gpkg": ".gpkg", "flatgeobuf": ".fgb", "geoparquet": ".parquet", "xlsx": ".xlsx"}
_WORDS = {"vi": "Chữ", "en": "Word"}


def make_layer(names: tuple[str, ...]) -> Layer:
    """A layer of points with texts of these names."""
    fields = {name: {**_WORDS, "title": name == names[0]} for name in names}
    source = {"vi": "Thử", "en": "Test", "licence": "MIT"}
    whole = {"id": "odd", "group": "g", "title": _WORDS, "abstract": _WORDS, "geometry": "point", "source": source, "fields": fields}
    return Layer.model_validate(whole)


def read_columns(path: Path) -> dict[str, list[object]]:
    """The values of a file by column."""
    if path.suffix == ".parquet":
        return dict(pq.read_table(path).to_pydict())
    if path.suffix == ".xlsx":
        head, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
        return {str(name): [row[column] for row in rows] for column, name in enumerate(head)}
    meta, _, _, columns = pyogrio.raw.read(f"/vsizip/{path}" if path.suffix == ".zip" else path)
    return dict(zip(meta["fields"], (list(column) for column in columns), strict=True))


@pytest.mark.parametrize("file_format", list(_SUFFIX))
@pytest.mark.parametrize("names", [("fid", "fid_"), ("FID",), ("geometry",), ("ogc_fid", "rowid"), ("x", "y"), ("select", "order")])
def test_they_come_back_under_their_names(names: tuple[str, ...], file_format: FileFormat, tmp_path: Path) -> None:
    place = shapely.to_wkb(shapely.Point(105, 10))
    table = describe_table(make_layer(names), None, find_crs(4326))
    path = tmp_path / f"odd{_SUFFIX[file_format]}"
    write_file(file_format, [Part(table, lambda: iter([((7, 8), *[("a", "b")] * len(names), (place, place))]))], path)
    found = read_columns(path)
    assert found["id"] == [7, 8]
    assert all(found[name] == ["a", "b"] for name in names)
    if file_format == "xlsx":
        assert [found["x_" if "x" in names else "x"], found["y_" if "y" in names else "y"]] == [[105, 105], [10, 10]]


def test_csv_names_the_place_apart_from_a_field_of_that_name() -> None:
    assert write_head(make_layer(("geometry", "name")), bom=False) == b"id,geometry,name,geometry_\r\n"
    assert write_head(make_layer(("name",)), bom=False) == b"id,name,geometry\r\n"
