# SPDX-License-Identifier: MIT
"""What `published` holds of a layer: the public fields, in order, as every reader sees them."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalog.model import FieldType, Layer, ShapeType, Text


@dataclass(frozen=True)
class PublishedField:
    """One attribute as published. `type` 'link' is the id (bigint) of a feature of `link`; `<name>_title` carries its title as text."""

    name: str
    type: FieldType | str
    label: Text
    required: bool = False
    codes: str | None = None
    link: str | None = None
    unit: str | None = None
    max_length: int | None = None
    searched: int = 0
    is_title: bool = False


@dataclass(frozen=True)
class PublishedShape:
    """A geometry a layer's features have beside their own one."""

    name: str
    geometry: ShapeType
    label: Text
    required: bool = False


# Asked several times per request, so worked out once per layer object (which is immutable, but holds dicts and cannot be hashed).
_remembered: dict[int, tuple[Layer, tuple[PublishedField, ...], tuple[PublishedShape, ...]]] = {}
_MAX_REMEMBERED = 1000
_MOST_LINKS = 2


def published_fields(layer: Layer) -> tuple[PublishedField, ...]:
    """The attributes of a layer's published features, without id and geometries, in the order of the layer file.

    A link becomes two: the id and `<name>_title`. Layers with validity end with valid_from and valid_to.
    """
    return _derive(layer)[1]


def published_shapes(layer: Layer) -> tuple[PublishedShape, ...]:
    """The geometries of a layer's published features beside their own one: fields with `type: geometry`. Most layers have none."""
    return _derive(layer)[2]


def _derive(layer: Layer) -> tuple[Layer, tuple[PublishedField, ...], tuple[PublishedShape, ...]]:
    found = _remembered.get(id(layer))
    if found is None or found[0] is not layer:
        if len(_remembered) >= _MAX_REMEMBERED:
            _remembered.clear()
        found = _remembered[id(layer)] = (layer, _derive_fields(layer), _derive_shapes(layer))
    return found


def _derive_shapes(layer: Layer) -> tuple[PublishedShape, ...]:
    return tuple(
        PublishedShape(name, field.geometry, Text(vi=field.vi, en=field.en), field.required)
        for name, field in layer.fields.items()
        if field.public and field.geometry
    )


def _derive_fields(layer: Layer) -> tuple[PublishedField, ...]:
    out: list[PublishedField] = []
    for name, field in layer.fields.items():
        if not field.public or field.geometry:
            continue
        label = Text(vi=field.vi, en=field.en)
        if field.link:
            out.append(PublishedField(name, "link", label, link=field.link))
            out.append(PublishedField(f"{name}_title", "text", label, searched=field.search))
            continue
        out.append(
            PublishedField(
                name, field.type, label, field.required, field.codes, None, field.unit, field.max_length, field.search, field.title
            )
        )
    if layer.validity:
        out.append(PublishedField("valid_from", "date", Text(vi="Hiệu lực từ", en="Valid from")))
        out.append(PublishedField("valid_to", "date", Text(vi="Hiệu lực đến", en="Valid to")))
    return tuple(out)


def published_field_names(layer: Layer) -> tuple[str, ...]:
    """Names of the published fields, in order."""
    return tuple(field.name for field in published_fields(layer))


def searched_fields(layer: Layer) -> list[PublishedField]:
    """The fields the search box looks into, the one that weighs most first."""
    searched = [field for field in published_fields(layer) if field.searched and field.type in ("text", "integer")]
    return sorted(searched, key=lambda field: -field.searched)


def subtitle_fields(layer: Layer) -> list[PublishedField]:
    """What tells a feature from others of its name: the fields the layer file names, else the titles of what it links to, two at most."""
    fields = {field.name: field for field in published_fields(layer)}
    if layer.subtitle:
        named = (f"{name}_title" if f"{name}_title" in fields else name for name in layer.subtitle)
        return [fields[name] for name in named if name in fields]
    return [fields[f"{field.name}_title"] for field in fields.values() if field.type == "link"][:_MOST_LINKS]


def time_fields(layer: Layer) -> tuple[str, str] | None:
    """Names of the published fields a feature's time begins and ends with (the same for an instant), or None."""
    if layer.time is not None:
        names = (layer.time.begin, layer.time.end or layer.time.begin)
    elif layer.validity:
        names = ("valid_from", "valid_to")
    else:
        return None
    public = {field.name for field in published_fields(layer) if field.type in ("date", "datetime")}
    return names if public.issuperset(names) else None
