# SPDX-License-Identifier: MIT
"""Files that are not what they claim, too large, empty, broken off or dangerous: words on the page, nothing left behind."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from server.context import Context
from server.state import StateDir
from tests.protocol.staff.conftest import Staff

People = Callable[[str], Staff]


def folders(context: Context) -> set[str]:
    root = StateDir(context.settings.var).uploads
    return set(os.listdir(root)) if root.is_dir() else set()


def zip_of(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("a.csv", b"", 400, "tệp rỗng"),
        ("", b"x", 400, "Hãy chọn một tệp"),
        ("a.exe", b"MZ", 400, "Không nhận loại tệp này"),
        ("a.tif", zip_of(a=b"x"), 400, "Không nhận loại tệp này"),
        ("a", b"x", 400, "Không nhận loại tệp này"),
        ("a.csv/", b"x", 303, ""),
        ("a.csv", b"x" * 1_000_001, 413, "Tệp lớn hơn 1 MB"),
        ("a.csv", b"x" * 3_000_000, 413, "Tệp lớn hơn 1 MB"),
    ],
)
def test_what_is_not_taken_is_said_on_the_form(name: str, content: bytes, status: int, words: str, staff: People, context: Context) -> None:
    before = folders(context)
    answer = staff("duyet").send("posts", name, content)
    assert answer.status_code == status, answer.text
    if status != 303:
        assert words in answer.text
        assert 'id="send"' in answer.text
        assert folders(context) == before, "nothing stays"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", zip_of(**{"a.csv": b"\0" * 60_000_000})),
        ("out.zip", zip_of(**{"../../../evil.csv": b"code,lon,lat\nM1,105,10\n"})),
        ("nothing.zip", zip_of(**{"readme.txt": b"x"})),
        ("broken.zip", zip_of(**{"a.csv": b"code"})[:-8]),
        ("nul.csv", b"\0" * 5000),
        ("not.gpkg", b"x" * 5000),
        ("not.xlsx", zip_of(**{"xl/workbook.xml": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"})),
        ("not.parquet", b"PAR1" + b"x" * 100),
        ("entity.kml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><kml>&a;</kml>"),
        ("pointer.json", b'{"type": "FeatureCollection", "features": [' + b'{"a": [' * 50_000),
        ("packed.csv.gz", b"\x1f\x8b" + b"x" * 100),
        ("words.csv", "chỉ có chữ\nkhông có cột\n".encode()),
    ],
)
def test_hostile_files_are_refused_in_words(name: str, content: bytes, staff: People, context: Context) -> None:
    somebody = staff("duyet")
    address = somebody.upload("posts", name, content)
    page = somebody.get(address).text
    assert "Chưa nạp được" in page
    assert 'role="alert"' in page
    assert "Máy chủ gặp lỗi" not in page
    assert "Traceback" not in page
    assert address.rsplit("/", 1)[1] not in page.partition('role="alert">')[2].partition("</p>")[0], "its name, not that on disk"
    assert not (context.settings.var.parent / "evil.csv").exists()
    assert somebody.post(f"{address}/nap-vao", plan="1").status_code == 409


@pytest.mark.parametrize(
    ("layer", "content", "words"),
    [
        ("zones", "name,lon,lat\nMột,105.5,10.5\n", "chứa Point"),
        ("posts", "tên gì đó,lon,lat\nMột,105.5,10.5\n", "khớp với lớp posts"),
        ("wells", "name,lon,lat\nMột,105.5,10.5\n", "Mã;"),
    ],
)
def test_files_for_another_layer_are_refused_in_vietnamese(layer: str, content: str, words: str, staff: People) -> None:
    somebody = staff("duyet")
    page = somebody.get(somebody.upload(layer, "lớp khác.csv", content)).text
    told = page.partition('role="alert">')[2].partition("</p>")[0]
    assert words in told
    assert "--map" not in told


def test_on_disk_no_letter_of_the_name_stands_and_nobody_else_may_read_it(staff: People, context: Context) -> None:
    before = folders(context)
    staff("duyet").send("posts", "../../bí mật.csv", "code,lon,lat\nM1,105.5,10.5\n")
    (made,) = folders(context) - before
    folder = StateDir(context.settings.var).uploads / made
    assert sorted(os.listdir(folder)) == [f"{made}.csv"]
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_that_breaks_off_or_two_files_leave_nothing(staff: People, context: Context) -> None:
    somebody, before = staff("duyet"), folders(context)
    head = f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{somebody.token()}\r\n--x\r\n'
    part = 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ncode,lon'
    answer = somebody.client.post("/can-bo/nap", data=(head + part).encode(), content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "chưa tới đủ" in answer.text
    two = {"token": somebody.token(), "layer": "posts", "file": [(BytesIO(b"a"), "a.csv"), (BytesIO(b"b"), "b.csv")]}
    assert somebody.client.post("/can-bo/nap", data=two, content_type="multipart/form-data").status_code == 400
    for kind in ("text/plain", "multipart/form-data", "application/x-www-form-urlencoded"):
        assert somebody.client.post("/can-bo/nap", data=b"x", content_type=kind).status_code == 400, kind
    assert folders(context) == before


def test_an_expired_session_leads_to_the_form_and_says_so(staff: People, context: Context) -> None:
    somebody, before = staff("duyet"), folders(context)
    somebody.client.delete_cookie("xanh_staff", path="/can-bo")
    answer = somebody.client.post(
        "/can-bo/nap",
        data={"file": (BytesIO(b"x"), "a.csv")},
        content_type="multipart/form-data",
        headers={"Referer": "http://localhost/can-bo/nap"},
    )
    assert answer.status_code == 303
    assert "Phiên làm việc đã hết" in somebody.get(answer.headers["Location"]).text
    assert folders(context) == before


def test_forms_without_token_take_no_file(staff: People, context: Context) -> None:
    somebody, before = staff("duyet"), folders(context)
    assert somebody.send("posts", "a.csv", b"x", token="no").status_code == 400
    form = {"token": somebody.token(), "layer": "posts", "file": (BytesIO(b"x"), "a.csv")}
    cross = somebody.client.post("/can-bo/nap", data=form, content_type="multipart/form-data", headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 400
    assert folders(context) == before
