# SPDX-License-Identifier: MIT
"""docs/styles.md says what is drawn, and says the same as the program."""

from __future__ import annotations

import re

from typer.testing import CliRunner

from server.cli import app
from server.commands.style import write_support
from server.config import ROOT
from server.render.marks import SHAPES
from server.style.functions import ALIASES
from server.style.marks import MARKS

PAGE = (ROOT / "docs" / "styles.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_the_program() -> None:
    assert PAGE.endswith(f"\n{write_support()}\n")


def test_every_function_is_named_on_the_page() -> None:
    named = {name.lower().replace("_", "") for name in re.findall(r"`(\w+)`", PAGE)}
    assert {name for name in ALIASES if not re.fullmatch(r"in[3-9]", name)} <= named


def test_every_mark_has_a_shape() -> None:
    assert MARKS == SHAPES


def test_the_command_prints_the_tables() -> None:
    answer = CliRunner().invoke(app, ["style", "support"])
    assert answer.exit_code == 0
    assert "| `GraphicStroke` | partial |" in answer.output
