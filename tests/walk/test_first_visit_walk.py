# SPDX-License-Identifier: MIT
"""The first minutes on the map: hints that come once, help for every tool, old links, the base map at night."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.walk.conftest import Walk
from tests.walk.test_accessibility import SIZES, find_faults

Start = Callable[[int, int], Walk]


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_hints_come_once_and_can_be_left_out_or_asked_for_again(walk_at: Start, size: tuple[int, int]) -> None:
    walk = walk_at(*size)
    walk.open("/map")
    hints, page = walk.page.locator("#hints"), walk.page
    expect(hints).to_contain_text("1/4")
    hints.get_by_role("button", name="Tiếp").click()
    expect(hints).to_contain_text("2/4")
    assert find_faults(page) == []
    hints.get_by_role("button", name="Bỏ qua").click()
    expect(hints).to_be_hidden()
    walk.settle()
    walk.open("/map")
    expect(hints).to_be_hidden()
    page.get_by_role("button", name="Trợ giúp").click()
    assert find_faults(page) == []
    page.get_by_role("button", name="Xem lại gợi ý").click()
    expect(hints).to_contain_text("1/4")
    page.get_by_role("button", name="Trợ giúp").click()
    page.get_by_role("link", name="Đo và vẽ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đo và vẽ")
    assert find_faults(page) == []


def test_a_link_shows_what_it_is_about_and_no_hints(walk_at: Start) -> None:
    walk = walk_at(1280, 800)
    walk.open("/map?layers=stations")
    expect(walk.page.locator("#hints")).to_be_hidden()
    walk.settle()


def test_an_old_link_says_what_is_gone_and_keeps_the_rest(walk_at: Start) -> None:
    walk = walk_at(1280, 800)
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E"
    walk.open(
        f"/map?layers=stations:60,{hostile},{'x' * 2000}&filter=gone:and~a.w.b&time=soon&at=10.36,106.36,12z&compare=layer%3D{hostile}"
    )
    notice = walk.page.locator("#notice")
    expect(notice).to_contain_text("Liên kết này có phần không còn: lớp <script>alert(1)</script>, xxx")
    expect(notice).to_contain_text("bộ lọc của gone; thời gian. Phần còn lại vẫn hiện.")
    expect(walk.page.get_by_label("Trạm và điểm quan trắc", exact=True)).to_be_checked()
    walk.settle()
    assert "layers=stations:60" in walk.page.url


HOSTILE = "<script>window.taken=1</script><img src=x onerror=window.taken=1>\u202eabc" + "x" * 10_000


@pytest.mark.parametrize("size", [(1280, 800), (320, 640)], ids=["desktop", "smallest"])
def test_hostile_names_are_text_and_stay_in_their_place(walk_at: Start, size: tuple[int, int]) -> None:
    walk = walk_at(*size)
    page = walk.page

    def poison(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        for named in (*told["groups"], *told["layers"], *(style for layer in told["layers"] for style in layer["styles"])):
            named.update({name: HOSTILE for name in ("title", "abstract", "source") if name in named})
        route.fulfill(response=answer, json=told)

    page.route("**/map/config.json*", poison)
    walk.open("/map?layers=stations,facilities&at=10.36,106.1,10z")
    pill = page.get_by_role("button", name="Lớp & chú giải")
    if pill.is_visible():
        pill.click()
    for tab in ("layers", "filter", "table", "figures", "legend"):
        page.locator(f"#tab-{tab}").click()
        page.wait_for_timeout(200)
        body = page.locator(f"#{tab}")
        assert body.evaluate("one => one.scrollWidth <= one.clientWidth + 1"), tab
    assert page.evaluate("[window.taken, document.documentElement.scrollWidth <= innerWidth]") == [None, True]
    walk.settle()


def test_the_base_map_turns_dark_and_the_data_keep_their_colours(walk_at: Start) -> None:
    walk = walk_at(1280, 800)
    walk.open("/map?layers=stations")
    page = walk.page
    page.get_by_role("button", name="Tối").click()
    expect(page).to_have_url(re.compile("base=dark"))
    walk.settle()
    style = "name => getComputedStyle(document.querySelector(`.${name}`)).filter"
    assert all("invert" in page.evaluate(style, name) for name in ("base-land", "base-names", "base-frame"))
    assert page.evaluate("getComputedStyle(document.querySelector('.ol-layer')).filter") == "none"
    assert find_faults(page) == []
    walk.open(page.url.removeprefix(walk.base_url))
    expect(page.get_by_role("button", name="Tối")).to_have_attribute("aria-pressed", "true")
    walk.settle()


def test_the_right_button_gives_a_place_and_the_way_to_report_it(walk_at: Start) -> None:
    walk = walk_at(1280, 800)
    walk.open("/map?layers=stations&at=10.36,106.36,12z")
    walk.settle()
    page = walk.page
    page.locator("#map").click(button="right", position={"x": 600, "y": 300})
    expect(page.locator("#card h2")).to_contain_text("106,")
    page.keyboard.press("Escape")
    page.locator("#map").press("Shift+Enter")
    expect(page.locator("#card h2")).to_have_text(re.compile(r"10,3600° B\s+106,3600° Đ"))
    page.get_by_role("link", name="Phản ánh về nơi này").click()
    expect(page.get_by_label("Ở đâu?")).to_have_value("10.36000,106.36000")
    page.get_by_label("Khói, bụi, mùi").check()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_label("Nội dung")).to_be_visible()
    assert find_faults(page) == []
