# SPDX-License-Identifier: MIT
"""GetFeatureInfo and dimensions of WMTS: the answers of WMS at the place of a tile."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from server.crs.definitions import WGS84
from server.crs.extent import Extent
from server.crs.transform import transform_extent, transform_point
from server.tiles.desk import build_desk
from tests.protocol.tiles.conftest import Tiled
from tests.protocol.tiles.test_exactness import WELLS

_OWS = "{http://www.opengis.net/ows/1.1}"
# Sets with a level of which a pixel is some hundred metres: wells stand a kilometre apart.
_SETS = {"WebMercatorQuad": 9, "WebMercatorQuadx2": 8, "WorldCRS84Quad": 9, "VN2000Quad": 6}


def place_of(tiled: Tiled, name: str, lon: float, lat: float) -> tuple[str, int, int, int, int]:
    """Id of the set, column and row of the tile of a place, and its pixel there."""
    desk = build_desk(tiled.context, tiled.renderer)
    found = next(one for one in desk.sets.values() if one.id == name or (name == "VN2000Quad" and one.id.startswith(name)))
    x, y = (lon, lat) if found.crs.kind == "geographic" else transform_point(lon, lat, WGS84, found.crs)
    side = found.side(_SETS[name])
    column, row = (x - found.left) / side, (found.top - y) / side
    return found.id, int(column), int(row), int(column % 1 * found.tile_size), int(row % 1 * found.tile_size)


@pytest.mark.parametrize("name", _SETS)
def test_the_feature_under_a_pixel_is_found_in_every_set_by_both_ways(tiled: Tiled, name: str) -> None:
    matrix_set, column, row, i, j = place_of(tiled, name, 105.31, 9.9)
    ask = (
        f"/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=wells&STYLE=&FORMAT=image/png&TILEMATRIXSET={matrix_set}"
        f"&TILEMATRIX={_SETS[name]}&TILEROW={row}&TILECOL={column}&I={i}&J={j}&INFOFORMAT=application/json"
    )
    answer = tiled.get(ask)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["features"], "a well stands there"
    other = tiled.get(f"/wmts/1.0.0/wells/default/{matrix_set}/{_SETS[name]}/{row}/{column}/{j}/{i}.json")
    assert other.data == answer.data
    assert tiled.get(ask.replace("/json", "/geo+json")).data == answer.data, "a plus sign nobody escaped"


@pytest.mark.parametrize(
    ("change", "code", "locator"),
    [
        ("I=256", "PointIJOutOfRange", "I"),
        ("J=-1", "PointIJOutOfRange", "J"),
        ("I=x", "InvalidParameterValue", "I"),
        ("INFOFORMAT=image/png", "InvalidParameterValue", "INFOFORMAT"),
        ("LAYER=nothing", "InvalidParameterValue", "LAYER"),
        ("LAYER=basemap", "InvalidParameterValue", "LAYER"),
        ("TILEROW=9999", "TileOutOfRange", "TileRow"),
        ("TIME=yesterday", "InvalidParameterValue", "TIME"),
        ("I=", "MissingParameterValue", "I"),
    ],
)
def test_what_is_wrong_is_a_report(tiled: Tiled, change: str, code: str, locator: str) -> None:
    given = dict(
        SERVICE="WMTS", VERSION="1.0.0", REQUEST="GetFeatureInfo", LAYER="wells", STYLE="", FORMAT="image/png",
        TILEMATRIXSET="WebMercatorQuad", TILEMATRIX="9", TILEROW="241", TILECOL="405", I="5", J="5", INFOFORMAT="text/plain",
    )  # fmt: skip
    name, _, value = change.partition("=")
    answer = tiled.get("/wmts?" + "&".join(f"{one}={text}" for one, text in {**given, name: value}.items()))
    exception = next(ElementTree.fromstring(answer.data).iter(f"{_OWS}Exception"))
    assert (answer.status_code, exception.get("exceptionCode"), exception.get("locator")) == (400, code, locator)


def test_a_tile_shows_the_time_asked_for(tiled: Tiled) -> None:
    tile = "/wmts/1.0.0/wells/default/WebMercatorQuad/9/241/405.png"
    always, never = tiled.get(tile), tiled.get(f"{tile}?TIME=1990-01-01")
    assert always.data == tiled.get(WELLS).data == tiled.get(f"{tile}?time=default").data
    assert (never.status_code, never.content_type) == (200, "image/png")
    assert len(never.data) < len(always.data), "no well was there then"
    assert tiled.get(f"{tile}?TIME=1990-01-01", If_None_Match=never.headers["ETag"]).status_code == 304


def test_capabilities_name_the_time_and_the_formats_of_answers(tiled: Tiled) -> None:
    document = ElementTree.fromstring(tiled.get("/wmts/1.0.0/WMTSCapabilities.xml").data)
    space = "{http://www.opengis.net/wmts/1.0}"
    layer = next(one for one in document.iter(f"{space}Layer") if one.findtext(f"{_OWS}Identifier") == "wells")
    assert "application/json" in [one.text for one in layer.iterfind(f"{space}InfoFormat")]
    assert layer.findtext(f"{space}Dimension/{_OWS}Identifier") == "Time"
    assert "FeatureInfo" in [one.get("resourceType") for one in layer.iterfind(f"{space}ResourceURL")]
    templates = [one.get("template") or "" for one in layer.iterfind(f"{space}ResourceURL")]
    assert templates
    assert all("/wells/{Style}/{Time}/{TileMatrixSet}/" in template for template in templates)
    values = [one.text for one in layer.iterfind(f"{space}Dimension/{space}Value")]
    assert values[:2] == ["default", "current"]
    assert "--" in (values[2] or "")


def test_a_rest_address_names_the_time(tiled: Tiled) -> None:
    start, tile = "/wmts/1.0.0/wells/default", "WebMercatorQuad/9/241/405"
    plain = tiled.get(f"{start}/{tile}.png").data
    assert tiled.get(f"{start}/default/{tile}.png").data == plain
    assert tiled.get(f"{start}/%7BTime%7D/{tile}.png").data == plain, "clients that know no dimensions leave the name as it stands"
    assert tiled.get(f"{start}/1990-01-01/{tile}.png").data == tiled.get(f"{start}/{tile}.png?TIME=1990-01-01").data != plain
    period = tiled.get(f"{start}/2020-01-01--2020-12-31/{tile}.png")
    assert (period.status_code, period.data) == (200, tiled.get(f"{start}/{tile}.png?TIME=2020-01-01/2020-12-31").data)
    assert tiled.get(f"{start}/current/{tile}.png").status_code == 200
    assert tiled.get(f"{start}/yesterday/{tile}.png").status_code == 400
    info = tiled.get(f"{start}/1990-01-01/{tile}/5/5.json")
    assert (info.status_code, info.get_json()["features"]) == (200, [])


@pytest.mark.parametrize("place", ["WebMercatorQuad/9/241/405", "WorldCRS84Quad/8/113/405"])
def test_tiles_of_a_time_are_kept_in_every_set(tiled: Tiled, place: str) -> None:
    address = f"/wmts/1.0.0/wells/default/{place}.png?TIME=2020-01-01/.."
    first = tiled.get(address)
    assert first.status_code == 200, first.text
    drawn = tiled.renderer.drawn
    assert tiled.get(address).data == first.data
    assert tiled.renderer.drawn == drawn


def test_tiles_of_a_time_are_kept_in_the_zone_of_the_province(tiled: Tiled) -> None:
    name = next(name for name in tiled.desk.sets if name.startswith("VN2000"))
    place = transform_extent(Extent(105.3, 10.0, 105.5, 10.2, WGS84), tiled.desk.sets[name].crs)
    found = tiled.desk.sets[name].cover(8, place) if place else None
    assert found is not None
    address = f"/wmts/1.0.0/wells/default/{name}/8/{found.first_row}/{found.first_column}.png?TIME=2020-01-01/.."
    first = tiled.get(address)
    assert first.status_code == 200, first.text
    drawn = tiled.renderer.drawn
    assert tiled.get(address).data == first.data
    assert tiled.renderer.drawn == drawn
