# SPDX-License-Identifier: MIT
"""Inputs of processes: what a stranger sent becomes a task, as the asker may ask it now. Read again when a job is worked on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.access import Identity, may_read
from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.context import Context
from server.errors import InvalidParameter, LayerNotDefined, MissingParameter
from server.filter.cql2 import Cql2Reading
from server.filter.cql2_text import read_cql2_text
from server.filter.geojson import read_geojson
from server.filter.tree import Node
from server.query.features import FeatureQuery
from server.query.processes import Buffer, Clip, Task, ZoneFigures
from server.query.validity import valid_today

MOST_METRES, MOST_FIELDS = 100_000.0, 8
DEFAULT_ZONES = "communes"
_AREAS = ("polygon", "multipolygon")
_GEOMETRY_NAMES = ("geometry", "geom")
_NUMBERS = ("integer", "number")
_LARGEST_ID = 2**63
Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class _Reading:
    context: Context
    asker: Identity
    inputs: Inputs


def read_task(context: Context, process: str, inputs: Inputs, asker: Identity) -> Task:
    """The task. Raises MissingParameter, InvalidParameter, LayerNotDefined (also for layers the asker may not see), LimitExceeded."""
    names, reader = PROCESSES[process]
    wrong = next((name for name in inputs if name not in names), None)
    if wrong is not None:
        raise _wrong(
            str(wrong)[:60], f"There is no such input; there are {', '.join(names)}.", f"Không có đầu vào này; có {', '.join(names)}."
        )
    return reader(_Reading(context, asker, inputs))


def _read_buffer(reading: _Reading) -> Task:
    query = _read_query(reading)
    distance = reading.inputs.get("distance")
    if distance is None:
        raise _missing("distance")
    if (
        isinstance(distance, bool)
        or not isinstance(distance, int | float)
        or not math.isfinite(distance)
        or not 0 < distance <= MOST_METRES
    ):
        raise _wrong(
            "distance",
            f"A distance is a number of metres, more than 0, {MOST_METRES:g} at most.",
            f"Khoảng cách tính bằng mét, tối đa {MOST_METRES:g}.",
        )
    dissolve = reading.inputs.get("dissolve", False)
    if not isinstance(dissolve, bool):
        raise _wrong("dissolve", "dissolve is true or false.", "dissolve là true hoặc false.")
    return Buffer(query, float(distance), dissolve)


def _read_clip(reading: _Reading) -> Task:
    geometry, zones, zone = (reading.inputs.get(name) for name in ("geometry", "zones", "zone"))
    if (geometry is None) == (zone is None):
        raise _wrong(
            "geometry", "Clip by a geometry, or by a zone (an id, with zones).", "Cắt theo geometry, hoặc theo zone (mã, kèm zones)."
        )
    query = _read_query(reading)
    if zone is not None:
        if isinstance(zone, bool) or not isinstance(zone, int) or not 0 < zone < _LARGEST_ID:
            raise _wrong("zone", "A zone is the id of a feature.", "zone là mã của một đối tượng.")
        return Clip(query, zone=(_read_zones(reading, zones), zone))
    if zones is not None:
        raise _wrong("zones", "zones goes with zone.", "zones đi cùng zone.")
    given = geometry.get("value", geometry) if isinstance(geometry, dict) and "type" not in geometry else geometry
    shape = read_geojson(given, "xy", locator="inputs.geometry")
    if shape["type"] not in ("Polygon", "MultiPolygon"):
        raise _wrong("geometry", "The geometry to clip by is a Polygon or MultiPolygon.", "geometry phải là Polygon hoặc MultiPolygon.")
    return Clip(query, geometry=shape)


def _read_figures(reading: _Reading) -> Task:
    query = _read_query(reading)
    numbers = [field.name for field in published_fields(query.layer) if field.type in _NUMBERS]
    wanted = reading.inputs.get("fields", numbers[:MOST_FIELDS])
    if (
        not isinstance(wanted, list)
        or len(wanted) > MOST_FIELDS
        or not all(name in numbers for name in wanted)
        or len(set(wanted)) < len(wanted)
    ):
        offered = ", ".join(numbers)
        raise _wrong(
            "fields", f"fields is a list of up to {MOST_FIELDS} of: {offered}.", f"fields gồm tối đa {MOST_FIELDS} trong: {offered}."
        )
    return ZoneFigures(query, _read_zones(reading, reading.inputs.get("zones")), tuple(wanted))


def _read_query(reading: _Reading) -> FeatureQuery:
    name = reading.inputs.get("layer")
    if name is None:
        raise _missing("layer")
    layer = _find_layer(reading, name, "layer")
    return FeatureQuery(layer, where=_read_filter(reading, layer))


def _read_filter(reading: _Reading, layer: Layer) -> Node | None:
    text = reading.inputs.get("filter")
    if text is None:
        return None
    if not isinstance(text, str):
        raise _wrong("filter", "A filter is a text in CQL2.", "Bộ lọc là chuỗi CQL2.")
    limits = reading.context.settings.limits
    rules = Cql2Reading(
        _GEOMETRY_NAMES, max_length=limits.max_query_bytes, max_depth=limits.max_filter_depth, max_nodes=limits.max_filter_nodes
    )
    del layer  # names are looked up when the question is asked
    return read_cql2_text(text, rules, locator="inputs.filter")


def _read_zones(reading: _Reading, name: object) -> FeatureQuery:
    """Areas that are valid today, where they come and go."""
    layer = _find_layer(reading, DEFAULT_ZONES if name is None else name, "zones")
    if layer.geometry not in _AREAS:
        raise _wrong("zones", "zones is a layer of areas.", "zones phải là lớp dạng vùng.")
    return FeatureQuery(layer, where=valid_today(layer))


def _find_layer(reading: _Reading, name: object, locator: str) -> Layer:
    layer = reading.context.catalog.layers.get(name) if isinstance(name, str) else None
    if layer is None or not layer.has_geometry or not may_read(reading.asker, layer):
        raise LayerNotDefined(
            "There is no such layer with places.", locator=f"inputs.{locator}", message_vi="Không có lớp dữ liệu có vị trí mang tên này."
        )
    return layer


def _missing(name: str) -> MissingParameter:
    return MissingParameter(f"The input {name} is missing.", locator=f"inputs.{name}", message_vi=f"Thiếu đầu vào {name}.")


def _wrong(name: str, message: str, vietnamese: str) -> InvalidParameter:
    return InvalidParameter(message, locator=f"inputs.{name}", message_vi=vietnamese)


PROCESSES: dict[str, tuple[tuple[str, ...], Callable[[_Reading], Task]]] = {
    "buffer": (("layer", "filter", "distance", "dissolve"), _read_buffer),
    "clip": (("layer", "filter", "geometry", "zones", "zone"), _read_clip),
    "statistics": (("layer", "filter", "zones", "fields"), _read_figures),
}
