# SPDX-License-Identifier: MIT
"""Several people save at the same time: every request is stored whole or refused in so many words, and the counts stay true."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

from flask import Flask

from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import Sender, Store, insert, point, post_element, put, update


def test_writers_of_the_same_features_neither_wait_for_ever_nor_fail(app: Flask, stores: Store) -> None:
    first = {row[0]: row[1] for row in stores.rows("SELECT id, version FROM official.wells")}

    def save(number: int) -> tuple[int, bool]:
        chance = random.Random(number)
        ids = chance.sample([1, 2, 3], 3)
        inside = "".join(update("wells", put("depth", f"{number}.{one}"), f"wells.{one}") for one in ids)
        inside += update("zones", put("name", f"Khu {number}"), f"zones.{ids[0]}") + update("zones", put("area", str(number)), "zones.2")
        inside += update("wells", put("geom", point(f"10.{number} 105.5")), f"wells.{ids[1]}")
        inside += insert(post_element(f"M{number}"))
        answer = Sender(app.test_client(), ("duyet", "quan")[number % 2]).post(inside)
        assert answer.status_code == 200, answer.text
        root = ElementTree.fromstring(answer.data)
        done = root.find("wfs:TransactionSummary", NAMES) is not None
        assert done or "hãy thử lại" in answer.text, answer.text
        return number, done

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(save, range(10, 34)))
    stored = {number for number, done in outcomes if done}
    assert stored
    assert {row[0] for row in stores.rows("SELECT code FROM official.posts")} == {f"M{number}" for number in stored}
    assert {row[0] for row in stores.rows("SELECT code FROM published.posts")} == {f"M{number}" for number in stored}
    changes = stores.value("SELECT sum(version) FROM official.wells") - sum(first.values())
    assert changes == 4 * len(stored)
    official = stores.rows("SELECT id, depth, ST_AsText(geom) FROM official.wells ORDER BY id")
    assert stores.rows("SELECT id, depth, ST_AsText(geom) FROM published.wells ORDER BY id") == official
