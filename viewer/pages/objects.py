# SPDX-License-Identifier: MIT
"""What the page of one object shows, worked out from its layer file: facts by section, its figure, what is linked to it and near it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.access import ANONYMOUS, may_read
from server.catalog.display import popup_fields, public_sections, show_number, show_value
from server.catalog.model import Layer
from server.catalog.projection import PublishedField, published_fields
from server.context import Context
from server.errors import FeatureNotFound
from server.features.read import open_features, read_feature
from server.filter.tree import Comparison, Constant, Property
from server.query.features import FeatureQuery
from viewer.describe import Extent
from viewer.published import find_points

MOST_LINKED = 12


@dataclass(frozen=True)
class Fact:
    """A label and a value in words; `address` where the value has a page of its own."""

    label: str
    value: str
    address: str | None = None
    colour: str | None = None


@dataclass(frozen=True)
class Section:
    """A heading and its facts."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Figure:
    """The one big number of an object: an index on the colour of its class."""

    number: str
    label: str
    word: str
    colour: str | None
    day: str
    help: str

    @property
    def ink(self) -> str:
        """Black or white, whichever is read more easily on the colour."""
        red, green, blue = (int((self.colour or "#ffffff")[at : at + 2], 16) for at in (1, 3, 5))
        return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 110 else "#16302b"


@dataclass(frozen=True)
class LinkedList:
    """Objects of another layer that name this one; `more` when there are others."""

    title: str
    objects: tuple[Fact, ...]
    more: bool


@dataclass(frozen=True)
class ObjectPage:
    """Everything on the page, in one language. `extent` is lon/lat; None for records without geometry."""

    layer: Layer
    id: int
    title: str
    slug: str
    sections: tuple[Section, ...]
    figure: Figure | None
    linked: tuple[LinkedList, ...]
    extent: Extent | None
    point: tuple[float, float] | None
    former_since: str | None
    illustrative: bool
    summary: str


def describe_object(context: Context, layer: Layer, feature_id: int, language: str) -> ObjectPage:
    """The page of a published feature. Raises FeatureNotFound, LimitExceeded, ServerFault."""
    text = read_feature(context, FeatureQuery(layer, limit=1), feature_id)
    if text is None:
        raise FeatureNotFound("There is no such object.", message_vi="Không có đối tượng này.")
    feature = json.loads(text)
    values: Mapping[str, Any] = feature["properties"]
    title = title_of(layer, feature)
    writer = _Writer(context, layer, values, language)
    points = list(find_points(feature["geometry"])) if feature.get("geometry") else []
    extent = _box(points)
    sections = tuple(writer.sections())
    return ObjectPage(
        layer=layer,
        id=feature_id,
        title=title,
        slug=write_slug(title),
        sections=sections,
        figure=writer.figure(),
        linked=tuple(_find_linked(context, layer, feature_id, language)),
        extent=extent,
        point=((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2) if extent else None,
        former_since=writer.former_since(),
        illustrative=layer.illustrative,
        summary=", ".join(fact.value for fact in (sections[0].facts if sections else ()) if fact.value != title)[:200],
    )


def object_address(layer: Layer, feature_id: int, title: str, language: str) -> str:
    """The permanent address: the number decides, the name is for people."""
    slug = write_slug(title)
    return f"/{layer.page_name}/{feature_id}{f'-{slug}' if slug else ''}{'?lang=en' if language == 'en' else ''}"


def write_slug(title: str) -> str:
    """A title in letters every address can hold: "Gò Công" is go-cong."""
    plain = unicodedata.normalize("NFD", title.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")[:80].rstrip("-")


def title_of(layer: Layer, feature: Mapping[str, Any]) -> str:
    """What to call a GeoJSON feature."""
    named = feature["properties"].get(layer.title_field) if layer.title_field else None
    return str(named) if named not in (None, "") else f"{layer.title.vi} {feature['id']}"


class _Writer:
    """Values of one feature in words of one language."""

    def __init__(self, context: Context, layer: Layer, values: Mapping[str, Any], language: str) -> None:
        self._context, self._catalog, self._layer, self._values, self._language = context, context.catalog, layer, values, language
        self._fields = {field.name: field for field in published_fields(layer)}

    def sections(self) -> Iterator[Section]:
        """The sections of the layer file, without empty values and empty sections."""
        for section in public_sections(self._layer):
            facts = tuple(fact for name in section.fields if (fact := self._fact(name)) is not None)
            if facts:
                yield Section(section.en if self._language == "en" else section.vi, facts)
        if self._layer.validity:
            facts = tuple(fact for name in ("valid_from", "valid_to") if (fact := self._fact(name)) is not None)
            if facts:
                yield Section("Validity" if self._language == "en" else "Hiệu lực", facts)

    def figure(self) -> Figure | None:
        """A number `x` beside a class `x_class` whose code list fixes colours; the same rule as on the map."""
        names = popup_fields(self._layer)
        for name in names:
            kind = self._fields.get(f"{name}_class")
            value = self._values.get(name)
            if kind is None or kind.codes is None or kind.name not in names or not isinstance(value, int | float):
                continue
            days = [shown for one in names if self._fields[one].type in ("date", "datetime") and (shown := self._show(self._fields[one]))]
            return Figure(
                show_number(round(value, 1), self._language),
                self._fields[name].label.text(self._language),
                self._show(kind),
                self._colour(kind),
                days[0] if days else "",
                self._help(name),
            )
        return None

    def former_since(self) -> str | None:
        """The last day of an object that is no longer valid."""
        until = self._values.get("valid_to") if self._layer.validity else None
        return self._show(self._fields["valid_to"]) if until and date.fromisoformat(until) < date.today() else None

    def _help(self, name: str) -> str:
        explained = self._layer.fields[name].help if name in self._layer.fields else None
        return explained.text(self._language) if explained else ""

    def _fact(self, name: str) -> Fact | None:
        field = self._fields.get(name)
        if field is None or self._values.get(name) is None:
            return None
        label = field.label.text(self._language)
        if field.link:
            target, title = self._catalog.layer(field.link), str(self._values.get(f"{name}_title") or self._values[name])
            open_to_all = may_read(ANONYMOUS, target)
            return Fact(label, title, object_address(target, self._values[name], title, self._language) if open_to_all else None)
        text = self._show(field)
        return Fact(label, f"{text} {field.unit}" if field.unit else text, None, self._colour(field)) if text else None

    def _show(self, field: PublishedField) -> str:
        return show_value(self._catalog, field, _typed(field, self._values.get(field.name)), self._language)

    def _colour(self, field: PublishedField) -> str | None:
        codes = self._catalog.code_lists.get(field.codes) if field.codes else None
        value = str(self._values.get(field.name))
        return next((code.colour or None for code in codes.codes if code.code == value), None) if codes else None


def _typed(field: PublishedField, value: Any) -> Any:
    """A value of GeoJSON as the type its field has."""
    if isinstance(value, str) and field.type == "date":
        return date.fromisoformat(value)
    if isinstance(value, str) and field.type == "datetime":
        return datetime.fromisoformat(value)
    return value


def _find_linked(context: Context, layer: Layer, feature_id: int, language: str) -> Iterator[LinkedList]:
    """Records of other layers that name this object: the permits of a facility, its discharge points ..."""
    for other in context.catalog.feature_layers():
        if not may_read(ANONYMOUS, other):
            continue
        for name in (field.name for field in published_fields(other) if field.link == layer.id):
            query = FeatureQuery(other, where=Comparison("=", Property(name), Constant(feature_id)), limit=MOST_LINKED, with_geometry=False)
            page = open_features(context, query, "geojson")
            features = json.loads(b"[" + b"".join(page.chunks()) + b"]")
            if features:
                objects = tuple(
                    Fact("", title, object_address(other, one["id"], title, language))
                    for one in features
                    if (title := title_of(other, one))
                )
                yield LinkedList(other.title.text(language), objects, page.progress.more)


def _box(points: list[tuple[float, float]]) -> Extent | None:
    if not points:
        return None
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)
