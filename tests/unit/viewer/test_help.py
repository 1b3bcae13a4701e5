# SPDX-License-Identifier: MIT
"""Help: every tool has a page in both languages, and the map names exactly these pages."""

from __future__ import annotations

import re

from server.config import ROOT
from viewer.pages.help_words import HELP

TEXTS = ROOT / "viewer" / "frontend" / "src" / "panel-texts.ts"


def test_every_page_says_as_much_in_english_as_in_vietnamese() -> None:
    for name, (title, (vietnamese, english)) in HELP.items():
        assert all(title), name
        assert vietnamese, name
        assert english, name


def test_the_map_leads_to_every_page_under_its_title() -> None:
    named = re.findall(r'\["([a-z-]+)", "([^"]+)"\]', TEXTS.read_text(encoding="utf-8"))
    assert named[: len(HELP)] == [(name, title[0]) for name, (title, _) in HELP.items()]
    assert named[len(HELP) :] == [(name, title[1]) for name, (title, _) in HELP.items()]
