# SPDX-License-Identifier: MIT
"""The suites on the command line: their output in a file, their exit status (0 after failures too) of no account."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

from server.errors import SetupRefused
from tests.cite.artifacts import Artifacts, Suite

_LONGEST_S = 1800


def run_engine(suite: Suite, artifacts: Artifacts, address: str, *, proxy_port: int, output: Path) -> Path:
    """Run the suite on the service at `address` (its GetCapabilities request). Returns the folder of its logs. Raises SetupRefused."""
    shutil.rmtree(output, ignore_errors=True)
    base = output / "base"
    base.mkdir(parents=True)
    (base / "scripts").symlink_to(artifacts.scripts, target_is_directory=True)
    # Some suites look for schemas of theirs on the class path.
    own = artifacts.scripts / Path(suite.script).parent.parent / "resources"
    path = os.pathsep.join([str(artifacts.resources), str(own), *map(str, sorted(artifacts.jars.glob("*.jar")))])
    command = [
        "java",
        "-Xmx1g",
        "-Djava.awt.headless=true",
        f"-DTE_BASE={base}",
        "-Djava.protocol.handler.pkgs=com.occamlab.te.util.protocols",
    ]
    command += [*_through(proxy_port), "-cp", path, "com.occamlab.te.Test"]
    command += [f"-source={suite.script}", f"-logdir={output}", "-session=session", f"@capabilities-url={address}"]
    command += [f"@{parameter}" for parameter in suite.parameters]
    _run_java(command, output)
    session = output / "session"
    return session if session.is_dir() else _refuse(output)


def _through(proxy_port: int) -> list[str]:
    """The server is asked through the mirror as well, which lets the suite in as an account."""
    return ["-Dhttp.proxyHost=127.0.0.1", f"-Dhttp.proxyPort={proxy_port}", "-Dhttp.nonProxyHosts="]


def run_program(suite: Suite, program: Path, address: str, *, output: Path, proxy_port: int | None = None) -> Path:
    """Run a suite that is a program of its own on the service at `address`. Returns its result file. Raises SetupRefused."""
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    given = [("iut", address), *(parameter.replace("{address}", address).split("=", 1) for parameter in suite.parameters)]
    properties = ElementTree.Element("properties", {"version": "1.0"})  # without DOCTYPE, which would be fetched
    for name, value in given:
        ElementTree.SubElement(properties, "entry", {"key": name}).text = value
    asked = output / "parameters.xml"
    ElementTree.ElementTree(properties).write(asked, encoding="utf-8", xml_declaration=True)
    proxy = _through(proxy_port) if proxy_port else []
    start = _start_reordered(suite, program, output) if suite.listing else ["-jar", str(program)]
    _run_java(["java", "-Xmx1g", "-Djava.awt.headless=true", *proxy, *start, "-o", str(output), str(asked)], output)
    return next(output.glob("testng/*/testng-results.xml"), None) or _refuse(output)


def _start_reordered(suite: Suite, program: Path, output: Path) -> list[str]:
    """How Java starts the program with its list of tests in another order: a list of ours in front of its own, which is left alone."""
    first, second = (f'<test name="{name}">' for name in suite.ahead)
    with zipfile.ZipFile(program) as packed:
        listing = packed.read(suite.listing).decode()
        main = re.search(r"^Main-Class: (\S+)", packed.read("META-INF/MANIFEST.MF").decode(), re.MULTILINE)
    before, found, rest = listing.partition(first)
    inside, end, after = rest.partition("</test>")
    if not (found and end and main and second in before):
        raise SetupRefused(f"{program.name} has no {suite.ahead[0]} behind its {suite.ahead[1]}.")
    own = output / "listing" / suite.listing
    own.parent.mkdir(parents=True)
    own.write_text(before.replace(second, found + inside + end + second) + after, encoding="utf-8")
    return ["-cp", os.pathsep.join((str(output / "listing"), str(program))), main[1]]


def _run_java(command: list[str], output: Path) -> None:
    with (output / "console.txt").open("w", encoding="utf-8") as console:
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT, check=False, timeout=_LONGEST_S)
        except FileNotFoundError as error:
            raise SetupRefused("The conformance suites need java: install a Java 17 runtime and Maven.") from error
        except subprocess.TimeoutExpired as error:
            raise SetupRefused(f"The suite did not end within {_LONGEST_S} s.") from error


def _refuse(output: Path) -> NoReturn:
    said = (output / "console.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
    raise SetupRefused("The suite did not start:\n" + "\n".join(said))
