# SPDX-License-Identifier: MIT
"""What the layer file says about values, checked without the database: types, code lists, limits, forms, lengths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from server.catalog.catalog import Catalog
from server.catalog.model import Layer, LayerField
from server.db.columns import longest_text
from server.db.stage import is_read_later
from server.errors import EditRefused
from server.features.columns import convert_column
from server.features.convert import CONVERTERS, VIETNAM, to_date, to_integer, to_moment, to_text
from server.features.faults import Fault

Check = Callable[[Any], Fault | None]
VALIDITY = ("valid_from", "valid_to")


class RowValidator:
    """Checks rows that bring `fields` of a layer; built once per change, then called per row.

    Raises EditRefused when a field does not exist, is computed, or (for people) is read-only.
    """

    def __init__(self, catalog: Catalog, layer: Layer, fields: Iterable[str], *, by_hand: bool) -> None:
        self._layer = layer
        self.fields = tuple(fields)
        for name in self.fields:
            fault = _refuse_field(layer, name, by_hand)
            if fault:
                raise fault.error(layer)
        self._steps = [_build_step(catalog, layer, name) for name in self.fields]
        self._readers = {name: (convert, checks) for name, convert, checks in self._steps}
        self.links = tuple(name for name in self.fields if name in layer.fields and is_read_later(layer.fields[name]))

    def read_row(self, values: Mapping[str, Any]) -> tuple[list[Any], list[str | None]] | Fault:
        """The row's values in the order of `fields` and, in the order of `links`, the keys of its links and
        its further geometries as text; or the first fault."""
        row: list[Any] = []
        keys: list[str | None] = []
        for name in self.fields:
            value = self.read_value(name, values.get(name))
            if isinstance(value, Fault):
                return value
            if name in self.links:
                keys.append(value if isinstance(value, str) else None)
                value = value if isinstance(value, int) else None
            row.append(value)
        return row, keys

    def read_value(self, name: str, given: Any) -> Any:
        """One value as its column takes it (of a link its id or key), or its fault."""
        if given is None or (isinstance(given, str) and not given.strip()):
            return None
        convert, checks = self._readers[name]
        try:
            value = convert(given)
        except (ValueError, TypeError, OverflowError):
            return Fault("type", name, str(given))
        for check in checks:
            fault = check(value)
            if fault:
                return fault
        return value

    def read_columns(self, given: Mapping[str, Sequence[Any]]) -> list[Sequence[Any]] | None:
        """Many rows at once, by field, as columns of what `read_row` gives: the values, then the keys. None when one may have a fault."""
        columns: list[list[Any]] = []
        keys: list[list[Any]] = []
        for name, convert, checks in self._steps:
            column = self._read_column(name, convert, given[name])
            if column is None:
                return None
            if checks and any(any(map(check, _distinct(column))) for check in checks):
                return None
            if name in self.links:
                keys.append([value if isinstance(value, str) else None for value in column])
                column = [value if isinstance(value, int) else None for value in column]
            columns.append(column)
        if all(name in self.fields for name in VALIDITY):
            dates = [columns[self.fields.index(name)] for name in VALIDITY]
            if any(check_validity(dict(zip(VALIDITY, pair, strict=True))) for pair in zip(*dates, strict=True)):
                return None
        return [*columns, *keys]

    def _read_column(self, name: str, convert: Callable[[Any], Any], given: Sequence[Any]) -> list[Any] | None:
        filled = [value for value in given if value is not None]
        field = self._layer.fields.get(name)
        values = convert_column(field.type, filled) if field is not None and not field.link else None
        if values is None:
            try:
                values = [None if isinstance(one, str) and not one.strip() else convert(one) for one in filled]
            except (ValueError, TypeError, OverflowError):
                return None
        if len(filled) == len(given):
            return values
        left = iter(values)
        return [None if value is None else next(left) for value in given]


def _distinct(column: Sequence[Any]) -> Iterable[Any]:
    """The values to check: each once, none of them None. (Shapes cannot be compared so, and are never checked here.)"""
    distinct = set(column)
    distinct.discard(None)
    return distinct


def _refuse_field(layer: Layer, name: str, by_hand: bool) -> Fault | None:
    if name in VALIDITY and layer.validity:
        return None
    field = layer.fields.get(name)
    if field is None:
        return Fault("unknown_field", name, name)
    if field.computed or (by_hand and field.read_only):
        return Fault("read_only", name)
    return None


def _build_step(catalog: Catalog, layer: Layer, name: str) -> tuple[str, Callable[[Any], Any], list[Check]]:
    field = layer.fields.get(name)
    if field is None:
        return name, to_date, []
    if field.link:
        return name, _to_link, []
    return name, CONVERTERS[field.type], list(_build_checks(catalog, name, field))


def _build_checks(catalog: Catalog, name: str, field: LayerField) -> Iterable[Check]:
    if field.codes:
        yield _code_check(name, frozenset(code.code for code in catalog.code_lists[field.codes].codes))
    if field.type == "text":
        yield _length_check(name, longest_text(field))
    if field.pattern:
        yield _pattern_check(name, re.compile(field.pattern))
    if field.min is not None:
        yield _bound_check("too_small", name, field, field.min)
    if field.max is not None:
        yield _bound_check("too_large", name, field, field.max)


def _code_check(name: str, codes: frozenset[str]) -> Check:
    return lambda value: None if value in codes else Fault("code_unknown", name, value)


def _length_check(name: str, longest: int) -> Check:
    return lambda value: None if len(value) <= longest else Fault("too_long", name, str(longest))


def _pattern_check(name: str, pattern: re.Pattern[str]) -> Check:
    return lambda value: None if pattern.fullmatch(value) else Fault("pattern", name, value)


def _bound_check(code: str, name: str, field: LayerField, bound: float | str) -> Check:
    limit = _read_bound(field, bound)
    shown = bound if isinstance(bound, str) else f"{bound:g}"
    if code == "too_small":
        return lambda value: Fault(code, name, shown) if value < limit else None
    return lambda value: Fault(code, name, shown) if value > limit else None


def _read_bound(field: LayerField, bound: float | str) -> Any:
    """A limit as a value of the field; 'today' ends with the day in Vietnam."""
    if field.type not in ("date", "datetime"):
        return bound
    if bound == "today":
        now = datetime.now(VIETNAM)
        return now.date() if field.type == "date" else now.replace(hour=23, minute=59, second=59, microsecond=999_999)
    try:
        return to_date(bound) if field.type == "date" else to_moment(bound)
    except ValueError as error:
        raise EditRefused(f"The layer file has a limit that is no date: {bound}.") from error


def _to_link(value: Any) -> int | str:
    """An id stays a number, a key stays text."""
    return to_text(value).strip() if isinstance(value, str) else to_integer(value)


def check_validity(values: Mapping[str, Any]) -> Fault | None:
    """valid_to must not lie before valid_from (both as dates)."""
    begin, end = values.get("valid_from"), values.get("valid_to")
    if isinstance(begin, date) and isinstance(end, date) and end < begin:
        return Fault("validity", "valid_to")
    return None
