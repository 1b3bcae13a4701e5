# SPDX-License-Identifier: MIT
"""The tools of the map, used as a reader would: filter, table, downloads, sketches, sharing, printing, time."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.walk.conftest import Walk
from tests.walk.test_accessibility import SIZES, find_faults
from tests.walk.test_viewer_walk import read_json

Start = Callable[[int, int], Walk]


@pytest.fixture
def desktop(walk_at: Start) -> Walk:
    return walk_at(1280, 800)


def test_a_filter_drives_map_table_and_counts_and_stays_in_the_link(desktop: Walk) -> None:
    desktop.open("/map?layers=stations")
    page = desktop.page
    page.get_by_role("tab", name="Bộ lọc").click()
    page.get_by_label("Thêm điều kiện").select_option("wqi")
    with page.expect_response(lambda answer: "GetMap" in answer.url and "CQL_FILTER" in answer.url) as picture:
        page.get_by_label("VN_WQI: từ").fill("50")
        page.keyboard.press("Tab")
    assert picture.value.ok
    page.get_by_label("Thêm điều kiện").select_option("wqi_class")
    page.get_by_label("Trung bình", exact=True).check()
    asked = urlencode({"filter": "wqi >= 50 AND wqi_class = 'moderate'", "limit": 1})
    count = read_json(f"{desktop.base_url}/ogcapi/collections/stations/items?{asked}")["numberMatched"]
    assert 0 < count < 181
    expect(page.locator(".filter-result")).to_have_text(f"{count} trên 181 đối tượng")
    page.get_by_role("tab", name="Bảng").click()
    expect(page.locator(".page-bar span")).to_have_text(f"1–{count} trên {count}")
    desktop.settle()
    desktop.open(page.url.removeprefix(desktop.base_url))
    expect(page.locator('[data-layer="stations"] .filter-note')).to_contain_text("Đang lọc")
    page.locator('[data-layer="stations"]').get_by_role("button", name="Bỏ bộ lọc").click()
    expect(page).not_to_have_url(re.compile("filter="))
    desktop.settle()


def test_the_table_sorts_turns_pages_opens_objects_and_exports_what_is_ticked(desktop: Walk) -> None:
    desktop.open("/map?layers=stations")
    page = desktop.page
    page.get_by_role("tab", name="Bảng").click()
    expect(page.locator(".rows tbody tr")).to_have_count(50)
    page.get_by_role("button", name="Sắp xếp theo VN_WQI").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("VN_WQI")
    expect(page.locator(".rows tbody tr").first.locator(".number").first).to_have_text(re.compile(r"^\d$"))
    page.get_by_role("button", name="Trang sau").click()
    expect(page.locator(".page-bar span")).to_have_text("51–100 trên 181")
    page.get_by_role("button", name="Trang trước").click()
    expect(page.locator(".page-bar span")).to_have_text("1–50 trên 181")
    first = page.locator(".rows tbody tr").first
    name = first.locator("th").text_content() or ""
    first.get_by_role("checkbox").check()
    page.get_by_text("Tải dữ liệu", exact=True).last.click()
    page.get_by_label("Định dạng").locator("visible=true").select_option("csv")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng này").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(lines) == 2
    assert name in lines[1]
    first.get_by_role("button", name=name).click()
    expect(page.locator("#card h2")).to_have_text(name)
    expect(page.locator("tr.chosen")).to_have_count(1)
    page.get_by_role("link", name="Xem trang").click()
    expect(page).to_have_url(re.compile(r"/tram/\d+-"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_every_format_and_system_of_the_layers_menu_is_answered(desktop: Walk) -> None:
    desktop.open("/map?layers=industrial_zones")
    page = desktop.page
    row = page.locator('[data-layer="industrial_zones"]')
    row.get_by_role("button", name="Tuỳ chọn của lớp").click()
    row.get_by_text("Tải dữ liệu", exact=True).click()
    formats = row.get_by_label("Định dạng").locator("option").all()
    values = [option.get_attribute("value") or "" for option in formats]
    assert len(values) == 10
    for value in values:
        row.get_by_label("Định dạng").select_option(value)
        if value != "kml":
            row.get_by_label("Hệ toạ độ").select_option("EPSG:9210")
        link = row.get_by_role("link", name="Tải cả lớp")
        link.focus()
        with urlopen(desktop.base_url + (link.get_attribute("href") or ""), timeout=30) as answer:
            assert answer.status == 200
            assert len(answer.read()) > 500
    desktop.settle()


def test_the_palette_everybody_can_tell_apart_is_one_tap_beside_the_legend(desktop: Walk) -> None:
    desktop.open("/map?layers=stations")
    page = desktop.page
    page.get_by_role("tab", name="Chú giải").click()
    with page.expect_response(lambda answer: "STYLES=stations_wqi_safe" in answer.url):
        page.locator("#legend").get_by_role("button", name="Bảng màu dễ phân biệt").click()
    expect(page.locator("#legend")).to_contain_text("Bảng màu theo quy định")
    expect(page).to_have_url(re.compile("stations_wqi_safe"))
    desktop.settle()


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
@pytest.mark.parametrize("tab", ["filter", "table", "legend"])
def test_every_tab_fits_and_axe_finds_nothing(size: tuple[int, int], tab: str, walk_at: Start) -> None:
    walk = walk_at(*size)
    walk.open("/map?layers=stations&filter=stations%3Aand~wqi.r.50.~wqi_class.c.moderate~name.w.kenh")
    pill = walk.page.get_by_role("button", name="Lớp & chú giải")
    if pill.is_visible():
        pill.click()
    walk.page.locator("#tab-layers").focus()
    walk.page.keyboard.press("ArrowLeft" if tab == "legend" else "ArrowRight")
    if tab == "table":
        walk.page.keyboard.press("ArrowRight")
    expect(walk.page.locator(f"#{tab}")).to_be_visible()
    walk.settle()
    assert find_faults(walk.page) == []
    assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
