# SPDX-License-Identifier: MIT
"""The first start on a machine that lacks something: the script says what to do, and does not go on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from server.config import ROOT

TOOLS = ("sh", "dirname", "sha256sum", "cut", "cat", "sed", "head", "sort", "tr", "grep", "env", "rm", "mkdir", "mv")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the script, and `bin` with a few tools: no node, no sudo, an ordinary user."""
    shutil.copy(ROOT / "xanh", tmp_path / "xanh")
    for name in ("requirements.lock", "config.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    add(tmp_path, "id", "echo 1000")
    add(tmp_path, "apt-get", "exit 100")
    add(tmp_path, "python3", "case $1 in -V) echo Python 3.9.2;; esac")
    return tmp_path


def add(machine: Path, name: str, script: str) -> None:
    """A program of this machine."""
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def run_up(machine: Path) -> str:
    """What a start that must fail says."""
    environment = {"PATH": str(machine / "bin"), "HOME": str(machine), "XANH_DATABASE_URL": "postgresql://x@127.0.0.1/x"}
    done = subprocess.run(
        ["/bin/sh", str(machine / "xanh"), "up"], env=environment, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_an_ordinary_user_without_sudo_is_told_what_an_administrator_must_run(machine: Path) -> None:
    assert "please ask an administrator to run: apt-get update && apt-get install --no-install-recommends nodejs npm" in run_up(machine)


def test_packages_that_cannot_be_installed_are_named_with_where_ubuntu_has_them(machine: Path) -> None:
    add(machine, "id", "echo 0")
    add(machine, "apt-get", '[ "$1" = update ]')
    assert "could not install nodejs npm: see above. Ubuntu has some of them in its component universe" in run_up(machine)


def test_a_machine_without_a_new_enough_python_is_told_so(machine: Path) -> None:
    add(machine, "node", "case $1 in -p) echo 20;; esac")
    add(machine, "npm", "exit 0")
    add(machine, "uv", "exit 2")
    assert "Xanh needs Python 3.11 or newer; this machine has Python 3.9.2, and none could be fetched" in run_up(machine)
