# SPDX-License-Identifier: MIT
"""The examples of the guide for agencies run as they stand."""

from __future__ import annotations

import re
from typing import Any
from urllib.request import urlopen

from server.config import ROOT
from tests.client.conftest import Province

GUIDE = (ROOT / "docs" / "agencies.md").read_text(encoding="utf-8")
_ADDRESS = re.compile(r"^curl '?(https://host[^\s']*)", re.MULTILINE)


def test_every_address_of_the_guide_answers(province: Province) -> None:
    found = _ADDRESS.findall(GUIDE)
    assert len(found) >= 4
    for address in found:
        with urlopen(address.replace("https://host", province.address), timeout=30) as answer:
            assert answer.status == 200, address


def test_the_follower_of_the_guide_holds_every_feature(province: Province) -> None:
    block = next(part.partition("```")[0] for part in GUIDE.split("```python")[1:] if "import requests" in part.partition("```")[0])
    names: dict[str, Any] = {}
    exec(block.replace("https://host", province.address), names)
    assert len(names["features"]) == province.counts["stations"]
    assert names["address"].startswith(f"{province.address}/api/v1/layers/stations/changes?")
