# SPDX-License-Identifier: MIT
"""The landing page and its one search box: names, numbers and coordinates, without script."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient


def test_the_landing_page_names_the_province_and_counts_what_there_is(client: FlaskClient) -> None:
    page = unescape(client.get("/").text)
    assert "tỉnh Đồng Tháp" in page
    count = client.get("/ogcapi/collections/stations/items?f=json&limit=1").get_json()["numberMatched"]
    assert f"{count} trạm và điểm quan trắc" in page
    assert "Quan trắc mới nhất" in page


def test_the_examples_of_the_landing_page_find_something(client: FlaskClient) -> None:
    page = client.get("/").text
    examples = [unescape(part.split('"')[0]) for part in page.split('class="pill" href="')[1:]]
    assert len(examples) >= 3
    for example in examples:
        answer = client.get(example, follow_redirects=True)
        assert answer.status_code == 200
        assert "Không tìm thấy" not in answer.text


def test_words_without_accents_find_places(client: FlaskClient) -> None:
    page = client.get("/tim?q=go cong").text
    assert "Gò Công" in page
    assert 'href="/dia-danh/' in page


def test_the_only_hit_is_shown_at_once(client: FlaskClient) -> None:
    code = client.get("/ogcapi/collections/stations/items?f=json&limit=1").get_json()["features"][0]["properties"]["code"]
    answer = client.get("/tim", query_string={"q": code})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/tram/1-")


@pytest.mark.parametrize(
    "written", ["10.36, 106.36", "106,36 10,36", "10°21'36\"B 106°21'36\"Đ", "VN-2000 1145989 648745", "648745 1145989"]
)
def test_coordinates_in_every_spelling_show_what_is_there_and_near(client: FlaskClient, written: str) -> None:
    page = unescape(client.get("/tim", query_string={"q": written}).text)
    assert "Tại toạ độ 10,36000°\xa0B 106,36000°\xa0Đ" in page or "Tại toạ độ 10,36" in page
    assert "Phường Đạo Thạnh" in page
    assert "Gần đây" in page
    assert "cách " in page


@pytest.mark.parametrize(
    "asked", ["", "   ", "khong co gi nhu the", "%", "'; select 1--", "x" * 5000, "\u202e\u0000<script>", "91, 181", "1,2,3"]
)
def test_nothing_found_is_said_with_advice_and_never_a_fault(client: FlaskClient, asked: str) -> None:
    answer = client.get("/tim", query_string={"q": asked})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_the_language_stays_while_walking_through(client: FlaskClient) -> None:
    page = unescape(client.get("/tim?q=go+cong&lang=en").text)
    assert "Results for" in page
    assert 'href="/dia-danh/' in page
    assert "?lang=en" in page
    assert 'href="/tim?q=go+cong"' in page  # back to Vietnamese, the question kept


def test_every_tool_has_a_page_of_help(client: FlaskClient) -> None:
    overview = client.get("/tro-giup").text
    pages = set(re.findall(r'href="(/tro-giup/[a-z-]+)"', overview))
    assert len(pages) == 10
    for page in pages:
        assert client.get(page).status_code == 200
        assert "Other tools" in client.get(f"{page}?lang=en").text
    assert client.get("/tro-giup/khong-co").status_code == 404
