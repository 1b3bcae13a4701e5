# SPDX-License-Identifier: MIT
"""Staff bring a file in: signed in, sent, its coordinate system chosen from pictures, looked at on the map - and discarded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.accounts.manage import NewAccount, add_account
from server.catalog.read import read_catalog
from server.config import Settings
from server.context import Context
from server.crs.definitions import WGS84, find_crs
from server.crs.transform import transform_points
from server.db.pool import Database
from server.errors import AccountRefused
from server.jobs.intake import carry_out
from tests.walk.conftest import Walk
from tests.walk.test_accessibility import find_faults

NAME, PASSWORD = "nap-du-lieu", "Trang-nap-dữ-liệu-1"
Start = Callable[[int, int], Walk]


@pytest.fixture(scope="module")
def context(demo: Database, settings: Settings) -> Context:
    try:
        add_account(demo, settings.passwords, NewAccount(NAME, "reviewer", ("stations",)), PASSWORD)
    except AccountRefused:
        assert demo.logins, "another walk of this session made it"
    return Context(settings, read_catalog(settings), demo)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three stations and one wrong row in VN-2000, X north as papers write, and no word about the system."""
    x, y = transform_points([106.36, 106.12, 105.64], [10.36, 10.41, 10.45], WGS84, find_crs(5897))
    rows = [f"MOI-{at},Trạm mới {at},7.{at},{north:.2f},{east:.2f}" for at, (east, north) in enumerate(zip(x, y, strict=True), 1)]
    path = tmp_path_factory.mktemp("office") / "trạm mới.csv"
    wrong = rows[0].replace("MOI-1", "MOI-4").replace("7.1", "71")
    path.write_text("\n".join(["ma_tram,ten_tram,pH,X,Y", *rows, wrong]) + "\n", encoding="utf-8")
    return path


def send(walk: Walk, file: Path) -> Page:
    """Sign in and send the file."""
    page = walk.page
    page.goto(f"{walk.base_url}/")
    page.get_by_role("link", name="Cán bộ").click()
    page.get_by_label("Tên tài khoản").fill(NAME)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    assert find_faults(page) == []
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Vào lớp nào?").select_option("stations")
    page.get_by_label("Tệp", exact=False).first.set_input_files(file)
    assert find_faults(page) == []
    page.get_by_role("button", name="Gửi và xem trước").click()
    expect(page.get_by_role("heading", name=file.name)).to_be_visible()
    expect(page.get_by_text("Đang đọc tệp")).to_be_visible()
    assert find_faults(page) == []
    return page


def look_at(page: Page) -> None:
    """On a phone and on a desktop nothing sticks out and nothing is in the way of anybody."""
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert find_faults(page) == [], width


def number_of(page: Page) -> str:
    return page.url.rsplit("/", 1)[1]


def test_a_file_without_a_system_is_looked_at_on_desktop_and_phone(walk_at: Start, context: Context, file: Path) -> None:
    page = send(walk_at(1440, 900), file)
    carry_out(context, number_of(page), "plan")
    choose = page.get_by_role("button", name="Dùng hệ A")
    expect(choose).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("thiếu hệ toạ độ")
    look_at(page)
    choose.click()
    expect(page.get_by_text("Đang đọc tệp")).to_be_visible()
    carry_out(context, number_of(page), "plan")
    expect(page.get_by_role("button", name="Nạp 3 thay đổi")).to_be_visible()
    expect(page.locator(".tally-rejected dd")).to_have_text("1")
    rows = page.get_by_role("application", name="Xem trước trên bản đồ")
    rows.wait_for()
    look_at(page)
    rows.locator("canvas").last.wait_for()
    rows.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#row-told")).to_be_attached()
    page.get_by_role("button", name="Bỏ tệp này").click()
    expect(page.get_by_role("heading", name="Nạp dữ liệu")).to_be_visible()
