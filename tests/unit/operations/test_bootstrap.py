# SPDX-License-Identifier: MIT
"""The `xanh` script: builds once, notices a changed lock, repeats what was interrupted, works from anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.config import ROOT

_UV = """#!/bin/sh
echo "$1 $2" >>"$CALLS"
for last; do :; done
case "$1" in
    venv)
        mkdir -p "$last/bin"
        printf '#!/bin/sh\\n[ "$1" = -c ] && exit 0\\necho "$PYTHONPATH|$*"\\n' >"$last/bin/python"
        chmod +x "$last/bin/python"
        ;;
    pip) [ -z "${BREAK:-}" ] || exit 7 ;;
esac
"""


@dataclass(frozen=True)
class Clone:
    """A copy of the script with a stand-in for uv that writes down how it was called."""

    root: Path
    calls: Path
    tools: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script from another directory."""
        return subprocess.run(
            [str(self.root / "xanh"), *arguments],
            cwd="/",
            env=os.environ | {"PATH": f"{self.tools}:{os.environ['PATH']}", "CALLS": str(self.calls)} | environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def made(self) -> list[str]:
        """The calls of uv so far."""
        return self.calls.read_text(encoding="utf-8").splitlines() if self.calls.exists() else []


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A clone in a directory with a blank in its name."""
    root, tools = tmp_path / "a clone", tmp_path / "tools"
    root.mkdir()
    tools.mkdir()
    shutil.copy(ROOT / "xanh", root / "xanh")
    (root / "requirements.lock").write_text("one\n", encoding="utf-8")
    (root / "config.yml").write_text("", encoding="utf-8")
    (tools / "uv").write_text(_UV, encoding="utf-8")
    (tools / "uv").chmod(0o755)
    return Clone(root, tmp_path / "calls", tools)


def test_the_environment_is_made_once_and_the_words_are_handed_over(clone: Clone) -> None:
    first = clone.run("down", "a b")
    assert (first.returncode, first.stdout) == (0, f"{clone.root}|-P -m server.cli down a b\n"), first.stderr
    second = clone.run("down")
    assert second.returncode == 0
    assert clone.made() == ["venv --quiet", "pip install"]


def test_a_changed_lock_is_installed_again_without_a_new_environment(clone: Clone) -> None:
    clone.run("down")
    (clone.root / "requirements.lock").write_text("two\n", encoding="utf-8")
    clone.run("down")
    clone.run("down")
    assert clone.made() == ["venv --quiet", "pip install", "pip install"]


def test_an_interrupted_installation_is_repeated(clone: Clone) -> None:
    broken = clone.run("down", BREAK="1")
    assert broken.returncode == 7
    assert broken.stdout == ""
    assert clone.run("down").returncode == 0
    assert clone.made() == ["venv --quiet", "pip install", "pip install"]


def test_a_broken_environment_is_made_again(clone: Clone) -> None:
    clone.run("up")
    (clone.root / ".venv" / "bin" / "python").unlink()
    assert clone.run("up").returncode == 0
    assert clone.made() == ["venv --quiet", "pip install"] * 2


def test_the_script_is_plain_posix(tmp_path: Path) -> None:
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", str(ROOT / "xanh")], check=False).returncode == 0
