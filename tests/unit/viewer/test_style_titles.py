# SPDX-License-Identifier: MIT
"""Names of looks on screen."""

from __future__ import annotations

from server.config import ROOT
from viewer.styles import StyleTitles


def test_a_style_is_called_what_its_file_says_in_both_languages() -> None:
    titles = StyleTitles(ROOT / "styles")
    vietnamese, english = titles.title("stations_wqi", "vi"), titles.title("stations_wqi", "en")
    assert vietnamese != english
    assert "stations_wqi" not in (vietnamese, english)


def test_a_style_whose_file_is_away_goes_by_its_name() -> None:
    assert StyleTitles(ROOT / "styles").title("nowhere", "vi") == "nowhere"
