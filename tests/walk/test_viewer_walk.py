# SPDX-License-Identifier: MIT
"""One walk through the map viewer, as a reader would take it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from tests.walk.conftest import Walk
from tests.walk.test_accessibility import find_faults

Start = Callable[[int, int], Walk]
GROUPS = ("Chất lượng môi trường", "Nguồn thải", "Đa dạng sinh học")


@pytest.fixture
def desktop(walk_at: Start) -> Walk:
    return walk_at(1440, 900)


def read_json(address: str) -> dict[str, Any]:
    with urlopen(address, timeout=30) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def first_station(walk: Walk) -> dict[str, Any]:
    """A published station that has an index, with its place."""
    features = read_json(f"{walk.base_url}/ogcapi/collections/stations/items?f=json&limit=50")["features"]
    station: dict[str, Any] = next(feature for feature in features if feature["properties"]["wqi"] is not None)
    return station


def test_the_map_opens_in_vietnamese_with_its_groups_legends_and_sources(desktop: Walk) -> None:
    desktop.open("/map")
    for title in GROUPS:
        expect(desktop.page.get_by_role("heading", name=title)).to_be_visible()
    assert desktop.page.locator("html").get_attribute("lang") == "vi"
    expect(desktop.page.locator(".brand-place")).to_have_text("Môi trường tỉnh Đồng Tháp")
    stations = desktop.page.locator('[data-layer="stations"]')
    expect(stations.locator(".legend-entry").first).to_be_visible()
    expect(desktop.page.locator("#sources")).to_contain_text("Nguồn dữ liệu")
    expect(desktop.page.locator("#readout .coordinates")).to_contain_text(re.compile(r"°\sB.*X [\d.]+\s+Y [\d.]+", re.S))
    expect(desktop.page.locator("#readout .bar")).to_contain_text("km")
    desktop.settle()
    expect(desktop.page.locator(".broken")).to_have_count(0)


def test_the_map_opens_with_its_layers(desktop: Walk) -> None:
    desktop.open("/map")
    expect(desktop.page.get_by_role("heading", name="Lớp bản đồ")).to_be_visible()


def test_illustrative_layers_say_so_in_the_tree(desktop: Walk) -> None:
    desktop.open("/map")
    expect(desktop.page.locator('[data-layer="discharge_points"] .badge')).to_have_text("minh hoạ")


def test_counts_are_those_of_today_and_in_view_while_a_layer_is_on(desktop: Walk) -> None:
    desktop.open("/map?at=10.36,106.36,14z&layers=stations")
    count = desktop.page.locator('[data-layer="stations"] .count')
    expect(count).to_have_text(re.compile(r"^\d trong khung$"))
    expect(desktop.page.locator('[data-layer="communes"] .count')).to_have_text("102")
    desktop.page.get_by_label("Trạm và điểm quan trắc", exact=True).uncheck()
    expect(count).to_have_text("181")
    desktop.settle()


def test_a_former_commune_says_until_when_it_was(desktop: Walk) -> None:
    desktop.open("/map")
    box = desktop.page.get_by_role("combobox", name="Tìm trên bản đồ")
    box.fill("thị trấn chợ gạo")
    option = desktop.page.locator("#suggestions").get_by_role("option").first
    expect(option).to_contain_text("Thị trấn · Huyện Chợ Gạo, Tỉnh Tiền Giang (đến 30/06/2025)")
    option.click()
    expect(desktop.page.locator("#card .card-subtitle .badge")).to_have_text("đến 30/06/2025")
    desktop.settle()


def test_switching_a_layer_on_asks_for_its_tiles_and_off_hides_its_legend(desktop: Walk) -> None:
    desktop.open("/map?layers=")
    desktop.settle()
    expect(desktop.page.locator("#layers > .empty")).to_be_visible()
    with desktop.page.expect_response(lambda answer: "/tiles/stations/" in answer.url and answer.url.endswith(".mvt")) as tile:
        desktop.page.get_by_label("Trạm và điểm quan trắc", exact=True).check()
    assert tile.value.ok
    expect(desktop.page).to_have_url(re.compile(r"layers=stations"))
    desktop.page.get_by_label("Trạm và điểm quan trắc", exact=True).uncheck()
    expect(desktop.page.locator('[data-layer="stations"] .legend')).to_be_hidden()
    desktop.settle()


VIEW = "/map?embed=1&at=10.36,106.1,10z&layers=stations,facilities,industrial_zones,protected_areas,rivers"


def test_vector_tiles_look_like_the_pictures_of_the_server_which_stand_in_for_them(desktop: Walk) -> None:
    seen, asked = [], list[str]()
    desktop.page.on("request", lambda request: asked.append(request.url))
    for tiles in ("come", "fail"):
        before = len(asked)
        if tiles == "fail":
            desktop.page.route("**/*.mvt", lambda route: route.fulfill(status=503, body=""))
        desktop.page.goto(desktop.base_url + VIEW)
        desktop.settle()
        desktop.page.wait_for_timeout(300)  # the last labels
        seen.append(Image.open(BytesIO(desktop.page.screenshot())).convert("L"))
        pictures = [url for url in asked[before:] if "GetMap" in url and "LAYERS=stations&" in url]
        assert bool(pictures) == (tiles == "fail"), tiles
        expect(desktop.page.locator(".broken")).to_have_count(0)
    others = sum(ImageChops.difference(*seen).histogram()[40:])
    assert others < 0.04 * 1440 * 900
    blank = sum(ImageChops.difference(seen[0], Image.new("L", seen[0].size, seen[0].getpixel((700, 700)))).histogram()[40:])
    assert blank > 2 * others
    assert all("503" in one for one in desktop.complaints)  # the browser itself reports them
    desktop.complaints.clear()


def test_what_tiles_cannot_tell_is_drawn_by_the_server(desktop: Walk) -> None:
    """A filter and a time are the server's to honour; without them the tiles are back."""
    desktop.open("/map?layers=stations&time=2021&at=10.36,106.1,10z")
    with desktop.page.expect_request(lambda one: "GetMap" in one.url and "TIME=2021" in one.url and "LAYERS=stations&" in one.url):
        desktop.page.reload()
    desktop.settle()


def test_the_legend_lists_what_is_in_view_and_its_classes_are_switched_off_and_on(desktop: Walk) -> None:
    desktop.open("/map?layers=stations&at=10.36,106.1,10z")
    page, legend = desktop.page, desktop.page.locator('[data-layer="stations"] .legend')
    expect(legend.get_by_role("switch")).to_have_count(7)
    expect(legend.get_by_role("switch").filter(visible=True)).not_to_have_count(7)
    bad = legend.get_by_role("switch", name="26–50 Xấu")
    bad.click()
    expect(bad).to_have_attribute("aria-checked", "false")
    expect(page).to_have_url(re.compile(r"&hide=stations:bad"))
    desktop.settle()
    with page.expect_request(lambda one: "GetFeatureInfo" in one.url) as asked:
        page.locator("#map").press("Enter")
    assert '(NOT (("wqi" >= 26 AND "wqi" < 51)) OR "wqi" IS NULL)' in parse_qs(urlsplit(asked.value.url).query)["CQL_FILTER"][0]
    page.reload()
    expect(bad).to_have_attribute("aria-checked", "false")
    bad.click()
    expect(page).not_to_have_url(re.compile("hide="))
    desktop.settle()


def test_points_that_lie_together_are_one_sign_that_a_click_opens(desktop: Walk) -> None:
    desktop.open("/map?layers=water_supply_points&at=10.36,106.25,9z")
    desktop.settle()
    page, tip = desktop.page, desktop.page.locator(".tip")
    box = page.locator("#map").bounding_box()
    assert box is not None
    for step in range(60):  # over the canvas nothing but the pointer finds a sign
        page.mouse.move(box["x"] + box["width"] / 2 - 60 + 2 * step, box["y"] + box["height"] / 2 + step % 7)
        page.wait_for_timeout(20)
        if tip.is_visible():
            break
    expect(tip).to_contain_text(re.compile(r"^\d+ đối tượng ở gần nhau"))
    page.mouse.down()
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(",9z"))
    expect(page.locator("#card")).to_be_hidden()
    desktop.settle()


def test_a_mouse_over_a_station_names_it(desktop: Walk) -> None:
    station = first_station(desktop)
    lon, lat = station["geometry"]["coordinates"]
    desktop.open(f"/map?at={lat},{lon},15z&layers=stations")
    desktop.settle()
    box = desktop.page.locator("#map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    desktop.page.mouse.move(*middle)
    desktop.page.mouse.move(middle[0] + 2, middle[1] + 1)
    expect(desktop.page.locator(".tip")).to_contain_text("Trạm và điểm quan trắc")
    expect(desktop.page.locator(".tip strong")).not_to_be_empty()
    desktop.page.mouse.move(middle[0] + 250, middle[1] + 200)
    expect(desktop.page.locator(".tip")).to_be_hidden()


def test_a_search_without_accents_finds_go_cong_by_keyboard(desktop: Walk) -> None:
    desktop.open("/map")
    box = desktop.page.get_by_role("combobox", name="Tìm trên bản đồ")
    box.fill("go cong")
    first = desktop.page.locator("#suggestions").get_by_role("option").first
    expect(first).to_contain_text("Gò Công")
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(desktop.page.locator("#card h2")).to_contain_text("Gò Công")
    desktop.settle()
    desktop.open("/map")
    box.focus()
    recent = desktop.page.locator("#suggestions").get_by_role("option")
    expect(recent.first).to_contain_text("Vừa tìm")
    recent.last.click()
    expect(desktop.page.locator("#suggestions")).to_be_hidden()
    assert desktop.page.evaluate("localStorage.getItem('xanh.recent')") is None
    desktop.settle()


def test_typed_coordinates_are_found_in_degrees_and_in_vn2000(desktop: Walk) -> None:
    desktop.open("/map")
    box = desktop.page.get_by_role("combobox", name="Tìm trên bản đồ")
    for typed, shown in (("10.36, 106.36", "Toạ độ WGS 84"), ("1145735.536 566603.933", "Toạ độ VN-2000 105°45′")):
        desktop.page.get_by_label("Múi chiếu VN-2000").select_option("EPSG:9210")
        box.fill(typed)
        expect(desktop.page.locator("#suggestions").get_by_role("option")).to_contain_text(shown)
        box.press("Enter")
        expect(desktop.page.locator("#card h2")).to_have_text(re.compile(r"10,3600° B\s+106,3600° Đ"))
    desktop.settle()


def test_a_click_on_a_station_shows_its_card_in_words_and_escape_closes_it(desktop: Walk) -> None:
    station = first_station(desktop)
    lon, lat = station["geometry"]["coordinates"]
    desktop.open(f"/map?at={lat},{lon},15z&layers=stations")
    desktop.settle()
    box = desktop.page.locator("#map").bounding_box()
    assert box is not None
    desktop.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = desktop.page.locator("#card")
    expect(card).to_be_visible()
    if card.locator(".hit").count():
        card.locator(".hit", has_text=station["properties"]["name"]).first.click()
    expect(card.locator("h2")).to_contain_text(station["properties"]["name"])
    expect(card).to_contain_text("VN_WQI")
    expect(card).to_contain_text("Nguồn:")
    expect(card).to_contain_text(re.compile(r"VN-2000 \d+°\d\d′: X [\d.]+"))
    expect(desktop.page).to_have_url(re.compile(r"object=stations\.\d+"))
    desktop.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    desktop.page.go_back()
    expect(card.locator("h2")).to_contain_text(station["properties"]["name"])
    desktop.page.go_forward()
    expect(card).to_be_hidden()
    desktop.settle()


def test_enter_on_the_map_looks_up_its_centre(desktop: Walk) -> None:
    lon, lat = first_station(desktop)["geometry"]["coordinates"]
    desktop.open(f"/map?at={lat},{lon},15z&layers=stations")
    desktop.settle()
    desktop.page.locator("#map").press("Enter")
    expect(desktop.page.locator("#card")).to_be_visible()


def test_the_list_stands_for_the_map_and_keeps_in_step_with_it(desktop: Walk) -> None:
    station = first_station(desktop)
    lon, lat = station["geometry"]["coordinates"]
    desktop.open(f"/map?at={lat},{lon},14z&layers=stations")
    desktop.settle()
    page, twin = desktop.page, desktop.page.locator("#twin")
    page.get_by_role("link", name="Tới danh sách thay cho bản đồ").focus()
    page.keyboard.press("Enter")
    expect(twin.get_by_role("button").first).to_contain_text(station["properties"]["name"])
    assert find_faults(page) == []
    many = twin.get_by_role("listitem").count()
    page.get_by_role("button", name="Thu nhỏ").evaluate("one => one.click()")
    expect(twin.get_by_role("listitem")).not_to_have_count(many)
    desktop.settle()
    expect(twin.get_by_role("status")).to_contain_text("1 lớp đang bật")
    twin.get_by_role("button", name=station["properties"]["name"]).first.click()
    expect(page.locator("#card h2")).to_contain_text(station["properties"]["name"])
    desktop.settle()


def test_layers_are_laid_on_each_other_by_keyboard_and_by_dragging_and_the_link_keeps_it(desktop: Walk) -> None:
    desktop.open("/map?layers=protected_areas,rivers,stations")
    page = desktop.page
    page.get_by_role("tab", name="Chú giải").click()
    blocks = page.locator("#legend .legend-block h3")
    expect(blocks.first).to_contain_text("Trạm và điểm quan trắc")
    raise_areas = page.get_by_role("button", name="Đưa lớp Khu bảo tồn thiên nhiên lên trên")
    for _ in range(2):
        raise_areas.focus()
        page.keyboard.press("Enter")
    expect(blocks.first).to_contain_text("Khu bảo tồn thiên nhiên")
    expect(raise_areas).to_be_focused()
    expect(page).to_have_url(re.compile("order=rivers,stations,protected_areas"))
    blocks.last.drag_to(blocks.first)
    expect(page).to_have_url(re.compile("order=stations,protected_areas,rivers"))
    page.reload()
    page.get_by_role("tab", name="Chú giải").click()
    expect(blocks.first).to_contain_text("Sông")
    desktop.settle()


def test_a_lost_connection_is_said_and_the_map_goes_on_by_itself(desktop: Walk) -> None:
    desktop.open("/map?layers=stations&at=10.36,106.1,10z")
    desktop.settle()
    page = desktop.page
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("Mất kết nối mạng")
    page.get_by_role("button", name="Phóng to").click()
    fault = page.locator('[data-layer="stations"] .fault')
    expect(fault).to_contain_text("Tạm ngừng từ")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(fault).to_be_empty()
    desktop.settle()
    desktop.complaints.clear()  # the browser reports what it could not fetch


def test_english_keeps_the_view(desktop: Walk) -> None:
    desktop.open("/map?at=10.36,106.36,12z&layers=facilities:60")
    desktop.settle()
    desktop.page.locator("header").get_by_role("link", name="English").click()
    expect(desktop.page.get_by_role("heading", name="Map layers")).to_be_visible()
    expect(desktop.page.locator("html")).to_have_attribute("lang", "en")
    expect(desktop.page).to_have_url(re.compile(r"lang=en&at=10\.36000,106\.36000,12z&layers=facilities:60"))
    expect(desktop.page.get_by_label("Facilities", exact=True)).to_be_checked()
    desktop.settle()


def test_a_link_restores_place_layers_and_the_chosen_object(desktop: Walk) -> None:
    station = first_station(desktop)
    lon, lat = station["geometry"]["coordinates"]
    desktop.open(f"/map?at={lat:.5f},{lon:.5f},13z&layers=stations&object=stations.{station['id']}")
    expect(desktop.page.locator("#card h2")).to_contain_text(station["properties"]["name"])
    expect(desktop.page.locator("input.check:checked")).to_have_count(1)
    desktop.settle()
    assert ",13z" in desktop.page.url


def test_an_object_that_is_gone_is_said_in_words(desktop: Walk) -> None:
    desktop.open("/map?object=stations.999999999")
    expect(desktop.page.locator("#notice")).to_contain_text("Không tìm thấy đối tượng")
    desktop.settle()
    # The browser itself reports the 404 of the object; nothing else may be on the console.
    assert len(desktop.complaints) == 1
    desktop.complaints.clear()


def test_the_page_forbids_inline_code_and_strangers(desktop: Walk) -> None:
    with urlopen(f"{desktop.base_url}/map", timeout=30) as answer:
        policy = answer.headers["Content-Security-Policy"]
        html = answer.read().decode()
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", html)


def test_a_phone_shows_map_pill_and_sheet_without_sideways_scroll(walk_at: Start) -> None:
    phone = walk_at(360, 780)
    station = first_station(phone)
    phone.open("/map")
    page = phone.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("#panel")).to_be_hidden()
    page.get_by_role("button", name="Lớp & chú giải").click()
    expect(page.get_by_role("heading", name=GROUPS[0])).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    phone.open(f"/map?object=stations.{station['id']}")
    card = page.locator("#card")
    expect(card).to_be_visible()
    heights = []
    for _ in range(3):
        box = card.bounding_box()
        assert box is not None
        heights.append(round(box["height"]))
        page.locator("#card .handle").click()
    assert heights == [390, 708, 96]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.settle()


def test_every_control_has_a_name_and_targets_are_large_enough(walk_at: Start) -> None:
    phone = walk_at(360, 780)
    phone.open("/map")
    phone.settle()
    nameless = phone.page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, select')]
            .filter((one) => one.offsetParent !== null)
            .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length)).length"""
    )
    assert nameless == 0
    for button in phone.page.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
