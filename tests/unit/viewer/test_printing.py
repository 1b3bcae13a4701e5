# SPDX-License-Identifier: MIT
"""The print page's sheet: read from any query, drawn at a true scale."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.config import ROOT, load_settings
from server.crs.provinces import default_zone
from viewer.printing import SHEETS, PrintSheet, grid_of, legends_of, picture_of, read_sheet, scale_bar

CENTRE = (108.0, 16.0)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(load_settings(ROOT / "config.yml"))


def read(catalog: Catalog, *pairs: tuple[str, str]) -> PrintSheet:
    return read_sheet(MultiDict(pairs), catalog, CENTRE, default_zone("82", date(2026, 1, 1)))


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query, keep_blank_values=True).items()}


def test_the_picture_covers_exactly_what_the_scale_says(catalog: Catalog) -> None:
    sheet = read(catalog, ("lon", "106.36"), ("lat", "10.36"), ("scale", "50000"), ("zone", "EPSG:9210"), ("paper", "a3-landscape"))
    query = asked(picture_of(sheet, catalog, "vi"))
    west, south, east, north = map(float, query["BBOX"].split(","))
    assert query["SRS"] == "EPSG:9210"
    assert (round(east - west), round(north - south)) == (350 * 50, 247 * 50)
    assert (round((west + east) / 2), round((south + north) / 2)) == (566604, 1145736)
    assert max(int(query["WIDTH"]), int(query["HEIGHT"])) <= 4096


def test_layers_keep_style_and_filter_and_stand_on_the_base_map(catalog: Catalog) -> None:
    sheet = read(catalog, ("layer", "stations:stations_wqi_safe:wqi > 50"), ("layer", "facilities:no_such_style"))
    query = asked(picture_of(sheet, catalog, "en"))
    assert query["LAYERS"].endswith(",stations,facilities")
    assert query["STYLES"].endswith(",stations_wqi_safe,facilities")
    assert query["CQL_FILTER"].endswith(";wqi > 50;")
    assert query["CQL_FILTER"].count(";") == query["LAYERS"].count(",")
    assert [title for title, _ in legends_of(sheet, "en")] == ["Facilities", "Monitoring stations and points"]


@pytest.mark.parametrize("paper", SHEETS)
def test_every_sheet_fits_one_picture_and_leaves_room_for_the_rest(catalog: Catalog, paper: str) -> None:
    sheet = read(catalog, ("paper", paper))
    query = asked(picture_of(sheet, catalog, "vi"))
    assert max(int(query["WIDTH"]), int(query["HEIGHT"])) <= 4096
    size, side = paper.split("-")
    short, long = {"a4": (210, 297), "a3": (297, 420), "a2": (420, 594), "a1": (594, 841), "a0": (841, 1189)}[size]
    width, height = (long, short) if side == "landscape" else (short, long)
    assert sheet.size[0] <= width - 20
    assert sheet.size[1] <= height - 45
    css = (ROOT / "viewer/frontend/src/style" / f"print-{paper}.css").read_text(encoding="utf-8")
    assert f".map {{ width: {sheet.size[0]}mm; height: {sheet.size[1]}mm; }}" in css


def test_the_legend_asks_for_the_classes_of_the_sheet(catalog: Catalog) -> None:
    sheet = read(catalog, ("layer", "stations"), ("lon", "106.36"), ("lat", "10.36"))
    [(_, address)] = legends_of(sheet, "vi")
    assert asked(address)["BBOX"] == asked(picture_of(sheet, catalog, "vi"))["BBOX"]


def test_the_grid_lies_at_round_metres_of_the_zone(catalog: Catalog) -> None:
    asked_for = (("lon", "106.36"), ("lat", "10.36"), ("scale", "100000"), ("zone", "EPSG:9210"), ("paper", "a4-landscape"))
    lines = grid_of(read(catalog, *asked_for), "vi")
    assert [line.label for line in lines if line.upright] == ["Y 560.000", "Y 565.000", "Y 570.000", "Y 575.000"]
    assert all(line.label.startswith("X 1.1") for line in lines if not line.upright)
    upright = [line.at for line in lines if line.upright]
    assert [round(b - a, 2) for a, b in pairwise(upright)] == [50.0, 50.0, 50.0], "five kilometres at 1:100 000"
    assert upright[0] == pytest.approx((560_000 - (566_604 - 10_400)) / 100, abs=0.02)
    assert grid_of(read(catalog, *asked_for, ("grid", "0")), "vi") == []


@pytest.mark.parametrize(
    "pairs",
    [
        (("lon", "nan"), ("lat", "inf"), ("scale", "-1e999"), ("zone", "EPSG:1; DROP"), ("paper", "../a0")),
        (("lon", "-170"), ("lat", "95"), ("scale", "1e12"), ("layer", "no_such"), ("layer", "investors"), ("layer", ":" * 50)),
        (("title", "x" * 10_000), ("layer", "stations:stations:" + "x" * 10_000)),
    ],
)
def test_what_cannot_be_read_is_replaced(catalog: Catalog, pairs: tuple[tuple[str, str], ...]) -> None:
    sheet = read(catalog, *pairs)
    assert sheet.centre == CENTRE
    assert 500 <= sheet.scale <= 10_000_000
    assert sheet.paper in SHEETS
    assert len(sheet.title) <= 120
    assert all(one.layer.id == "stations" and one.cql == "" for one in sheet.drawn)
    assert picture_of(sheet, catalog, "vi").startswith("/wms?")


def test_the_scale_bar_is_round_and_fits() -> None:
    assert scale_bar(50_000, "vi") == ("2 km", 40.0)
    assert scale_bar(250_000, "vi") == ("10 km", 40.0)
    assert scale_bar(500, "en") == ("20 m", 40.0)
