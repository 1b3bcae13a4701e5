# SPDX-License-Identifier: MIT
"""Capabilities list what the asker may do, so that the pencil of QGIS is right."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import Sender, insert, point, post_element

_ALL = ["Query", "Insert", "Update", "Delete", "Lock"]
_EDITOR = [word for word in _ALL if word != "Delete"]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (None, {}),
        ("xem", {}),
        ("sua", {"wells": _EDITOR, "zones": _EDITOR, "canals": _EDITOR, "posts": _ALL}),
        ("duyet", dict.fromkeys(["wells", "zones", "canals", "posts", "permits", "secrets"], _ALL)),
    ],
)
def test_operations_are_those_of_the_asker(app: Flask, account: str | None, expected: dict[str, list[str]]) -> None:
    answer = Sender(app.test_client(), account).get("/wfs?service=WFS&request=GetCapabilities")
    root = ElementTree.fromstring(answer.data)
    assert [one.text for one in root.findall("wfs:FeatureTypeList/wfs:Operations/wfs:Operation", NAMES)] == ["Query"]
    types = root.findall("wfs:FeatureTypeList/wfs:FeatureType", NAMES)
    found = {
        (kind.findtext("wfs:Name", namespaces=NAMES) or "").partition(":")[2]: [
            one.text for one in kind.findall("wfs:Operations/wfs:Operation", NAMES)
        ]
        for kind in types
    }
    assert {name: words for name, words in found.items() if words} == expected
    offered = {one.attrib["name"]: one for one in root.findall("ows:OperationsMetadata/ows:Operation", NAMES)}
    assert ("Transaction" in offered) == bool(expected)
    if expected:
        ways = [child.tag.partition("}")[2] for child in offered["Transaction"].findall("ows:DCP/ows:HTTP/*", NAMES)]
        assert ways == ["Post"]


@pytest.mark.parametrize(("account", "expected"), [(None, False), ("xem", False), ("sua", True), ("duyet", True)])
def test_older_and_newer_versions_offer_editing_to_those_who_may(app: Flask, account: str | None, expected: bool) -> None:
    sender = Sender(app.test_client(), account)
    old, new = (sender.get(f"/wfs?service=WFS&version={version}&request=GetCapabilities").text for version in ("1.0.0", "2.0.0"))
    assert [word in old for word in ("<Transaction>", "<Insert/>", "<Update/>")] == [expected] * 3
    assert ("<Delete/>" in old) == expected
    assert [f'name="{word}"' in new for word in ("Transaction", "LockFeature", "GetFeatureWithLock")] == [expected] * 3
    claimed = dict(re.findall(r'name="(Implements(?:Transactional|Locking)WFS)"><ows:NoValues/><ows:DefaultValue>(\w+)', new))
    assert set(claimed.values()) == {str(expected).upper()}


def test_the_tag_follows_the_revision(app: Flask, reviewer: Sender, anyone: Sender) -> None:
    address = "/wfs?service=WFS&request=GetCapabilities"
    before = anyone.get(address).headers["ETag"]
    assert anyone.get(address).headers["ETag"] == before
    assert reviewer.done(insert(post_element("M1", place=point("10.9 105.9")))).totals == (1, 0, 0)
    after = anyone.get(address).headers["ETag"]
    assert after != before
    asked = {"If-None-Match": after}
    assert app.test_client().get(address, headers=asked).status_code == 304
    assert app.test_client().get(address, headers={**reviewer.headers(), **asked}).status_code == 200, "staff have one of their own"
