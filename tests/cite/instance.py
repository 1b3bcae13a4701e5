# SPDX-License-Identifier: MIT
"""An installation of its own for the suite: layers, styles and state apart from everybody else's, filled through `./xanh load` or WFS."""

from __future__ import annotations

import base64
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from server.config import ROOT
from server.errors import SetupRefused
from tests.cite.artifacts import Suite

_HERE = Path(__file__).resolve().parent
_ACCOUNT = "conformance"
_LONGEST_S = 120


@dataclass(frozen=True)
class Instance:
    """A server under test: where its state lies, on which port of 127.0.0.1 it answers, the layers it has (None: the demo).

    `authorization` is the header that lets a suite in which edits.
    """

    state: Path
    port: int
    layers: Path | None
    styles: Path = _HERE / "styles"
    authorization: str | None = None

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, typed: str = "") -> None:
        """Run `xanh` with these words and what is typed on this installation. Raises SetupRefused with the last lines it printed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XANH_")} | {
            "PYTHONPATH": str(ROOT),
            "XANH_VAR": str(self.state),
            "XANH_CONFIG": str(_HERE / "config.yml"),
        }
        if self.layers is not None:
            environment |= {"XANH_LAYERS": str(self.layers), "XANH_STYLES": str(self.styles)}
        command = [sys.executable, "-P", "-m", "server.cli", *words]
        # To a file: a server left running would keep a pipe open.
        self.state.mkdir(parents=True, exist_ok=True)
        said = self.state / "last-command.txt"
        with said.open("w+", encoding="utf-8") as output:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, input=typed, text=True, stdout=output, stderr=subprocess.STDOUT, check=False
            )
        if done.returncode:
            last = said.read_text(encoding="utf-8").strip().splitlines()[-8:]
            raise SetupRefused(f"xanh {' '.join(words)} failed:\n" + "\n".join(last))


@contextmanager
def run_instance(suite: Suite, cache: Path, data: Path | None, *, keep: bool) -> Iterator[Instance]:
    """Start the installation with the suite's data, or the demo where there are none; stop it afterwards unless `keep`.

    Raises SetupRefused with what the installation said.
    """
    state, password = cache / suite.name / "state", secrets.token_urlsafe(24)
    authorization = "Basic " + base64.b64encode(f"{_ACCOUNT}:{password}".encode()).decode() if suite.edits else None
    layers = _HERE / "layers" / suite.layers if suite.layers else None
    instance = Instance(state, _free_port(), layers, authorization=authorization)
    if suite.shapes_only:
        instance = replace(instance, layers=_close_tables(state.with_name("layers")), styles=ROOT / "styles")
    instance.run("down")
    if suite.edits:
        shutil.rmtree(state, ignore_errors=True)
    try:
        instance.run("up", "--detach", "--port", str(instance.port))
        if suite.edits:
            instance.run("user", "add", _ACCOUNT, "--role", "publisher", typed=f"{password}\n{password}\n")
            _send_transaction(instance, _HERE / "layers" / suite.layers / "objects.xml")
        if data is not None:
            _load_data(instance, data)
        yield instance
    finally:
        if not keep:
            instance.run("down")


def _close_tables(folder: Path) -> Path:
    """The demo's layers in a folder of their own, those without geometry for staff alone."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "layers", folder)
    for path in folder.glob("*/*.yml"):
        text = path.read_text(encoding="utf-8")
        if "\ngeometry: none\n" in text:
            path.write_text(f"{text}rights: {{read: viewer}}\n", encoding="utf-8")
    return folder


def _send_transaction(instance: Instance, document: Path) -> None:
    """Send a WFS Transaction that brings the data. Raises SetupRefused with what was answered."""
    server = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=_LONGEST_S)
    headers = {"Content-Type": "text/xml", "Authorization": instance.authorization or ""}
    server.request("POST", "/wfs", document.read_bytes(), headers)
    answer = server.getresponse()
    said = answer.read().decode("utf-8", "replace")
    server.close()
    if answer.status != 200 or "TransactionResponse" not in said:
        raise SetupRefused(f"The suite's data were not taken:\n{said[:600]}")


def _load_data(instance: Instance, data: Path) -> None:
    """One load per layer file; what was loaded is noted, because layers without key would double."""
    note = instance.state / "loaded.txt"
    loaded = note.read_text(encoding="utf-8").split() if note.exists() else []
    files = {path.stem.lower(): path for path in sorted(data.rglob("*.shp"))}
    # As a shapefile the lake at three heights has parts whose names differ in case.
    files |= {path.stem.lower(): path for path in data.rglob("LakesWithElevations.mif")}
    for layer in sorted(path.stem for path in (instance.layers or _HERE).glob("*/*.yml")):
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
