# SPDX-License-Identifier: MIT
"""A layer as those see it who may edit it: every field, and what the house notes about each row."""

from __future__ import annotations

from server.catalog.catalog import Catalog
from server.catalog.model import Layer, LayerField

# Columns of the official store that staff read and nobody writes by hand; names no layer file can take.
_NOTED = {
    "version": LayerField(type="integer", vi="Phiên bản", en="Version", required=True, read_only=True),
    "review_state": LayerField(vi="Trạng thái duyệt", en="Review state", required=True, read_only=True),
}
NOTED_FIELDS = frozenset(_NOTED)
"""Fields of the staff's view alone."""


class StaffLayer(Layer):
    """A layer whose `fields` are all of the official store's, private ones public, then version and review_state.

    Everything that derives from a layer's fields (schemas, filters, texts of rows) thereby derives from these. `link_titles` names the
    title field of the layer a link leads to, for links whose titles are published.
    """

    link_titles: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it


_remembered: dict[int, tuple[Layer, StaffLayer]] = {}
_MAX_REMEMBERED = 1000


def staff_view(catalog: Catalog, layer: Layer) -> StaffLayer:
    """The staff's view of a layer; the same object each time, so that what was worked out for it is found again."""
    found = _remembered.get(id(layer))
    if found is None or found[0] is not layer:
        if len(_remembered) >= _MAX_REMEMBERED:
            _remembered.clear()
        found = _remembered[id(layer)] = (layer, _build(catalog, layer))
    return found[1]


def _build(catalog: Catalog, layer: Layer) -> StaffLayer:
    fields = {name: field.model_copy(update={"public": True}) for name, field in layer.fields.items()}
    titles = {name: title for name, field in fields.items() if field.link and (title := _published_title(catalog.layer(field.link)))}
    # Without validation: the names of what is noted are reserved in layer files, and this is none.
    return StaffLayer.model_construct(**{**dict(layer), "fields": {**fields, **_NOTED}, "link_titles": titles})


def _published_title(linked: Layer) -> str | None:
    title = linked.title_field
    return title if title and linked.fields[title].public and linked.rights.read == "public" else None
