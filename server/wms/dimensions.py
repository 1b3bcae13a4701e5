# SPDX-License-Identifier: MIT
"""Dimensions (06-042 annex C): what TIME and ELEVATION mean for one layer, and what the client is told of values it did not give."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.catalog.display import VIETNAM_TIME
from server.catalog.model import Elevation, Layer
from server.filter.tree import Between, Constant, In, Node, Or, Period, Property, both
from server.query.features import LayerState
from server.query.moments import is_within, nearest_moment
from server.query.validity import valid_today
from server.wms.exceptions import InvalidDimension

_PERIOD_FORMS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d"}
_STEP = re.compile(r"P(?:(\d+)D|T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_MOST_VALUES = 100
_OPEN = ("", "..")
_SPAN_DAYS = 3660


@dataclass(frozen=True)
class Chosen:
    """The condition the dimensions put on a layer (None = all of it), and the warnings of 06-042 C.3.3 for the answer's header."""

    where: Node | None
    notes: tuple[str, ...] = ()


def choose_values(layer: Layer, state: LayerState, when: str, height: str, max_days: int = _SPAN_DAYS) -> Chosen:
    """What TIME (`when`, spanning at most `max_days` of the layer's data) and ELEVATION (`height`) select of a layer.

    A dimension the layer does not have is passed over. Raises InvalidDimension.
    """
    moments, heights = _choose_moments(layer, state, when, max_days), _choose_heights(layer.elevation, height)
    return Chosen(both(moments.where, heights.where), moments.notes + heights.notes)


def describe_period(layer: Layer, state: LayerState) -> tuple[str, str] | None:
    """First and last moment of a layer with time, as `begin/end`, and the step between two; None without either."""
    if layer.time is None or not (state.time_begin and state.time_end):
        return None
    if layer.time.step:
        return f"{state.time_begin}/{state.time_end}", layer.time.step
    return f"{state.time_begin[:10]}/{state.time_end[:10]}", "P1D"


def _choose_moments(layer: Layer, state: LayerState, text: str, max_days: int) -> Chosen:
    """An instant, a day, month or year, `begin/end` with open ends, or several of them (ISO 8601; without zone it is Vietnamese time).

    Without TIME, layers of objects with validity show those valid today, others everything; `current` is their last moment.
    """
    if not layer.has_table:
        return _choose_rasters(layer, state, text) if state.moments else Chosen(None)
    if layer.time is None and not layer.validity:
        return Chosen(None)
    period = describe_period(layer, state)
    if text.lower() in ("", "default") or (text.lower() == "current" and (layer.validity or period is None)):
        notes = (f"99 Default value used: time={period[0]} ISO8601",) if period and not text else ()
        return Chosen(valid_today(layer), notes)
    parts = text.split(",")
    if len(parts) > _MOST_VALUES:
        raise InvalidDimension(f"TIME names at most {_MOST_VALUES} values.", locator="TIME")
    chosen = [_read_period(part.strip(), layer, state, max_days) for part in parts]
    periods = tuple(one.where for one in chosen if one.where)
    return Chosen(periods[0] if len(periods) == 1 else Or(periods), tuple(note for one in chosen for note in one.notes))


def _choose_rasters(layer: Layer, state: LayerState, text: str) -> Chosen:
    """The same for a raster that changes in time: the last one without TIME, else those of the moments and periods named."""
    if text.lower() in ("", "default", "current"):
        return Chosen(None, () if text else (f"99 Default value used: time={write_moment(state.moments[-1])} ISO8601",))
    parts = text.split(",")
    if len(parts) > _MOST_VALUES:
        raise InvalidDimension(f"TIME names at most {_MOST_VALUES} values.", locator="TIME")
    moments = tuple(datetime.fromisoformat(one) for one in state.moments)
    periods: list[Node] = []
    notes: list[str] = []
    for part in parts:
        ends = part.strip().split("/")
        if len(ends) > 3:
            raise InvalidDimension("TIME must be instants or begin/end.", locator="TIME")
        begin, end = _read_bounds(ends, layer, state)
        if begin is not None and end is not None and end < begin:
            raise InvalidDimension("TIME ends before it begins.", locator="TIME")
        period = Period(begin, end)
        if len(ends) == 1 and begin is not None and not any(is_within(one, period) for one in moments):
            if layer.raster is None or not layer.raster.nearest:
                raise InvalidDimension("The layer has no such time.", locator="TIME")
            found = nearest_moment(moments, begin)
            period = Period(found, found)
            notes.append(f"99 Nearest value used: time={write_moment(found.isoformat())} ISO8601")
        periods.append(period)
    return Chosen(periods[0] if len(periods) == 1 else Or(tuple(periods)), tuple(notes))


def write_moment(text: str) -> str:
    """A moment of a raster as clients write it: the day."""
    return text[:10]


def _read_period(text: str, layer: Layer, state: LayerState, max_days: int) -> Chosen:
    parts = text.split("/")
    if len(parts) == 4 and parts[3].lower() == "current":
        # Some clients append it to an interval as the capabilities write it, begin/end/step.
        parts = [parts[0], parts[3]]
    if len(parts) > 3:
        raise InvalidDimension("TIME must be instants or begin/end.", locator="TIME")
    begin, end = _read_bounds(parts, layer, state)
    if begin is not None and end is not None and end < begin:
        raise InvalidDimension("TIME ends before it begins.", locator="TIME")
    if layer.time is not None:
        _require_short(begin, end, state, max_days)
    if begin is None or end is None or begin != end:
        return Chosen(Period(begin, end))
    nearest = _find_nearest(begin, layer, state)
    if nearest == begin:
        return Chosen(Period(begin, end))
    shown = nearest.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return Chosen(Period(nearest, nearest), (f"99 Nearest value used: time={shown} ISO8601",))


def _read_bounds(parts: list[str], layer: Layer, state: LayerState) -> tuple[datetime | None, datetime | None]:
    """First and last moment of `begin`, `begin/end` or `begin/end/step`; an empty part or `..` is an open end (ISO 8601-2, 17-069r4)."""
    if len(parts) == 1:
        return _read_last(layer, state) if parts[0].lower() == "current" else _read_moment(parts[0])
    first, last = parts[0], parts[1]
    if first in _OPEN and last in _OPEN:
        raise InvalidDimension("TIME is open on both sides; leave it out.", locator="TIME")
    begin = None if first in _OPEN else _read_moment(first)[0]
    if last.lower() == "current":
        return begin, _read_last(layer, state)[1]
    return begin, None if last in _OPEN else _read_moment(last)[1]


def _read_last(layer: Layer, state: LayerState) -> tuple[datetime, datetime]:
    """The last moment the layer has, or the day of it where it has no steps; today for layers without."""
    if not state.time_end:
        return _read_moment(datetime.now(VIETNAM_TIME).date().isoformat())
    if layer.time and layer.time.step:
        last = datetime.fromisoformat(state.time_end)
        return last, last
    return _read_moment(state.time_end[:10])


def _require_short(begin: datetime | None, end: datetime | None, state: LayerState, max_days: int) -> None:
    """Refuse what would read decades: only the time the layer has data for counts, so open ends cost nothing by themselves."""
    if not (state.time_begin and state.time_end):
        return
    first, last = datetime.fromisoformat(state.time_begin), datetime.fromisoformat(state.time_end)
    span = min(end or last, last) - max(begin or first, first)
    if span > timedelta(days=max_days):
        raise InvalidDimension(f"TIME spans at most {max_days} days of the data.", locator="TIME")


def _find_nearest(moment: datetime, layer: Layer, state: LayerState) -> datetime:
    """The nearest moment the layer has, where it says that will do."""
    if not (layer.time and layer.time.nearest and layer.time.step and state.time_begin and state.time_end):
        return moment
    first, last, step = datetime.fromisoformat(state.time_begin), datetime.fromisoformat(state.time_end), _read_step(layer.time.step)
    inside = min(max(moment, first), last)
    return min(first + math.floor((inside - first) / step + 0.5) * step, last)


def _read_step(text: str) -> timedelta:
    """The length of `P1D`, `PT1H`, `PT5S`; a second for what has none."""
    match = _STEP.fullmatch(text)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) or timedelta(seconds=1)


def _choose_heights(elevation: Elevation | None, text: str) -> Chosen:
    """A number, several, or `low/high`, in metres above sea level (CRS:88); the layer file says which of them it takes."""
    if elevation is None:
        return Chosen(None)
    field = Property(elevation.field)
    if text.lower() in ("", "default"):
        return Chosen(In(field, (elevation.default,)), (f"99 Default value used: elevation={elevation.default:g} CRS:88",))
    parts = text.split(",")
    if (len(parts) > 1 or "/" in text) and not elevation.multiple:
        raise InvalidDimension("ELEVATION is one value here.", locator="ELEVATION")
    if len(parts) > _MOST_VALUES:
        raise InvalidDimension(f"ELEVATION names at most {_MOST_VALUES} values.", locator="ELEVATION")
    nodes: list[Node] = []
    notes: list[str] = []
    for part in parts:
        numbers = [_read_number(one) for one in part.split("/")[:2]]
        if len(numbers) == 2:
            nodes.append(Between(field, Constant(numbers[0]), Constant(numbers[1])))
            continue
        found = min(elevation.values, key=lambda value: abs(value - numbers[0]))
        if found != numbers[0]:
            if not elevation.nearest:
                raise InvalidDimension("The layer has no such elevation.", locator="ELEVATION")
            notes.append(f"99 Nearest value used: elevation={found:g} CRS:88")
        nodes.append(In(field, (found,)))
    return Chosen(nodes[0] if len(nodes) == 1 else Or(tuple(nodes)), tuple(notes))


def _read_number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise InvalidDimension("ELEVATION must be a number, in metres.", locator="ELEVATION")
    return float(text)


def _read_moment(text: str) -> tuple[datetime, datetime]:
    """First and last instant of what the text names."""
    form = _PERIOD_FORMS.get(len(text))
    try:
        if form is None:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM_TIME)
            moment.astimezone(UTC)  # raises for a moment outside the years 1 to 9999 in UTC
            return moment, moment
        # Dates are compared as dates; read as UTC they stay the day the client named.
        first = datetime.strptime(text, form).replace(tzinfo=UTC)
        return first, _end_of(first, form)
    except (ValueError, OverflowError):
        raise InvalidDimension("TIME must be written as ISO 8601, such as 2022-06-08.", locator="TIME") from None


def _end_of(first: datetime, form: str) -> datetime:
    """The last instant of a day, month or year; the last there is for those that end with the year 9999."""
    try:
        if form == "%Y":
            after = first.replace(year=first.year + 1)
        else:
            after = first + timedelta(days=1) if form == "%Y-%m-%d" else (first + timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)
    return after - timedelta(microseconds=1)
