# SPDX-License-Identifier: MIT
"""From the actions of a transaction to neutral changes: names looked up, values and geometries read, rights checked, filters read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from server.access import require_edit
from server.catalog.model import Layer
from server.catalog.projection import published_fields
from server.crs.spelling import CrsReference, parse_crs
from server.errors import InvalidParameter, blame
from server.features.faults import Fault
from server.features.whole import whole_values
from server.filter.fes import read_fes, read_ids
from server.filter.fes_value import FesReading, read_property_name
from server.filter.gmlshape import GmlReading, read_shape
from server.filter.tree import And, Comparison, Constant, GeometryLiteral, Ids, IsNull, Node, Property
from server.query.edits import Edit
from server.signin import current_identity
from server.wfs.plan import DEFAULT_CRS, Planner, no_such_property
from server.wfs.schema import GEOMETRY, find_type, shape_names
from server.wfs.transactionactions import Action, Delete, Insert, Replace, Update, read_value
from server.xmlio.parse import Element, attribute, children, local_name, text_of

VALIDITY = ("valid_from", "valid_to")
_MAX_DIGITS = 18
_UNREADABLE_VI = "Không đọc được hình học: kiểm tra thứ tự trục tọa độ (có thể bị đảo), số, vòng khép kín và kiểu hình"
_VERBS: dict[type, Literal["insert", "update", "replace"]] = {Insert: "insert", Update: "update", Replace: "replace"}
# A date of XML Schema may name its zone (XML Schema 2, 3.2.9); ours are days of the calendar.
_ZONED_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})", re.ASCII)
# GDAL writes 2024/02/29 into transactions, whatever the schema says.
_SLASHED_DATE = re.compile(r"\d{4}/\d{2}/\d{2}(?![/\d])", re.ASCII)


@dataclass(frozen=True)
class Step:
    """One action, ready to run: a change, and for changes of old features the filter that tells which (None: every feature).

    `unchanged` are properties the client sent along that only the system may change: they must be what they are.
    """

    edit: Edit
    where: Node | None = None
    unchanged: tuple[tuple[str, str | None], ...] = ()

    @property
    def known(self) -> tuple[Edit, ...] | None:
        """The changes, where they are known without asking the database: new features, and features named by id."""
        if self.edit.action == "insert":
            return (self.edit,)
        return self.spread(self.where.ids) if isinstance(self.where, Ids) and not self.unchanged else None

    def as_it_is(self) -> Node:
        """The filter narrowed to the features for which `unchanged` holds."""
        parts = [
            IsNull(Property(name)) if text is None else Comparison("=", Property(name), Constant(text)) for name, text in self.unchanged
        ]
        return And((*([self.where] if self.where else []), *parts))

    def spread(self, ids: tuple[int, ...]) -> tuple[Edit, ...]:
        """The same change of each of these features; one that is not there matches nothing, and that is no mistake."""
        return tuple(replace(self.edit, id=one, if_present=True) for one in dict.fromkeys(ids))


@dataclass
class _Content:
    """The properties of an action, read: new values and shape; what only the system changes (`noted`, and `derived` by name)."""

    values: dict[str, Any] = field(default_factory=dict)
    shape: GeometryLiteral | None = None
    clears_shape: bool = False
    noted: dict[str, str | None] = field(default_factory=dict)
    derived: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EditPlanner:
    """Plans the actions of one transaction; what it has looked up once it remembers, because clients send an action per feature."""

    planner: Planner
    version: str
    _layers: dict[str, Layer] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def plan(self, action: Action) -> Step:
        """One action as a step.

        Raises AccessDenied, InvalidParameter, InvalidCrs, LimitExceeded and OperationNotSupported, with the action's handle.
        """
        with blame(action.handle):
            layer = self.find_layer(action.type_name)
            if isinstance(action, Delete):
                edit = Edit("delete", self.planner.catalog.layer(layer.id), handle=action.handle)
                return Step(edit, self._read_filter(layer, action.filter, DEFAULT_CRS))
            reference = self.read_crs(action.srs_name)
            content = self._read_properties(layer, action, reference)
            version = content.noted.pop("version", None)
            edit = Edit(
                action=_VERBS[type(action)],
                layer=self.planner.catalog.layer(layer.id),
                values=content.values,
                geometry=content.shape.geojson if content.shape else None,
                epsg=content.shape.epsg if content.shape else DEFAULT_CRS.crs.code,
                version=_read_version(layer, version) if version else None,
                handle=action.handle,
                clears_geometry=content.clears_shape,
            )
            if isinstance(action, Insert):
                return Step(edit)
            where = self._read_filter(layer, action.filter, reference) if action.filter is not None else None
            if isinstance(action, Replace):
                return Step(_make_whole(edit), where)
            return Step(edit, where, tuple(content.noted.items()))

    def find_layer(self, type_name: str) -> Layer:
        """The layer of a type the asker may change, as they see it. Raises InvalidParameter, AccessDenied."""
        if type_name in self._layers:
            return self._layers[type_name]
        layer = find_type(self.planner.catalog, type_name, locator="typeName")
        require_edit(current_identity(), layer)
        self._layers[type_name] = layer
        return layer

    def read_crs(self, name: str | None) -> CrsReference:
        """The CRS of shapes that name none. Raises InvalidCrs."""
        return parse_crs(name.strip(), offered=self.planner.crs, locator="srsName") if name else DEFAULT_CRS

    def _read_filter(self, layer: Layer, element: Element, reference: CrsReference) -> Node:
        limits = self.planner.limits
        reading = FesReading(
            type_name=layer.id,
            default_crs=reference,
            version=self.version,
            alias=layer.wfs_name,
            geometry=(layer.geometry_name, GEOMETRY),
            shapes=shape_names(layer),
            offered=self.planner.crs,
            max_nodes=limits.max_filter_nodes,
            max_ids=limits.max_edits,
            locator="Filter",
        )
        node = self._read_resource_ids(element, reading) or read_fes(element, reading)
        if isinstance(node, Ids) and len(node.ids) < len(children(element)):
            raise InvalidParameter(
                f"The Filter names a feature that is none of {layer.id}.",
                locator="Filter",
                message_vi=f"Filter nêu một đối tượng không thuộc lớp {layer.id}.",
            )
        return node

    def _read_resource_ids(self, element: Element, reading: FesReading) -> Ids | None:
        """A filter of fes:ResourceId alone (09-026r2 7.11), the one clients send by the thousand; None for any other."""
        if self.version != "2.0.0" or any(local_name(one) != "ResourceId" for one in element):
            return None
        return read_ids([attribute(one, "rid") or "" for one in element], reading)

    def _read_properties(self, layer: Layer, action: Insert | Update | Replace, reference: CrsReference) -> _Content:
        """Clients copy features whole and send them whole: of new ones, what is empty or the system's is left out, of old ones what follows
        from other properties. An update must bring something else as well.
        """
        content = _Content()
        seen: set[str] = set()
        further = shape_names(layer)
        for written, element in action.properties:
            name = self.find_property(layer, written)
            if name in seen:
                raise InvalidParameter(f"The property {name} is given twice.", locator=name, message_vi=f"Thuộc tính {name} bị lặp lại.")
            seen.add(name)
            if name == GEOMETRY:
                content.shape = self._read_geometry(element, reference)
                content.clears_shape = content.shape is None and not isinstance(action, Insert)
            elif name in further:
                content.values[name] = self._read_geometry(element, reference)
            else:
                _take(layer, content, name, element, is_new=isinstance(action, Insert))
        if isinstance(action, Replace):
            content.noted = {name: text for name, text in content.noted.items() if name == "version"}
        if isinstance(action, Update) and not (content.values or content.shape or content.clears_shape):
            raise Fault("read_only", next(iter((*content.noted, *content.derived)))).error(layer)
        return content

    def find_property(self, layer: Layer, written: str) -> str:
        """The field, "geom" or further geometry a name means. Raises InvalidParameter."""
        known = self._names.get((layer.id, written))
        if known is not None:
            return known
        name = read_property_name(written, FesReading(layer.id, DEFAULT_CRS, alias=layer.wfs_name, locator="Name"))
        if written.startswith("gml:") and not (name in layer.fields and layer.fields[name].gml):
            raise no_such_property(layer, written, "Insert")
        if name == layer.geometry_name and layer.has_geometry:
            name = GEOMETRY
        elif name not in {*(one.name for one in published_fields(layer)), *shape_names(layer), "id"}:
            raise no_such_property(layer, name, name)
        self._names[layer.id, written] = name
        return name

    def _read_geometry(self, element: Element | None, reference: CrsReference) -> GeometryLiteral | None:
        """The geometry inside; None where there is nothing, which takes it away."""
        shapes = children(element) if element is not None else []
        if element is None or not (shapes or text_of(element)):
            return None
        if len(shapes) == 1:
            try:
                return read_shape(shapes[0], GmlReading(reference, self.version, self.planner.crs, GEOMETRY))
            except InvalidParameter as error:
                error.message_vi = error.message_vi or _UNREADABLE_VI
                raise
        raise InvalidParameter(
            "The geometry property takes one geometry, or nothing.",
            locator=GEOMETRY,
            message_vi="Thuộc tính hình học nhận một hình, hoặc để trống.",
        )


def _make_whole(edit: Edit) -> Edit:
    """The replacement of a feature: every value people fill, and the shape."""
    has_geometry = edit.geometry is not None
    values = whole_values(edit.layer, edit.values, has_geometry=has_geometry)
    return replace(edit, values=values, clears_geometry=edit.layer.has_geometry and not has_geometry)


def _take(layer: Layer, content: _Content, name: str, element: Element | None, *, is_new: bool) -> None:
    """Sort one property (not the geometry) into the content of its action."""
    known = layer.fields.get(name)
    if name not in VALIDITY and (known is None or known.computed is not None):
        content.derived.append(name)
    elif known is not None and known.read_only:
        if not is_new:
            content.noted[name] = read_text(layer, name, element)
    else:
        value = read_text(layer, name, element)
        if value is not None or not is_new:
            content.values[name] = value


def _read_version(layer: Layer, text: str) -> int:
    """The version a client has read, so that nothing somebody else changed since is overwritten."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise Fault("type", "version", text).error(layer)
    return int(text)


def read_text(layer: Layer, name: str, element: Element | None) -> Any:
    """The value as text; of a link the id, which is what its type in the schema says."""
    return read_words(layer, name, read_value(element) if element is not None else None)


def read_words(layer: Layer, name: str, text: str | None) -> Any:
    """The same for a text without blanks around it; None is no value."""
    known = layer.fields.get(name)
    if text is None or known is None:
        return text
    if known.link and text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    if known.type in ("date", "datetime") and _SLASHED_DATE.match(text):
        return text.replace("/", "-", 2)
    if known.type == "date" and _ZONED_DATE.fullmatch(text):
        return text[:10]
    return text
