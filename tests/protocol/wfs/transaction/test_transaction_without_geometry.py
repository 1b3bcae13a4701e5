# SPDX-License-Identifier: MIT
"""A feature may lose its geometry, by an update without value or a replacement without geometry, and get another one later."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.transaction.conftest import Sender, Store, insert, point, post_element, put, update
from tests.protocol.wfs.transaction.newer import done_new, post32, replace32, rid, set32, update32

_next = iter(range(3000, 100_000))


def make_post(sender: Sender) -> str:
    (post,) = sender.done(insert(post_element(f"M{next(_next)}", place=point("10.5 105.5"), more="<xanh:note>cũ</xanh:note>"))).inserted
    return post


def places(stores: Store, post: str) -> list[tuple[str | None, str | None]]:
    """The place in the official and in the published store."""
    number = post.rpartition(".")[2]
    return [stores.rows(f"SELECT note, ST_AsText(geom) FROM {store}.posts WHERE id = {number}")[0] for store in ("official", "published")]


@pytest.mark.parametrize("inside", [put("geom", None), put("xanh:geom", ""), put("geom", "  ") + put("note", "cũ")])
def test_an_update_takes_the_place_away(reviewer: Sender, stores: Store, inside: str) -> None:
    post = make_post(reviewer)
    assert reviewer.done(update("posts", inside, post)).totals == (0, 1, 0)
    assert places(stores, post) == [("cũ", None)] * 2
    assert stores.rows(f"SELECT action, geom IS NULL FROM history.posts WHERE id = {post.rpartition('.')[2]} ORDER BY history_id") == [
        ("insert", False),
        ("update", True),
    ]
    reviewer.done(update("posts", put("geom", point("10.6 105.6")), post))
    assert places(stores, post) == [("cũ", "POINT(105.6 10.6)")] * 2


@pytest.mark.parametrize("inside", [set32("geom", None), set32("xanh:geom", "", "replace"), set32("geom", "x", "remove")])
def test_an_update_of_2_0_0_takes_it_away(reviewer: Sender, stores: Store, inside: str) -> None:
    post = make_post(reviewer)
    assert done_new(reviewer, update32("posts", inside, rid(post))).totals == (0, 1, 0, 0)
    assert places(stores, post) == [("cũ", None)] * 2


def test_an_update_of_1_0_0_takes_it_away(reviewer: Sender, stores: Store) -> None:
    post = make_post(reviewer)
    assert "SUCCESS" in reviewer.post(update("posts", put("geom", None), post), version="1.0.0").text
    assert places(stores, post) == [("cũ", None)] * 2


def test_a_replacement_without_geometry_has_none(reviewer: Sender, stores: Store) -> None:
    post = make_post(reviewer)
    assert done_new(reviewer, replace32(post32(f"M{next(_next)}"), rid(post))).totals == (0, 0, 1, 0)
    assert places(stores, post) == [(None, None)] * 2
    assert done_new(reviewer, replace32(post32(f"M{next(_next)}"), rid(post))).totals == (0, 0, 1, 0)


def test_what_follows_from_the_shape_goes_with_it(reviewer: Sender, stores: Store) -> None:
    (before,) = stores.rows("SELECT id, length IS NULL FROM official.canals ORDER BY id LIMIT 1")
    assert before[1] is False
    reviewer.done(update("canals", put("geom", None), f"canals.{before[0]}"))
    for store in ("official", "published"):
        assert stores.rows(f"SELECT length, geom FROM {store}.canals WHERE id = {before[0]}") == [(None, None)]


def test_of_features_of_a_filter_all_lose_it_and_of_those_shape_and_no_shape_differ(reviewer: Sender, stores: Store) -> None:
    posts = [make_post(reviewer) for _ in range(3)]
    inside = update("posts", put("geom", None), posts[0]) + update("posts", put("geom", point("10.7 105.7")), posts[1])
    assert reviewer.done(inside + update("posts", put("note", "mới"), posts[2])).totals == (0, 3, 0)
    found = [places(stores, post)[1] for post in posts]
    assert found == [("cũ", None), ("cũ", "POINT(105.7 10.7)"), ("mới", "POINT(105.5 10.5)")]


def test_it_is_a_change_of_the_geometry_to_those_who_approve(editor: Sender, stores: Store) -> None:
    editor.done(update("wells", put("geom", None), "wells.3"))
    assert stores.rows("SELECT review_state, geom FROM official.wells WHERE id = 3") == [("pending", None)]
    assert stores.value("SELECT geom IS NOT NULL FROM published.wells WHERE id = 3")
