# SPDX-License-Identifier: MIT
"""`xanh style check`: exit status, lines, and nothing of the file taken for markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli import app
from server.style.read import list_losses
from tests.unit.style.documents import DOT, document

RUNNER = CliRunner()


def write(folder: Path, rules: str, name: str = "probe.sld") -> str:
    path = folder / name
    path.write_bytes(document(rules))
    return str(path)


def test_a_style_drawn_as_written_ends_with_zero(tmp_path: Path) -> None:
    answer = RUNNER.invoke(app, ["style", "check", write(tmp_path, f"<Rule>{DOT}</Rule>")])
    assert answer.exit_code == 0, answer.output
    assert "drawn as written" in answer.output


def test_a_loss_is_shown_with_its_line_and_ends_with_one(tmp_path: Path) -> None:
    answer = RUNNER.invoke(app, ["style", "check", write(tmp_path, f"\n\n<Rule><Name>[bold]x</Name>{DOT}\n<Sparkle/></Rule>")])
    assert answer.exit_code == 1
    assert "[bold]x" in answer.output
    assert "Sparkle" in answer.output
    assert [loss.line for loss in list_losses(tmp_path / "probe.sld")] == [4]


def test_a_file_that_is_no_style_ends_with_two_whatever_the_others_are(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sld"
    broken.write_text("<html>", encoding="utf-8")
    answer = RUNNER.invoke(app, ["style", "check", str(broken), write(tmp_path, f"<Rule>{DOT}</Rule>")])
    assert answer.exit_code == 2
    assert "not well-formed" in answer.stderr


@pytest.mark.parametrize("arguments", [[], ["nothing.sld"]])
def test_a_missing_file_is_a_wrong_call(arguments: list[str]) -> None:
    assert RUNNER.invoke(app, ["style", "check", *arguments]).exit_code == 2


def test_a_picture_that_is_not_there_is_a_loss(tmp_path: Path) -> None:
    graphic = '<ExternalGraphic><OnlineResource xlink:href="assets/symbols/nothing.svg"/><Format>image/svg+xml</Format></ExternalGraphic>'
    path = write(tmp_path, f"<Rule><PointSymbolizer><Graphic>{graphic}</Graphic></PointSymbolizer></Rule>")
    answer = RUNNER.invoke(app, ["style", "check", path])
    assert answer.exit_code == 1
    assert "there is no" in " ".join(answer.output.split())
