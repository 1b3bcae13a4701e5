# SPDX-License-Identifier: MIT
"""Work asked for at the same time is done once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.tiles.once import Once


def test_threads_that_ask_for_the_same_thing_share_one_answer() -> None:
    once: Once[object] = Once()
    made: list[object] = []
    together = threading.Barrier(8)

    def work() -> object:
        time.sleep(0.1)
        made.append(object())
        return made[-1]

    def ask() -> object:
        together.wait()
        return once.run("tile", work)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(), range(8)))
    assert len(made) == 1
    assert set(answers) == set(made)


def test_different_things_are_done_side_by_side() -> None:
    once: Once[int] = Once()
    meeting = threading.Barrier(2, timeout=5)

    def work() -> int:
        return meeting.wait()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda key: once.run(key, work), ("a", "b"))) == [0, 1]


def test_a_failure_reaches_everybody_and_the_next_asker_tries_again() -> None:
    once: Once[str] = Once()
    together = threading.Barrier(4)

    def fail() -> str:
        time.sleep(0.1)
        raise RuntimeError("no")

    def ask() -> str:
        together.wait()
        try:
            return once.run("tile", fail)
        except RuntimeError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: ask(), range(4))) == ["no"] * 4
    assert once.run("tile", lambda: "yes") == "yes"
    with pytest.raises(RuntimeError):
        once.run("tile", fail)
