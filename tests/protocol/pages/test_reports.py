# SPDX-License-Identifier: MIT
"""Reports of the public: sent without account or script, followed by number, offered to others near by, answered by staff."""

from __future__ import annotations

from html import unescape
from io import BytesIO

import psycopg
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from server.commands.feedback import set_report, show_report, show_reports
from server.context import Context
from server.errors import FeatureNotFound, InvalidParameter
from server.feedback.photo import read_photo
from server.feedback.reports import decide_report, follow_report, report_photo


def make_photo(size: tuple[int, int] = (2000, 1000), **gps: str) -> bytes:
    """A JPEG that tells a secret, lies on its side and knows its position (10°21′36″ 106°21′36″)."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "a secret", 6
    exif[0x8825] = {1: gps.get("ns", "N"), 2: (10.0, 21.0, 36.0), 3: "E", 4: (106.0, 21.0, 36.0)}
    out = BytesIO()
    Image.new("RGB", size, "#336699").save(out, "JPEG", exif=exif)
    return out.getvalue()


def send(client: FlaskClient, address: str, photo: bytes = b"", /, **given: str) -> TestResponse:
    data: dict[str, object] = {"kind": "water", "text": "Nước kênh đen", "place": "10.36, 106.36", **given}
    if photo:
        data["photo"] = (BytesIO(photo), "<anh>.jpg")
    return client.post("/phan-anh", data=data, content_type="multipart/form-data", environ_base={"REMOTE_ADDR": address})


def number_of(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].split("/")[2].partition("?")[0]


@pytest.fixture
def context(client: FlaskClient) -> Context:
    found: Context = client.application.extensions["xanh"]
    return found


def test_a_report_gets_a_number_and_its_words_wait_for_staff(client: FlaskClient, context: Context) -> None:
    number = number_of(send(client, "10.1.0.1", make_photo(), place="", text="Cá chết <script>alert(1)</script>", contact="a@b.vn"))
    page = client.get(f"/phan-anh/{number}")
    assert "Đã tiếp nhận" in page.text
    assert "Cá chết" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(f"/phan-anh/{number}/anh.jpg").status_code == 404
    report = follow_report(context, number)
    assert report.point == pytest.approx((106.36, 10.36)), "the position of the picture"
    decide_report(context, number, "working", "Đã cử cán bộ tới")
    seen = client.get(f"/phan-anh/{number}").text
    assert "Cá chết &lt;script&gt;alert(1)&lt;/script&gt;" in seen
    assert "Đã cử cán bộ tới" in seen
    assert "a@b.vn" not in seen
    photo = client.get(f"/phan-anh/{number}/anh.jpg")
    with Image.open(BytesIO(photo.data)) as image:
        assert image.size == (800, 1600), "upright and made small"
        assert not image.getexif()
    assert b"secret" not in report_photo(context, number)


def test_what_was_reported_near_is_offered_and_can_be_supported(client: FlaskClient) -> None:
    place = "10.41, 106.21"
    number = number_of(send(client, "10.1.0.2", place=place, text="Khói từ lò gạch", kind="air"))
    step = unescape(client.get("/phan-anh", query_string={"kind": "air", "place": "10.4105, 106.2105"}).text)
    assert f"/phan-anh/{number}/cung-thay" in step
    assert "Khói từ lò gạch" not in step, "words nobody has looked at are not shown to others"
    for elsewhere in ({"kind": "noise", "place": place}, {"kind": "air", "place": "10.43, 106.21"}):
        assert number not in client.get("/phan-anh", query_string=elsewhere).text
    assert client.post(f"/phan-anh/{number}/cung-thay", environ_base={"REMOTE_ADDR": "10.1.0.3"}).status_code == 303
    assert "<dd>1</dd>" in client.get(f"/phan-anh/{number}").text


def test_wrong_data_are_reported_from_the_page_of_an_object(client: FlaskClient, context: Context) -> None:
    page = client.get("/tram/1", follow_redirects=True)
    assert 'href="/phan-anh?kind=data&amp;object=stations.1"' in page.text
    form = unescape(client.get("/phan-anh?kind=data&object=stations.1").text)
    assert "Báo sai dữ liệu" in form
    assert 'name="object" value="stations.1"' in form
    number = number_of(send(client, "10.1.0.4", kind="data", object="stations.1", place="", text="Sai tên"))
    assert follow_report(context, number).subject == ("stations", 1)
    assert 'href="/tram/1-' in client.get(f"/phan-anh/{number}").text


def test_an_address_that_sends_too_much_waits_and_keeps_its_words(client: FlaskClient, context: Context) -> None:
    for _ in range(context.settings.feedback.per_address_hour):
        assert send(client, "10.1.0.5").status_code == 303
    refused = send(client, "10.1.0.5", text="Lần thứ sáu")
    assert refused.status_code == 429
    assert "Lần thứ sáu" in refused.text
    assert "xin thử lại sau" in refused.text
    assert send(client, "10.1.0.6").status_code == 303


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "'; DROP TABLE xanh.report; --"}, "Hãy chọn loại sự việc"),
        ({"text": " \n "}, "Hãy viết vài chữ"),
        ({"place": "đâu đó"}, "Không đọc được toạ độ này"),
        ({"place": "51.5, -0.1"}, "Không đọc được toạ độ này"),
        ({"place": ""}, "Hãy cho biết nơi xảy ra"),
        ({"object": "stations.999999999"}, "Không có đối tượng này"),
        ({"object": "nothing.1"}, "Không có đối tượng này"),
        ({"website": "http://spam"}, "Ô này để trống"),
    ],
)
def test_what_cannot_be_taken_comes_back_filled_in(client: FlaskClient, given: dict[str, str], said: str) -> None:
    answer = send(client, "10.1.0.7", **{"contact": "0900 <b>", **given})
    assert answer.status_code == 400
    assert said in unescape(answer.text)
    assert "<b>" not in answer.text.partition("contact")[2][:200]


@pytest.mark.parametrize("photo", [b"GIF89a" + b"\0" * 40, b"%PDF-1.7", make_photo()[:3000], b"\x89PNG\r\n\x1a\n" + b"\0" * 100])
def test_pictures_that_are_none_are_refused(client: FlaskClient, photo: bytes) -> None:
    answer = send(client, "10.1.0.8", photo)
    assert answer.status_code == 400
    assert "Không đọc được ảnh" in unescape(answer.text)


def test_pictures_with_too_many_pixels_are_refused_before_they_are_unpacked() -> None:
    out = BytesIO()
    Image.new("1", (30_000, 20_000)).save(out, "PNG")
    with pytest.raises(InvalidParameter):
        read_photo(out.getvalue(), 60_000_000, 1600)


def test_positions_that_make_no_sense_are_left_out() -> None:
    south = read_photo(make_photo(ns="S"), 10_000_000, 400)
    assert south.point == pytest.approx((106.36, -10.36))
    out = BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (910.0, 0.0, 0.0), 3: "E", 4: (106.0, 0.0, 0.0)}
    Image.new("RGB", (10, 10)).save(out, "JPEG", exif=exif)
    assert read_photo(out.getvalue(), 1000, 400).point is None


@pytest.mark.parametrize("number", ["PA-00000000", "PA-22222222", "x", "PA-" + "2" * 400, "PA-2222222'"])
def test_numbers_nobody_was_given_find_nothing(client: FlaskClient, number: str) -> None:
    assert client.get(f"/phan-anh/{number}").status_code == 404
    assert client.get(f"/phan-anh/{number}/anh.jpg").status_code == 404
    assert client.post(f"/phan-anh/{number}/cung-thay", environ_base={"REMOTE_ADDR": "10.1.0.9"}).status_code == 404


def test_staff_list_answer_and_merge_reports(client: FlaskClient, context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (number_of(send(client, "10.1.0.10", contact="[red]0900", text=text)) for text in ("Rác ven sông", "Cũng rác"))
    show_reports(False, 1000)
    assert first in capsys.readouterr().out
    show_report(first, None)
    assert "[red]0900" in capsys.readouterr().out
    set_report(second, "duplicate", "", first)
    merged = client.get(f"/phan-anh/{second}").text
    assert f'href="/phan-anh/{first}"' in merged
    for state, same_as in (("nonsense", None), ("duplicate", None), ("done", first), ("duplicate", second)):
        with pytest.raises(InvalidParameter):
            decide_report(context, second, state, "", same_as)
    with pytest.raises(FeatureNotFound):
        decide_report(context, "PA-22222222", "done", "")


def test_the_public_role_cannot_read_reports(context: Context) -> None:
    with context.database.reader() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT count(*) FROM xanh.report")
