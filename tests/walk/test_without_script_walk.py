# SPDX-License-Identifier: MIT
"""With JavaScript off everything but the map itself works: look-up, objects, figures, reports, help; the map says where to go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_a_place_its_figures_and_a_report_are_found_by_links_and_forms_alone(page: Page, served: str) -> None:
    page.goto(served)
    page.get_by_role("searchbox").fill("tram chim")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("h1")).to_be_visible()
    page.get_by_role("link", name="Số liệu").first.click()
    page.get_by_label("Xã, phường", exact=True).select_option(index=1)
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Số liệu môi trường")
    page.get_by_role("link", name="Phản ánh về môi trường").click()
    page.get_by_label("Rác, chất thải").check()
    page.get_by_label("Ở đâu?").fill("10.3, 105.9")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_label("Nội dung")).to_be_visible()
    page.get_by_role("link", name="Trợ giúp").click()
    expect(page.locator("h1")).to_have_text("Trợ giúp")


def test_the_map_says_that_it_needs_script_and_where_the_data_are(page: Page, served: str) -> None:
    page.goto(f"{served.rstrip('/')}/map")
    # The browser under test parses these words without showing them: only its scripts are off, not its belief in them.
    assert "Bản đồ cần JavaScript" in (page.locator("noscript").text_content() or "")
    assert [link.get_attribute("href") for link in page.locator("noscript a").all()] == ["/", "/so-lieu"]
