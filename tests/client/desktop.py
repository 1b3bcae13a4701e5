# SPDX-License-Identifier: MIT
"""The door to QGIS: programs for its Python (python3-qgis), run without a screen and with a fresh profile.

`XANH_QGIS_PYTHON` names another QGIS than this machine's, as a command: `chroot /srv/trixie /usr/bin/python3` with this folder and /tmp
mounted inside, for example.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from server.config import ROOT

_TIME_LIMIT_S = 150
_PYTHON = shlex.split(os.environ.get("XANH_QGIS_PYTHON", "/usr/bin/python3"))
# Two releases are tried, 3.22 and 3.40; what differs changed somewhere between them.
_NEWER = 33000


def run_qgis(program: str, home: Path, question: Any = None, *arguments: str) -> str:
    """What a program beside this file writes to standard output; `question` goes in as JSON, `home` holds its profile.

    Raises AssertionError with the end of what QGIS complained of.
    """
    home.chmod(0o700)
    environment = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        [*_PYTHON, str(ROOT / "tests" / "client" / f"{program}.py"), *arguments],
        input=json.dumps(question),
        env=environment,
        capture_output=True,
        text=True,
        timeout=_TIME_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def ask_qgis(program: str, home: Path, question: Any) -> Any:
    """What a program answers: the JSON of its last line."""
    return json.loads(run_qgis(program, home, question).splitlines()[-1])


@cache
def is_newer() -> bool:
    """Whether this QGIS is of the 3.40 kind, which edits features of the OGC API, rather than of the 3.22 kind."""
    python = [*_PYTHON, "-c", "from qgis.core import Qgis; print(Qgis.versionInt())"]
    done = subprocess.run(python, capture_output=True, text=True, timeout=_TIME_LIMIT_S, check=True)
    return int(done.stdout.split()[-1]) >= _NEWER
