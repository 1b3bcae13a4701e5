# SPDX-License-Identifier: MIT
"""What GDAL's WFS driver reads, in a process of its own (it would stop the one that serves). Run as a program.

Standard input: [{"key", "source", "layer", "column"}]. Standard output: {key: {value of the column: WKT}}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pyogrio
import shapely


def read(asked: dict[str, Any]) -> dict[str, str]:
    """The geometries of one layer by the values of a column, x before y."""
    _, _, shapes, (values,) = pyogrio.raw.read(asked["source"], layer=asked["layer"], columns=[asked["column"]])
    return dict(zip(values, shapely.to_wkt(shapely.from_wkb(shapes), rounding_precision=-1), strict=True))


if __name__ == "__main__":
    sys.stdout.write(json.dumps({each["key"]: read(each) for each in json.load(sys.stdin)}) + "\n")
