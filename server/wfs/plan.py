# SPDX-License-Identifier: MIT
"""From the client's words to a neutral question: names looked up, systems and axis order decided, filters read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.access import store_of
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.config import Limits
from server.crs.axis import Service, axis_order
from server.crs.definitions import WGS84, Crs
from server.crs.extent import parse_wfs_bbox
from server.crs.spelling import CrsReference, Spelling, parse_crs
from server.errors import InvalidParameter, LimitExceeded
from server.filter.cql2 import Cql2Reading
from server.filter.ecql import read_ecql
from server.filter.fes import read_fes, read_ids
from server.filter.fes_value import FesReading, names_id, read_property_name
from server.filter.kvp import read_box
from server.filter.tree import Node
from server.query.features import FeatureQuery, RowFormat, SortKey
from server.wfs.formats import GML
from server.wfs.requests import TypeQuery
from server.wfs.schema import GEOMETRY, find_type, open_layers, shape_names

DEFAULT_CRS = CrsReference(WGS84, Spelling.URN)
_OLD_CRS = CrsReference(WGS84, Spelling.SHORT)
_MAX_SORT = 10
# Names a geometry property goes by: ours, and those of GML 3 and GML 2 that stand for whatever the feature has.
_GEOMETRY_NAMES = frozenset({GEOMETRY, "location", "boundedBy"})


@dataclass(frozen=True)
class Planner:
    """What questions are planned with; one per application."""

    catalog: Catalog
    limits: Limits
    crs: tuple[Crs, ...]

    def plan(self, query: TypeQuery, row_format: RowFormat) -> FeatureQuery:
        """The neutral question, without limit and offset. GML follows the name of the CRS; every other format has x before y.

        Raises InvalidParameter, InvalidCrs, LimitExceeded, OperationNotSupported, each naming the parameter at fault.
        """
        layer = find_type(self.catalog, query.type_name, locator=_blame(query))
        reference = parse_crs(query.srs_name, offered=self.crs, locator="SRSNAME") if query.srs_name else default_crs(query.version)
        fields, with_geometry = _choose(layer, query.properties, row_format)
        order = axis_order(reference.crs, Service.WFS, query.version, reference.spelling)
        return FeatureQuery(
            layer=layer,
            fields=fields,
            where=self._read_where(layer, query, reference),
            sort=_read_sort(layer, query),
            crs=reference.crs.code,
            axis_order=order if row_format in GML else "xy",
            srs_name=reference.text if row_format in GML else "",
            with_geometry=with_geometry,
            store=store_of(layer),
        )

    def _read_where(self, layer: Layer, query: TypeQuery, reference: CrsReference) -> Node | None:
        if query.ids is not None:
            found = read_ids(query.ids, self._reading(layer, reference, query.version, _blame(query)))
            if query.only_own_ids and any(text.strip().rpartition(".")[0] in self._others(layer) for text in query.ids):
                raise _strange_ids(layer, _blame(query))
            return found
        if query.bbox is not None:
            # A box without a system is in the default one, whatever the answer is asked in (04-094 14.3.3).
            return read_box(parse_wfs_bbox(query.bbox, default_crs(query.version), query.version, offered=self.crs))
        if query.filter is not None:
            return read_fes(query.filter, self._reading(layer, reference, query.version, "FILTER"))
        if query.cql is not None:
            return read_ecql(query.cql, self._cql_reading(layer))
        return query.where

    def _others(self, layer: Layer) -> set[str]:
        """The feature types beside this one that the asker may read, as ids begin."""
        return {one.id for one in open_layers(self.catalog)} - {layer.id}

    def _reading(self, layer: Layer, reference: CrsReference, version: str, locator: str) -> FesReading:
        return FesReading(
            type_name=layer.id,
            default_crs=reference,
            version=version,
            alias=layer.wfs_name,
            geometry={layer.geometry_name, *_GEOMETRY_NAMES},
            shapes=shape_names(layer),
            offered=self.crs,
            max_nodes=self.limits.max_filter_nodes,
            max_ids=self.limits.max_ids,
            locator=locator,
        )

    def _cql_reading(self, layer: Layer) -> Cql2Reading:
        return Cql2Reading(
            tuple(dict.fromkeys((layer.geometry_name, *sorted(_GEOMETRY_NAMES)))),
            max_length=self.limits.max_body_bytes,
            max_depth=self.limits.max_filter_depth,
            max_nodes=self.limits.max_filter_nodes,
            locator="CQL_FILTER",
            shapes=shape_names(layer),
        )


def default_crs(version: str) -> CrsReference:
    """The system of what names none: WGS 84, in the spelling of the version (it decides the order of axes)."""
    return _OLD_CRS if version == "1.0.0" else DEFAULT_CRS


def _blame(query: TypeQuery) -> str:
    """The parameter that named the feature type."""
    if query.version == "2.0.0":
        return "RESOURCEID" if query.ids else "TYPENAMES"
    return "FEATUREID" if query.ids else "TYPENAME"


def _choose(layer: Layer, names: Collection[str], row_format: RowFormat) -> tuple[tuple[str, ...] | None, bool]:
    """The fields asked for (None = all) and whether the geometry is among them.

    GML answers keep the fields the schema requires, as the standard wants (04-094 9.2): they are valid whatever is left out.
    """
    reading = FesReading(layer.id, DEFAULT_CRS, locator="PROPERTYNAME")
    wanted = ["*" if name.strip() == "*" else read_property_name(name, reading) for name in names]
    if not wanted or "*" in wanted:
        return None, True
    fields = published_fields(layer)
    further = shape_names(layer)
    known = {*(field.name for field in fields), *further, *([layer.geometry_name] if layer.has_geometry else [])}
    for name in wanted:
        if name not in known:
            raise no_such_property(layer, name, "PROPERTYNAME")
    kept = tuple(field.name for field in fields if field.name in wanted or (row_format in GML and field.required))
    return (*kept, *(name for name in further if name in wanted)), layer.geometry_name in wanted


def _read_sort(layer: Layer, query: TypeQuery) -> tuple[SortKey, ...]:
    if len(query.sort) > _MAX_SORT:
        raise LimitExceeded(f"Features are sorted by at most {_MAX_SORT} properties.", locator="SORTBY")
    reading = FesReading(layer.id, DEFAULT_CRS, locator="SORTBY")
    known = {field.name for field in published_fields(layer)} | {"id"}
    keys = []
    for part in query.sort:
        name = "id" if names_id(part.name, reading) else read_property_name(part.name, reading)
        if name not in known:
            raise no_such_property(layer, name, "SORTBY")
        keys.append(SortKey(name, part.descending))
    return tuple(keys)


def _strange_ids(layer: Layer, locator: str) -> InvalidParameter:
    """The error for ids of another type than the one they are asked of (09-025r2 7.9.2.5.3)."""
    return InvalidParameter(
        f"An id is of another feature type than {layer.wfs_name}.",
        locator=locator,
        message_vi=f"Có mã định danh của lớp khác, không thuộc lớp {layer.wfs_name}.",
    )


def no_such_property(layer: Layer, name: str, locator: str) -> InvalidParameter:
    """The error for a property the feature type has not."""
    shown = name[:60]
    return InvalidParameter(
        f"The feature type {layer.id} has no property {shown!r}.",
        locator=locator,
        message_vi=f"Lớp {layer.id} không có thuộc tính {shown!r}.",
    )
