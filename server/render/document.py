# SPDX-License-Identifier: MIT
"""Maps as PDF and SVG, drawn by Cairo inside Mapnik in a process of their own.

Mapnik does not let go of the interpreter while it writes such a file, so that a worker would stand still, waiting for the database too;
a process can also be stopped when its time is over, and takes nobody along when it breaks. It costs about half a second.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import mapnik

from server.config import ROOT
from server.errors import LimitExceeded, ServerFault
from server.render.fonts import register_fonts

log = logging.getLogger(__name__)
_AT_ONCE = threading.BoundedSemaphore(2)
_TIMED_OUT, _BROKEN = 3, 4


@dataclass(frozen=True)
class DocumentJob:
    """A map document of Mapnik (`xml`, without pixels), its box in the map's CRS, size in pixels, pixel ratio and form: pdf or svg."""

    xml: str
    extent: tuple[float, float, float, float]
    width: int
    height: int
    ratio: float
    form: str
    fonts: str


def draw_document(job: DocumentJob, seconds: float) -> bytes:
    """The file as bytes. A pixel of the map is a point (1/72 inch) of a PDF page and a unit of an SVG.

    Raises LimitExceeded when it takes longer than `seconds` or too many are drawn at once, ServerFault when drawing fails.
    """
    if not _AT_ONCE.acquire(timeout=seconds / 2):
        raise LimitExceeded("Too many documents are being drawn at this moment; ask again a little later.")
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "server.render.document"],
            input=json.dumps(asdict(job)).encode(),
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LimitExceeded("The map took longer to draw than this server allows; ask for less.") from None
    finally:
        _AT_ONCE.release()
    if done.returncode == _TIMED_OUT:
        raise LimitExceeded("The map took longer to draw than this server allows; ask for less.")
    if done.returncode or not done.stdout:
        log.error("document engine (%s): %s", done.returncode, " ".join(done.stderr.decode("utf-8", "replace").split())[-500:])
        raise ServerFault("The map could not be drawn.")
    return done.stdout


def _draw(job: DocumentJob, path: Path) -> None:
    register_fonts(Path(job.fonts))
    drawing = mapnik.Map(job.width, job.height)
    drawing.aspect_fix_mode = mapnik.aspect_fix_mode.RESPECT
    mapnik.load_map_from_string(drawing, job.xml)
    drawing.zoom_to_box(mapnik.Box2d(*job.extent))
    mapnik.render_to_file(drawing, str(path), job.form, job.ratio)


def main() -> int:
    """Read a job as JSON from standard input and write the file to standard output; the exit code says what went wrong."""
    told = json.load(sys.stdin)
    job = DocumentJob(**{**told, "extent": tuple(told["extent"])})
    with tempfile.TemporaryDirectory(prefix="xanh-map-") as directory:
        path = Path(directory) / f"map.{job.form}"
        try:
            _draw(job, path)
        except RuntimeError as error:
            # The first line is enough; the engine's own words may hold the connection.
            sys.stderr.write(str(error).splitlines()[0][:200])
            return _TIMED_OUT if "statement timeout" in str(error) else _BROKEN
        sys.stdout.buffer.write(path.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
