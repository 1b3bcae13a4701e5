# SPDX-License-Identifier: MIT
"""The print page's sheet: read from any query, drawn at a true scale."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.config import ROOT, load_settings
from server.crs.provinces import default_zone
from viewer.printing import SHEETS, PrintSheet, legends_of, picture_of, read_sheet, scale_bar

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
