# SPDX-License-Identifier: MIT
"""The GeoTIFF loader checks what a raster claims and stores it cloud-optimised."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
import rasterio
from rasterio.transform import from_origin

from loaders.geotiff import plan_raster, write_cog
from loaders.rasterchild import RasterReader
from server.config import Loading
from server.crs.definitions import Crs, find_crs
from server.crs.transform import transform_point
from server.errors import SourceRefused

UTM, WGS84, VN2000 = find_crs(32648), find_crs(4326), find_crs(9210)
SAME = (WGS84, WGS84)


def write_tiff(path: Path, crs: str | None, transform: rasterio.Affine | None) -> Path:
    data = numpy.arange(300 * 200, dtype="uint16").reshape(200, 300)
    keywords = {"transform": transform} if transform else {}
    with rasterio.open(path, "w", driver="GTiff", width=300, height=200, count=1, dtype="uint16", crs=crs, **keywords) as out:
        out.write(data, 1)
    return path


def test_a_plan_tells_size_extent_and_range(tmp_path: Path) -> None:
    plan = plan_raster(write_tiff(tmp_path / "dem.tif", "EPSG:4326", from_origin(105, 11, 0.01, 0.01)))
    assert (plan.width, plan.height, plan.dtype, plan.crs.code) == (300, 200, "uint16", 4326)
    assert plan.extent == pytest.approx((105, 9, 108, 11))
    assert (plan.minimum, plan.maximum) == (0, 59999)


def test_a_cog_is_tiled_and_replaces_what_was_there(tmp_path: Path) -> None:
    source = write_tiff(tmp_path / "dem.tif", "EPSG:32648", from_origin(500000, 1200000, 30, 30))
    target = tmp_path / "store" / "dem.tif"
    write_cog(source, target, SAME)
    write_cog(source, target, SAME)
    with rasterio.open(target) as stored, rasterio.open(source) as original:
        assert stored.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (stored.read() == original.read()).all()
        assert (stored.tags(1)["STATISTICS_MINIMUM"], stored.tags(1)["STATISTICS_MAXIMUM"]) == ("0", "59999")
    assert [path.name for path in target.parent.iterdir()] == ["dem.tif"]


def test_no_georeference_no_crs_no_tiff_are_refused(tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.tif"
    nonsense.write_bytes(b"II*\x00 not a tiff")
    with pytest.raises(SourceRefused, match="not a readable GeoTIFF"):
        plan_raster(nonsense)
    with pytest.raises(SourceRefused, match="coordinate system"):
        plan_raster(write_tiff(tmp_path / "nocrs.tif", None, from_origin(105, 11, 0.01, 0.01)))
    with pytest.raises(SourceRefused, match="band 2"):
        plan_raster(write_tiff(tmp_path / "one.tif", "EPSG:4326", from_origin(105, 11, 0.01, 0.01)), band=2)


def test_a_picture_without_coordinates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write_tiff(path, None, None)
    with pytest.raises(SourceRefused, match="not georeferenced"):
        plan_raster(path)


def test_damaged_pixels_leave_the_served_file_alone(tmp_path: Path) -> None:
    source = write_tiff(tmp_path / "dem.tif", "EPSG:4326", from_origin(105, 11, 0.01, 0.01))
    target = tmp_path / "served.tif"
    write_cog(source, target, SAME)
    before = target.read_bytes()
    source.write_bytes(source.read_bytes()[:2000])
    with pytest.raises(SourceRefused):
        write_cog(source, target, SAME)
    assert target.read_bytes() == before


def test_a_raster_in_a_vn2000_zone_is_warped_to_the_layer_with_the_legal_shift(tmp_path: Path) -> None:
    lon, lat = 106.36, 10.36
    east, north = transform_point(lon, lat, WGS84, VN2000)
    source = write_tiff(tmp_path / "dem.tif", None, from_origin(east - 1500, north + 1000, 10, 10))
    target = tmp_path / "served.tif"
    write_cog(source, target, (VN2000, WGS84))
    with rasterio.open(source) as original, rasterio.open(target) as stored:
        assert stored.crs.to_epsg() == 4326 or stored.crs.is_geographic
        before = next(original.sample([(east + 5, north - 5)]))[0]
        found = transform_point(east + 5, north - 5, VN2000, WGS84)
        row, column = stored.index(*found)
        near = stored.read(1)[row - 1 : row + 2, column - 1 : column + 2]
        assert before in near


@pytest.mark.parametrize("crs", [SAME, (UTM, WGS84), (UTM, VN2000)])
def test_the_reading_process_plans_and_writes_the_same(tmp_path: Path, crs: tuple[Crs, Crs]) -> None:
    place = from_origin(105, 11, 0.01, 0.01) if crs == SAME else from_origin(500000, 1200000, 30, 30)
    source = write_tiff(tmp_path / "dem.tif", f"EPSG:{crs[0].code}", place)
    reader = RasterReader(source, Loading())
    assert reader.plan(source, 1, None) == plan_raster(source)
    here, there = tmp_path / "a" / "dem.tif", tmp_path / "b" / "dem.tif"
    write_cog(source, here, crs)
    reader.store(source, there, crs)
    with rasterio.open(here) as one, rasterio.open(there) as other:
        assert one.profile == other.profile
        assert (one.read(1) == other.read(1)).all()
    assert [file.name for file in there.parent.iterdir()] == ["dem.tif"]


def test_a_refusal_of_the_reading_process_comes_in_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "dem.tif"
    path.write_bytes(b"II*\x00" + b"\xff" * 200)
    reader = RasterReader(path, Loading())
    with pytest.raises(SourceRefused, match="not a readable GeoTIFF") as caught:
        reader.plan(path, 1, None)
    assert "không phải tệp GeoTIFF" in (caught.value.message_vi or "")
    with pytest.raises(SourceRefused, match="damaged"):
        reader.store(path, tmp_path / "store" / "x.tif", SAME)
    assert list((tmp_path / "store").iterdir()) == []


@pytest.mark.parametrize(("start", "kind"), [(b"PK\x03\x04", "ZIP archive"), (b"%PDF-1.7", "PDF document"), (b"\x1f\x8b\x08", "GZIP")])
def test_a_file_that_only_bears_the_name_of_a_geotiff_is_called_what_it_is(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "dem.tif"
    path.write_bytes(start + b"\x00" * 100)
    with pytest.raises(SourceRefused, match=kind) as caught:
        plan_raster(path)
    assert "không phải GeoTIFF" in (caught.value.message_vi or "")


@pytest.mark.parametrize(
    ("values", "marked", "said"),
    [
        ([1.0, 5.0, -9999.0], None, "-9999 looks like no data, but nothing is marked so"),
        ([1.0, 5.0, -3.4028234663852886e38], -9999.0, "-3.40282e+38 looks like no data, but -9999 is marked so"),
        ([-9999.0, -9999.0, -9999.0], -9999.0, "No pixel has a value"),
        ([1.0, 5.0, -9999.0], -9999.0, None),
        ([0.0, 0.0, 0.0], None, None),
    ],
)
def test_a_plan_names_a_no_data_value_that_is_missing_or_wrong(
    tmp_path: Path, values: list[float], marked: float | None, said: str | None
) -> None:
    place, options = from_origin(105, 11, 0.1, 0.1), {"nodata": marked, "crs": "EPSG:4326", "dtype": "float32"}
    with rasterio.open(tmp_path / "a.tif", "w", driver="GTiff", width=3, height=1, count=1, transform=place, **options) as out:
        out.write(numpy.array([values], dtype="float32"), 1)
    notes = plan_raster(tmp_path / "a.tif").notes
    assert [note.startswith(said or "") for note in notes] == ([True] if said else [])
    assert all(" · " in note for note in notes)


def test_a_raster_that_claims_a_huge_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    options = {"width": 200_000, "height": 200_000, "count": 1, "dtype": "uint8", "sparse_ok": True, "tiled": True, "bigtiff": "yes"}
    with rasterio.open(tmp_path / "huge.tif", "w", driver="GTiff", crs="EPSG:4326", transform=from_origin(105, 11, 1e-6, 1e-6), **options):
        pass
    with pytest.raises(SourceRefused, match="more than 2000000000"):
        RasterReader(tmp_path / "huge.tif", Loading()).plan(tmp_path / "huge.tif", 1, None)
