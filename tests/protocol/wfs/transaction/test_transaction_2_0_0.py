# SPDX-License-Identifier: MIT
"""Transaction of WFS 2.0.0: GML 3.2, fes:Filter, ValueReference, Replace; what is answered and how refusals are called."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.transaction.conftest import SHORT, Sender, Store
from tests.protocol.wfs.transaction.newer import done_new, point32, post32, refused_new, replace32, rid, send_new, set32, update32

_numbers = iter(range(100, 100_000))


def make_post(sender: Sender) -> str:
    """A new post with note, height and place."""
    more = "<xanh:note>cũ</xanh:note><xanh:height>5</xanh:height>"
    return done_new(sender, f"<wfs:Insert>{post32(f'M{next(_numbers)}', point32('10.5 105.5'), more)}</wfs:Insert>").inserted[0]


def read(stores: Store, post: str) -> tuple[object, ...]:
    """Note, height, place and version of a post."""
    query = f"SELECT note, height, ST_AsText(geom), version FROM official.posts WHERE id = {post.rpartition('.')[2]}"
    (row,) = stores.rows(query) or [()]
    return row


def test_all_four_actions_go_in_order_and_are_answered_by_id_and_handle(reviewer: Sender, stores: Store) -> None:
    first, second, third = (make_post(reviewer) for _ in range(3))
    done = done_new(
        reviewer,
        f'<wfs:Insert handle="mới">{post32("M1", point32("10.1 105.1"))}{post32("M2", point32("105.2 10.2", SHORT))}</wfs:Insert>'
        + update32("posts", set32("xanh:note", "sửa") + set32("geom", point32("10.7 105.7")), rid(first), 'handle="u"')
        + replace32(post32("M3", point32("10.8 105.8")), rid(second), 'handle="r"')
        + f'<wfs:Delete typeName="xanh:posts" handle="d">{rid(third)}</wfs:Delete>',
    )
    assert done.totals == (2, 1, 1, 1)
    assert [handle for handle, _ in done.results["InsertResults"]] == ["mới", "mới"]
    assert done.results["UpdateResults"] == [("u", first)]
    assert done.results["ReplaceResults"] == [("r", second)]
    assert [read(stores, one)[2] for one in done.inserted] == ["POINT(105.1 10.1)", "POINT(105.2 10.2)"]
    assert read(stores, first) == ("sửa", 5.0, "POINT(105.7 10.7)", 2)
    assert read(stores, third) == ()


def test_a_replacement_keeps_the_id_and_empties_what_it_leaves_out(reviewer: Sender, stores: Store) -> None:
    post = make_post(reviewer)
    done_new(reviewer, replace32(post32("M4", point32("10.8 105.8")), rid(post)))
    # `height` has a default in the layer file
    assert read(stores, post) == (None, 1.5, "POINT(105.8 10.8)", 2)


def test_a_replacement_of_an_old_version_is_refused(reviewer: Sender, stores: Store) -> None:
    post = make_post(reviewer)
    done_new(reviewer, update32("posts", set32("note", "ai đó"), rid(post)))
    stale = replace32(post32("M5", point32("10.8 105.8"), "<xanh:version>1</xanh:version>"), rid(post), 'handle="r"')
    status, code, locator, text = refused_new(send_new(reviewer, "Transaction", stale))
    assert (status, code, locator) == (403, "OperationProcessingFailed", "r")
    assert "version 2" in text
    assert read(stores, post)[0] == "ai đó"


@pytest.mark.parametrize("written", [set32("note", None), set32("note", "", "replace"), set32("note", "x", "remove")])
def test_a_property_is_emptied_without_value_or_by_remove(reviewer: Sender, stores: Store, written: str) -> None:
    post = make_post(reviewer)
    done_new(reviewer, update32("posts", written, rid(post)))
    assert read(stores, post) == (None, 5.0, "POINT(105.5 10.5)", 2)


def test_a_filter_of_2_0_0_chooses(reviewer: Sender, stores: Store) -> None:
    posts = [make_post(reviewer) for _ in range(2)]
    done_new(reviewer, update32("posts", set32("note", "chọn"), rid(posts[1])))
    compare = (
        "<fes:PropertyIsEqualTo><fes:ValueReference>xanh:note</fes:ValueReference><fes:Literal>chọn</fes:Literal></fes:PropertyIsEqualTo>"
    )
    done = done_new(reviewer, update32("posts", set32("height", "9"), f"<fes:Filter>{compare}</fes:Filter>"))
    assert done.results["UpdateResults"] == [(None, posts[1])]
    assert [read(stores, one)[1] for one in posts] == [5.0, 9.0]


def test_what_matches_nothing_counts_none(reviewer: Sender) -> None:
    done = done_new(
        reviewer,
        update32("posts", set32("note", "x"), rid("posts.999999"))
        + replace32(post32("M6", point32("10.8 105.8")), rid("posts.999998"))
        + f'<wfs:Delete typeName="posts">{rid("posts.999997")}</wfs:Delete>',
    )
    assert (done.totals, done.results) == ((0, 0, 0, 0), {})


def test_the_srs_of_the_transaction_holds_where_an_action_names_none(reviewer: Sender, stores: Store) -> None:
    bare = '<gml:Point gml:id="p"><gml:pos>105.4 10.4</gml:pos></gml:Point>'
    done = done_new(reviewer, f"<wfs:Insert>{post32('M7', bare)}</wfs:Insert>", f'srsName="{SHORT}"')
    assert read(stores, done.inserted[0])[2] == "POINT(105.4 10.4)"


def test_a_patch_release_of_the_standard_is_the_same_version(reviewer: Sender) -> None:
    assert send_new(reviewer, "Transaction", "", version="2.0.2").status_code == 200


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (f"<wfs:Insert handle='i'>{post32('nicht')}</wfs:Insert>", (400, "InvalidValue", "i")),
        (f"<wfs:Insert>{post32('M8', more='<xanh:height>x</xanh:height>')}</wfs:Insert>", (400, "InvalidValue", "height")),
        (f"<wfs:Insert>{post32('M8', more='<xanh:colour>x</xanh:colour>')}</wfs:Insert>", (400, "InvalidValue", "colour")),
        ("<wfs:Insert><xanh:nothing/></wfs:Insert>", (400, "InvalidValue", "typeName")),
        (update32("posts", set32("note", "x", "insertAfter"), rid("posts.1")), (400, "OperationNotSupported", "action")),
        (update32("posts", set32("note", "x", "upsert"), rid("posts.1")), (400, "InvalidValue", "action")),
        (update32("posts", "<wfs:Property><wfs:Name>note</wfs:Name></wfs:Property>"), (400, "MissingParameterValue", "ValueReference")),
        (update32("wells", set32("name", "x"), rid("zones.1"), "handle='u'"), (400, "InvalidValue", "u")),
        (replace32(post32("M8", "here"), rid("posts.1"), "handle='r'"), (400, "InvalidValue", "r")),
        (replace32("", rid("posts.1")), (400, "MissingParameterValue", "Replace")),
        (replace32(post32("M8", point32("10 105")), ""), (400, "MissingParameterValue", "Filter")),
        ("<wfs:Native vendorId='x' safeToIgnore='false'/>", (400, "OperationNotSupported", "Native")),
        ("<wfs:Upsert/>", (400, "InvalidValue", "Upsert")),
    ],
)
def test_a_refusal_bears_the_code_the_standard_gives_it(
    reviewer: Sender, stores: Store, inside: str, expected: tuple[int, str, str]
) -> None:
    before = stores.rows("SELECT count(*), max(version) FROM official.posts")
    good = f"<wfs:Insert>{post32('M77', point32('10.1 105.1'))}</wfs:Insert>"
    assert refused_new(send_new(reviewer, "Transaction", good + inside))[:3] == expected
    assert stores.rows("SELECT count(*), max(version) FROM official.posts") == before


def test_replace_belongs_to_2_0_0_alone(reviewer: Sender) -> None:
    assert reviewer.refused("<wfs:Replace/>")[1] == "Replace"


@pytest.mark.parametrize("version", ["1.1.0", "3.0.0", "2.0.0 "])
def test_a_version_in_the_namespace_of_another_is_refused(reviewer: Sender, version: str) -> None:
    answer = send_new(reviewer, "Transaction", "", version=version)
    assert b'locator="version"' in answer.data


def test_locks_of_2_0_0_count_seconds_are_renewed_and_end_with_the_transaction(reviewer: Sender, stores: Store) -> None:
    post = make_post(reviewer)
    query = f'<wfs:Query typeNames="xanh:posts">{rid(post)}</wfs:Query>'
    answer = send_new(reviewer, "LockFeature", query, 'expiry="90" lockAction="ALL"')
    assert answer.status_code == 200, answer.text
    lock = answer.text.partition('lockId="')[2].partition('"')[0]
    assert f'<wfs:FeaturesLocked><fes:ResourceId rid="{post}"/></wfs:FeaturesLocked>' in answer.text
    left = "SELECT extract(epoch FROM expires_at - now())::int FROM xanh.feature_lock"
    assert 80 <= stores.value(left) <= 90
    assert refused_new(send_new(reviewer, "LockFeature", query))[:3] == (400, "CannotLockAllFeatures", post)
    assert send_new(reviewer, "LockFeature", "", f'lockId="{lock}" expiry="600"').status_code == 200
    assert stores.value(left) > 500
    change = update32("posts", set32("note", "khóa"), rid(post))
    assert refused_new(send_new(reviewer, "Transaction", change))[:3] == (400, "MissingParameterValue", "lockId")
    assert refused_new(send_new(reviewer, "Transaction", change, 'lockId="nothing"'))[:2] == (400, "InvalidLockId")
    stores.change("UPDATE xanh.feature_lock SET expires_at = now() - interval '1 second'")
    assert refused_new(send_new(reviewer, "Transaction", change, f'lockId="{lock}"'))[:2] == (403, "LockHasExpired")
    stores.change("UPDATE xanh.feature_lock SET expires_at = now() + interval '60 seconds'")
    done_new(reviewer, change, f'lockId="{lock}" releaseAction="SOME"')
    assert stores.value("SELECT count(*) FROM xanh.feature_lock") == 0
    assert read(stores, post)[0] == "khóa"


@pytest.mark.parametrize("attributes", ['expiry="0"', 'expiry="999999"', 'lockAction="ANY"', 'lockId="x"'])
def test_a_bad_lock_request_is_named(reviewer: Sender, attributes: str) -> None:
    query = '<wfs:Query typeNames="xanh:posts"/>'
    code = "OperationParsingFailed" if attributes.startswith("lockId") else "InvalidParameterValue"
    assert refused_new(send_new(reviewer, "LockFeature", query, attributes))[:3] == (400, code, attributes.partition("=")[0])


def test_features_of_2_0_0_are_read_and_locked_at_once(reviewer: Sender, stores: Store) -> None:
    free, held = make_post(reviewer), make_post(reviewer)
    query = '<wfs:Query typeNames="xanh:posts">{}</wfs:Query>'
    answer = send_new(reviewer, "GetFeatureWithLock", query.format(rid(held)), 'expiry="90"')
    assert answer.status_code == 200, answer.text
    lock = answer.text.partition('lockId="')[2].partition('"')[0]
    assert stores.rows("SELECT lock_id, extract(epoch FROM expires_at - now()) BETWEEN 80 AND 90 FROM xanh.feature_lock") == [(lock, True)]
    both = query.format(rid(free, held))
    assert refused_new(send_new(reviewer, "GetFeatureWithLock", both))[:2] == (400, "CannotLockAllFeatures")
    some = send_new(reviewer, "GetFeatureWithLock", both, 'lockAction="SOME"')
    assert some.status_code == 200, some.text
    assert (f'gml:id="{free}"' in some.text, f'gml:id="{held}"' in some.text) == (True, False)
    assert stores.value("SELECT count(*) FROM xanh.feature_lock") == 2
    stores.change("DELETE FROM xanh.feature_lock")
