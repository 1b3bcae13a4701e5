# SPDX-License-Identifier: MIT
"""The style sheets take their colours from the tokens."""

from __future__ import annotations

import re

from server.config import ROOT

STYLES = ROOT / "viewer" / "frontend" / "src" / "style"


def test_no_style_sheet_but_the_tokens_writes_a_colour() -> None:
    sheets = [sheet for sheet in STYLES.glob("*.css") if sheet.name != "tokens.css"]
    assert sheets
    for sheet in sheets:
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", sheet.read_text(encoding="utf-8"))
        assert not found, f"{sheet.name}: {found}"


def test_every_token_used_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+)\s*:", (STYLES / "tokens.css").read_text(encoding="utf-8")))
    used = {name for sheet in STYLES.glob("*.css") for name in re.findall(r"var\((--[\w-]+)\)", sheet.read_text(encoding="utf-8"))}
    assert used <= defined


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "viewer" / "frontend" / "package-lock.json").read_text(encoding="utf-8")
