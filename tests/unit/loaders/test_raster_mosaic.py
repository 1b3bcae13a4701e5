# SPDX-License-Identifier: MIT
"""A folder of tiles becomes one raster; tiles that do not belong together are refused with the reason in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

from loaders.rasterchild import RasterReader
from server.config import Loading
from server.crs.definitions import find_crs
from server.errors import SourceRefused

SIZE, PIXEL, EMPTY = 64, 0.01, -9999.0
HERE = (find_crs(4326), find_crs(4326))
WHOLE = numpy.arange(SIZE * SIZE * 4, dtype="float32").reshape(2 * SIZE, 2 * SIZE)


def write_tile(folder: Path, column: int, row: int, **options: Any) -> Path:
    """The part of WHOLE that begins at this pixel, 64 pixels wide and high."""
    folder.mkdir(exist_ok=True)
    path = folder / str(options.pop("name", f"tile_{column}_{row}.tif"))
    values = options.pop("values", WHOLE[row : row + SIZE, column : column + SIZE])
    place = options.pop("place", from_origin(105 + column * PIXEL, 11 - row * PIXEL, PIXEL, PIXEL))
    told = {"crs": "EPSG:4326", "nodata": EMPTY, "dtype": "float32", **options}
    with rasterio.open(path, "w", driver="GTiff", width=SIZE, height=SIZE, count=1, transform=place, **told) as out:
        out.write(values.astype(told["dtype"]), 1)
    return path


def test_four_tiles_are_one_raster(tmp_path: Path) -> None:
    for column, row in ((0, 0), (SIZE, 0), (0, SIZE), (SIZE, SIZE)):
        write_tile(tmp_path / "a <&> b", column, row)
    reader = RasterReader(tmp_path / "a <&> b", Loading())
    plan = reader.plan(tmp_path / "a <&> b", 1, None)
    assert (plan.width, plan.height, plan.minimum, plan.maximum) == (2 * SIZE, 2 * SIZE, 0, WHOLE.max())
    assert plan.extent == pytest.approx((105, 11 - 1.28, 106.28, 11))
    assert plan.notes == ("4 tiles, 0.0% of the mosaic without one · 4 mảnh, 0.0% không có mảnh nào",)
    reader.store(tmp_path / "a <&> b", tmp_path / "out" / "dem.tif", HERE)
    with rasterio.open(tmp_path / "out" / "dem.tif") as stored:
        assert (stored.read(1) == WHOLE).all()
        assert stored.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (stored.crs.to_epsg(), stored.nodata) == (4326, EMPTY)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["dem.tif"]


def test_gaps_hold_no_data_and_equal_overlaps_are_fine(tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    write_tile(folder, 0, 0)
    write_tile(folder, SIZE // 2, 0)
    write_tile(folder, SIZE, SIZE)
    reader = RasterReader(folder, Loading())
    plan = reader.plan(folder, 1, None)
    assert "37.5% of the mosaic" in plan.notes[0]
    reader.store(folder, tmp_path / "dem.tif", (HERE[0], find_crs(32648)))
    with rasterio.open(tmp_path / "dem.tif") as stored:
        values = stored.read(1, masked=True)
        assert (stored.crs.to_epsg(), 0.3 < values.mask.mean() < 0.45) == (32648, True)


TURNED = Affine(PIXEL, 0.001, 105 + SIZE * PIXEL, 0.001, -PIXEL, 11)


@pytest.mark.parametrize(
    ("second", "why", "why_vi"),
    [
        ({"crs": "EPSG:9210"}, "is in EPSG:9210", "khác hệ tọa độ"),
        ({"nodata": 0}, "marks no data by 0", "NoData"),
        ({"nodata": None}, "marks no data by nothing", "NoData"),
        ({"dtype": "int16"}, "holds 1 bands of int16", "khác kiểu điểm ảnh"),
        ({"place": from_origin(105 + SIZE * PIXEL, 11, 0.02, 0.02)}, "has pixels of 0.02", "kích thước điểm ảnh"),
        ({"place": from_origin(105.005 + SIZE * PIXEL, 11, PIXEL, PIXEL)}, "does not stand on the grid", "lệch lưới"),
        ({"place": TURNED}, "is turned", "xoay"),
        ({"column": 10, "values": WHOLE[:SIZE, :SIZE] + 1000}, "overlap and differ", "chồng lên nhau"),
        ({"place": from_origin(150, 60, PIXEL, PIXEL), "nodata": EMPTY}, "% of the mosaic", ""),
    ],
)
def test_tiles_that_do_not_fit_are_refused_with_the_reason(tmp_path: Path, second: dict[str, Any], why: str, why_vi: str) -> None:
    folder = tmp_path / "tiles"
    write_tile(folder, 0, 0)
    write_tile(folder, second.pop("column", SIZE), 0, name="tile_z.tif", **second)
    reader = RasterReader(folder, Loading())
    if not why_vi:
        assert why in reader.plan(folder, 1, None).notes[0]
        return
    with pytest.raises(SourceRefused, match=why) as refused:
        reader.plan(folder, 1, None)
    assert why_vi in (refused.value.message_vi or "")


def _gap(folder: Path) -> None:
    write_tile(folder, 0, 0, nodata=None)
    write_tile(folder, SIZE, SIZE, nodata=None)


def _far(folder: Path) -> None:
    write_tile(folder, 0, 0)
    write_tile(folder, 0, 0, name="far.tif", place=from_origin(105 - 90_000 * PIXEL, 11 + 90_000 * PIXEL, PIXEL, PIXEL))


def _broken(folder: Path) -> None:
    write_tile(folder, 0, 0)
    (folder / "tile_y.tif").write_bytes(b"II*\x00 nothing")


def _foreign_vrt(folder: Path) -> None:
    tile = write_tile(folder, 0, 0)
    (folder / "tile_v.tif").write_text(
        f'<VRTDataset rasterXSize="64" rasterYSize="64"><VRTRasterBand dataType="Float32" band="1"><SimpleSource><SourceFilename>{tile}'
        "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    )


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_gap, "leave gaps .50.0%. and have no no-data value"),
        (_far, "(more than 2000000000|outside its own coordinate system)"),
        (_broken, "tile_y.tif is not a readable GeoTIFF"),
        (_foreign_vrt, "tile_v.tif is not a readable GeoTIFF"),
        (lambda folder: folder.mkdir(), "holds no GeoTIFF"),
    ],
)
def test_folders_that_are_no_mosaic_are_refused(tmp_path: Path, make: Callable[[Path], None], why: str) -> None:
    make(tmp_path / "tiles")
    with pytest.raises(SourceRefused, match=why):
        RasterReader(tmp_path / "tiles", Loading()).plan(tmp_path / "tiles", 1, None)
