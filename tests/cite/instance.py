# SPDX-License-Identifier: MIT
"""An installation of its own for the suite: layers, styles and state apart from everybody else's, filled through `./xanh load`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.config import ROOT
from server.errors import SetupRefused

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Instance:
    """A server under test: where its state lies, on which port of 127.0.0.1 it answers, and whether it shows the demo."""

    state: Path
    port: int
    is_demo: bool

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str) -> None:
        """Run `xanh` with these words on this installation. Raises SetupRefused with the last lines it printed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XANH_")} | {
            "PYTHONPATH": str(ROOT),
            "XANH_VAR": str(self.state),
            "XANH_CONFIG": str(_HERE / "config.yml"),
        }
        if not self.is_demo:
            environment |= {"XANH_LAYERS": str(_HERE / "layers"), "XANH_STYLES": str(_HERE / "styles")}
        command = [sys.executable, "-P", "-m", "server.cli", *words]
        # To a file: a server left running would keep a pipe open.
        self.state.mkdir(parents=True, exist_ok=True)
        said = self.state / "last-command.txt"
        with said.open("w+", encoding="utf-8") as output:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
            )
        if done.returncode:
            last = said.read_text(encoding="utf-8").strip().splitlines()[-8:]
            raise SetupRefused(f"xanh {' '.join(words)} failed:\n" + "\n".join(last))


@contextmanager
def run_instance(state: Path, data: Path | None, *, keep: bool) -> Iterator[Instance]:
    """Start the installation with the suite's data, or the demo where there are none; stop it afterwards unless `keep`.

    Raises SetupRefused with what the installation said.
    """
    instance = Instance(state, _free_port(), data is None)
    instance.run("down")
    try:
        instance.run("up", "--detach", "--port", str(instance.port))
        if data is not None:
            _load_data(instance, data)
        yield instance
    finally:
        if not keep:
            instance.run("down")


def _load_data(instance: Instance, data: Path) -> None:
    """One load per layer file; what was loaded is noted, because layers without key would double."""
    note = instance.state / "loaded.txt"
    loaded = note.read_text(encoding="utf-8").split() if note.exists() else []
    files = {path.stem.lower(): path for path in sorted(data.rglob("*.shp"))}
    # As a shapefile the lake at three heights has parts whose names differ in case.
    files |= {path.stem.lower(): path for path in data.rglob("LakesWithElevations.mif")}
    for layer in sorted(path.stem for path in (_HERE / "layers").glob("*/*.yml")):
        if layer in loaded:
            continue
        source = files.get(layer.replace("_", ""))
        if source is None:
            raise SetupRefused(f"The suite's data hold no file for the layer {layer}.")
        instance.run("load", str(source), "--layer", layer, "--on-error", "stop")
        loaded.append(layer)
        note.write_text("\n".join(loaded) + "\n", encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
