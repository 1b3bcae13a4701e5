# SPDX-License-Identifier: MIT
"""Suggestions of the search box among two million names: words nearly all hold, words few hold, words none holds together."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Mapping
from urllib.parse import quote

from bench.site import AbsentError

# What is typed, and whether it is found.
WORDS: Mapping[str, bool] = {
    "c": True,
    "co": True,
    "cơ sở": True,
    "cong ty": True,
    "số": False,
    "châu thành": True,
    "thủy sản": True,
    "thuy san tan hoi": True,
    "gò công": True,
    "cong ty go cong": True,
    "N1234567": True,
    "cơ sở chế biến thủy sản": True,
    "1999983": True,
    "thủy sản xi măng": False,
    "không có tên này": False,
}
# Every thread of every worker has to have planned and read once before it counts.
_WARMING, _TURNS = 12, 9


def measure_suggestions(port: int) -> tuple[float, dict[str, float]]:
    """The slowest of the words (ms, the median of its answers); the median of all words, the slowest answer, and each word.

    Beside them how many words found nothing in the time there is, though there are hits. One request at a time over one connection, the
    words in turns. Raises AbsentError for an error answer.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    samples: dict[str, list[float]] = {word: [] for word in WORDS}
    missed: set[str] = set()
    try:
        for turn in range(-_WARMING, _TURNS):
            for word, kept in samples.items():
                seconds, found = _ask(connection, word)
                if turn >= 0:
                    kept.append(seconds * 1000)
                    missed |= {word} if WORDS[word] and not found else set()
    finally:
        connection.close()
    medians = {word: round(statistics.median(kept), 1) for word, kept in samples.items()}
    slowest = max(max(kept) for kept in samples.values())
    whole = {"median ms": round(statistics.median(medians.values()), 1), "slowest answer ms": round(slowest, 1)}
    whole |= {"words of which hits were missed": len(missed)}
    return max(medians.values()), whole | {f"“{word}”": value for word, value in medians.items()}


def _ask(connection: http.client.HTTPConnection, word: str) -> tuple[float, bool]:
    """Seconds, and whether anything was found."""
    began = time.perf_counter()
    connection.request("GET", f"/map/search?q={quote(word)}&lang=vi&limit=8")
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    if answer.status != 200:
        raise AbsentError(f"{word}: status {answer.status}")
    return seconds, bool(json.loads(body)["hits"])
