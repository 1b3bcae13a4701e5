# SPDX-License-Identifier: MIT
"""What a taking-part server offers the benchmark."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from bench.workloads import Kind, Workload
from server.crs.definitions import find_crs
from server.crs.transform import transform_point

METRES_PER_DEGREE = 111_319.490793
# What vector tiles of `bench_points` carry besides the id: the fields of its card, with their types in the table.
TILE_FIELDS = {
    "code": "text",
    "name": "text",
    "owner": "text",
    "sector": "text",
    "address": "text",
    "commune_code": "text",
    "status": "text",
    "capacity": "numeric",
}


@dataclass(frozen=True)
class Running:
    """A started server: where it listens, which kinds of question it answers and the paths that ask them.

    `forget` empties its caches before answers are to be made afresh.
    """

    name: str
    port: int
    process: subprocess.Popen[bytes]
    paths: Callable[[Workload], list[str]]
    kinds: frozenset[Kind]
    forget: Callable[[], None] = lambda: None


def map_boxes(workload: Workload) -> list[str]:
    """BBOX values (EPSG:3857 metres, square) of a map workload."""
    out = []
    for west, south, _, _ in workload.boxes():
        x, y = transform_point(west, south, find_crs(4326), find_crs(3857))
        side = workload.box * METRES_PER_DEGREE
        out.append(f"{x:.3f},{y:.3f},{x + side:.3f},{y + side:.3f}")
    return out


def filter_paths(page: str, workload: Workload, language: str = "") -> list[str]:
    """Pages of features by their code, which is indexed; `page` is one without filter, `language` says what CQL the peer calls it."""
    more = f"&{language}" if language else ""
    return [f"{page}{more}&filter=code%3D%27CS{number:07d}%27" for number in workload.features()]


def wms_paths(start: str, layers: str, workload: Workload) -> list[str]:
    """GetMap paths (1.1.1, 256 px, image/png) for every box of a workload; `start` ends with ? or &."""
    tail = "WIDTH=256&HEIGHT=256&FORMAT=image/png"
    return [
        f"{start}SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS={layers}&STYLES=&SRS=EPSG:3857&BBOX={box}&{tail}"
        for box in map_boxes(workload)
    ]


def wfs_path(start: str, type_name: str, workload: Workload, json_format: str) -> str:
    """A GetFeature path (1.1.0); `start` ends with ? or &."""
    output = f"&OUTPUTFORMAT={json_format}" if workload.kind == "wfs-json" else ""
    return f"{start}SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={type_name}&MAXFEATURES={workload.limit}{output}"
