# SPDX-License-Identifier: MIT
"""Update and Delete: values, nothing, shapes; filters; the order of the document; true counts."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.transaction.conftest import SHORT, Sender, Store, delete, insert, point, post_element, put, update

_next = iter(range(100, 100_000))


def make_posts(sender: Sender, count: int = 1, note: str = "cũ") -> list[str]:
    """New posts, by id."""
    more = f"<xanh:note>{note}</xanh:note><xanh:height>5</xanh:height>"
    features = [post_element(f"M{next(_next)}", place=point("10.5 105.5"), more=more) for _ in range(count)]
    return sender.done(insert(*features)).inserted


def read(stores: Store, post: str) -> tuple[object, ...]:
    """Note, height, place and version of a post."""
    query = f"SELECT note, height, ST_AsText(geom), version FROM official.posts WHERE id = {post.rpartition('.')[2]}"
    (row,) = stores.rows(query) or [()]
    return row


@pytest.mark.parametrize("name", ["note", "xanh:note", "xanh:posts/xanh:note", "/posts/note"])
def test_properties_go_by_their_name_with_or_without_prefix(reviewer: Sender, stores: Store, name: str) -> None:
    (post,) = make_posts(reviewer)
    assert reviewer.done(update("posts", put(name, "mới"), post)).totals == (0, 1, 0)
    assert read(stores, post) == ("mới", 5.0, "POINT(105.5 10.5)", 2)


@pytest.mark.parametrize("written", [put("note", None), put("note", ""), put("note", "  ")])
def test_a_property_without_value_is_emptied(reviewer: Sender, stores: Store, written: str) -> None:
    (post,) = make_posts(reviewer)
    reviewer.done(update("posts", written, post))
    assert read(stores, post)[0] is None


def test_a_shape_can_be_changed_alone_and_with_values(reviewer: Sender, stores: Store) -> None:
    first, second = make_posts(reviewer, 2)
    reviewer.done(update("posts", put("xanh:geom", point("10.6 105.6")), first))
    reviewer.done(update("posts", put("geom", point("105.7 10.7", SHORT)) + put("height", "8"), second))
    assert read(stores, first) == ("cũ", 5.0, "POINT(105.6 10.6)", 2)
    assert read(stores, second) == ("cũ", 8.0, "POINT(105.7 10.7)", 2)


def test_an_update_that_matches_nothing_counts_none(reviewer: Sender, stores: Store) -> None:
    (post,) = make_posts(reviewer)
    done = reviewer.done(
        update("posts", put("note", "x"), "posts.999999")
        + delete("posts", "posts.999998")
        + update("posts", put("note", "x"), filter_xml="<ogc:PropertyIsNull><ogc:PropertyName>code</ogc:PropertyName></ogc:PropertyIsNull>")
    )
    assert (done.totals, done.inserted) == ((0, 0, 0), [])
    assert read(stores, post)[3] == 1


def test_of_features_named_those_that_are_there_are_changed(reviewer: Sender) -> None:
    first, second = make_posts(reviewer, 2)
    assert reviewer.done(update("posts", put("note", "x"), f"{first} posts.999999 {second} {first}")).totals == (0, 2, 0)


def test_gml_object_ids_name_features_too(reviewer: Sender, stores: Store) -> None:
    (post,) = make_posts(reviewer)
    assert reviewer.done(update("posts", put("note", "x"), filter_xml=f'<ogc:GmlObjectId gml:id="{post}"/>')).totals == (0, 1, 0)
    assert read(stores, post)[0] == "x"


def test_a_filter_of_conditions_and_places_chooses_features(reviewer: Sender, stores: Store) -> None:
    note = f"lọc{next(_next)}"
    posts = make_posts(reviewer, 3, note)
    reviewer.done(update("posts", put("geom", point("9.1 104.9")), posts[2]))
    chosen = (
        f"<ogc:And><ogc:PropertyIsEqualTo><ogc:PropertyName>xanh:note</ogc:PropertyName><ogc:Literal>{note}</ogc:Literal>"
        "</ogc:PropertyIsEqualTo><ogc:BBOX><ogc:PropertyName>xanh:geom</ogc:PropertyName>"
        '<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>10 105</gml:lowerCorner>'
        "<gml:upperCorner>11 106</gml:upperCorner></gml:Envelope></ogc:BBOX></ogc:And>"
    )
    assert reviewer.done(update("posts", put("height", "9"), filter_xml=chosen)).totals == (0, 2, 0)
    assert [read(stores, post)[1] for post in posts] == [9.0, 9.0, 5.0]
    removed = f'<wfs:Delete typeName="xanh:posts"><ogc:Filter>{chosen}</ogc:Filter></wfs:Delete>'
    assert reviewer.done(removed).totals == (0, 0, 2)
    assert [len(read(stores, post)) for post in posts] == [0, 0, 4]


def test_an_update_without_filter_means_every_feature(reviewer: Sender, stores: Store) -> None:
    make_posts(reviewer, 2)
    there = stores.value("SELECT count(*) FROM official.posts")
    assert reviewer.done(update("posts", put("height", "3"))).totals == (0, there, 0)
    assert stores.rows("SELECT DISTINCT height FROM published.posts") == [(3.0,)]


def test_actions_see_what_those_before_them_did(reviewer: Sender, stores: Store) -> None:
    code, note = f"M{next(_next)}", f"thứ tự {next(_next)}"
    (post,) = make_posts(reviewer, 1, note)
    chosen = f"<ogc:PropertyIsEqualTo><ogc:PropertyName>note</ogc:PropertyName><ogc:Literal>{note}</ogc:Literal></ogc:PropertyIsEqualTo>"
    done = reviewer.done(
        insert(post_element(code, more=f"<xanh:note>{note}</xanh:note>"))
        + update("posts", put("height", "1"), filter_xml=chosen)
        + update("posts", put("height", "2"), post)
        + update("posts", put("height", "4"), post)
        + delete("posts", post)
        + update("posts", put("height", "6"), filter_xml=chosen)
        + update("posts", put("height", "7"), post)
        + insert(post_element(f"M{next(_next)}"))
    )
    assert done.totals == (2, 5, 1)
    assert read(stores, done.inserted[0])[1] == 6.0
    assert read(stores, post) == ()


def test_a_unique_value_freed_by_a_deletion_can_be_used_again(reviewer: Sender, stores: Store) -> None:
    (post,) = make_posts(reviewer)
    code = stores.value(f"SELECT code FROM official.posts WHERE id = {post.rpartition('.')[2]}")
    assert reviewer.done(delete("posts", post) + insert(post_element(str(code)))).totals == (1, 0, 1)


@pytest.mark.parametrize("name", ["version", "review_state", "id", "zone_title"])
def test_what_the_system_fills_cannot_be_changed(reviewer: Sender, name: str) -> None:
    code, locator, text = reviewer.refused(update("wells", put(name, "1"), "wells.1"))
    assert (code, locator) == ("InvalidParameterValue", name)
    assert "hệ thống" in text


def test_links_change_by_id_and_are_checked(reviewer: Sender, stores: Store) -> None:
    reviewer.done(update("wells", put("zone", "3"), "wells.2"))
    assert stores.rows("SELECT zone, zone_title FROM published.wells WHERE id = 2") == [(3, "Khu 3")]
    assert reviewer.refused(update("wells", put("zone", "77"), "wells.2"))[1] == "zone"
    reviewer.done(update("wells", put("zone", None), "wells.2"))
    assert stores.rows("SELECT zone, zone_title FROM published.wells WHERE id = 2") == [(None, None)]
