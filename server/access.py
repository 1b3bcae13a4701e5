# SPDX-License-Identifier: MIT
"""Who may read, edit and review which layer. Takes an identity value; knows no session, no password and no HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from server.catalog.catalog import Catalog
from server.catalog.model import Layer, Role
from server.catalog.staffview import StaffLayer, staff_view
from server.errors import AccessDenied
from server.query.features import Store

StaffRole = Literal["viewer", "editor", "reviewer", "publisher", "admin"]
_RANK: dict[Role, int] = {"public": 0, "viewer": 1, "editor": 2, "reviewer": 3, "publisher": 4, "admin": 5}


@dataclass(frozen=True)
class Identity:
    """Somebody (or something) that asks. `layers` None = the roles hold for every layer, else only for these layer ids."""

    account: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    layers: frozenset[str] | None = None


ANONYMOUS = Identity("anonymous", frozenset({"public"}))
SYSTEM = Identity("system", frozenset({"admin"}))


def lesser_role(one: StaffRole, other: StaffRole | None) -> StaffRole:
    """The one of two roles that may less; the first when there is no other."""
    return one if other is None or _RANK[one] <= _RANK[other] else other


def may_read(identity: Identity, layer: Layer) -> bool:
    """Whether the identity may see the layer's published features."""
    return layer.rights.read == "public" or _rank(identity, layer) >= _RANK[layer.rights.read]


def may_edit(identity: Identity, layer: Layer) -> bool:
    """Whether the identity may change the layer's features. Nobody edits as the public, whatever the layer file says."""
    return _rank(identity, layer) >= max(_RANK[layer.rights.edit], _RANK["editor"])


def may_review(identity: Identity, layer: Layer) -> bool:
    """Whether the identity may approve changes, so that its own are published at once."""
    return _rank(identity, layer) >= max(_RANK[layer.rights.review], _RANK["reviewer"])


def may_answer_reports(identity: Identity) -> bool:
    """Whether the identity deals with reports of the public: reviewers and above, of whatever layers."""
    return max((_RANK[role] for role in identity.roles), default=0) >= _RANK["reviewer"]


def may_publish_changes(identity: Identity, layer: Layer, changes: Iterable[str]) -> bool:
    """Whether changes (field names, 'geometry', 'delete') are published at once: the identity reviews, or rights.publish.auto names all."""
    if may_review(identity, layer):
        return True
    automatic = set(layer.rights.publish.auto) - set(layer.rights.publish.review)
    return may_edit(identity, layer) and set(changes) <= automatic


def store_for(identity: Identity, layer: Layer) -> Store:
    """Which store answers the identity's questions: staff who may edit the layer read `official`, all others `published`."""
    return "official" if may_edit(identity, layer) else "published"


def see_layer(identity: Identity, catalog: Catalog, layer: Layer) -> Layer:
    """The layer as the identity sees it: with all its fields (a StaffLayer) where it reads `official`, else as it is published."""
    if identity is ANONYMOUS or store_for(identity, layer) == "published":
        return layer
    return staff_view(catalog, layer)


def store_of(layer: Layer) -> Store:
    """The store that answers questions about a layer seen by `see_layer`."""
    return "official" if type(layer) is StaffLayer else "published"


def require_edit(identity: Identity, layer: Layer) -> None:
    """Raises AccessDenied when the identity may not change the layer."""
    if not may_edit(identity, layer):
        raise AccessDenied(
            f"Layer {layer.id!r} cannot be changed with these rights.",
            locator=layer.id,
            message_vi=f"Không có quyền sửa lớp dữ liệu {layer.id!r}.",
        )


def may_load(identity: Identity, layer: Layer) -> bool:
    """Whether the identity may load files into the layer; a raster has no rows that could wait for a reviewer, so it takes one."""
    return may_edit(identity, layer) and (layer.raster is None or may_review(identity, layer))


def require_load(identity: Identity, layer: Layer) -> None:
    """Raises AccessDenied when the identity may not load files into the layer."""
    require_edit(identity, layer)
    if not may_load(identity, layer):
        raise AccessDenied(
            f"A raster of layer {layer.id!r} is published as it is loaded; that takes the right to review.",
            locator=layer.id,
            message_vi=f"Ảnh của lớp {layer.id!r} được công bố ngay khi nạp; việc này cần quyền duyệt.",
        )


def _rank(identity: Identity, layer: Layer) -> int:
    if identity.layers is not None and layer.id not in identity.layers:
        return 0
    return max((_RANK[role] for role in identity.roles), default=0)
