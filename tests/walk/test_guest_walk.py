# SPDX-License-Identifier: MIT
"""Layers a reader brings along: files of the device, and map services of sites the operator allows."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.walk.conftest import Walk
from tests.walk.test_accessibility import SIZES, find_faults

Start = Callable[[int, int], Walk]
RING = [[106.2, 10.3], [106.5, 10.3], [106.45, 10.5], [106.2, 10.3]]
AREA = json.dumps({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}})
KML = "<kml xmlns='http://www.opengis.net/kml/2.2'><Placemark><Point><coordinates>106.36,10.36</coordinates></Point></Placemark></kml>"
GPX = "<gpx version='1.1' xmlns='http://www.topografix.com/GPX/1/1'><wpt lat='10.36' lon='106.36'/></gpx>"


def file_of(name: str, content: str | bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode() if isinstance(content, str) else content}


def open_dialog(page: Page) -> None:
    pill = page.get_by_role("button", name="Lớp & chú giải")
    if pill.is_visible() and not page.locator("#panel").is_visible():
        pill.click()
    page.get_by_role("button", name="Thêm lớp", exact=True).click()


@pytest.mark.parametrize("size", SIZES, ids=["desktop", "phone"])
def test_files_are_shown_hidden_and_removed_and_hostile_ones_refused_in_words(walk_at: Start, size: tuple[int, int]) -> None:
    walk = walk_at(*size)
    walk.open("/map?layers=")
    page = walk.page
    open_dialog(page)
    assert find_faults(page) == []
    chooser, said = page.locator("#guest-file"), page.locator("dialog [role=status]")
    for content in (
        "{",
        "[]",
        "<html>",
        b"\xff\xfe\x00PK\x03\x04",
        "<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>",
        '{"type":"FeatureCollection","features":[]}',
    ):
        chooser.set_input_files(file_of("<b>xấu</b>.json", content))
        expect(said).to_contain_text("Không đọc được <b>xấu</b>.json")
        said.evaluate("one => { one.textContent = '' }")
    chooser.set_input_files(file_of("vùng <i>.geojson", AREA))
    expect(page.locator("dialog")).to_be_hidden()
    guest = page.locator(".guest")
    expect(guest).to_contain_text("vùng <i>.geojson")
    assert find_faults(page) == []
    guest.get_by_role("checkbox").uncheck()
    guest.get_by_role("button", name="Bỏ vùng <i>.geojson").click()
    expect(guest).to_have_count(0)
    for name, content in (("diem.kml", KML), ("diem.gpx", GPX)):
        open_dialog(page)
        chooser.set_input_files(file_of(name, content))
        expect(guest.last).to_contain_text(name)
    walk.settle()


def test_services_of_allowed_sites_are_listed_and_drawn(walk_at: Start) -> None:
    walk = walk_at(1280, 800)
    page = walk.page

    def allow(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "outside": [walk.base_url]})

    def pass_on(route: Route) -> None:
        """As the server does for allowed sites; the site is this very one."""
        route.fulfill(response=route.fetch(url=parse_qs(urlsplit(route.request.url).query)["to"][0]))

    page.route("**/map/config.json*", allow)
    page.route("**/map/outside?to=*", pass_on)
    walk.open("/map?layers=")
    for kind, path, title in (
        ("wms", "/wms", "Khu bảo tồn thiên nhiên"),
        ("wmts", "/wmts", "Khu bảo tồn thiên nhiên"),
        ("wfs", "/wfs", "Khu bảo tồn thiên nhiên"),
        ("ogcapi", "/ogcapi", "Khu bảo tồn thiên nhiên"),
    ):
        open_dialog(page)
        page.get_by_label("Địa chỉ, thuộc").fill(walk.base_url + path)
        page.get_by_label("Loại dịch vụ").select_option(kind)
        page.get_by_role("button", name="Đọc danh sách lớp").click()
        page.locator("#guest-offers").select_option(label=title)
        assert find_faults(page) == []
        with page.expect_response(lambda answer: "/map/outside?to=" in answer.url) as asked:
            page.get_by_role("button", name="Thêm lớp này").click()
        assert asked.value.ok
        expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator(".guest")).to_have_count(4)
    walk.settle()
    for tool in ("In bản đồ", "Chia sẻ"):
        page.get_by_role("button", name=tool).click()
        expect(page.get_by_role("dialog")).to_contain_text("không có lớp của dịch vụ khác hoặc tệp bạn đã thêm: Khu bảo tồn thiên nhiên,")
        assert find_faults(page) == []
        page.keyboard.press("Escape")
    page.reload()
    expect(page.locator(".guest")).to_have_count(4)
    page.locator(".guest").first.get_by_role("button", name="Bỏ").click()
    assert page.url.count("outside=") == 3
    walk.settle()


def test_without_allowed_sites_only_files_are_offered_and_the_server_asks_nobody(walk_at: Start) -> None:
    walk = walk_at(1280, 800)
    answer = walk.page.request.get(f"{walk.base_url}/map/outside?to=http://127.0.0.1:1/wms")
    assert answer.status == 403
    assert walk.page.request.get(f"{walk.base_url}/map/outside?to=file:///etc/passwd").status == 400
