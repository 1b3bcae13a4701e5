# SPDX-License-Identifier: MIT
"""What the loaders make of real files: rows, geometry, encoding and coordinate system, letter for letter where the truth is known."""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
import shapely

from loaders.repair import find_invalid
from loaders.source import SourceOptions, open_source
from server.crs.definitions import find_crs
from server.crs.transform import transform_points

_METRES_OF_A_DEGREE = 111_000


@pytest.mark.parametrize(
    ("name", "raw", "encoding", "code", "lost"),
    [
        ("danang_xa_tcvn3_tm3_107_45", "da_nang", "tcvn3", 5899, 1),
        ("gialai_xa_vni_tm3_108_30", "gia_lai", "vni", 9218, 0),
        ("langson_xa_cp1258_tm3_107_15", "lang_son", "cp1258", 9215, 0),
    ],
)
def test_legacy_tables_read_as_their_truth_and_lie_where_they_should(
    files: Path, name: str, raw: str, encoding: str, code: int, lost: int
) -> None:
    path = files / "derived" / f"{name}.zip"
    source = open_source(path, SourceOptions())
    rows = list(source.rows())
    assert source.info.crs == find_crs(code)
    assert {source.info.encodings[field][0] for field in ("TEN_XA", "TEN_TINH", "SAPNHAP")} == {encoding}
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"{name}_truth_utf8.csv").decode("utf-8-sig")
    truth = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(truth)
    assert [row.values["TEN_XA"] for row in rows] == [row["TEN_XA"] for row in truth]
    assert [row.values["TEN_TINH"] for row in rows] == [row["TEN_TINH"] for row in truth]
    read = [(row.values["SAPNHAP"], unicodedata.normalize("NFC", told["SAPNHAP"])) for row, told in zip(rows, truth, strict=True)]
    unlike = [found for found, told in read if found != told]
    assert len(unlike) == lost
    assert all("?" in found for found in unlike), "signs the code page does not have came as question marks"
    assert _furthest(files / "admin" / f"vn_wards_2025_raw_{raw}.geojson.gz", [row.wkb for row in rows if row.wkb], code) < 2


def _furthest(raw: Path, shapes: list[bytes], code: int) -> float:
    """How many metres the vertices of the shapes lie from the borders they were made of, at most."""
    borders = [shapely.boundary(shapely.from_wkb(row.wkb)) for row in open_source(raw, SourceOptions()).rows()]
    vertices = [shapely.get_coordinates(shapely.from_wkb(shape))[0] for shape in shapes]
    lons, lats = transform_points([v[0] for v in vertices], [v[1] for v in vertices], find_crs(code), find_crs(4326))
    _, distances = shapely.STRtree(borders).query_nearest(shapely.points(lons, lats), return_distance=True, all_matches=False)
    return float(distances.max()) * _METRES_OF_A_DEGREE


@pytest.mark.parametrize(
    ("file", "inner", "rows", "missing", "invalid", "crs"),
    [
        ("shp_vn/bentre_thuaduc_comokit.zip", "giaothong_region", 67, 0, 0, 32648),
        ("shp_vn/hanoi_hoankiem_air.zip", "HKA_maquette - buildings - editable", 2681, 2673, 0, 32648),
        ("shp_vn/hanoi_hoankiem_air.zip", "road_pollution_grid", 3154, 0, 14, 32648),
        ("shp_vn/hanoi_hoankiem_air.zip", "macos_zip_leftovers/admin.shp", 53, 0, 0, 32648),
        ("shp_vn/vinhphuc_melinh_comokit.zip", "sonloi_no_dbf/buildings.shp", 3080, 0, 2, 3857),
        ("shp_vn/hanoi_redriver_flood_gama.zip", "Dykes", 90, 0, 0, None),
        ("shp_dirty/mapshaper_testdata.zip", "shapefile/polygons.shp", 3, 0, 0, None),
        ("shp_dirty/mapshaper_testdata.zip", "shapefile/shplib/csah.shp", 124, 24, 1, None),
        ("shp_dirty/pyshp_samples.zip", "corrupt_too_long", 10, 0, 0, None),
        ("shp_dirty/rsf_samples.zip", "storms_xyzm", 71, 0, 0, None),
        ("shp_dirty/qgis_testdata.zip", "geometry_checker/follow_ref.shp", 132, 0, 0, None),
    ],
)
def test_a_file_gives_so_many_rows_and_shapes(
    files: Path, file: str, inner: str, rows: int, missing: int, invalid: int, crs: int | None
) -> None:
    source = open_source(files / file, SourceOptions(layer=inner))
    found = list(source.rows())
    assert (len(found), sum(not row.wkb for row in found)) == (rows, missing)
    assert find_invalid(source.batches(())).invalid == invalid
    assert (source.info.crs.code if source.info.crs else None) == crs


def test_dykes_on_a_home_made_zone_are_told_to_lack_the_datum_shift(files: Path) -> None:
    source = open_source(files / "shp_vn/hanoi_redriver_flood_gama.zip", SourceOptions(layer="Dykes"))
    assert any("225 m" in note for note in source.info.notes)
