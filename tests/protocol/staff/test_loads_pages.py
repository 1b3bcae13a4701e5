# SPDX-License-Identifier: MIT
"""A file handed in on a page: planned without writing, adjusted, loaded with the rights of the person, reported, taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from server.context import Context
from server.jobs.intake import carry_out, tidy_uploads
from server.jobs.intake_folder import folder_of
from tests.protocol.staff.conftest import Staff, address_of

People = Callable[[str], Staff]
POSTS = "code,note,height,lon,lat\nM1,một,2,105.5,10.5\nM2,hai,3,105.6,10.6\nM3,ba,999,105.7,10.7\nX4,bốn,1,105.8,10.8\n"


def rows_of(context: Context, layer: str, columns: str = "code, review_state") -> list[tuple[Any, ...]]:
    with context.database.owner() as connection:
        return connection.execute(f"SELECT {columns} FROM official.{layer} ORDER BY id").fetchall()


def counts(page: str) -> dict[str, int]:
    """The tiles of a page."""
    found = re.findall(r'<div class="tally-(\w+)[^"]*"><dd>(\d+)</dd>', page)
    return {name: int(number) for name, number in found}


def test_a_file_is_planned_adjusted_loaded_and_taken_back(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    address = somebody.upload("posts", "../../mốc <b>.csv", POSTS)
    page = somebody.get(address).text
    assert "mốc &lt;b&gt;.csv" in page
    assert counts(page) == {"read": 4, "inserted": 2, "updated": 0, "unchanged": 0, "deleted": 0, "rejected": 2}
    assert "999" in page, "the reason names the value"
    assert "Nạp 2 thay đổi" in page
    english = somebody.get(f"{address}?lang=en").text
    assert all(
        words in english for words in ("If it were loaded now", "Load 2 changes", "Height is greater than 100", "Look again with these")
    )
    assert rows_of(context, "posts") == [], "nothing is written by a plan"
    preview = json.loads(somebody.get(f"{address}/xem-truoc.json").data)
    sorts = {one["properties"]["row"]: one["properties"]["sort"] for one in preview["features"]}
    assert [sorts[row] for row in sorted(sorts)] == ["accepted", "accepted", "rejected", "rejected"]
    assert all(one["properties"]["text_vi"] for one in preview["features"] if one["properties"]["sort"] == "rejected")
    again = somebody.post(f"{address}/ke-hoach", plan="1", **{"field.height": "", "value.note": "chung"})
    assert again.status_code == 303
    somebody.work(address, "plan")
    assert counts(somebody.get(address).text)["inserted"] == 3
    assert somebody.post(f"{address}/nap-vao", plan="2").status_code == 303
    somebody.work(address, "load")
    page = somebody.get(address).text
    assert "Đã nạp" in page
    assert rows_of(context, "posts", "code, note, height, review_state") == [
        (code, "chung", 1.5, "approved") for code in ("M1", "M2", "M3")
    ]
    report = json.loads(somebody.get(f"{address}/tep/report.json").data)
    assert (report["source"], report["counts"]["rejected"]) == ("mốc <b>.csv", 1)
    for name in ("report.html", "map.html", "rejected.xlsx", "rejected.gpkg"):
        answer = somebody.get(f"{address}/tep/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "Hoàn tác lần nạp mốc" in somebody.get(f"{address}/hoan-tac").text
    assert somebody.post(f"{address}/hoan-tac").status_code == 303
    somebody.work(address, "undo")
    assert "Đã hoàn tác" in somebody.get(address).text
    assert rows_of(context, "posts") == []


def test_what_an_editor_loads_waits_for_review_and_may_be_taken_back_by_him(staff: People, context: Context) -> None:
    somebody = staff("sua")
    before = rows_of(context, "wells")
    address = somebody.upload("wells", "gieng.csv", "code,name,kind,lon,lat\nG9,Giếng mới,Tự động,105.55,10.55\n")
    page = somebody.get(address).text
    assert "chờ người duyệt" in page
    assert "đổi thành mã của danh mục (1)" in page
    assert "<del>Tự động</del> → <ins>auto</ins>" in page
    somebody.post(f"{address}/nap-vao", plan="1")
    somebody.work(address, "load")
    assert rows_of(context, "wells")[-1] == ("G9", "pending")
    with context.database.owner() as connection:
        assert connection.execute("SELECT count(*) FROM published.wells WHERE code = 'G9'").fetchone() == (0,)
    somebody.post(f"{address}/hoan-tac")
    somebody.work(address, "undo")
    assert rows_of(context, "wells") == before


def test_an_editor_cannot_delete_by_replacing(staff: People, context: Context) -> None:
    somebody = staff("sua")
    address = somebody.upload("wells", "gieng.csv", "code,name,lon,lat\nG9,Giếng mới,105.55,10.55\n")
    somebody.post(f"{address}/ke-hoach", plan="1", mode="replace")
    somebody.work(address, "plan")
    page = somebody.get(address).text
    assert "Chỉ người duyệt được xóa" in page
    assert "Nạp 1" not in page


def test_changes_are_listed_feature_by_feature(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    address = somebody.upload("posts", "a.csv", "code,note,lon,lat\nM7,cũ,105.5,10.5\nM8,giữ,105.5,10.6\n")
    somebody.post(f"{address}/nap-vao", plan="1")
    somebody.work(address, "load")
    second = somebody.upload("posts", "b.csv", "code,note,lon,lat\nM7,mới,105.51,10.5\nM8,giữ,105.5,10.6\n")
    page = somebody.get(second).text
    assert counts(page)["updated"] == 1
    assert counts(page)["unchanged"] == 1
    assert "<del>cũ</del> → <ins>mới</ins>" in page
    assert "hình dạng, vị trí đổi" in page
    third = somebody.upload("posts", "a.csv", "code,note,lon,lat\nM7,cũ,105.5,10.5\nM8,giữ,105.5,10.6\n")
    page = somebody.get(third).text
    assert "Không có gì để nạp" in page, "the same file twice changes nothing"
    somebody.post(f"{second}/nap-vao", plan="1")
    somebody.work(second, "load")
    somebody.post(f"{address}/hoan-tac")
    somebody.work(address, "undo")
    page = somebody.get(f"{address}/hoan-tac").text
    assert "Đã được sửa lại sau đó" in page, "somebody changed what the first load made"
    assert 'name="force"' in page
    somebody.post(f"{address}/hoan-tac", force="1")
    somebody.work(address, "undo anyway")
    assert "Đã hoàn tác" in somebody.get(address).text


def test_an_unknown_coordinate_system_is_chosen_from_pictures(staff: People) -> None:
    somebody = staff("duyet")
    address = somebody.upload("posts", "vn2000.csv", "code,X,Y\nM1,1152563.0,521493.0\nM2,1152663.0,521593.0\nM3,1152763.0,521693.0\n")
    page = somebody.get(address).text
    assert "Chưa nạp được" in page
    assert "--crs" not in page, "words of the page, not of the command line"
    choices = re.findall(r'<input type="hidden" name="crs" value="(\d+)">', page)
    assert choices
    assert "/100 điểm" in page
    assert page.count('class="is-accepted"') >= 3, "where the data would lie"
    somebody.post(f"{address}/ke-hoach", plan="1", crs=choices[0])
    somebody.work(address, "plan")
    page = somebody.get(address).text
    assert counts(page)["inserted"] == 3
    assert "đang dùng" in page


def test_two_windows_and_double_presses_do_one_thing_once(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    first = somebody.send("posts", "a.csv", POSTS, ticket="one-form")
    assert address_of(somebody.send("posts", "a.csv", POSTS, ticket="one-form")) == address_of(first), "a form sent twice is one upload"
    address = address_of(first)
    somebody.work(address, "plan")
    somebody.post(f"{address}/ke-hoach", plan="1", mode="append")
    somebody.work(address, "plan")
    stale = somebody.post(f"{address}/nap-vao", plan="1")
    assert stale.status_code == 409
    assert "ở cửa sổ khác" in stale.text
    assert somebody.post(f"{address}/nap-vao", plan="2").status_code == 303
    assert somebody.post(f"{address}/nap-vao", plan="2").status_code == 303, "pressed twice"
    assert somebody.post(f"{address}/bo", plan="2").status_code == 409, "it is being loaded"
    somebody.work(address, "load")
    loaded = rows_of(context, "posts", "id, version")
    somebody.work(address, "load")
    assert rows_of(context, "posts", "id, version") == loaded


def test_calling_off_leaves_everything_as_it_was(staff: People, context: Context) -> None:
    somebody = staff("duyet")
    before = rows_of(context, "posts")
    address = somebody.upload("posts", "a.csv", "code,lon,lat\nM77,105.5,10.5\n")
    somebody.post(f"{address}/nap-vao", plan="1")
    somebody.post(f"{address}/dung")
    somebody.work(address, "load")
    page = somebody.get(address).text
    assert "Đã dừng theo yêu cầu" in page
    assert rows_of(context, "posts") == before


def test_a_step_that_dies_is_said_and_may_be_done_again(staff: People, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = staff("duyet")
    address = address_of(somebody.send("posts", "a.csv", "code,lon,lat\nM55,105.5,10.5\n"))
    monkeypatch.setattr("server.jobs.intake._MODULE", "json.tool")  # a program that ends at once with an error
    carry_out(context, address.rsplit("/", 1)[1], "plan")
    assert "bị ngắt giữa chừng" in somebody.get(address).text
    somebody.post(f"{address}/ke-hoach", plan="1")
    somebody.work(address, "plan")
    assert counts(somebody.get(address).text)["inserted"] == 1


def test_nobody_sees_the_uploads_of_others(staff: People) -> None:
    somebody, other = staff("sua"), staff("quan")
    address = somebody.upload("posts", "của tôi.csv", POSTS)
    assert "của tôi.csv" in somebody.get("/can-bo/nap").text
    assert "của tôi.csv" not in other.get("/can-bo/nap").text
    for path in ("", "/tien-do.json", "/xem-truoc.json", "/tep/report.json", "/hoan-tac"):
        assert other.get(address + path).status_code == 404, path
    for path in ("/ke-hoach", "/nap-vao", "/bo", "/dung", "/hoan-tac"):
        assert other.post(address + path, plan="1").status_code == 404, path
    assert somebody.get(f"{address}/tep/plan.json").status_code == 404, "only what a load leaves"
    assert somebody.get(f"{address}/tep/..%2f..%2fsecrets.yml").status_code == 404


def test_only_layers_one_may_edit_are_offered_and_taken(staff: People) -> None:
    somebody = staff("sua")
    page = somebody.get("/can-bo/nap").text
    assert 'value="wells"' in page
    assert 'value="permits"' not in page
    assert somebody.send("permits", "a.csv", POSTS).status_code == 400
    assert somebody.send("nothing", "a.csv", POSTS).status_code == 400
    assert "không có quyền sửa lớp nào" in staff("xem").get("/can-bo").text


def test_files_expire_and_loads_stay_in_the_list(staff: People, context: Context) -> None:
    somebody = staff("quan")
    kept, gone = somebody.upload("posts", "nạp.csv", POSTS), somebody.upload("posts", "quên.csv", POSTS)
    somebody.post(f"{kept}/nap-vao", plan="1")
    somebody.work(kept, "load")
    with context.database.owner() as connection:
        connection.execute("UPDATE xanh.upload SET expires_at = now() - interval '1 second' WHERE account = 'quan'")
    refused = somebody.post(f"{gone}/nap-vao", plan="1")
    assert refused.status_code == 409, "an expired file is not loaded"
    tidy_uploads(context)
    assert somebody.get(gone).status_code == 404
    assert somebody.get(f"{kept}/tep/report.html").status_code == 200
    assert "nạp.csv" in somebody.get("/can-bo").text
    assert folder_of(context.settings, gone.rsplit("/", 1)[1]).is_dir(), "a folder as young as this may be one that is just being filled"


@pytest.mark.parametrize(
    ("wishes", "status"),
    [
        ({"mode": "drop table"}, 400),
        ({"crs": "abc"}, 400),
        ({"crs": "999999"}, 303),
        ({"encoding": "../../etc"}, 400),
        ({"encoding": "no-such"}, 303),
        ({"key": "nothing"}, 400),
        ({"key": "height"}, 303),
        ({"field.code": "note", "field.note": "note"}, 400),
        ({"field.code": "nothing"}, 303),
        ({"value.height": "'; DROP TABLE official.posts; --"}, 303),
        ({"inner": "nothing"}, 303),
        ({"plan": "99999999999999999999"}, 409),
        ({"plan": "-1"}, 409),
    ],
)
def test_hostile_wishes_are_answered_in_words(wishes: dict[str, str], status: int, staff: People) -> None:
    somebody = staff("duyet")
    address = somebody.upload("posts", "a.csv", "code,note,height,lon,lat\nM1,một,2,105.5,10.5\n")
    answer = somebody.post(f"{address}/ke-hoach", **{"plan": "1", **wishes})
    assert answer.status_code == status, answer.text
    if status == 303:
        somebody.work(address, "plan")
    page = somebody.get(address).text
    assert "Máy chủ gặp lỗi" not in page
    assert "Traceback" not in page
