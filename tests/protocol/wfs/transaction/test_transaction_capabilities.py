# SPDX-License-Identifier: MIT
"""Capabilities list what the asker may do, so that the pencil of QGIS is right."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import Sender

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
