# SPDX-License-Identifier: MIT
"""Code lists are strict: a row without a source is refused, and so is a word that could mean two codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog.codes import read_code_list
from server.strictyaml import ConfigProblems

Spoil = Callable[[str, str, str], list[str]]
LIST = "codes/well_kind.csv"


def test_a_code_list_keeps_titles_aliases_validity_and_colour(small_catalogue: Path) -> None:
    dug, drilled = read_code_list(small_catalogue / LIST).codes
    assert (dug.vi, dug.colour, dug.valid_from) == ("Giếng đào", "#112233", None)
    assert (drilled.aliases, drilled.valid_from, drilled.source) == (("khoan", "gk"), "2020-01-01", "QĐ 1/2020")


def test_a_row_without_a_source_is_refused(spoil: Spoil) -> None:
    assert spoil(LIST, "QĐ 1/2020", "") == ["codes/well_kind.csv:3: source is empty; every row names its source"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",verified", ",sure", "codes/well_kind.csv:3: status: input should be 'verified', 'unverified' or 'proposal'"),
        ("drilled,Giếng khoan", "drilled,", "codes/well_kind.csv:3: vi is empty"),
        ("drilled,", "dug,", "codes/well_kind.csv:3: the code 'dug' stands twice"),
        ("drilled,", "x' OR 1=1,", "codes/well_kind.csv:3: code: string should match pattern '^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$'"),
        ("khoan|gk", "khoan|Dao", "codes/well_kind.csv:3: 'dao' already means 'dug'"),
        ("#112233", "blue", "codes/well_kind.csv:2: colour: string should match pattern '^#[0-9a-f]{6}$'"),
        ("2020-01-01,", "2020-01-01,2019-12-31", "codes/well_kind.csv:3: valid_to lies before valid_from"),
        ("code,vi", "code,vn", "codes/well_kind.csv:1: unknown column 'vn'; did you mean 'vi'?"),
        (",colour,", ",aliases,", "codes/well_kind.csv:1: a column stands twice"),
        (",proposal,proposal", ",proposal", "codes/well_kind.csv:2: the row has 8 values, the head 9"),
    ],
)
def test_a_mistake_in_a_code_list_is_told_with_its_line(spoil: Spoil, old: str, new: str, told: str) -> None:
    assert told in spoil(LIST, old, new)


def test_a_missing_source_column_is_told(spoil: Spoil) -> None:
    assert "codes/well_kind.csv:1: the column 'source' is missing" in spoil(LIST, ",source,", ",vorigin,")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    with pytest.raises(ConfigProblems, match="the file is empty"):
        read_code_list(tmp_path / "empty.csv")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "legacy.csv").write_bytes("code,vi\nx,Gi\xd5ng\n".encode("latin-1"))
    with pytest.raises(ConfigProblems, match="cannot be read as CSV in UTF-8"):
        read_code_list(tmp_path / "legacy.csv")


def test_a_byte_order_mark_of_a_spreadsheet_is_accepted(small_catalogue: Path) -> None:
    path = small_catalogue / LIST
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_code_list(path).codes) == 2
