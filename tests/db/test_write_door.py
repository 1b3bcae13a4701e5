# SPDX-License-Identifier: MIT
"""Single changes: permission, checks, versions, history and publication in one transaction, all or nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from server.access import ANONYMOUS, SYSTEM, Identity
from server.catalog.catalog import Catalog
from server.db.pool import Database
from server.errors import AccessDenied, EditRefused, FeatureNotFound, VersionConflict
from server.features.undo import undo_change_set
from server.query.edits import Edit, EditResult
from tests.edits import apply_edits

POINT = {"type": "Point", "coordinates": [106.36, 10.36]}
EDITOR = Identity("editor", frozenset({"editor"}))


@pytest.fixture
def door(stores: Database, catalog: Catalog) -> Any:
    """Calls the write door with edits given as (action, layer, options)."""

    def call(*edits: tuple[Any, str, dict[str, Any]], identity: Identity = SYSTEM) -> EditResult:
        built = [Edit(action, catalog.layer(layer), **options) for action, layer, options in edits]
        return apply_edits(stores, catalog, identity, built, "test")

    return call


def _all(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.owner() as connection:
        return connection.execute(query).fetchall()


def _new(code: str = "A1", **options: Any) -> tuple[Any, str, dict[str, Any]]:
    return "insert", "sites", {"values": {"code": code, "name": "it's"}, "geometry": POINT, **options}


def test_a_change_is_stored_kept_in_history_and_published_at_once(stores: Database, door: Any) -> None:
    result = door(_new(), _new("A2"))
    assert _all(stores, "SELECT id, code FROM published.sites ORDER BY id") == list(zip(result.inserted, ["A1", "A2"], strict=True))
    assert _all(stores, "SELECT DISTINCT action, changed_by, protocol, change_set FROM history.sites") == [
        ("insert", "system", "test", result.change_set)
    ]
    assert _all(stores, "SELECT revision, feature_count FROM published.catalogue WHERE layer = 'sites'") == [(1, 2)]


def test_an_update_changes_what_it_brings_and_raises_version_and_revision(stores: Database, door: Any) -> None:
    (site,) = door(_new()).inserted
    result = door(("update", "sites", {"id": site, "values": {"depth": "12.5"}, "version": 1}))
    assert result.updated == 1
    assert _all(stores, "SELECT name, depth, version, ST_X(geom) FROM official.sites") == [("it's", 12.5, 2, 106.36)]
    assert _all(stores, "SELECT revision FROM published.catalogue WHERE layer = 'sites'") == [(2,)]


def test_an_outdated_version_is_refused(stores: Database, door: Any) -> None:
    (site,) = door(_new()).inserted
    door(("update", "sites", {"id": site, "values": {"depth": 1}}))
    with pytest.raises(VersionConflict) as caught:
        door(("update", "sites", {"id": site, "values": {"depth": 2}, "version": 1}))
    assert caught.value.locator == f"sites.{site}"
    assert _all(stores, "SELECT depth FROM official.sites") == [(1.0,)]


def test_of_changes_made_at_the_same_time_to_the_same_version_one_wins(stores: Database, door: Any) -> None:
    (site,) = door(_new()).inserted

    def change(depth: int) -> str:
        try:
            door(("update", "sites", {"id": site, "values": {"depth": depth}, "version": 1}))
        except VersionConflict:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(threads.map(change, range(1, 5)))
    assert outcomes == ["conflict", "conflict", "conflict", "done"]
    assert _all(stores, "SELECT version FROM official.sites") == [(2,)]
    assert _all(stores, "SELECT revision FROM published.catalogue WHERE layer = 'sites'") == [(2,)]


def test_one_bad_change_undoes_all(stores: Database, door: Any) -> None:
    with pytest.raises(EditRefused) as caught:
        door(_new(), _new("A2"), ("insert", "sites", {"values": {"code": "A3"}, "geometry": POINT}))
    assert caught.value.locator == "name"
    assert _all(stores, "SELECT count(*) FROM official.sites") == [(0,)]
    assert _all(stores, "SELECT count(*) FROM history.sites") == [(0,)]


def test_a_deleted_feature_leaves_published_too(stores: Database, door: Any) -> None:
    (site,) = door(_new()).inserted
    assert door(("delete", "sites", {"id": site})).deleted == 1
    assert _all(stores, "SELECT count(*) FROM published.sites") == [(0,)]
    assert _all(stores, "SELECT feature_count, extent FROM published.catalogue WHERE layer = 'sites'") == [(0, None)]


def test_a_feature_others_refer_to_cannot_be_deleted(door: Any) -> None:
    (site,) = door(_new()).inserted
    door(("insert", "records", {"values": {"label": "r", "site": site}}))
    with pytest.raises(EditRefused, match="refer"):
        door(("delete", "sites", {"id": site}))


@pytest.mark.parametrize("action", ["update", "delete"])
def test_a_feature_that_is_not_there_is_not_found(door: Any, action: str) -> None:
    with pytest.raises(FeatureNotFound):
        door((action, "sites", {"id": 999_999, "values": {"depth": 1} if action == "update" else {}}))


@pytest.mark.parametrize(
    ("change", "locator"),
    [
        ({"values": {"code": "A1", "name": "x", "nonsense": 1}}, "nonsense"),
        ({"values": {"code": "A1", "name": "x", "lon": 1}}, "lon"),
        ({"values": {"code": "A1", "name": "x", "serial": "1"}}, "serial"),
        ({"values": {"code": "A1", "name": "x", "kind": "'; DROP TABLE official.sites; --"}}, "kind"),
        ({"geometry": {"type": "Point", "coordinates": ["a", None]}}, "geometry"),
        ({"geometry": {"type": "Nonsense"}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "geometry"),
    ],
)
def test_what_the_layer_file_forbids_is_refused_naming_the_field(door: Any, change: dict[str, Any], locator: str) -> None:
    with pytest.raises(EditRefused) as caught:
        door(_new(**change))
    assert caught.value.locator == locator
    assert "SELECT" not in caught.value.message


def test_a_value_another_feature_has_is_refused(door: Any) -> None:
    (first,) = door(_new()).inserted
    door(_new("A2"))
    with pytest.raises(EditRefused) as caught:
        door(_new("A2"))
    assert caught.value.locator == "code"
    with pytest.raises(EditRefused):
        door(("update", "sites", {"id": first, "values": {"code": "A2"}}))


def test_a_required_field_cannot_be_emptied(door: Any) -> None:
    (site,) = door(_new()).inserted
    with pytest.raises(EditRefused) as caught:
        door(("update", "sites", {"id": site, "values": {"name": " "}}))
    assert caught.value.locator == "name"


def test_strangers_and_editors_of_other_layers_are_turned_away(door: Any) -> None:
    for identity in (ANONYMOUS, Identity("v", frozenset({"viewer"})), Identity("e", frozenset({"editor"}), frozenset({"roads"}))):
        with pytest.raises(AccessDenied):
            door(_new(), identity=identity)


def test_an_editors_change_waits_for_review_unless_the_layer_lets_it_pass(stores: Database, door: Any) -> None:
    (site,) = door(_new()).inserted
    door(("update", "sites", {"id": site, "values": {"note": "passes"}}), identity=EDITOR)
    door(("update", "sites", {"id": site, "values": {"depth": 7}}), identity=EDITOR)
    assert _all(stores, "SELECT note, depth, review_state FROM official.sites") == [("passes", 7.0, "pending")]
    assert _all(stores, "SELECT note, depth FROM published.sites") == [("passes", None)]
    door(("update", "sites", {"id": site, "values": {"note": "too"}}), identity=EDITOR)
    assert _all(stores, "SELECT note, depth FROM published.sites") == [("passes", None)], "one that passes does not release one that waits"
    with pytest.raises(AccessDenied):
        door(("delete", "sites", {"id": site}), identity=EDITOR)


def test_a_geometry_in_another_crs_arrives_in_the_storage_crs(stores: Database, door: Any) -> None:
    door(_new(geometry={"type": "Point", "coordinates": [566603.933, 1145735.536]}, epsg=9210))
    assert _all(stores, "SELECT round(ST_X(geom)::numeric, 6)::float, lon FROM official.sites") == [(106.36, pytest.approx(106.36))]


def test_a_change_set_can_be_taken_back(stores: Database, door: Any, catalog: Catalog) -> None:
    first, second = door(_new(), _new("A2")).inserted
    changes = door(
        ("update", "sites", {"id": first, "values": {"depth": 3}}),
        ("delete", "sites", {"id": second}),
        _new("A3"),
    )
    with stores.writer() as connection:
        undone = undo_change_set(connection, catalog, SYSTEM, changes.change_set or 0)
    assert (undone.inserted, undone.updated, undone.deleted) == ((second,), 1, 1)
    assert _all(stores, "SELECT id, code, depth FROM published.sites ORDER BY id") == [(first, "A1", None), (second, "A2", None)]
    with stores.writer() as connection:  # and the undoing can be taken back as well
        undo_change_set(connection, catalog, SYSTEM, undone.change_set or 0)
    assert _all(stores, "SELECT code, depth FROM published.sites ORDER BY code") == [("A1", 3.0), ("A3", None)]
