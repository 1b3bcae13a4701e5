# SPDX-License-Identifier: MIT
"""Who may do what with which layer."""

from __future__ import annotations

import pytest

from server.access import ANONYMOUS, SYSTEM, Identity, may_edit, may_publish_changes, may_read, may_review, require_edit, store_for
from server.catalog.model import Layer
from server.errors import AccessDenied
from tests.db.catalogs import make_field, make_layer


def _layer(**rights: object) -> Layer:
    return make_layer("sites", "point", {"name": make_field(), "note": make_field()}, rights=rights)


def _staff(role: str, *layers: str) -> Identity:
    return Identity("somebody", frozenset({role}), frozenset(layers) or None)  # type: ignore[arg-type]  # roles of this file


def test_the_public_reads_public_layers_and_only_those() -> None:
    assert may_read(ANONYMOUS, _layer())
    assert not may_read(ANONYMOUS, _layer(read="viewer"))
    assert may_read(_staff("viewer"), _layer(read="viewer"))


def test_nobody_edits_as_the_public_whatever_the_layer_file_says() -> None:
    assert not may_edit(ANONYMOUS, _layer(edit="public"))
    assert not may_review(_staff("editor"), _layer(review="public"))


@pytest.mark.parametrize(("role", "edits", "reviews"), [("viewer", False, False), ("editor", True, False), ("reviewer", True, True)])
def test_roles_build_on_one_another(role: str, edits: bool, reviews: bool) -> None:
    assert (may_edit(_staff(role), _layer()), may_review(_staff(role), _layer())) == (edits, reviews)


def test_a_role_for_some_layers_counts_there_only() -> None:
    assert may_edit(_staff("editor", "sites"), _layer())
    assert not may_edit(_staff("admin", "roads"), _layer())
    with pytest.raises(AccessDenied):
        require_edit(_staff("admin", "roads"), _layer())


def test_staff_read_official_where_they_may_edit() -> None:
    assert store_for(_staff("editor"), _layer()) == "official"
    assert store_for(_staff("viewer"), _layer()) == "published"
    assert store_for(ANONYMOUS, _layer()) == "published"


def test_changes_pass_without_review_only_when_all_are_named() -> None:
    layer = _layer(publish={"auto": ["note", "geometry"], "review": ["geometry"]})
    assert may_publish_changes(_staff("editor"), layer, ["note"])
    assert not may_publish_changes(_staff("editor"), layer, ["note", "name"])
    assert not may_publish_changes(_staff("editor"), layer, ["geometry"])
    assert not may_publish_changes(ANONYMOUS, layer, ["note"])
    assert may_publish_changes(SYSTEM, layer, ["name", "delete"])
