# SPDX-License-Identifier: MIT
"""Groups that lie in groups: what is below one, and parents that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog.catalog import Catalog
from server.catalog.model import Group, Text
from server.catalog.read import read_catalog_in

Spoil = Callable[[str, str, str], list[str]]
_TEXT = Text(vi="Nhóm", en="Group")


def _catalog(**parents: str | None) -> Catalog:
    return Catalog(tuple(Group(id=name, title=_TEXT, parent=parent) for name, parent in parents.items()), {}, {})


def test_a_group_holds_itself_and_all_below() -> None:
    catalog = _catalog(a=None, b="a", c="b", d=None)
    assert catalog.groups_below("a") == {"a", "b", "c"}
    assert catalog.groups_below("c") == {"c"}
    assert catalog.groups_below("d") == {"d"}


def test_a_circle_comes_to_an_end() -> None:
    assert _catalog(a="b", b="a").groups_below("a") == {"a", "b"}


@pytest.mark.parametrize(
    ("parent", "problem"),
    [("lands", "there is no group 'lands'; did you mean 'land'?"), ("water", "its parents lead in a circle")],
)
def test_a_parent_that_is_none_is_named(spoil: Spoil, parent: str, problem: str) -> None:
    assert spoil("groups.yml", "  layers: [wells]", f"  layers: [wells]\n  parent: {parent}") == [f"groups.yml:4: water: {problem}"]


def test_a_group_may_lie_in_another(small_catalogue: Path) -> None:
    path = small_catalogue / "groups.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("  layers: [wells]", "  layers: [wells]\n  parent: land"), encoding="utf-8")
    assert read_catalog_in(small_catalogue).groups_below("land") == {"land", "water"}
