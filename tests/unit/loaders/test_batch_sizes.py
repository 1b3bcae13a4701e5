# SPDX-License-Identifier: MIT
"""How much of a file is held at a time: batches are bound by rows and by bytes."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import shapely

from loaders.source import SourceOptions, open_source


def test_long_shapes_come_in_smaller_batches_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "long.gpkg"
    discs = shapely.buffer(shapely.points([[106 + n / 100, 10] for n in range(40)]), 0.01, quad_segs=4000)
    pyogrio.raw.write(path, shapely.to_wkb(discs), [], [], crs="EPSG:4326", geometry_type="Polygon", driver="GPKG")
    batches = list(open_source(path, SourceOptions()).batches())
    assert sum(len(batch.numbers) for batch in batches) == 40
    assert len(batches) > 1, "10 MB of vertices are not held at once"
    assert [number for batch in batches for number in batch.numbers] == list(range(1, 41))
    read = [shapely.from_wkb(wkb) for batch in batches for wkb in batch.shapes or ()]
    assert all(one.equals(other) for one, other in zip(read, discs, strict=True))
