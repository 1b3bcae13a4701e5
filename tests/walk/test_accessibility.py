# SPDX-License-Identifier: MIT
"""axe-core looks at every state of the map: nothing serious or critical on any screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.config import ROOT
from tests.walk.conftest import Walk

AXE = ROOT / "viewer" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = [(1440, 900), (360, 780)]
Start = Callable[[int, int], Walk]


def find_faults(page: Page, axe: Path = AXE) -> list[str]:
    """Rules broken seriously or critically, with the elements that break them."""
    page.evaluate(axe.read_text(encoding="utf-8"))
    answer: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert answer["passes"], "axe looked at nothing"
    return [
        f"{broken['impact']} {broken['id']}: {[' '.join(node['target']) for node in broken['nodes']]}"
        for broken in answer["violations"]
        if broken["impact"] in ("serious", "critical")
    ]


@pytest.fixture(params=SIZES, ids=["desktop", "phone"])
def walk(request: pytest.FixtureRequest, walk_at: Start) -> Walk:
    return walk_at(*request.param)


def test_axe_finds_what_is_wrong(walk: Walk) -> None:
    walk.open("/map")
    walk.page.evaluate("document.querySelector('#search').setAttribute('aria-expanded', 'perhaps')")
    assert any("aria-valid-attr-value" in fault for fault in find_faults(walk.page))


def test_the_map_with_its_layers_and_options(walk: Walk) -> None:
    walk.open("/map")
    walk.settle()
    assert find_faults(walk.page) == []
    pill = walk.page.get_by_role("button", name="Lớp & chú giải")
    if pill.is_visible():
        pill.click()
    walk.page.locator(".more:visible").first.click()
    expect(walk.page.locator(".options:visible")).to_be_visible()
    assert find_faults(walk.page) == []


@pytest.mark.parametrize("words", ["go cong", "khong co gi nhu the"])
def test_the_search_box_with_and_without_hits(words: str, walk: Walk) -> None:
    walk.open("/map")
    walk.page.locator("#search").fill(words)
    expect(walk.page.locator("#suggestions > *").first).to_be_visible()
    assert find_faults(walk.page) == []
    walk.settle()


def test_the_card_of_a_station_with_all_its_details(walk: Walk) -> None:
    walk.open("/map?object=stations.1")
    walk.page.locator("#card summary").click()
    walk.settle()
    assert find_faults(walk.page) == []


def test_pages_of_the_ogc_api(walk: Walk) -> None:
    for path in ("", "/collections/stations", "/collections/stations/items", "/collections/stations/items/1"):
        walk.page.goto(f"{walk.base_url}/ogcapi{path}?f=html")
        walk.page.wait_for_load_state("networkidle")
        assert find_faults(walk.page) == [], path
        assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
