# SPDX-License-Identifier: MIT
"""Every format a map can be asked for as, opened by a reader of that format."""

from __future__ import annotations

import re
import zlib
from xml.etree import ElementTree

import pytest
from rasterio.io import MemoryFile

from tests.protocol.wms.conftest import BOX_3857, Wms, read_exception


@pytest.mark.parametrize(
    ("asked", "media_type", "begins"),
    [
        ("image/png", "image/png", b"\x89PNG"),
        ("image/png8", "image/png", b"\x89PNG"),
        ("image/png; mode=8bit", "image/png", b"\x89PNG"),
        ("image/jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ("image/webp", "image/webp", b"RIFF"),
        ("image/geotiff", "image/geotiff", b"II*\0"),
        ("image/tiff; application=geotiff", "image/tiff", b"II*\0"),
        ("application/pdf", "application/pdf", b"%PDF-1."),
        ("image/svg+xml", "image/svg+xml", b"<?xml"),
        ("image/svg xml", "image/svg+xml", b"<?xml"),
    ],
)
def test_the_answer_is_what_was_asked_for(wms: Wms, asked: str, media_type: str, begins: bytes) -> None:
    answer = wms.map(FORMAT=asked)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == media_type
    assert answer.data.startswith(begins)
    capabilities = wms.get(REQUEST="GetCapabilities").text
    assert asked in ("image/png8", "image/tiff; application=geotiff", "image/svg xml") or f"<Format>{asked}</Format>" in capabilities


@pytest.mark.parametrize(("transparent", "bands"), [("TRUE", 4), ("FALSE", 3)])
def test_a_geotiff_lies_where_the_map_lies_and_holds_its_pixels(wms: Wms, transparent: str, bands: int) -> None:
    picture = wms.picture(TRANSPARENT=transparent)
    with MemoryFile(wms.map(FORMAT="image/geotiff", TRANSPARENT=transparent).data) as memory, memory.open() as raster:
        assert raster.crs.to_epsg() == 3857
        assert list(raster.bounds) == [float(number) for number in BOX_3857.split(",")]
        assert (raster.width, raster.height, raster.count) == (300, 175, bands)
        red, green, blue = (int(raster.read(band)[80, 150]) for band in (1, 2, 3))
        pixel = picture.get_pixel(150, 80)
        assert (red, green, blue) == (pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255) or transparent == "TRUE"


def test_a_geotiff_of_degrees_has_longitude_first_whatever_the_request_says(wms: Wms) -> None:
    answer = wms.map(FORMAT="image/geotiff", CRS="EPSG:4326", BBOX="10.2,105.4,10.9,106.6")
    with MemoryFile(answer.data) as memory, memory.open() as raster:
        assert [round(number, 6) for number in raster.bounds] == [105.4, 10.2, 106.6, 10.9]
        assert raster.crs.to_epsg() == 4326


def test_a_document_is_as_large_as_the_map_and_holds_shapes(wms: Wms) -> None:
    root = ElementTree.fromstring(wms.map(FORMAT="image/svg+xml", LAYERS="communes").data)
    assert (root.get("width"), root.get("height")) == ("300", "175")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 50
    streams = re.findall(rb"stream\n(.*?)\nendstream", wms.map(FORMAT="application/pdf").data, re.DOTALL)
    assert any(b"[ 0 0 300 175 ]" in zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")


@pytest.mark.parametrize(
    "wish", [{"DPI": "180"}, {"MAP_RESOLUTION": "180"}, {"FORMAT_OPTIONS": "dpi:180"}, {"FORMAT_OPTIONS": "layout:x;dpi:180"}]
)
def test_every_spelling_of_resolution_gives_one_picture(wms: Wms, wish: dict[str, str]) -> None:
    fine = wms.map(**wish).data
    assert fine == wms.map(DPI="192").data
    assert fine != wms.map().data


@pytest.mark.parametrize(
    "wrong",
    [
        "image/png;<script>",
        "image/png\r\nX-Injected: 1",
        "../../etc/passwd",
        "application/pdf; rm -rf",
        "text/html",
        "png256:e=miniz",
        "postgis",
        "'",
    ],
)
def test_a_format_that_is_none_is_refused_in_plain_words(wms: Wms, wrong: str) -> None:
    answer = wms.map(FORMAT=wrong)
    assert answer.status_code == 400
    assert read_exception(answer)[:2] == ("InvalidFormat", "FORMAT")
    assert "X-Injected" not in answer.headers
    assert "<script>" not in answer.text


def test_a_mistake_of_a_map_that_shall_be_a_document_is_told_as_xml(wms: Wms) -> None:
    answer = wms.map(FORMAT="application/pdf", EXCEPTIONS="INIMAGE", LAYERS="nowhere")
    assert read_exception(answer)[0] == "LayerNotDefined"
