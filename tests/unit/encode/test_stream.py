# SPDX-License-Identifier: MIT
from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.encode.stream import Framed


def test_head_travels_with_the_first_chunk_and_the_tail_is_asked_last() -> None:
    seen: list[str] = []

    def chunks() -> Iterator[bytes]:
        seen.append("one")
        yield b"1"
        seen.append("two")
        yield b"2"

    def tail() -> bytes:
        seen.append("tail")
        return b">"

    assert list(Framed(b"<", chunks(), tail)) == [b"<1", b"2", b">"]
    assert seen == ["one", "two", "tail"]


def test_without_rows_head_and_tail_make_the_document() -> None:
    assert list(Framed(b"<", iter(()), lambda: b">")) == [b"<>"]


def test_a_failure_on_the_way_is_told_and_breaks_the_document() -> None:
    told: list[BaseException] = []

    def chunks() -> Iterator[bytes]:
        yield b"1"
        raise RuntimeError("the database went away")

    answered: list[bytes] = []
    with pytest.raises(RuntimeError):
        answered.extend(Framed(b"<", chunks(), lambda: b">", told.append))
    assert [str(error) for error in told] == ["the database went away"]
    assert b">" not in b"".join(answered)


def test_closing_stops_the_rows() -> None:
    closed: list[bool] = []

    def chunks() -> Iterator[bytes]:
        try:
            yield b"1"
            yield b"2"
        finally:
            closed.append(True)

    framed = Framed(b"<", chunks(), lambda: b">")
    assert next(iter(framed)) == b"<1"
    framed.close()
    assert closed == [True]
