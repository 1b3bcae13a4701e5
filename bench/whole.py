# SPDX-License-Identifier: MIT
"""Maps of two million points: all of them in one picture, and what each zoom costs beside ten thousand points on the same ground."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from bench.data import AREA
from bench.measure import measure_single
from server.crs.definitions import find_crs
from server.crs.transform import transform_point

SIZE = 512  # pixels
ZOOMS = range(4, 19)
_ZOOM_0 = 156_543.033928  # metres per pixel of zoom 0
_BOXES = 12
# Every thread of every worker has to have drawn the layer once before it counts.
_WARMING, _TURNS, _ROUNDS = 12, 9, 3


def whole_paths(start: str, layer: str) -> list[str]:
    """GetMap paths of the whole extent, each a little larger than the one before, so that no answer can be a kept one."""
    middle_x, middle_y, side = _square()
    return [_path(start, layer, middle_x, middle_y, side * (1 + step / 1000)) for step in range(_BOXES)]


def time_answers(port: int, paths: Sequence[str], seconds: float) -> float:
    """Median seconds of one answer, one at a time, over at least `seconds`. Raises AbsentError for an error answer."""
    measure_single(port, paths[-1], ())
    samples: list[float] = []
    until = time.monotonic() + seconds
    while not samples or time.monotonic() < until:
        samples.append(measure_single(port, paths[len(samples) % len(paths)], ()).seconds)
    return statistics.median(samples)


def compare_growth(port: int, start: str, many: str, few: str) -> dict[str, float]:
    """Per zoom, how many times as long a map of the layer `many` takes as one of `few`.

    All zooms are measured several times over, each time by the medians of both, asked in turns; of these the median stands, so that
    one disturbed measurement decides nothing.
    """
    ratios: dict[int, list[float]] = {zoom: [] for zoom in ZOOMS}
    for number in range(_ROUNDS):
        for zoom in ZOOMS:
            ratios[zoom].append(_compare_zoom(port, start, (many, few), zoom, 0 if number else _WARMING))
    return {f"zoom_{zoom}": round(statistics.median(found), 2) for zoom, found in ratios.items()}


def _compare_zoom(port: int, start: str, layers: tuple[str, str], zoom: int, warming: int) -> float:
    """The median seconds of the first layer divided by those of the second, at neighbouring places."""
    middle_x, middle_y, _ = _square()
    side = SIZE * _ZOOM_0 / 2.0**zoom
    samples: dict[str, list[float]] = {layer: [] for layer in layers}
    for turn in range(-warming, _TURNS):
        for layer, kept in samples.items():
            single = measure_single(port, _path(start, layer, middle_x + side * turn / 10, middle_y, side), ())
            if turn >= 0:
                kept.append(single.seconds)
    return statistics.median(samples[layers[0]]) / statistics.median(samples[layers[1]])


def _square() -> tuple[float, float, float]:
    """Middle and side of the square around the data (EPSG:3857 metres)."""
    west, south = transform_point(AREA[0], AREA[1], find_crs(4326), find_crs(3857))
    east, north = transform_point(AREA[2], AREA[3], find_crs(4326), find_crs(3857))
    return (west + east) / 2, (south + north) / 2, max(east - west, north - south)


def _path(start: str, layer: str, middle_x: float, middle_y: float, side: float) -> str:
    half = side / 2
    box = ",".join(f"{value:.3f}" for value in (middle_x - half, middle_y - half, middle_x + half, middle_y + half))
    tail = f"SRS=EPSG:3857&BBOX={box}&WIDTH={SIZE}&HEIGHT={SIZE}&FORMAT=image/png"
    return f"{start}SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS={layer}&STYLES=&{tail}"
