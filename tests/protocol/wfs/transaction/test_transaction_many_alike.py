# SPDX-License-Identifier: MIT
"""Many Inserts written alike are read as columns: what they store, and what they are refused for, is what one by one would."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.transaction.conftest import Sender, Store, insert, point, post_element

COUNT = 40
ROWS = "SELECT code, {} FROM official.posts WHERE code LIKE '{}%' ORDER BY id"


def send_many(prefix: str, odd: str = "", at: int = 25, **made: str) -> str:
    """Inserts of posts E0, E1 ...; `odd` takes the place of one of them."""
    return "".join(
        odd if odd and number == at else insert(post_element(f"{prefix}{number:03}", place=point(f"10.{number} 105.5"), **made))
        for number in range(COUNT)
    )


def test_many_are_stored_like_one_by_one(reviewer: Sender, stores: Store) -> None:
    columns = "ST_AsText(geom), review_state, created_by, version"
    done = reviewer.done(send_many("M7"))
    assert done.totals == (COUNT, 0, 0)
    assert done.handles == [None] * COUNT
    one_by_one = reviewer.done(send_many("M8", odd=insert(post_element("M8025", place=point("10.25 105.5")), attributes='handle="h"')))
    assert one_by_one.handles.count("h") == 1
    alike, single = (stores.rows(ROWS.format(columns, prefix)) for prefix in ("M7", "M8"))
    assert len(alike) == COUNT
    assert [row[1:] for row in alike] == [row[1:] for row in single]
    ids = [f"posts.{row[0]}" for row in stores.rows("SELECT id FROM official.posts WHERE code LIKE 'M7%' ORDER BY id")]
    assert done.inserted == ids
    assert [row[0] for row in stores.rows("SELECT code FROM official.posts WHERE code LIKE 'M7%' ORDER BY id")] == [
        f"M7{n:03}" for n in range(COUNT)
    ]
    assert stores.value("SELECT count(*) FROM history.posts WHERE code LIKE 'M7%' AND protocol = 'wfs'") == COUNT
    assert stores.value("SELECT count(*) FROM published.posts WHERE code LIKE 'M7%'") == COUNT


def test_what_an_editor_may_not_publish_waits_for_review(editor: Sender, stores: Store) -> None:
    assert editor.done(send_many("M90", more="<xanh:note>tốt &amp; &lt;đẹp&gt;</xanh:note>")).totals == (COUNT, 0, 0)
    assert editor.done(send_many("M91", more="<xanh:height> 2.5 </xanh:height>")).totals == (COUNT, 0, 0)
    assert {row[1:] for row in stores.rows(ROWS.format("note, height, review_state", "M90"))} == {("tốt & <đẹp>", 1.5, "approved")}
    assert {row[1:] for row in stores.rows(ROWS.format("note, height, review_state", "M91"))} == {(None, 2.5, "pending")}


@pytest.mark.parametrize(
    "odd",
    [
        insert(post_element("", place=point("10.5 105.5"))),
        insert(post_element("M6003", place=point("10.5 105.5"))),
        insert(post_element("M666", place=point("105.5 10.5"))),
        insert(post_element("M666", place=point("10.5 nan"))),
        insert(post_element("M666", place=point("10.5 1_05.5"))),
        insert(post_element("M666", place=point("10.5"))),
        insert(post_element("M666", place=point("50.5 105.5"))),
        insert(post_element("M666", place=point("10.5 105.5", "EPSG:9999"))),
        insert(post_element("M6666", place=point("10.5 105.5"), more="<xanh:note>sai</xanh:note>")),
        insert(post_element("M6666", place=point("10.5 105.5"), more="<xanh:height>500</xanh:height>")),
        insert(post_element("N" * 5000, place=point("10.5 105.5"))),
        "<wfs:Native vendorId='x' safeToIgnore='false'/>",
    ],
)
def test_one_at_fault_refuses_all_in_the_words_of_one_alone(reviewer: Sender, stores: Store, odd: str) -> None:
    before = stores.value("SELECT count(*) FROM official.posts")
    first = insert(post_element("M6003", place=point("10.3 105.5")))
    assert reviewer.refused(send_many("M6", odd=odd)) == reviewer.refused(first + odd)
    assert stores.value("SELECT count(*) FROM official.posts") == before


@pytest.mark.parametrize(("more", "field"), [("<xanh:note>sai</xanh:note>", "note"), ("<xanh:height>-1</xanh:height>", "height")])
def test_what_all_have_is_refused_as_well(reviewer: Sender, stores: Store, more: str, field: str) -> None:
    before = stores.value("SELECT count(*) FROM official.posts")
    alone = reviewer.refused(insert(post_element("M60", place=point("10.5 105.5"), more=more)))
    assert reviewer.refused(send_many("M60", more=more)) == alone
    assert stores.value("SELECT count(*) FROM official.posts") == before


def test_with_a_lock_id_between_them_they_are_stored(reviewer: Sender) -> None:
    code, _, _ = reviewer.refused("<wfs:LockId>nobody</wfs:LockId>" + send_many("M50"))
    assert code == "InvalidParameterValue"


def test_a_handle_and_a_system_all_share_are_kept(reviewer: Sender, stores: Store) -> None:
    shapes = "".join(
        insert(
            post_element(f"M40{n:02}", place="<gml:Point><gml:pos>105.5 10.5</gml:pos></gml:Point>"),
            attributes='handle="cùng" srsName="EPSG:4326"',
        )
        for n in range(COUNT)
    )
    assert set(reviewer.done(shapes).handles) == {"cùng"}
    assert {row[1] for row in stores.rows(ROWS.format("ST_AsText(geom)", "M40"))} == {"POINT(105.5 10.5)"}
