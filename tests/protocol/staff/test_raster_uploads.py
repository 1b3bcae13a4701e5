# SPDX-License-Identifier: MIT
"""Rasters handed in on a page: planned without writing, loaded by whom may publish, reported; what is no raster gets words."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import rasterio
from rasterio.transform import from_origin

from server.access import Identity, require_load
from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.errors import AccessDenied
from tests.editing_province import make_editing_catalog, open_province
from tests.protocol.staff.conftest import Staff

People = Callable[[str], Staff]
_TEXT = {"vi": "Thử", "en": "Test"}


def _layer(name: str, raster: dict[str, object]) -> Layer:
    base = {"id": name, "group": "g", "title": _TEXT, "abstract": _TEXT, "geometry": "raster", "storage_crs": 4326}
    return Layer.model_validate({**base, "raster": raster, "source": {**_TEXT, "licence": "MIT"}})


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """The editing province with a raster layer (`depth`) and one that changes in time (`bloom`); 1 MB and 100 000 pixels at most."""
    catalog = make_editing_catalog()
    layers = {layer.id: layer for layer in (_layer("depth", {}), _layer("bloom", {"series": True}))}
    uploads = settings.uploads.model_copy(update={"max_bytes": 1_000_000, "max_per_account": 100, "raster_pixels": 100_000})
    patient = settings.limits.model_copy(update={"address_failures": 100_000})
    chosen = settings.model_copy(update={"uploads": uploads, "limits": patient})
    return open_province(database, chosen, replace(catalog, layers={**catalog.layers, **layers}))


def tiff(west: float = 105, value: int = 7, crs: str | None = "EPSG:4326", side: int = 20) -> bytes:
    """A GeoTIFF of 2 degrees (or of `side` tenths) whose upper left pixel has no data."""
    pixels = numpy.full((side, side), value, "uint8")
    pixels[0, 0] = 255
    with rasterio.MemoryFile() as memory:
        options = {"driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "uint8", "nodata": 255, "compress": "deflate"}
        with memory.open(crs=crs, transform=from_origin(west, 11, 0.1, 0.1), **options) as out:
            out.write(pixels, 1)
        return bytes(memory.read())


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def raster_file(context: Context, name: str) -> Path:
    return context.settings.var / "rasters" / name


def load(somebody: Staff, address: str) -> str:
    assert somebody.post(f"{address}/nap-vao", plan=somebody.plan_of(address)).status_code == 303
    somebody.work(address, "load")
    return somebody.get(address).text


def test_a_raster_is_planned_loaded_and_reported(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    form = somebody.get("/can-bo/nap").text
    assert '<option value="depth">' in form
    assert ".tiff" in form
    raster_file(context, "depth.tif").unlink(missing_ok=True)
    address = somebody.upload("depth", "độ sâu.tif", tiff())
    page = somebody.get(address).text
    for words in ("20 × 20", "0,1 × 0,1", "uint8", "255", "7 … 7", "EPSG:4326", "105; 9; 107; 11", "Nạp 1 ảnh", "không hoàn tác được"):
        assert words in page, words
    assert "20 × 20" in somebody.get(f"{address}?lang=en").text
    assert not raster_file(context, "depth.tif").exists(), "a plan writes nothing"
    (footprint,) = json.loads(somebody.get(f"{address}/xem-truoc.json").data)["features"]
    assert footprint["geometry"]["coordinates"][0][2] == [107, 11]
    assert footprint["properties"]["text_vi"] == "độ sâu.tif"
    page = load(somebody, address)
    assert "Đã nạp" in page
    assert "Hoàn tác lần nạp" not in page
    with rasterio.open(raster_file(context, "depth.tif")) as stored:
        assert stored.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    report = json.loads(somebody.get(f"{address}/tep/report.json").data)
    assert (report["source"], report["rasters"][0]["maximum"], report["rasters"][0]["nodata"]) == ("độ sâu.tif", 7, "255")
    assert "độ sâu.tif" in somebody.get(f"{address}/tep/report.html").text
    undo = somebody.post(f"{address}/hoan-tac")
    assert undo.status_code == 400
    assert "hãy nạp lại tệp trước đó" in undo.text
    assert somebody.get(f"{address}/hoan-tac").status_code == 303


def test_tiles_in_a_zip_are_one_raster(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    leftovers = {"__MACOSX/._1.tif": b"x", "mảnh/1.tif.aux.xml": b"<", "mảnh/readme.txt": b"x"}
    tiles = zip_of({"mảnh/1.tif": tiff(105), "mảnh/2.TIF": tiff(107, 9), **leftovers})
    address = somebody.upload("depth", "mảnh.zip", tiles)
    page = somebody.get(address).text
    assert "40 × 20" in page
    assert "2 mảnh, 0.0% không có mảnh nào" in page
    assert "Đã nạp" in load(somebody, address)
    with rasterio.open(raster_file(context, "depth.tif")) as stored:
        assert (stored.width, stored.read(1)[5, 30]) == (40, 9)


def test_days_in_a_zip_join_those_that_are_there(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    address = somebody.upload("bloom", "hai ngày.zip", zip_of({"b_2024-03-05.tif": tiff(), "b_2024-03-10.tif": tiff(value=8)}))
    assert "Nạp 2 ảnh" in somebody.get(address).text
    load(somebody, address)
    second = somebody.upload("bloom", "bloom_20240310.tif", tiff(value=9))
    page = somebody.get(second).text
    assert "thay ảnh cũ của ngày này" in page
    assert "Ảnh của 1 ngày đã có sẽ được thay" in page
    load(somebody, second)
    files = sorted(raster_file(context, "bloom").glob("*.tif"))
    assert [file.name[:10] for file in files] == ["2024-03-05", "2024-03-10"]
    with rasterio.open(files[1]) as stored:
        assert stored.read(1)[5, 5] == 9
    assert not list(raster_file(context, ".incoming").iterdir())


def test_a_coordinate_system_that_is_missing_can_be_said(staff: People) -> None:
    somebody = staff("duyet")
    grid = "ncols 4\nnrows 4\nxllcorner 105\nyllcorner 10\ncellsize 0.1\nNODATA_value -9999\n" + "1 2 3 4\n" * 4
    address = somebody.upload("depth", "dem.asc", grid)
    page = somebody.get(address).text
    assert "thiếu hệ toạ độ" in page
    assert "--crs" not in page
    assert somebody.post(f"{address}/ke-hoach", plan="1", crs="9210").status_code == 303
    somebody.work(address, "plan")
    assert "hệ toạ độ có đúng không?" in somebody.get(address).text, "degrees are no metres of VN-2000"
    somebody.post(f"{address}/ke-hoach", plan="2", crs="4326")
    somebody.work(address, "plan")
    page = somebody.get(address).text
    assert "4 × 4" in page
    assert "hệ toạ độ có đúng không?" not in page


def huge() -> bytes:
    """A small GeoTIFF that says it has 60 000 x 60 000 pixels."""
    return (
        tiff()
        .replace(b"\x00\x01\x03\x00\x01\x00\x00\x00\x14\x00", b"\x00\x01\x04\x00\x01\x00\x00\x00\x60\xea", 1)
        .replace(b"\x01\x01\x03\x00\x01\x00\x00\x00\x14\x00", b"\x01\x01\x04\x00\x01\x00\x00\x00\x60\xea", 1)
    )


@pytest.mark.parametrize(
    ("layer", "name", "content", "words"),
    [
        ("depth", "là zip.tif", zip_of({"a": b"x"}), "là zip.tif là tệp nén ZIP"),
        ("depth", "cụt.tif", tiff()[:100], "GeoTIFF"),
        ("depth", "nửa.tif", tiff(side=200)[:-60], "GeoTIFF"),
        ("depth", "to.tif", huge(), "60000 x 60000 điểm ảnh, nhiều hơn"),
        ("depth", "nhiều.tif", tiff(side=400, west=100), "160000 điểm ảnh"),
        ("depth", "rác.tif", b"\0" * 4000, "GeoTIFF"),
        ("depth", "ảnh.zip", zip_of({"readme.txt": b"x"}), "không có tệp GeoTIFF hoặc ASC nào"),
        ("depth", "hai.zip", zip_of({"a/1.tif": tiff(), "b/2.tif": tiff()}), "nhiều thư mục"),
        ("depth", "lệch.zip", zip_of({"1.tif": tiff(105), "2.tif": tiff(107.03)}), "lệch lưới"),
        ("depth", "ra.zip", zip_of({"../../evil.tif": tiff()}), "trỏ ra ngoài"),
        ("depth", "bom.zip", zip_of({"a.tif": b"\0" * 60_000_000}), "giải nén ra quá nhiều"),
        ("depth", "hỏng.zip", zip_of({"a.tif": tiff()})[:-9], "không đọc được"),
        ("depth", "ảo.tif", b"<VRTDataset rasterXSize='1' rasterYSize='1'></VRTDataset>", "GeoTIFF"),
        ("bloom", "không ngày.tif", tiff(), "không cho biết ngày"),
    ],
)
def test_what_is_no_raster_is_refused_in_words(layer: str, name: str, content: bytes, words: str, staff: People, context: Context) -> None:
    somebody = staff("duyet")
    before = sorted(raster_file(context, "").rglob("*.tif"))
    address = somebody.upload(layer, name, content)
    page = somebody.get(address).text
    assert "Chưa nạp được" in page
    assert words in page.partition('role="alert">')[2].partition("</p>")[0]
    assert "Máy chủ gặp lỗi" not in page
    assert somebody.post(f"{address}/nap-vao", plan="1").status_code == 409
    assert sorted(raster_file(context, "").rglob("*.tif")) == before


def test_a_raster_without_a_place_is_refused(staff: People) -> None:
    somebody = staff("duyet")
    with warnings.catch_warnings(action="ignore"), rasterio.MemoryFile() as memory:
        with memory.open(driver="GTiff", width=9, height=9, count=1, dtype="uint8") as out:
            out.write(numpy.ones((9, 9), "uint8"), 1)
        address = somebody.upload("depth", "scan.tif", memory.read())
    assert "ảnh chưa có toạ độ" in somebody.get(address).text


def test_only_who_may_publish_loads_rasters_and_each_layer_takes_its_kind(staff: People) -> None:
    editor, reviewer = staff("sua"), staff("duyet")
    assert '<option value="depth">' not in editor.get("/can-bo/nap").text
    answer = editor.send("depth", "a.tif", tiff())
    assert answer.status_code == 400
    assert "Không có quyền sửa" in answer.text
    with pytest.raises(AccessDenied, match="takes the right to review"):
        require_load(Identity("somebody", frozenset({"editor"})), _layer("depth", {}))
    require_load(Identity("somebody", frozenset({"reviewer"})), _layer("depth", {}))
    for layer, name, content in (("depth", "a.csv", b"x"), ("posts", "a.tif", tiff()), ("depth", "a.tif.gz", b"x")):
        answer = reviewer.send(layer, name, content)
        assert answer.status_code == 400, name
        assert "Không nhận loại tệp này" in answer.text


def test_a_load_of_rasters_can_be_called_off(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    before = sorted(raster_file(context, "bloom").glob("*"))
    address = somebody.upload("bloom", "b_2023-01-01.tif", tiff())
    somebody.post(f"{address}/nap-vao", plan="1")
    somebody.post(f"{address}/dung")
    somebody.work(address, "load")
    assert "Đã dừng theo yêu cầu" in somebody.get(address).text
    assert sorted(raster_file(context, "bloom").glob("*")) == before
