# SPDX-License-Identifier: MIT
"""Legacy Vietnamese encodings are detected per column and decoded by the sourced tables."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from loaders.encoding import canonical, decode, detect, mend_mojibake, restore_capitals
from loaders.syllables import is_syllable

VECTORS = Path(__file__).parents[2] / "data" / "encoding_test_vectors.csv"


def vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: f"{row['encoding']}-{row['text'][:20]}")
def test_every_published_vector_decodes(row: dict[str, str]) -> None:
    assert decode(bytes.fromhex(row["bytes_hex"]), canonical(row["encoding"])) == row["expected_decoded"]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258", "utf-8"])
def test_a_column_of_vectors_is_recognised(encoding: str) -> None:
    column = [bytes.fromhex(row["bytes_hex"]) for row in vectors() if canonical(row["encoding"]) == encoding]
    assert len(column) >= 10
    assert detect(column).encoding == encoding


def test_a_wrong_declaration_does_not_win() -> None:
    column = [bytes.fromhex(row["bytes_hex"]) for row in vectors() if row["encoding"] == "tcvn3"]
    assert detect(column, declared="UTF-8").encoding == "tcvn3"


def test_plain_ascii_is_utf8() -> None:
    guess = detect([b"AN GIANG", b"12"])
    assert (guess.encoding, guess.score) == ("utf-8", 1.0)


def test_capitals_tcvn3_cannot_write_are_restored() -> None:
    assert restore_capitals("ấp Bắc") == "Ấp Bắc"
    assert restore_capitals("Mỹ THO") == "Mỹ THO"
    assert restore_capitals("XÃ MỸ ĐứC TâY") == "XÃ MỸ ĐỨC TÂY"


def test_utf8_read_as_cp1252_is_mended() -> None:
    assert mend_mojibake("Láº¡ng SÆ¡n") == "Lạng Sơn"
    assert [mend_mojibake(text) for text in ("Lạng Sơn", "Café Ñandú", "plain")] == ["Lạng Sơn", "Café Ñandú", "plain"]


@pytest.mark.parametrize(
    ("word", "is_one"), [("Nguyễn", True), ("Thuỷ", True), ("khuỷu", True), ("TiÒn", False), ("Gi", True), ("street", False)]
)
def test_syllables_are_told_from_noise(word: str, is_one: bool) -> None:
    assert is_syllable(word) is is_one


@pytest.mark.parametrize(
    ("lossy", "meant"),
    [
        ("Thị trấn ái Nghĩa, Xã Đại Hiệp", "Thị trấn Ái Nghĩa, Xã Đại Hiệp"),
        ("Ban chấp hành huyện ủy", "Ban chấp hành huyện ủy"),
        ("Các thành phố đã có Nước", "Các thành phố đã có Nước"),
    ],
)
def test_the_capital_of_a_place_comes_back_after_the_word_of_its_kind(lossy: str, meant: str) -> None:
    assert restore_capitals(lossy) == meant
