# SPDX-License-Identifier: MIT
"""`xanh.fold`: one spelling for every way of typing a Vietnamese name."""

from __future__ import annotations

import unicodedata

import pytest

from server.db.pool import Connection, Database


def _fold(connection: Connection, text: str | None) -> str | None:
    row = connection.execute("SELECT xanh.fold(%s::text)", [text]).fetchone()
    assert row is not None
    return None if row[0] is None else str(row[0])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Gò Công", "go cong"),
        ("GÒ CÔNG ĐÔNG", "go cong dong"),
        ("Đồng Tháp", "dong thap"),
        ("đường Nguyễn Huệ", "duong nguyen hue"),
        ("Ưu Ứng Ừ Ữ Ự ơ Ớ Ợ", "uu ung u u u o o o"),
        ("ằ ẵ ặ ậ ẫ ể ỷ ỹ ỵ", "a a a a a e y y y"),
        ("  Cù  lao\tThới Sơn ", "cu lao thoi son"),
        ("Trạm B-12 (QCVN 08)", "tram b-12 (qcvn 08)"),
    ],
)
def test_accents_tones_case_and_blanks_fold_away(owner_connection: Connection, text: str, folded: str) -> None:
    assert _fold(owner_connection, text) == folded


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_unicode_form_folds_alike(owner_connection: Connection, form: str) -> None:
    text = unicodedata.normalize(form, "Thị trấn Mỹ Thọ, huyện Cao Lãnh")  # type: ignore[arg-type]
    assert _fold(owner_connection, text) == "thi tran my tho, huyen cao lanh"


def test_a_tone_typed_before_the_horn_folds_alike(owner_connection: Connection) -> None:
    assert _fold(owner_connection, "o\u0301\u031b") == _fold(owner_connection, "\u1edb") == "o"


def test_nothing_stays_nothing(owner_connection: Connection) -> None:
    assert _fold(owner_connection, None) is None
    assert _fold(owner_connection, "") == ""


def test_folding_may_feed_a_generated_column(owner_connection: Connection) -> None:
    owner_connection.execute("CREATE TABLE official.t (name text, search text GENERATED ALWAYS AS (xanh.fold(name)) STORED)")
    row = owner_connection.execute("INSERT INTO official.t VALUES ('Tháp Mười') RETURNING search").fetchone()
    assert row == ("thap muoi",)


def test_the_public_role_may_fold(database: Database) -> None:
    with database.reader() as connection:
        assert _fold(connection, "Sa Đéc") == "sa dec"


@pytest.mark.parametrize("text", ["chr(i)", "'a' || chr(i)", "chr(i) || 'Ế  b '", "' ' || chr(i) || chr(769)"])
def test_the_short_way_folds_every_letter_as_the_thorough_way_does(owner_connection: Connection, text: str) -> None:
    thorough = (
        "btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, translate(regexp_replace("
        rf"normalize({text}, NFD), '[\u0300-\u036f]', '', 'g'), U&'\0111\0110', 'dd'))), '\s+', ' ', 'g'))"
    )
    different = f"SELECT i FROM generate_series(1, 12000) i WHERE xanh.fold({text}) IS DISTINCT FROM {thorough}"
    assert owner_connection.execute(different.encode()).fetchall() == []
