# SPDX-License-Identifier: MIT
"""How smoothly the viewer's map is moved beside a plain OpenLayers map of the same tiles, in this machine's Chromium, drawn in software.

`python -m bench.pan PORT SCRIPT` prints the figures; it needs Playwright, which the environment of the tests has.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.site import AbsentError
from server.config import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

_WINDOW = (1920, 1080)
_PLACE = {"layer": "bench_many", "lon": 107.0, "lat": 15.5, "zoom": 9}
_SECONDS = 3
_PLAIN = """<!doctype html><meta charset="utf-8"><style>html,body,#map{{margin:0;height:100%}}</style><div id="map"></div>
<script>window.XANH_PLAIN={place}</script><script type="module">{script}</script>"""
# Frames the browser shows while the map is moved to and fro under a pressed button.
_COUNT = """(seconds) => new Promise((done) => {
  let frames = 0; const begun = performance.now();
  const next = (now) => { frames += 1; now - begun < seconds * 1000 ? requestAnimationFrame(next) : done(frames * 1000 / (now - begun)); };
  requestAnimationFrame(next);
})"""
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass(frozen=True)
class Panning:
    """Frames a second of ours and of the plain map, and how many features the tiles of the view hold."""

    ours: float
    plain: float
    features: int


def measure_pan(port: int, folder: Path, rounds: int) -> Panning:
    """Both maps in turns, medians of the rounds. Raises AbsentError without Playwright, Chromium or the libraries of the front end."""
    script, frontend = folder / "plain.js", ROOT / "viewer" / "frontend"
    python = next((one for one in (sys.executable, str(ROOT / ".venv-test" / "bin" / "python")) if _has_playwright(one)), None)
    if python is None or not (frontend / "node_modules" / "esbuild").exists():
        raise AbsentError("Playwright or the libraries of the front end are missing; ./xanh test installs them.")
    subprocess.run(["node", "bench/bundle.mjs", str(script)], cwd=frontend, check=True)
    asked = [python, "-P", "-m", "bench.pan", str(port), str(script), str(rounds)]
    done = subprocess.run(asked, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    if done.returncode:
        raise AbsentError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "The browser did not start.")
    return Panning(**json.loads(done.stdout))


def _has_playwright(python: str) -> bool:
    asked = [python, "-c", "import playwright"]
    return Path(python).exists() and subprocess.run(asked, capture_output=True).returncode == 0


def _measure(port: int, script: str, rounds: int) -> Panning:
    from playwright.sync_api import sync_playwright

    path = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        raise AbsentError("There is no Chromium.")
    root = f"http://127.0.0.1:{port}"
    ours = f"{root}/map?embed=1&layers=bench_many&at={_PLACE['lat']},{_PLACE['lon']},{_PLACE['zoom']}z"
    html = _PLAIN.format(place=json.dumps(_PLACE), script=script.replace("</script", "<\\/script"))
    speeds: dict[str, list[float]] = {"ours": [], "plain": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        for _ in range(rounds):
            for name, address in (("ours", ours), ("plain", f"{root}/plain")):
                page = browser.new_page(viewport={"width": _WINDOW[0], "height": _WINDOW[1]})
                page.route("**/plain", lambda route: _answer(route, html))
                page.goto(address)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(1500)
                speeds[name].append(_drag(page))
                page.close()
        page = browser.new_page(viewport={"width": _WINDOW[0], "height": _WINDOW[1]})
        features = _count_features(page, root)
        browser.close()
    return Panning(statistics.median(speeds["ours"]), statistics.median(speeds["plain"]), features)


def _answer(route: Route, html: str) -> None:
    route.fulfill(body=html, content_type="text/html")


def _drag(page: Page) -> float:
    """Frames a second while the map is dragged to and fro; after the first turn no new tiles are asked for."""
    middle = (_WINDOW[0] / 2, _WINDOW[1] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 160, middle[1] + 80)
    page.wait_for_load_state("networkidle")
    # In braces, so that nobody waits here for what is being counted.
    page.evaluate(f"() => {{ window.measured = ({_COUNT})({_SECONDS}); }}")
    begun, step = time.monotonic(), 0
    while time.monotonic() - begun < _SECONDS:
        step += 1
        side = abs(step % 80 - 40)
        page.mouse.move(middle[0] + 4 * side, middle[1] + 2 * side)
    speed: float = page.evaluate("window.measured")
    page.mouse.up()
    return speed


def _count_features(page: Page, root: str) -> int:
    """Features in the tiles of the view, counted by their ids."""
    seen: set[str] = set()
    page.on("response", lambda answer: seen.add(answer.url) if answer.url.endswith(".mvt") else None)
    page.goto(f"{root}/map?embed=1&layers=bench_many&at={_PLACE['lat']},{_PLACE['lon']},{_PLACE['zoom']}z")
    page.wait_for_load_state("networkidle")
    return sum(_features_of(page.request.get(address).body()) for address in seen)


def _features_of(tile: bytes) -> int:
    """How many features the one layer of a vector tile has (field 2 of the layer, which is field 3 of the tile)."""
    return sum(1 for layer in _fields(tile, 3) for _ in _fields(layer, 2))


def _fields(message: bytes, wanted: int) -> list[bytes]:
    found, at = [], 0
    while at < len(message):
        tag, at = _varint(message, at)
        if (tag & 7) == 0:
            _, at = _varint(message, at)
        elif (tag & 7) == 2:
            size, at = _varint(message, at)
            if tag >> 3 == wanted:
                found.append(message[at : at + size])
            at += size
        else:
            at += 8 if (tag & 7) == 1 else 4
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


if __name__ == "__main__":
    outcome = _measure(int(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8"), int(sys.argv[3]))
    sys.stdout.write(json.dumps(outcome.__dict__))
