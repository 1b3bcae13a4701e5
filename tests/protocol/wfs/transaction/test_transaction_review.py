# SPDX-License-Identifier: MIT
"""What an editor saves waits for review where the layer says so; the public sees approved rows only; history tells who did what."""

from __future__ import annotations

from server.access import SYSTEM
from server.context import Context
from server.features.undo import undo_change_set
from tests.protocol.wfs.transaction.conftest import Sender, Store, delete, insert, point, post_element, put, update

_WELL = "/wfs?service=WFS&version=1.1.0&request=GetFeature&typename=wells&featureid=wells."


def test_an_editors_change_is_seen_by_staff_at_once_and_by_others_when_approved(
    editor: Sender, anyone: Sender, reviewer: Sender, stores: Store
) -> None:
    assert editor.done(update("wells", put("geom", point("10.9 105.9")), "wells.1")).totals == (0, 1, 0)
    assert stores.rows("SELECT review_state, version FROM official.wells WHERE id = 1") == [("pending", 2)]
    assert "10.9 105.9" in editor.get(f"{_WELL}1").text
    assert "10.5 105.51" in anyone.get(f"{_WELL}1").text
    assert "10.9 105.9" not in anyone.get(f"{_WELL}1").text
    reviewer.done(update("wells", put("depth", "10.5"), "wells.1"))
    assert "10.9 105.9" in anyone.get(f"{_WELL}1").text


def test_a_new_feature_of_an_editor_waits_too(editor: Sender, anyone: Sender, stores: Store) -> None:
    (made,) = editor.done(insert("<xanh:wells><xanh:code>N1</xanh:code></xanh:wells>")).inserted
    number = made.rpartition(".")[2]
    assert stores.value(f"SELECT review_state FROM official.wells WHERE id = {number}") == "pending"
    assert "N1" in editor.get(f"{_WELL}{number}").text
    assert "N1" not in anyone.get(f"{_WELL}{number}").text


def test_changes_the_layer_lets_pass_are_published_at_once(editor: Sender, stores: Store) -> None:
    first, second = editor.done(
        insert(post_element("M1", place=point("10.5 105.5"), more="<xanh:note>a</xanh:note>"))
        + insert(post_element("M2", more="<xanh:height>2</xanh:height>"))
    ).inserted
    assert stores.rows("SELECT code, review_state FROM official.posts ORDER BY 1") == [("M1", "approved"), ("M2", "pending")]
    assert stores.rows("SELECT code, note FROM published.posts") == [("M1", "a")]
    assert editor.done(delete("posts", f"{first} {second}")).totals == (0, 0, 2)
    assert stores.value("SELECT count(*) FROM published.posts") == 0


def test_requests_of_one_save_are_one_change_set_that_can_be_undone(
    reviewer: Sender, editor: Sender, stores: Store, context: Context
) -> None:
    before = stores.rows("SELECT id, name, depth FROM official.wells WHERE id IN (2, 3) ORDER BY id")
    stores_age(context)
    reviewer.done(delete("wells", "wells.3"))
    reviewer.done(update("wells", put("geom", point("10.7 105.7")), "wells.2"))
    editor.done(insert(post_element("M30")))
    reviewer.done(update("wells", put("depth", "55"), "wells.2"))
    reviewer.done(insert("<xanh:wells><xanh:code>N9</xanh:code></xanh:wells>"))
    sets = stores.rows("SELECT DISTINCT change_set, changed_by, protocol FROM history.wells WHERE changed_by = 'duyet' AND change_set > 1")
    newest = max(sets)
    assert newest[1:] == ("duyet", "wfs")
    history = stores.rows(f"SELECT action, count(*) FROM history.wells WHERE change_set = {newest[0]} GROUP BY 1 ORDER BY 1")
    assert history == [("delete", 1), ("insert", 1), ("update", 2)]
    assert stores.value("SELECT change_set FROM history.posts WHERE code = 'M30'") != newest[0], "another account, another change set"
    with context.database.writer() as connection:
        undo_change_set(connection, context.catalog, SYSTEM, newest[0])
    assert stores.rows("SELECT id, name, depth FROM official.wells WHERE id IN (2, 3) ORDER BY id") == before
    assert stores.value("SELECT count(*) FROM official.wells WHERE code = 'N9'") == 0


def test_a_later_save_is_a_change_set_of_its_own(reviewer: Sender, stores: Store, context: Context) -> None:
    reviewer.done(update("wells", put("depth", "1"), "wells.2"))
    stores_age(context)
    reviewer.done(update("wells", put("depth", "2"), "wells.2"))
    found = stores.rows("SELECT change_set FROM history.wells WHERE id = 2 ORDER BY history_id DESC LIMIT 2")
    assert found[0] != found[1]


def stores_age(context: Context) -> None:
    """Let a minute pass for every change set."""
    with context.database.owner() as connection:
        connection.execute("UPDATE xanh.change_set SET at = at - interval '1 minute'")


def test_a_save_that_changes_nothing_leaves_no_trace(reviewer: Sender, stores: Store) -> None:
    sets, rows = "(SELECT array_agg(id ORDER BY id) FROM xanh.change_set)", "(SELECT count(*) FROM history.wells)"
    trace = f"SELECT {sets}, {rows}, (SELECT sum(revision) FROM published.catalogue)"
    reviewer.done(update("wells", put("depth", "77.5"), "wells.1"))
    stores.change("UPDATE xanh.change_set SET at = at - interval '1 minute'")
    before = stores.rows(trace)
    assert reviewer.done(update("wells", put("depth", "77.5"), "wells.1")).totals == (0, 1, 0)
    assert reviewer.done(update("wells", put("depth", "78"), "wells.9999")).totals == (0, 0, 0)
    assert reviewer.done(delete("wells", "wells.9999")).totals == (0, 0, 0)
    assert reviewer.done("").totals == (0, 0, 0)
    assert stores.rows(trace) == before
    reviewer.done(update("wells", put("depth", "78"), "wells.1"))
    assert stores.value("SELECT change_set = (SELECT max(id) FROM xanh.change_set) FROM history.wells ORDER BY history_id DESC LIMIT 1")
