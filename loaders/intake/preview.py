# SPDX-License-Identifier: MIT
"""The rows of a plan as a map shows them: GeoJSON in WGS 84, each with what becomes of it; rejected and repaired ones go first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy
import shapely

from loaders.batches import SourceBatch
from loaders.plan import Plan
from loaders.rehearse import Rehearsal
from server.crs.definitions import WGS84, Crs
from server.crs.transform import transform_coordinates

# A shape is drawn with so many vertices at most, all together with so many; beyond it is a point.
_VERTICES, _ALL_VERTICES = 2000, 150_000
Told = Mapping[int, tuple[str, str, str]]


def make_preview(plan: Plan, done: Rehearsal, most: int) -> dict[str, Any]:
    """A FeatureCollection with `row`, `sort` (accepted, repaired, rejected) and `text`, `text_vi`; at most `most` features."""
    crs = plan.info.crs
    if crs is None or plan.info.geometry is None:
        return {"type": "FeatureCollection", "features": []}
    told: dict[int, tuple[str, str, str]] = {item.number: ("rejected", item.reason, item.reason_vi) for item in done.result.reasons}
    for one in done.repairs.found:
        if one.done:
            told.setdefault(one.number, ("repaired", *_halves(one.text())))
    marked = dict(list(told.items())[:most])
    step = max(1, -(-plan.info.row_count // max(1, most - len(marked))))
    features: list[dict[str, Any]] = []
    room = _ALL_VERTICES
    for batch in plan.source.batches(()):
        chosen = [i for i, number in enumerate(batch.numbers) if number in marked or (number % step == 0 and number not in told)]
        added, used = _draw(batch, chosen, crs, (marked, room))
        features += added
        room -= used
    return {"type": "FeatureCollection", "features": features[:most]}


def _halves(text: str) -> tuple[str, str]:
    english, _, vietnamese = text.partition(" · ")
    return english, vietnamese or english


def _draw(batch: SourceBatch, chosen: list[int], crs: Crs, told: tuple[Told, int]) -> tuple[list[dict[str, Any]], int]:
    marked, room = told
    wkb = numpy.array([(batch.shapes or ())[i] for i in chosen], dtype=object)
    shapes = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    out, used = [], 0
    for index, shape in zip(chosen, shapes, strict=True):
        if shape is None or shape.is_empty:
            continue
        drawn = _place(shape if shapely.get_num_coordinates(shape) <= min(_VERTICES, room - used) else shape.representative_point(), crs)
        if drawn is None:
            continue
        used += int(shapely.get_num_coordinates(drawn))
        number = batch.numbers[index]
        sort, text, text_vi = marked.get(number, ("accepted", "", ""))
        properties = {"row": number, "sort": sort, "text": text, "text_vi": text_vi}
        out.append({"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(drawn))})
    return out, used


def _place(shape: Any, crs: Crs) -> Any:
    """The shape in degrees; None when it lies nowhere on Earth."""
    places = transform_coordinates(shapely.get_coordinates(shape), crs, WGS84)
    if not numpy.isfinite(places).all() or (numpy.abs(places) > (360, 90)).any():
        return None
    return shapely.set_coordinates(shapely.transform(shape, lambda at: at), numpy.round(places, 6))
