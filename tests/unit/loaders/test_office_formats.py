# SPDX-License-Identifier: MIT
"""Each format offices hand over gives the same points, and archives are opened as people pack them."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pyarrow
import pyarrow.parquet
import pyogrio
import pytest
import shapely

from loaders.source import SourceOptions, open_source
from server.config import Loading
from server.errors import SourceRefused

NAMES = ["Cầu Quan", "Gò Công"]
POINTS = [(105.68, 9.3), (106.67, 10.36)]


def write(path: Path, driver: str, crs: str | None = "EPSG:4326", **options: Any) -> Path:
    shapes = numpy.array(shapely.to_wkb(shapely.points(POINTS)), dtype=object)
    names = numpy.array(NAMES, dtype=object)
    pyogrio.raw.write(path, shapes, [names], ["name"], crs=crs, geometry_type="Point", driver=driver, **options)
    return path


def read(path: Path, **options: Any) -> tuple[list[Any], list[tuple[float, float]]]:
    rows = list(open_source(path, SourceOptions(**options)).rows())
    places = [shapely.from_wkb(row.wkb) for row in rows if row.wkb]
    return rows, [(round(place.x, 6), round(place.y, 6)) for place in places]


@pytest.mark.parametrize(
    ("name", "driver", "field"),
    [
        ("a.gpkg", "GPKG", "name"),
        ("a.geojson", "GeoJSON", "name"),
        ("a.json", "GeoJSON", "name"),
        ("a.fgb", "FlatGeobuf", "name"),
        ("a.kml", "KML", "Name"),
        ("a.gml", "GML", "name"),
        ("a.tab", "MapInfo File", "name"),
        ("a.mif", "MapInfo File", "name"),
    ],
)
def test_a_format_gdal_reads_gives_its_points_and_texts(tmp_path: Path, name: str, driver: str, field: str) -> None:
    path = write(tmp_path / name, driver, **({"encoding": "UTF-8"} if driver == "MapInfo File" else {}))
    before = sorted(p.name for p in tmp_path.iterdir())
    source = open_source(path, SourceOptions())
    assert source.info.crs is not None
    rows, points = read(path)
    # FlatGeobuf keeps its rows in the order of its index
    assert sorted(zip(points, [row.values[field] for row in rows], strict=True)) == list(zip(POINTS, NAMES, strict=True))
    assert sorted(p.name for p in tmp_path.iterdir()) == before, "reading writes nothing beside the file"


def test_a_drawing_carries_no_coordinate_system_and_takes_the_one_said(tmp_path: Path) -> None:
    shapes = numpy.array(shapely.to_wkb(shapely.points(POINTS)), dtype=object)
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.raw.write(tmp_path / "a.dxf", shapes, [], [], crs=None, geometry_type="Point", driver="DXF")
    assert open_source(tmp_path / "a.dxf", SourceOptions()).info.crs is None
    source = open_source(tmp_path / "a.dxf", SourceOptions(crs=4326))
    assert source.info.crs is not None
    assert len(list(source.rows())) == 2


def test_geoparquet_is_read_with_its_geometry_column(tmp_path: Path) -> None:
    table = pyarrow.table({"name": NAMES, "geometry": shapely.to_wkb(shapely.points(POINTS)).tolist()})
    geo = '{"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}}}'
    pyarrow.parquet.write_table(table.replace_schema_metadata({"geo": geo}), tmp_path / "a.parquet")
    rows, points = read(tmp_path / "a.parquet")
    assert (points, [row.values for row in rows]) == (POINTS, [{"name": name} for name in NAMES])


def test_a_packed_kmz_and_a_packed_geojson_read_like_the_plain_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as out:
        out.write(write(tmp_path / "doc.kml", "KML"), "doc.kml")
    (tmp_path / "b.geojson.gz").write_bytes(gzip.compress(write(tmp_path / "b.geojson", "GeoJSON").read_bytes()))
    assert read(tmp_path / "a.kmz")[1] == read(tmp_path / "b.geojson.gz")[1] == POINTS


def test_a_zip_of_several_shapefiles_asks_which_and_takes_the_one_named(tmp_path: Path) -> None:
    for stem in ("Xã", "Tram"):
        write(tmp_path / f"{stem}.shp", "ESRI Shapefile", encoding="UTF-8")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as out:
        for part in tmp_path.glob("*.*"):
            if part.suffix != ".zip":
                out.write(part, f"Dữ liệu/{part.name}")
        out.writestr("__MACOSX/Dữ liệu/._Tram.shp", b"junk")
    with pytest.raises(SourceRefused, match="2 data sets") as caught:
        open_source(tmp_path / "all.zip", SourceOptions())
    assert "Tram.shp" in caught.value.message
    assert "--inner-layer" in (caught.value.message_vi or "")
    assert len(read(tmp_path / "all.zip", layer="tram")[0]) == 2
    assert len(read(tmp_path / "all.zip", layer="Dữ liệu/Xã.shp")[0]) == 2


def test_a_folder_is_read_like_a_zip(tmp_path: Path) -> None:
    folder = tmp_path / "giao nộp"
    (folder / "shp").mkdir(parents=True)
    write(folder / "shp" / "tram.shp", "ESRI Shapefile", encoding="UTF-8")
    assert read(folder)[1] == POINTS


@pytest.mark.parametrize(
    ("missing", "noted"),
    [(".shx", "index (.shx) is missing"), (".dbf", "only geometries"), (".prj", "coordinate system (.prj) is missing")],
)
def test_a_shapefile_without_one_of_its_parts_is_read_and_that_is_said(tmp_path: Path, missing: str, noted: str) -> None:
    path = write(tmp_path / "tram.shp", "ESRI Shapefile", encoding="UTF-8")
    (tmp_path / f"tram{missing}").unlink()
    (tmp_path / "tram.cpg").unlink(missing_ok=True)
    source = open_source(path, SourceOptions())
    assert any(noted in note for note in source.info.notes)
    assert len(list(source.rows())) == 2
    assert not (tmp_path / f"tram{missing}").exists()


def test_parts_whose_names_differ_in_case_belong_together(tmp_path: Path) -> None:
    write(tmp_path / "tram.shp", "ESRI Shapefile", encoding="UTF-8")
    (tmp_path / "tram.dbf").rename(tmp_path / "Tram.DBF")
    (tmp_path / "tram.shp").rename(tmp_path / "TRAM.SHP")
    rows, points = read(tmp_path / "TRAM.SHP")
    assert points == POINTS
    assert rows[0].values["name"] == NAMES[0]


def test_a_projection_file_that_is_no_text_is_survived(tmp_path: Path) -> None:
    path = write(tmp_path / "tram.shp", "ESRI Shapefile", encoding="UTF-8")
    (tmp_path / "tram.prj").write_bytes(b'PROJCS["H\xcd \x00\xff\xfe",')
    assert open_source(path, SourceOptions()).info.crs is None


def test_a_geopackage_of_two_layers_asks_which(tmp_path: Path) -> None:
    write(tmp_path / "a.gpkg", "GPKG", layer="one")
    write(tmp_path / "a.gpkg", "GPKG", layer="two", append=True)
    with pytest.raises(SourceRefused, match="2 layers; say which with --inner-layer: one, two"):
        open_source(tmp_path / "a.gpkg", SourceOptions())
    with pytest.raises(SourceRefused, match="there is no layer 'three'"):
        open_source(tmp_path / "a.gpkg", SourceOptions(layer="three"))
    assert read(tmp_path / "a.gpkg", layer="two")[1] == POINTS


@pytest.mark.parametrize(
    ("name", "reason"),
    [("plan.dwg", "save it as DXF"), ("old.xls", "save it as .xlsx"), ("what.bin", "no data set"), ("a.mif", "mid is missing")],
)
def test_a_format_that_is_not_read_says_what_to_do(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).write_bytes(b"content")
    with pytest.raises(SourceRefused, match=reason):
        open_source(tmp_path / name, SourceOptions(limits=Loading()))
