# SPDX-License-Identifier: MIT
"""The pages without script in a real browser: found by their words, fit for phones, accessible."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.walk.conftest import Walk
from tests.walk.test_accessibility import SIZES, find_faults

Start = Callable[[int, int], Walk]


@pytest.fixture(params=[*SIZES, (320, 640)], ids=["desktop", "phone", "smallest"])
def walk(request: pytest.FixtureRequest, walk_at: Start) -> Walk:
    return walk_at(*request.param)


def visit(walk: Walk, path: str) -> None:
    walk.page.goto(walk.base_url + path)
    walk.page.wait_for_load_state("networkidle")
    assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    pictures = "[...document.images].filter(image => !image.complete || image.naturalWidth === 0).map(image => image.src)"
    assert walk.page.evaluate(pictures) == []


@pytest.mark.parametrize("path", ["/", "/tim?q=go+cong", "/tim?q=10.36,106.36", "/tram/1", "/giay-phep/1", "/?lang=en", "/tram/1?lang=en"])
def test_every_page_fits_and_axe_finds_nothing(path: str, walk: Walk) -> None:
    visit(walk, path)
    assert find_faults(walk.page) == []


def test_go_cong_its_nearest_station_and_the_map_are_found_by_what_is_on_screen(walk: Walk) -> None:
    visit(walk, "/")
    walk.page.get_by_role("searchbox").fill("go cong")
    walk.page.keyboard.press("Enter")
    walk.page.locator(".hits a").first.click()
    expect(walk.page.get_by_role("heading", level=1)).to_contain_text("Gò Công")
    near = walk.page.locator("section", has=walk.page.get_by_role("heading", name="Gần đây"))
    near.get_by_role("link", name=re.compile("^Điểm quan trắc|^Trạm")).first.click()
    expect(walk.page.locator(".kind")).to_have_text("Trạm và điểm quan trắc")
    walk.page.get_by_role("link", name="Xem trên bản đồ").click()
    expect(walk.page).to_have_url(re.compile(r"/map\?at=.*object=stations\.\d+"))
    walk.page.locator("#card").wait_for()
    walk.settle()


def test_the_facility_behind_a_discharge_point_is_two_clicks_away(walk: Walk) -> None:
    visit(walk, "/diem-xa/1")
    walk.page.locator(".facts").get_by_role("link").first.click()
    expect(walk.page.locator(".kind")).to_have_text("Cơ sở sản xuất, kinh doanh, dịch vụ")
