# SPDX-License-Identifier: MIT
"""TEAM Engine on the command line: one session, its output in a file, its exit status (always 0) of no account."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from server.errors import SetupRefused
from tests.cite.artifacts import Artifacts, Suite

_LONGEST_S = 1800


def run_engine(suite: Suite, artifacts: Artifacts, address: str, *, proxy_port: int, output: Path) -> Path:
    """Run the suite on the service at `address` (its GetCapabilities request). Returns the folder of its logs. Raises SetupRefused."""
    shutil.rmtree(output, ignore_errors=True)
    base = output / "base"
    base.mkdir(parents=True)
    (base / "scripts").symlink_to(artifacts.scripts, target_is_directory=True)
    path = os.pathsep.join([str(artifacts.resources), *map(str, sorted(artifacts.jars.glob("*.jar")))])
    command = [
        "java",
        "-Xmx1g",
        "-Djava.awt.headless=true",
        f"-DTE_BASE={base}",
        "-Djava.protocol.handler.pkgs=com.occamlab.te.util.protocols",
    ]
    command += ["-Dhttp.proxyHost=127.0.0.1", f"-Dhttp.proxyPort={proxy_port}", "-cp", path, "com.occamlab.te.Test"]
    command += [f"-source={suite.script}", f"-logdir={output}", "-session=session", f"@capabilities-url={address}"]
    command += [f"@{parameter}" for parameter in suite.parameters]
    with (output / "console.txt").open("w", encoding="utf-8") as console:
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT, check=False, timeout=_LONGEST_S)
        except subprocess.TimeoutExpired as error:
            raise SetupRefused(f"The suite did not end within {_LONGEST_S} s.") from error
    session = output / "session"
    if not session.is_dir():
        said = (output / "console.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
        raise SetupRefused("The suite did not start:\n" + "\n".join(said))
    return session
