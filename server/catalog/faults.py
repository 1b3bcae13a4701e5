# SPDX-License-Identifier: MIT
"""Mistakes of a layer file that its own grammar cannot see: names that lead nowhere, values that disagree. Pure functions.

A fault is a place (keys and indexes from the top of the file) and a sentence; the reader turns places into lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from server.catalog.cleaningfaults import find_cleaning_faults
from server.catalog.fieldfaults import find_field_faults
from server.catalog.model import Layer
from server.catalog.surroundings import DATES, Fault, Surroundings, suggest
from server.crs.definitions import find_crs
from server.errors import InvalidCrs
from server.strictyaml import Place

CHANGES = ("geometry", "insert", "delete")
# First parts of addresses that are taken.
TAKEN_PAGES = frozenset({"api", "exports", "healthz", "jobs", "map", "ogcapi", "static", "tiles", "tim", "wfs", "wms", "wmts"})


def find_layer_faults(layer: Layer, around: Surroundings) -> Iterator[Fault]:
    """Every fault of one layer file, in no particular order."""
    if layer.group not in around.groups:
        yield ("group",), f"there is no group {layer.group!r}{suggest(layer.group, around.groups)}"
    if layer.page_name in TAKEN_PAGES or any(
        other.page_name == layer.page_name for other in around.layers.values() if other.id != layer.id
    ):
        yield ("page",), f"the page name {layer.page_name!r} is taken"
    yield from _find_wrong_names(layer)
    yield from _find_geometry_faults(layer)
    yield from _find_title_faults(layer)
    yield from _find_time_faults(layer)
    yield from _find_elevation_faults(layer)
    yield from _find_alias_faults(layer)
    yield from find_cleaning_faults(layer, around)
    for name, field in layer.fields.items():
        if field.gml and (name not in ("name", "description", "identifier") or field.type != "text" or field.link):
            yield ("fields", name, "gml"), "only text fields called name, description or identifier are properties of GML"
        yield from ((("fields", name, *place), text) for place, text in find_field_faults(layer, field, around))
    if layer.raster and layer.raster.codes and layer.raster.codes not in around.list_ids:
        yield ("raster", "codes"), f"there is no code list {layer.raster.codes!r}{suggest(layer.raster.codes, around.list_ids)}"
    for index, rule in enumerate(layer.rules):
        if not rule.require and not rule.check:
            yield ("rules", index), "a rule needs `require` or `check`"


def _find_wrong_names(layer: Layer) -> Iterator[Fault]:
    """Names of fields that the layer does not have, and fields named twice."""
    dates = ("valid_from", "valid_to") if layer.validity else ()
    for place, name in _named_fields(layer):
        valid = (*layer.fields, *CHANGES) if place[0] == "rights" else (*layer.fields, *dates)
        if name not in valid:
            yield place, f"there is no field {name!r}{suggest(name, valid)}"
    in_sections = Counter(name for section in layer.sections for name in section.fields)
    for index, section in enumerate(layer.sections):
        for at, name in enumerate(section.fields):
            if in_sections[name] > 1:
                yield ("sections", index, "fields", at), f"the field {name!r} stands in sections more than once"
    for key, names in (("popup", layer.popup), ("subtitle", layer.subtitle)):
        for at, name in enumerate(names):
            if name in names[:at]:
                yield (key, at), f"the field {name!r} stands twice"


def _named_fields(layer: Layer) -> Iterator[tuple[Place, str]]:
    for index, section in enumerate(layer.sections):
        yield from ((("sections", index, "fields", at), name) for at, name in enumerate(section.fields))
    yield from ((("popup", at), name) for at, name in enumerate(layer.popup))
    yield from ((("subtitle", at), name) for at, name in enumerate(layer.subtitle))
    for index, rule in enumerate(layer.rules):
        yield from ((("rules", index, "require", at), name) for at, name in enumerate(rule.require))
    for place, named in (("key", layer.load.key), ("heights", layer.load.heights), ("measures", layer.load.measures)):
        if named:
            yield ("load", place), named
    yield from ((("load", "aliases", name), name) for name in layer.load.aliases)
    yield from ((("load", "clean", name), name) for name in layer.load.clean)
    if layer.time:
        yield ("time", "begin"), layer.time.begin
        if layer.time.end:
            yield ("time", "end"), layer.time.end
    if layer.elevation:
        yield ("elevation", "field"), layer.elevation.field
    yield from ((("rights", "publish", "auto", at), name) for at, name in enumerate(layer.rights.publish.auto))
    yield from ((("rights", "publish", "review", at), name) for at, name in enumerate(layer.rights.publish.review))


def _find_geometry_faults(layer: Layer) -> Iterator[Fault]:
    if layer.geometry == "raster" and layer.fields:
        yield ("fields",), "a raster layer has no fields"
    if layer.geometry != "raster" and not layer.fields:
        yield ("geometry",), "a layer needs fields"
    if layer.raster and layer.geometry != "raster":
        yield ("raster",), "`raster` belongs to layers with `geometry: raster`"
    if layer.is_mapped and not layer.styles:
        yield ("geometry",), "a layer that is drawn needs a style"
    if layer.styles and not layer.is_mapped:
        yield ("styles",), "a layer without geometry is not drawn; leave `styles` out"
    if layer.scale.min and layer.scale.max and layer.scale.min >= layer.scale.max:
        yield ("scale",), "`min` must be smaller than `max` (scale denominators)"
    try:
        find_crs(layer.storage_crs)
    except InvalidCrs:
        yield ("storage_crs",), f"EPSG:{layer.storage_crs} is not known here"


def _find_title_faults(layer: Layer) -> Iterator[Fault]:
    titles = [name for name, field in layer.fields.items() if field.title]
    for name in titles[1:]:
        yield ("fields", name, "title"), f"only one field can be the title; {titles[0]!r} is one already"
    for name in titles:
        field = layer.fields[name]
        if field.type != "text" or field.codes or field.link:
            yield ("fields", name, "title"), "the title is a plain text field"
        if not field.public:
            yield ("fields", name, "title"), "the title must be public"


def _find_time_faults(layer: Layer) -> Iterator[Fault]:
    for key, name in (("begin", layer.time.begin), ("end", layer.time.end)) if layer.time else ():
        field = layer.fields.get(name or "")
        if field and (field.type not in DATES or field.link or field.codes):
            yield ("time", key), f"the field {name!r} is not a date"
        if field and not field.public:
            yield ("time", key), f"the field {name!r} must be public"


def _find_elevation_faults(layer: Layer) -> Iterator[Fault]:
    field = layer.fields.get(layer.elevation.field) if layer.elevation else None
    if field and not (field.type in ("integer", "number") and field.public):
        yield ("elevation", "field"), "the height is a public number"
    for place, name in (("heights", layer.load.heights), ("measures", layer.load.measures)):
        field = layer.fields.get(name or "")
        if field and (field.type != "number" or field.computed or field.codes):
            yield ("load", place), f"the field {name!r} is not a number that can be filled"


def _find_alias_faults(layer: Layer) -> Iterator[Fault]:
    owner = {name: name for name in layer.fields}
    for name, aliases in layer.load.aliases.items():
        for at, alias in enumerate(aliases):
            other = owner.setdefault(alias.lower(), name)
            if other != name:
                yield ("load", "aliases", name, at), f"{alias!r} already means the field {other!r}"
