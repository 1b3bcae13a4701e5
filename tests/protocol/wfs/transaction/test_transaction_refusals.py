# SPDX-License-Identifier: MIT
"""What a transaction is refused for: the action's handle (or the part at fault) is named in both languages, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.context import Context
from tests.editing_province import make_app
from tests.protocol.wfs.conftest import read_exception
from tests.protocol.wfs.transaction.conftest import SHORT, URN, Sender, Store, choose, delete, insert, point, post_element, put, update

BOW = "10 105 10.1 105.1 10.1 105 10 105.1 10 105"
NATIVE = '<wfs:Native vendorId="x" safeToIgnore="{0}" handle="n">DROP TABLE official.posts</wfs:Native>'


def zone(ring: str, srs: str = URN) -> str:
    """A zone of one ring."""
    polygon = (
        f'<gml:Polygon srsName="{srs}"><gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>'
        "</gml:exterior></gml:Polygon>"
    )
    return f"<xanh:zones><xanh:name>z</xanh:name><xanh:geom>{polygon}</xanh:geom></xanh:zones>"


def post_at(place: str) -> str:
    """A new post at a place."""
    return insert(post_element("M9", place=place))


def count_all(stores: Store) -> tuple[object, ...]:
    """Rows of official, history and change sets."""
    (row,) = stores.rows(
        "SELECT (SELECT count(*) FROM official.posts), (SELECT count(*) FROM history.posts), (SELECT count(*) FROM official.zones),"
        " (SELECT count(*) FROM official.wells), (SELECT count(*) FROM xanh.change_set), (SELECT sum(version) FROM official.wells)"
    )
    return row


@pytest.mark.parametrize(
    ("inside", "locator", "said"),
    [
        (insert("<xanh:nothing/>"), "typeName", "nothing"),
        (insert("<xanh:nothing/>", attributes='handle="h1"'), "h1", "nothing"),
        (insert(), "Insert", "Insert"),
        (insert(post_element("M9", more="<xanh:colour>x</xanh:colour>")), "colour", "colour"),
        (insert(post_element("M9", more="<gml:name>x</gml:name>")), "Insert", "name"),
        (insert(post_element("M9", more="<xanh:code>M8</xanh:code>")), "code", "twice"),
        (insert(post_element("M9", more="<xanh:note><b>x</b></xanh:note>")), "note", "elements"),
        (insert(post_element("x9")), "code", "required form"),
        (insert(post_element("M9", more="<xanh:height>101</xanh:height>")), "height", "100"),
        (insert(post_element("M9", more="<xanh:height>cao</xanh:height>")), "height", "type"),
        (insert(post_element("M9", more=f"<xanh:note>{'x' * 51}</xanh:note>")), "note", "50"),
        (insert(post_element("M9", more="<xanh:note>sai</xanh:note>")), None, "must not be sai"),
        (insert("<xanh:posts/>"), "code", "missing"),
        (insert(post_element("M9"), post_element("M9")), "code", "repeated"),
        (insert("<xanh:wells><xanh:code>W9</xanh:code><xanh:kind>nothing</xanh:kind></xanh:wells>"), "kind", "code list"),
        (insert(post_element("M9"), attributes='idgen="UseExisting" handle="i"'), "i", "GenerateNew"),
        (insert(post_element("M9"), attributes='idgen="ReplaceDuplicate"'), "idgen", "GenerateNew"),
        (insert(post_element("M9"), attributes='idgen="?"'), "idgen", "GenerateNew"),
        (insert(post_element("M9"), attributes='inputFormat="application/json"'), "inputFormat", "gml"),
        (insert(post_element("M9"), attributes='srsName="EPSG:2154"'), "srsName", "reference system"),
        (update("posts", ""), "Property", "Property"),
        (update("wells", put("colour", "x"), "wells.1"), "colour", "colour"),
        (update("wells", put("../secret", "x"), "wells.1"), "Name", "name"),
        (update("wells", put("kind';DROP TABLE official.wells;--", "x"), "wells.1"), "Name", "name"),
        (update("wells", put("geom", "POINT(105 10)"), "wells.1"), "geom", "one geometry, or nothing"),
        (insert(post_element("M9", more="<xanh:geom>POINT(105 10)</xanh:geom>")), "geom", "one geometry, or nothing"),
        (update("permits", put("geom", point("10 105")), "permits.1"), "geom", "no property"),
        (update("wells", put("name", "x"), "zones.1", attributes='handle="u"'), "u", "none of wells"),
        (update("wells", put("name", "x"), "wells.1;DROP"), "Filter", "none of wells"),
        (update("wells", put("name", "x"), filter_xml="<ogc:PropertyIsNull/>"), "Filter", "property"),
        ('<wfs:Delete typeName="wells"/>', "Filter", "Filter"),
        ("<wfs:Delete>" + choose("wells.1") + "</wfs:Delete>", "typeName", "typeName"),
        (NATIVE.format("false"), "n", "Native"),
        ("<wfs:LockId>1234</wfs:LockId>" + post_at(""), "LockId", "lock"),
        ("<wfs:Replace/>", "Replace", "Replace"),
        ("<xanh:Insert/>", "Insert", "Insert"),
    ],
)
def test_a_bad_action_is_named_and_nothing_is_changed(reviewer: Sender, stores: Store, inside: str, locator: str | None, said: str) -> None:
    before = count_all(stores)
    good = insert(post_element("M7")) + update("wells", put("depth", "1"), "wells.1")
    code, found, text = reviewer.refused(good + inside)
    assert code in ("InvalidParameterValue", "MissingParameterValue", "OperationNotSupported")
    assert (found, said.lower() in text.lower()) == (locator, True), text
    assert "SELECT" not in text
    assert count_all(stores) == before


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (post_at(point("105.5 10.5", URN)), "swapped"),
        (post_at(point("10.5 105.5", SHORT)), "swapped"),
        (post_at(point("1161166 472440", "EPSG:9210")), "wrong order"),
        (insert(zone("105 10 106 10 106 11 105 10")), "swapped"),
        (post_at(point("48.8 2.3", URN)), "outside"),
        (post_at(point("abc 105")), "usable number"),
        (post_at(point("NaN 105")), "usable number"),
        (post_at(point("1e999 105")), "usable number"),
        (post_at(point("10.5")), "pairs"),
        (post_at(f'<gml:LineString srsName="{URN}"><gml:posList>10 105 11 106</gml:posList></gml:LineString>'), "LINESTRING"),
        (post_at("<gml:Tin/>"), "not supported"),
        (post_at(point("10.5 105.5") + point("10.5 105.5")), "one geometry"),
        (post_at(point("10.5 105.5", "EPSG:2154")), "reference system"),
        (insert(zone(BOW)), "Self-intersection["),
        (insert(zone("10 105 10 106 11 106")), "rings"),
    ],
)
def test_a_bad_shape_is_refused_saying_what_is_wrong(reviewer: Sender, stores: Store, inside: str, said: str) -> None:
    before = count_all(stores)
    code, _, text = reviewer.refused(insert(post_element("M7")) + inside)
    assert code in ("InvalidParameterValue", "InvalidCRS")
    assert said in text
    assert " / " in text, "both languages"
    assert count_all(stores) == before


def test_the_handle_of_the_bad_action_among_many_is_named(reviewer: Sender, stores: Store) -> None:
    actions = [insert(post_element(f"M{number}"), attributes=f'handle="số {number}"') for number in range(20)]
    actions[13] = insert(post_element("M13", more="<xanh:note>sai</xanh:note>"), attributes='handle="số 13"')
    assert reviewer.refused("".join(actions))[1] == "số 13"
    assert stores.value("SELECT count(*) FROM official.posts") == 0


def test_both_languages_stand_in_one_text(reviewer: Sender) -> None:
    text = reviewer.refused(insert(post_element("M7", more="<xanh:height>-1</xanh:height>")))[2]
    assert text == "Cao nhỏ hơn 0 / Height is less than 0"


def test_a_native_command_that_may_be_ignored_is_and_release_action_is_accepted(reviewer: Sender) -> None:
    assert reviewer.done(NATIVE.format("true"), attributes='releaseAction="SOME"').totals == (0, 0, 0)
    assert reviewer.refused("", attributes='releaseAction="NONE"')[1] == "releaseAction"
    assert reviewer.refused("", version="2.0.0")[1] == "version"


def test_a_native_command_that_may_not_be_ignored_is_an_invalid_parameter(reviewer: Sender) -> None:
    assert reviewer.refused(NATIVE.format("false"))[:2] == ("InvalidParameterValue", "n")


def test_a_date_may_name_its_zone_but_no_time_of_day(reviewer: Sender, stores: Store) -> None:
    reviewer.done(update("wells", put("opened", "2006-10-25Z"), "wells.1"))
    assert str(stores.value("SELECT opened FROM official.wells WHERE id = 1")) == "2006-10-25"
    assert reviewer.refused(update("wells", put("opened", "2006-10-25T"), "wells.1"))[0] == "InvalidParameterValue"


def test_what_others_refer_to_stays(reviewer: Sender, stores: Store) -> None:
    reviewer.done(update("wells", put("zone", "2"), "wells.1"))
    code, locator, text = reviewer.refused(delete("zones", "zones.2", attributes='handle="d"'))
    assert (code, locator) == ("InvalidParameterValue", "d")
    assert "liên kết" in text
    assert stores.value("SELECT count(*) FROM official.zones WHERE id = 2") == 1


def test_only_xml_by_post_is_taken(reviewer: Sender, stores: Store) -> None:
    """What a page of a stranger can make a browser send with the credentials it keeps is refused: queries, forms, plain text."""
    before = count_all(stores)
    query = "service=WFS&version=1.1.0&request=Transaction"
    assert read_exception(reviewer.get(f"/wfs?{query}&operation=Delete&typename=wells&featureid=wells.1"))[0] == 400
    form = reviewer.client.post("/wfs", data=query, headers=reviewer.headers(), content_type="application/x-www-form-urlencoded")
    assert read_exception(form)[0] == 400
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert reviewer.post(delete("wells", "wells.1"), content_type=kind).status_code == 400
    assert count_all(stores) == before


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><wfs:Transaction xmlns:wfs="http://www.opengis.net/wfs">&e;</wfs:Transaction>',
        '<wfs:Transaction xmlns:wfs="http://www.opengis.net/wfs" service="WFS"><wfs:Insert>',
        "<wfs:Transaction xmlns:wfs='http://www.opengis.net/wfs' service='WFS'>" + "<a>" * 100 + "</a>" * 100 + "</wfs:Transaction>",
    ],
)
def test_hostile_xml_is_refused(reviewer: Sender, body: str) -> None:
    answer = reviewer.client.post("/wfs", data=body, content_type="text/xml", headers=reviewer.headers())
    assert read_exception(answer)[0] == 400
    assert "root:" not in answer.text


def test_without_account_or_rights_nothing_is_changed(anyone: Sender, viewer: Sender, editor: Sender, stores: Store) -> None:
    before = count_all(stores)
    answer = anyone.post(insert(post_element("M7")))
    assert read_exception(answer)[0] == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    for who, inside in (
        (viewer, insert(post_element("M7"), attributes='handle="h"')),
        (editor, insert("<xanh:permits/>", attributes='handle="h"')),
        (editor, insert(post_element("M7")) + delete("wells", "wells.1", attributes='handle="h"')),
    ):
        status, _, locator = read_exception(who.post(inside))
        assert (status, locator) == (403, "h")
    assert count_all(stores) == before


def test_a_layer_one_may_not_read_does_not_exist(editor: Sender) -> None:
    assert "secrets" in editor.refused(insert("<xanh:secrets><xanh:number>1</xanh:number></xanh:secrets>"))[2]


@pytest.mark.parametrize(
    ("limits", "inside"),
    [
        ({"max_actions": 2}, insert(post_element("M1"), post_element("M2")) + insert(post_element("M3"))),
        ({"max_edits": 2}, insert(post_element("M1"), post_element("M2"), post_element("M3"))),
        ({"max_edits": 2}, update("wells", put("depth", "3"))),
        ({"max_edits": 2}, delete("wells", "wells.1 wells.2 wells.3")),
    ],
)
def test_ceilings_of_config_hold(context: Context, stores: Store, limits: dict[str, int], inside: str) -> None:
    settings = context.settings.model_copy(update={"limits": context.settings.limits.model_copy(update=limits)})
    before = count_all(stores)
    small = Sender(make_app(replace(context, settings=settings)).test_client(), "duyet")
    assert "2" in small.refused(inside)[2]
    assert count_all(stores) == before
