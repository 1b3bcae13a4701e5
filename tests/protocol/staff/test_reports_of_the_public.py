# SPDX-License-Identifier: MIT
"""Reports of the public in the hands of staff: reviewers see all of it, decide, and the sender reads the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from server.context import Context
from server.feedback.reports import Draft, follow_report, send_report
from tests.protocol.staff.conftest import Staff

People = Callable[[str], Staff]


@pytest.fixture
def number(context: Context) -> str:
    out = BytesIO()
    Image.new("RGB", (40, 20), "#336699").save(out, "JPEG")
    return send_report(context, Draft("data", "Trạm <b>sai</b> chỗ", None, ("wells", 1), "0900 000 000", out.getvalue(), "10.9.0.1"))


def seen_of(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_reviewer_reads_decides_and_the_sender_reads_the_answer(staff: People, context: Context, number: str) -> None:
    somebody = staff("duyet")
    assert number in somebody.get("/can-bo/phan-anh").text
    address = f"/can-bo/phan-anh/{number}"
    page = somebody.get(address).text
    assert "Trạm &lt;b&gt;sai&lt;/b&gt; chỗ" in page
    assert "0900 000 000" in page
    assert "Giếng 1" in page
    assert somebody.get(f"{address}/anh.jpg").content_type == "image/jpeg"
    saved = somebody.post(address, seen=seen_of(page), state="working", answer="Đã cử cán bộ <tới>")
    assert saved.status_code == 303
    assert "Đã cử cán bộ &lt;tới&gt;" in somebody.get(f"/phan-anh/{number}").text
    assert number in somebody.get("/can-bo/phan-anh?trang-thai=working").text
    assert number not in somebody.get("/can-bo/phan-anh?trang-thai=done&lang=en").text
    late = staff("quan").post(address, seen=seen_of(page), state="refused", answer="")
    assert late.status_code == 409
    assert "Có người khác vừa xử lý" in late.text
    assert follow_report(context, number).state == "working"


def test_what_cannot_be_decided_comes_back_filled_in(staff: People, context: Context, number: str) -> None:
    somebody, address = staff("duyet"), f"/can-bo/phan-anh/{number}"
    seen = seen_of(somebody.get(address).text)
    for given in (
        {"state": "gone"},
        {"state": "duplicate"},
        {"state": "duplicate", "same_as": "PA-22222222"},
        {"state": "done", "same_as": number},
    ):
        answer = somebody.post(address, seen=seen, answer="giữ lại", **given)
        assert answer.status_code == 400, given
        assert "giữ lại" in answer.text
        assert 'role="alert"' in answer.text
    assert somebody.client.post(address, data={"seen": seen, "state": "done"}).status_code == 403, "no token"
    assert follow_report(context, number).state == "received"


def test_editors_and_strangers_see_no_reports(staff: People, number: str) -> None:
    somebody = staff("sua")
    for path in ("/can-bo/phan-anh", f"/can-bo/phan-anh/{number}", f"/can-bo/phan-anh/{number}/anh.jpg"):
        answer = somebody.get(path)
        assert answer.status_code == 403, path
        assert "0900" not in answer.text
    assert somebody.post(f"/can-bo/phan-anh/{number}", state="done").status_code == 403
    assert "/can-bo/phan-anh" not in somebody.get("/can-bo/nap").text
    assert staff("duyet").get("/can-bo/phan-anh/PA-0").status_code == 404
    somebody.client.delete_cookie("xanh_staff", path="/can-bo")
    assert somebody.get(f"/can-bo/phan-anh/{number}/anh.jpg").status_code == 303
