# SPDX-License-Identifier: MIT
"""Tables say where their rows lie in many ways; workbooks have titles and formulas."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import shapely

from loaders.batches import SourceRow
from loaders.places import read_angle, read_metres
from loaders.source import SourceOptions, open_source
from server.config import Loading
from server.errors import SourceRefused


def rows_of(path: Path, text: str, **options: object) -> list[SourceRow]:
    path.write_text(text, encoding="utf-8")
    return list(open_source(path, SourceOptions(**options)).rows())  # type: ignore[arg-type]


def place(row: SourceRow) -> tuple[float, float]:
    shape = shapely.from_wkb(row.wkb)
    return shape.x, shape.y


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("106.36", 106.36),
        ("106,36", 106.36),
        ("106°21'36\"E", 106.36),
        ("106° 21’ 36,0”", 106.36),
        ("106 21 36", 106.36),
        ("106d21m36s", 106.36),
        ("10°21.6'N", 10.36),
        ("10°21'36\"S", -10.36),
        ("106°61'00\"", None),
        ("một trăm", None),
        ("1 2 3 4", None),
        ("", None),
    ],
)
def test_an_angle_is_read_as_people_write_it(text: str, degrees: float | None) -> None:
    assert read_angle(text) == (None if degrees is None else pytest.approx(degrees))


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("1145735.536", 1145735.536),
        ("1145735,536", 1145735.536),
        ("1.145.735,536", 1145735.536),
        ("1,145,735.536", 1145735.536),
        ("1 145 735.5m", 1145735.5),
        ("x", None),
    ],
)
def test_metres_are_read_in_both_notations(text: str, metres: float | None) -> None:
    assert read_metres(text) == (None if metres is None else pytest.approx(metres))


def test_x_and_y_of_vietnamese_papers_are_north_and_east(tmp_path: Path) -> None:
    text = "Tên;X;Y\nA;1145735,536;566603,933\nB;1146000;566700\n"
    (first, _) = rows_of(tmp_path / "a.csv", text, crs=9210)
    assert place(first) == (566603.933, 1145735.536)
    (grouped,) = rows_of(tmp_path / "b.csv", "Tên;X;Y\nA;1.145.735,536;566.603,933\n", crs=9210)
    assert place(grouped) == (566603.933, 1145735.536)
    info = open_source(tmp_path / "a.csv", SourceOptions()).info
    assert info.crs is None, "metres without a coordinate system are not guessed"
    assert "X is north" in info.notes[0]


def test_x_and_y_in_the_order_of_mathematics_stay(tmp_path: Path) -> None:
    (first,) = rows_of(tmp_path / "a.csv", "x,y\n566603.933,1145735.536\n", crs=9210)
    assert place(first) == (566603.933, 1145735.536)


def test_dms_wkt_and_one_column_of_both_are_found(tmp_path: Path) -> None:
    dms = rows_of(tmp_path / "a.csv", "ten;Kinh độ;Vĩ độ\nA;106°21'36\";10°21'36\"\n")
    wkt = rows_of(tmp_path / "b.csv", 'ten,WKT\nA,"LINESTRING (106 10, 107 10)"\nB,\nC,LINESTRING (1\n')
    both = rows_of(tmp_path / "c.csv", 'ten,Toạ độ\nA,"10.36, 106.36"\n')
    assert [place(row) for row in (dms[0], both[0])] == [pytest.approx((106.36, 10.36))] * 2
    assert shapely.from_wkb(wkt[0].wkb).length == 1
    assert (wkt[1].wkb, wkt[2].wkb) == (None, b"")


def test_coordinates_that_cannot_be_read_are_not_taken_for_none(tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "a.csv", "ten,lon,lat\nA,106.3,không rõ\nB,,\n")
    assert [row.wkb for row in rows] == [b"", None]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n" + b"\x00" * 5000, "not a text table"),
        (b'a,b\n"' + b"x" * 2_000_000 + b'",1\n', "more than 1000000 characters"),
        (b'a,b\n"' + b"x\n" * 700_000 + b'",1\n', "cannot be read"),
        (b"a,b\n1,2\n3\n", "row 2"),
        (",".join(f"c{i}" for i in range(600)).encode() + b"\n", "no readable head"),
    ],
)
def test_a_hostile_table_is_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(SourceRefused, match=reason):
        list(open_source(tmp_path / "a.csv", SourceOptions()).rows())


def test_utf16_of_a_spreadsheet_and_a_legacy_table_are_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("ten\tlon\tlat\nGò Công\t106.67\t10.36\n".encode("utf-16"))
    (tmp_path / "b.csv").write_bytes("ten,so\nTiÒn Giang,1\nL¹ng S¬n,2\n".encode("latin-1"))
    assert next(iter(open_source(tmp_path / "a.csv", SourceOptions()).rows())).values["ten"] == "Gò Công"
    assert open_source(tmp_path / "b.csv", SourceOptions()).info.encodings["ten"][0] == "tcvn3"
    assert [row.values["ten"] for row in open_source(tmp_path / "b.csv", SourceOptions()).rows()] == ["Tiền Giang", "Lạng Sơn"]


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    for i, (name, rows) in enumerate(sheets):
        sheet = book.active if i == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_gives_its_table_below_the_title_and_formulas_are_not_run(tmp_path: Path) -> None:
    table: list[list[object]] = [
        ["BẢNG TỔNG HỢP TRẠM QUAN TRẮC"],
        [],
        ["Mã", "Tên", "Kinh độ", "Vĩ độ", "Ghi chú"],
        ["T1", "Gò Công", 106.67, 10.36, '=HYPERLINK("http://x")'],
        [2, "Cầu Quan", "106°21'36\"", "10°21'36\"", None],
    ]
    source = open_source(workbook(tmp_path / "a.xlsx", ("Trạm", table)), SourceOptions())
    rows = list(source.rows())
    assert source.info.fields == ("Mã", "Tên", "Kinh độ", "Vĩ độ", "Ghi chú")
    assert [row.values["Mã"] for row in rows] == ["T1", "2"]
    assert [row.values["Ghi chú"] for row in rows] == [None, None]
    assert place(rows[0]) == (106.67, 10.36)
    assert [note.split(" · ")[0] for note in source.info.notes] == [
        "1 rows above the table were passed over.",
        "1 formulas: the stored values were taken.",
        "1 formulas hold no value; these cells are empty.",
    ]


def test_a_workbook_of_two_sheets_asks_which(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("Một", [["a", "b"], [1, 2]]), ("Hai", [["a", "b"], [3, 4]]))
    with pytest.raises(SourceRefused, match="Một, Hai"):
        open_source(path, SourceOptions())
    assert next(iter(open_source(path, SourceOptions(layer="Hai")).rows())).values == {"a": "3", "b": "4"}


@pytest.mark.parametrize(
    "text",
    [
        'code,name,lon,lat\nA,"một, ""hai""\nba",106.5,10.5\n B ,  ,106.6,10.6\nC,Đồng Tháp,,\n',
        "code;name;X;Y\r\nA;một;1145735,536;566603,933\r\nB;hai;1145735.5;566603.9\r\n",
        'code,toạ độ\nA,"10.36, 106.36"\nB,\n',
        "code,name\nA,\x01x\n\nB,y\n",
        "code,name\nA,1\n,\nB,2\n",
        "code\n1\n2\n",
        "\ufeffcode,name\nA,đ\u0301\n",
    ],
)
def test_a_large_table_is_read_as_a_small_one(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    careful = rows_of(tmp_path / "a.csv", text, crs=9210)
    monkeypatch.setattr("loaders.table._LARGE", 0)
    assert rows_of(tmp_path / "b.csv", text, crs=9210) == careful
    assert [row.number for row in careful] == list(range(1, len(careful) + 1))


def test_a_large_table_in_tcvn3_is_read_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("code,ten\nA,TiÒn Giang\nB,Gß C«ng\n".encode("cp1252"))
    careful = list(open_source(path, SourceOptions(encoding="tcvn3")).rows())
    monkeypatch.setattr("loaders.table._LARGE", 0)
    assert list(open_source(path, SourceOptions(encoding="tcvn3")).rows()) == careful
    assert [row.values["ten"] for row in careful] == ["Tiền Giang", "Gò Công"]


@pytest.mark.parametrize("text", ["a,b\n1,2\n3\n", 'a,b\n1,"2\n', "a,b\n1,2\x00\n", "a,b\n1," + "x" * 3000 + "\n"])
def test_a_large_table_with_faults_is_refused_as_a_small_one(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, outcomes = tmp_path / "a.csv", []
    path.write_text(text, encoding="utf-8")
    for large in (1_000_000, 0):
        monkeypatch.setattr("loaders.table._LARGE", large)
        try:
            outcomes.append(str([row.values for row in open_source(path, SourceOptions(limits=Loading(max_cell_characters=1000))).rows()]))
        except SourceRefused as error:
            outcomes.append(error.message)
    assert outcomes[0] == outcomes[1]
