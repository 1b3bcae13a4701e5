# SPDX-License-Identifier: MIT
"""A real Chromium for walks through the served viewer. It cannot be skipped: without a browser the walk fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Walk:
    """A page and what went wrong on it or left for elsewhere while it was walked through."""

    page: Page
    base_url: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Open a path of the served site and wait until the tree of layers stands."""
        self.page.goto(self.base_url + path)
        self.page.locator(".layer").first.wait_for(state="attached")

    def settle(self) -> None:
        """Wait until every picture has arrived."""
        self.page.wait_for_load_state("networkidle")
        self.page.locator("#progress").wait_for(state="hidden")


@pytest.fixture(scope="module")  # while it is open, nothing else of the same process may run an event loop
def browser() -> Iterator[Browser]:
    """Chromium of the system, without window."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path is not None, f"none of {', '.join(BROWSERS)} is installed"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def walk_at(browser: Browser, served: str) -> Iterator[Callable[[int, int], Walk]]:
    """Start a walk at a window of width x height CSS pixels. After the test: no complaint on the console, no request to a stranger."""
    walks: list[Walk] = []

    def start(width: int, height: int) -> Walk:
        page = browser.new_page(viewport={"width": width, "height": height}, has_touch=width < 720)
        walk = Walk(page, served.rstrip("/"))
        page.on("console", lambda message: _note_complaint(walk, message))
        page.on("pageerror", lambda error: walk.complaints.append(str(error)))
        page.on("request", lambda request: _note_stranger(walk, request))
        walks.append(walk)
        return walk

    yield start
    for walk in walks:
        walk.page.close()
    for walk in walks:
        assert walk.complaints == []
        assert walk.strangers == []


def _note_complaint(walk: Walk, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        walk.complaints.append(message.text)


def _note_stranger(walk: Walk, request: Request) -> None:
    if not request.url.startswith((walk.base_url + "/", "data:", "blob:")):
        walk.strangers.append(request.url)
