# SPDX-License-Identifier: MIT
"""GetMap: formats, transparency, sizes, groups, time, labels for caches, errors as pictures."""

from __future__ import annotations

import mapnik
import pytest

from tests.protocol.wms.conftest import Wms, read_exception

SEA = "12500000,1100000,12520000,1120000"


@pytest.mark.parametrize(
    ("asked", "answered", "magic"),
    [
        ("image/png", "image/png", b"\x89PNG"),
        ("IMAGE/PNG", "image/png", b"\x89PNG"),
        ("image/png; mode=8bit", "image/png", b"\x89PNG"),
        ("image/png8", "image/png", b"\x89PNG"),
        ("image/jpeg", "image/jpeg", b"\xff\xd8\xff"),
        ("image/webp", "image/webp", b"RIFF"),
    ],
)
def test_every_format_is_what_it_says_in_the_size_asked_for(wms: Wms, asked: str, answered: str, magic: bytes) -> None:
    answer = wms.map(FORMAT=asked, WIDTH=123, HEIGHT=77)
    assert (answer.status_code, answer.mimetype) == (200, answered)
    assert answer.data.startswith(magic)
    image = mapnik.Image.from_string(answer.data)
    assert (image.width(), image.height()) == (123, 77)


def test_an_8_bit_map_has_a_palette(wms: Wms) -> None:
    assert wms.map(FORMAT="image/png; mode=8bit").data[25] == 3
    assert wms.map(FORMAT="image/png").data[25] == 2
    assert wms.map(FORMAT="image/png", TRANSPARENT="TRUE").data[25] == 6


def test_the_background_has_the_colour_asked_for_or_none(wms: Wms) -> None:
    assert wms.picture(BBOX=SEA).get_pixel_color(5, 5) == mapnik.Color("#ffffff")
    assert wms.picture(BBOX=SEA, BGCOLOR="0xCFE4EE").get_pixel_color(5, 5) == mapnik.Color("#cfe4ee")
    assert wms.picture(BBOX=SEA, TRANSPARENT="TRUE").get_pixel_color(5, 5).a == 0


def test_layers_are_painted_in_the_order_named(wms: Wms) -> None:
    land_last = wms.picture(LAYERS="stations,communes", STYLES=",communes_base", BBOX="11777000,1150000,11787000,1160000")
    land_first = wms.picture(LAYERS="communes,stations", STYLES="communes_base,", BBOX="11777000,1150000,11787000,1160000")
    assert land_last.to_string() != wms.picture(LAYERS="stations").to_string()
    assert land_first.get_pixel_color(2, 2) == land_last.get_pixel_color(2, 2)


def test_shapes_and_labels_come_apart_and_make_the_whole_together(wms: Wms) -> None:
    asked = {"LAYERS": "communes,places", "STYLES": "communes_base,", "TRANSPARENT": "TRUE", "BBOX": "11777000,1150000,11837000,1180000"}
    shapes, labels, whole = (wms.picture(PARTS=parts, **asked) for parts in ("shapes", "LABELS", ""))
    shapes.composite(labels)
    assert shapes.compare(whole, 16) < shapes.width() * shapes.height() * 0.002
    assert labels.compare(whole, 16) > 1000
    assert read_exception(wms.map(PARTS="names"))[1] == "PARTS"


def test_names_keep_clear_of_unseen_symbols(wms: Wms) -> None:
    asked = {"TRANSPARENT": "TRUE", "BBOX": "11830000,1155000,11860000,1175000", "PARTS": "LABELS"}
    names = wms.picture(LAYERS="places", STYLES="", **asked)
    clear = wms.picture(LAYERS="places,stations", STYLES=",", UNSEEN="stations", **asked)
    badges = wms.picture(LAYERS="stations", STYLES="", **asked)
    assert overlap(names, badges) > 20
    assert overlap(clear, badges) == 0
    assert not clear.is_solid()
    assert read_exception(wms.map(UNSEEN="communes"))[1] == "UNSEEN"


def overlap(one: mapnik.Image, other: mapnik.Image) -> int:
    """How many pixels are well covered in both pictures."""
    covered = [image.to_string()[3::4] for image in (one, other)]
    return sum(1 for first, second in zip(*covered, strict=True) if first > 128 and second > 128)


def test_a_group_is_all_of_its_layers(wms: Wms) -> None:
    group = wms.picture(LAYERS="quality", TRANSPARENT="TRUE")
    layers = wms.picture(LAYERS="incident_risk_sources,stations", STYLES=",", TRANSPARENT="TRUE")
    assert group.to_string() == layers.to_string()


def test_another_style_is_another_picture(wms: Wms) -> None:
    pictures = {wms.map(STYLES=style).data for style in ("", "stations_wqi_safe", "stations")}
    assert len(pictures) == 3
    assert wms.map(STYLES="default").data == wms.map(STYLES="stations_wqi").data == wms.map(STYLES="-").data


def test_a_map_may_be_stretched(wms: Wms) -> None:
    image = wms.picture(LAYERS="provinces", STYLES="provinces_base", BBOX="11000000,900000,13200000,2800000", WIDTH=50, HEIGHT=200)
    column = [image.get_pixel_color(16, row) != mapnik.Color("#ffffff") for row in range(200)]
    assert sum(column) > 80


def test_time_narrows_the_stations_and_objects_of_the_past_come_back(wms: Wms) -> None:
    everything = wms.map(TRANSPARENT="TRUE").data
    assert wms.map(TRANSPARENT="TRUE", TIME="2021").data != everything
    assert wms.map(TRANSPARENT="TRUE", TIME="2000-01-01/2030-01-01").data != wms.map(TRANSPARENT="TRUE", TIME="1990-05-05").data
    assert wms.picture(TRANSPARENT="TRUE", TIME="1990-05-05").is_solid()
    now = wms.map(LAYERS="communes", TRANSPARENT="TRUE").data
    assert wms.map(LAYERS="communes", TRANSPARENT="TRUE", TIME="2025-08-01").data == now
    assert wms.picture(LAYERS="communes", TRANSPARENT="TRUE", TIME="2024-08-01").is_solid()


def test_a_map_beyond_the_edge_of_the_world_is_blank(wms: Wms) -> None:
    assert wms.picture(BBOX="90000000,90000000,90001000,90001000").is_solid()
    assert wms.picture(CRS="EPSG:4326", BBOX="100,10,110,20").is_solid()


def test_desktop_clients_that_name_their_resolution_get_larger_symbols(wms: Wms) -> None:
    plain, usual = wms.map(), wms.map(DPI=96, MAP_RESOLUTION=96, FORMAT_OPTIONS="dpi:96")
    assert plain.data == usual.data
    fine = wms.picture(DPI=192, WIDTH=600, HEIGHT=350, TRANSPARENT="TRUE")
    coarse = wms.picture(WIDTH=600, HEIGHT=350, TRANSPARENT="TRUE")
    assert sum(map(bool, fine.to_string()[3::4])) > 1.5 * sum(map(bool, coarse.to_string()[3::4]))


def test_a_picture_that_still_holds_is_not_drawn_again(wms: Wms) -> None:
    first = wms.map()
    query = "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=stations&STYLES=&CRS=EPSG:3857&FORMAT=image/png"
    address = f"/wms?{query}&BBOX=11740000,1145000,11860000,1215000&WIDTH=300&HEIGHT=175"
    again = wms.client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = wms.client.get(address.replace("stations", "provinces"), headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_errors_come_as_pictures_where_the_client_wants_that(wms: Wms) -> None:
    written = wms.map(LAYERS="nowhere", EXCEPTIONS="INIMAGE")
    red = mapnik.Image.from_string(wms.map(LAYERS="nowhere", EXCEPTIONS="BLANK", BGCOLOR="0xFF0000").data)
    assert red.get_pixel_color(10, 10) == mapnik.Color("#ff0000")
    blank = wms.map(LAYERS="nowhere", EXCEPTIONS="BLANK", TRANSPARENT="TRUE")
    assert (written.status_code, written.mimetype, blank.mimetype) == (200, "image/png", "image/png")
    assert not mapnik.Image.from_string(written.data).is_solid()
    assert mapnik.Image.from_string(blank.data).get_pixel_color(9, 9).a == 0
    assert read_exception(wms.map(LAYERS="nowhere"))[0] == "LayerNotDefined"


def test_a_raster_layer_shows_land_and_water(wms: Wms) -> None:
    image = wms.picture(LAYERS="landmask", BBOX="11500000,1000000,12100000,1350000")
    colours = {image.get_pixel_color(x, y).to_hex_string() for x in range(0, 300, 10) for y in range(0, 175, 10)}
    assert len(colours) == 2
