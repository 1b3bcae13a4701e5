# SPDX-License-Identifier: MIT
"""The tools of the map, used as a reader would: filter, table, downloads, sketches, sharing, printing, time."""

from __future__ import annotations

import json
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


def test_a_bar_of_the_figures_filters_the_map_and_a_second_tap_drops_it(desktop: Walk) -> None:
    desktop.open("/map?layers=stations")
    page = desktop.page
    page.get_by_role("tab", name="Số liệu").click()
    total = page.locator("#figures .total b")
    expect(total).to_have_text("181")
    bar = page.locator("#figures").get_by_role("button", name="Trung bình")
    with page.expect_response(lambda answer: "GetMap" in answer.url and "CQL_FILTER=wqi_class" in answer.url) as picture:
        bar.click()
    assert picture.value.ok
    expect(page.locator("#figures").get_by_role("button", name="Trung bình")).to_have_attribute("aria-pressed", "true")
    count = read_json(f"{desktop.base_url}/ogcapi/collections/stations/items?filter=wqi_class%3D'moderate'&limit=1")["numberMatched"]
    expect(total).to_have_text(str(count))
    assert find_faults(page) == []
    page.locator("#figures").get_by_role("button", name="Trung bình").click()
    expect(total).to_have_text("181")
    page.get_by_label("Chỉ trong khung bản đồ").last.check()
    expect(total).not_to_have_text("181")
    desktop.settle()


def test_a_place_around_and_a_group_of_conditions_filter_together(desktop: Walk) -> None:
    desktop.open("/map?layers=stations&at=10.36,106.36,11z")
    page = desktop.page
    page.get_by_role("tab", name="Bộ lọc").click()
    page.get_by_role("button", name="Quanh một điểm").click()
    page.get_by_label("Toạ độ của điểm").fill("10,36 106,36")
    page.get_by_label("Cách tối đa (km)").fill("25")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Thêm nhóm điều kiện").click()
    for field, control in (("wqi_class", "Trung bình"), ("wqi_class", "Xấu")):
        page.get_by_label("Thêm điều kiện vào nhóm").select_option(field)
        page.get_by_label(control, exact=True).last.check()
    near = "S_DWITHIN(geometry, POINT(106.36 10.36), 25000)"
    asked = urlencode({"filter": f"{near} AND (wqi_class = 'moderate' OR wqi_class = 'bad')", "limit": 1})
    count = read_json(f"{desktop.base_url}/ogcapi/collections/stations/items?{asked}")["numberMatched"]
    assert 0 < count < 20
    expect(page.locator(".filter-result")).to_have_text(f"{count} trên 181 đối tượng")
    assert find_faults(page) == []
    desktop.settle()
    desktop.open(page.url.removeprefix(desktop.base_url))
    page.get_by_role("tab", name="Bộ lọc").click()
    expect(page.locator(".filter-result")).to_have_text(f"{count} trên 181 đối tượng")
    page.get_by_label("Toạ độ của điểm").fill("đâu đó")
    expect(page.get_by_label("Toạ độ của điểm")).to_have_attribute("aria-invalid", "true")
    desktop.settle()


def test_a_divider_shows_two_years_side_by_side(desktop: Walk) -> None:
    desktop.open("/map?layers=stations")
    desktop.settle()
    page = desktop.page
    with page.expect_response(lambda answer: "GetMap" in answer.url and "TIME=2022" in answer.url) as picture:
        page.get_by_role("button", name="So sánh").click()
    assert picture.value.ok
    expect(page).to_have_url(re.compile("compare=time%3D2022"))
    divider = page.get_by_label("Vách ngăn giữa hai bên")
    divider.fill("100")
    desktop.settle()
    left = page.locator("#map").screenshot()
    divider.fill("0")
    desktop.settle()
    assert page.locator("#map").screenshot() != left, "the years differ"
    assert find_faults(page) == []
    page.get_by_label("So sánh hai bên").last.select_option("layer=stations")
    expect(page).to_have_url(re.compile("compare=layer%3Dstations"))
    page.locator("#compare").get_by_role("button", name="Đóng").click()
    expect(page.locator("#divider")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("compare="))
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
    with page.expect_response(lambda answer: "styles/stations_wqi_safe.json" in answer.url):
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


def test_a_square_is_measured_in_vn2000_noted_kept_and_saved(desktop: Walk) -> None:
    desktop.open("/map?layers=&at=10.36,106.36,14z")
    page = desktop.page
    page.get_by_label("Múi chiếu VN-2000").select_option("EPSG:9210")
    page.get_by_role("button", name="Đo và vẽ").click()
    page.get_by_role("button", name="Vùng", exact=True).click()
    for corner in ("1145000 566000", "1146000 566000", "1146000 567000", "1145000 567000"):
        page.get_by_label("Thêm điểm theo toạ độ").fill(corner)
        page.keyboard.press("Enter")
    expect(page.locator(".sketch-live")).to_have_text(
        re.compile(r"Diện tích: (100|99,9+) ha|Diện tích: 1 km².*Chu vi: 4 km · Tính theo VN-2000 105°45′")
    )
    page.get_by_role("button", name="Xong").click()
    page.get_by_label("Ghi chú của hình 1").fill("Ô ruộng <b>")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Đường", exact=True).click()
    page.get_by_label("Thêm điểm theo toạ độ").fill("nonsense")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("Chưa hiểu toạ độ")
    page.locator("#map").press("Enter")
    page.mouse.click(600, 300)
    page.mouse.click(800, 400)
    expect(page.locator(".sketch-live")).to_have_text(re.compile(r"^Dài: [\d,]+ k?m · Phương vị: \d+°\d\d′\d\d″ · Tính theo"))
    page.mouse.dblclick(700, 500)
    expect(page.locator(".sketches li")).to_have_count(2)
    assert find_faults(page) == []
    expect(page.locator("#card")).to_be_hidden()
    desktop.settle()
    desktop.open("/map?layers=")
    page.get_by_role("button", name="Đo và vẽ").click()
    expect(page.get_by_label("Ghi chú của hình 1")).to_have_value("Ô ruộng <b>")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải hình vẽ").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [feature["geometry"]["type"] for feature in saved["features"]] == ["Polygon", "LineString"]
    page.keyboard.press("Escape")
    expect(page.locator("#sketch")).to_be_hidden()
    desktop.settle()


def test_the_view_is_shared_as_link_code_snippet_and_picture_with_its_place(desktop: Walk) -> None:
    desktop.open("/map?layers=stations&at=10.36,106.36,12z")
    desktop.settle()
    page = desktop.page
    with page.expect_response(lambda answer: "/map/qr.svg" in answer.url) as code:
        page.get_by_role("button", name="Chia sẻ").click()
    assert code.value.headers["content-type"].startswith("image/svg+xml")
    assert find_faults(page) == []
    dialog = page.get_by_role("dialog")
    assert page.url == dialog.get_by_label("Liên kết tới khung nhìn này", exact=True).input_value()
    dialog.get_by_role("button", name="Tạo liên kết ngắn").click()
    short = dialog.get_by_label("Liên kết ngắn", exact=True).input_value()
    with urlopen(short, timeout=60) as answer:
        assert answer.url == page.url
    assert 'embed=1"' in dialog.get_by_label("Mã nhúng vào trang web", exact=True).input_value()
    with page.expect_download() as world:
        dialog.get_by_role("button", name="Tệp định vị").click()
    assert len(world.value.path().read_text().split()) == 6
    for name, signature in (("Ảnh PNG", b"\x89PNG"), ("GeoTIFF", b"II*\0")):
        address = dialog.get_by_role("link", name=name).get_attribute("href") or ""
        with urlopen(desktop.base_url + address, timeout=60) as answer:
            assert answer.read(4) == signature
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    desktop.open("/map?layers=stations&embed=1")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator("#panel")).to_be_hidden()
    desktop.settle()


def test_a_sheet_of_paper_has_title_map_legend_scale_and_sources_and_is_one_page(desktop: Walk) -> None:
    desktop.open("/map?layers=stations&at=10.36,106.36,11z&filter=stations%3Aand~wqi.r.30.")
    desktop.settle()
    page = desktop.page
    kept = [{"kind": "line", "points": [[106.3, 10.3], [106.4, 10.4]], "note": "tuyến <b>"}]
    page.evaluate("kept => localStorage.setItem('xanh-sketches', JSON.stringify(kept))", kept)
    page.get_by_role("button", name="In bản đồ").click()
    page.get_by_label("Tiêu đề").fill("Chất lượng nước <kênh>")
    page.get_by_label("Khổ giấy").select_option("a3-landscape")
    assert find_faults(page) == []
    address = page.get_by_role("link", name="Mở trang in").get_attribute("href") or ""
    assert "wqi+%3E%3D+30" in address
    page.goto(desktop.base_url + address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chất lượng nước <kênh>")
    expect(page.locator(".scale")).to_contain_text(re.compile(r"1:[\d.]+.*VN-2000 \d+°\d\d′", re.S))
    expect(page.locator("footer")).to_contain_text("Nguồn dữ liệu")
    expect(page.locator("#drawn text")).to_have_text(re.compile(r"^1\. [\d,]+ km tuyến <b>$"))
    expect(page.locator(".grid text").first).to_have_text(re.compile(r"^Y [\d.]+$"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert find_faults(page) == []
    paper = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert box is not None
    assert [round(float(side) / 72 * 25.4) for side in box.groups()] == [420, 297]


def test_the_time_slider_runs_through_years_and_months_and_stays_in_the_link(desktop: Walk) -> None:
    desktop.open("/map?layers=")
    page = desktop.page
    page.get_by_role("button", name="Thời gian").click()
    expect(page.locator("#notice")).to_contain_text("Chưa bật lớp nào có thời gian")
    desktop.open("/map?layers=stations")
    desktop.settle()
    page.get_by_role("button", name="Thời gian").click()
    slider = page.get_by_label("Thời gian của số liệu")
    with page.expect_response(lambda answer: "GetMap" in answer.url and "TIME=2019" in answer.url) as picture:
        for _ in range(3):
            slider.press("ArrowLeft")
    assert picture.value.ok
    expect(page.locator(".time-label")).to_have_text("2019")
    expect(page).to_have_url(re.compile("time=2019"))
    assert find_faults(page) == []
    page.get_by_label("Bước thời gian").select_option("month")
    expect(page.locator(".time-label")).to_have_text(re.compile(r"^\d\d/2019$"))
    page.get_by_role("button", name="Chạy").click()
    expect(page.locator("#time").get_by_role("button", name="Dừng")).to_be_visible()
    page.get_by_role("button", name="Mọi thời gian").click()
    expect(page).not_to_have_url(re.compile("time="))
    desktop.settle()


@pytest.mark.parametrize("tool", ["Đo và vẽ", "Thời gian", "So sánh", "In bản đồ", "Chia sẻ"])
def test_every_tool_fits_a_phone(tool: str, walk_at: Start) -> None:
    phone = walk_at(360, 780)
    phone.open("/map?layers=stations")
    phone.settle()
    phone.page.get_by_role("button", name=tool, exact=True).click()
    phone.settle()
    assert find_faults(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    shown = phone.page.locator("#sketch:visible, #time:visible, #compare:visible, dialog[open]").bounding_box()
    assert shown is not None
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 360
    assert shown["y"] + shown["height"] <= 780
