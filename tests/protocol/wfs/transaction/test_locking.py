# SPDX-License-Identifier: MIT
"""LockFeature and GetFeatureWithLock: who holds a feature changes it, nobody else does; locks end, and outlive requests."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.access import SYSTEM
from server.context import Context
from server.errors import FeatureLocked
from server.query.edits import Edit
from tests.edits import apply_edits
from tests.protocol.wfs.conftest import NAMES, read_exception
from tests.protocol.wfs.transaction.conftest import Sender, Store, choose, delete, put, update

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
_NOTHING = "<ogc:Filter><ogc:PropertyIsNull><ogc:PropertyName>code</ogc:PropertyName></ogc:PropertyIsNull></ogc:Filter>"


@pytest.fixture(autouse=True)
def _free(context: Context) -> Iterator[None]:
    """Every test begins without locks."""
    yield
    with context.database.writer() as connection:
        connection.execute("DELETE FROM xanh.feature_lock")


@pytest.fixture
def admin(app: Flask) -> Sender:
    """quan may do everything, but not what duyet has locked."""
    return Sender(app.test_client(), "quan")


def ask(sender: Sender, operation: str, inside: str, attributes: str = "", content_type: str = "text/xml") -> ElementTree.Element:
    """An XML request that must succeed."""
    answer = send(sender, operation, inside, attributes, content_type)
    assert answer.status_code == 200, answer.text
    return ElementTree.fromstring(answer.data)


def send(sender: Sender, operation: str, inside: str, attributes: str = "", content_type: str = "text/xml") -> TestResponse:
    """An XML request."""
    body = f'<wfs:{operation} {_DECLARED} service="WFS" version="1.1.0" {attributes}>{inside}</wfs:{operation}>'
    return sender.client.post("/wfs", data=body.encode(), content_type=content_type, headers=sender.headers())


def lock(sender: Sender, *ids: str, attributes: str = "") -> tuple[str, list[str], list[str]]:
    """Lock wells: the lock's id, what it holds, what it does not."""
    root = ask(sender, "LockFeature", f'<wfs:Lock typeName="xanh:wells">{choose(" ".join(ids))}</wfs:Lock>', attributes)
    assert root.tag == f"{{{NAMES['wfs']}}}LockFeatureResponse"
    held, refused = (
        [one.attrib["fid"] for one in root.findall(f"wfs:{name}/ogc:FeatureId", NAMES)] for name in ("FeaturesLocked", "FeaturesNotLocked")
    )
    return root.findtext("wfs:LockId", "", NAMES), held, refused


def holding(lock_id: str, inside: str) -> str:
    """The inside of a transaction that holds a lock."""
    return f"<wfs:LockId>{lock_id}</wfs:LockId>{inside}"


CHANGE = update("wells", put("depth", "5"), "wells.1", attributes='handle="c"')


def test_who_holds_a_feature_changes_it_and_nobody_else(reviewer: Sender, admin: Sender, stores: Store, context: Context) -> None:
    lock_id, held, refused = lock(reviewer, "wells.1", "wells.2", "wells.999")
    assert (held, refused) == (["wells.1", "wells.2"], [])
    for sender in (admin, reviewer):
        for inside in (CHANGE, delete("wells", "wells.3 wells.1", attributes='handle="c"'), update("wells", put("depth", "5"))):
            assert "khóa" in sender.refused(inside)[2]
    assert admin.refused(CHANGE)[1] == "c"
    with pytest.raises(FeatureLocked):
        apply_edits(context.database, context.catalog, SYSTEM, [Edit("update", context.catalog.layer("wells"), 1, {"depth": 1})], "test")
    assert admin.done(update("wells", put("depth", "6"), "wells.3")).totals == (0, 1, 0)
    assert reviewer.done(holding(lock_id, CHANGE)).totals == (0, 1, 0)
    assert admin.done(CHANGE).totals == (0, 1, 0), "the transaction gave the lock back"


def test_release_some_keeps_what_was_not_changed(reviewer: Sender, admin: Sender) -> None:
    lock_id, *_ = lock(reviewer, "wells.1", "wells.2")
    reviewer.done(holding(lock_id, CHANGE), attributes='releaseAction="SOME"')
    assert admin.done(CHANGE).totals == (0, 1, 0)
    second = update("wells", put("depth", "5"), "wells.2")
    assert "khóa" in admin.refused(second)[2]
    reviewer.done(holding(lock_id, second), attributes='releaseAction="SOME"')
    assert admin.done(second).totals == (0, 1, 0)


def test_a_refused_transaction_keeps_the_lock(reviewer: Sender, admin: Sender) -> None:
    lock_id, *_ = lock(reviewer, "wells.1")
    reviewer.refused(holding(lock_id, CHANGE + update("wells", put("kind", "x"), "wells.1")))
    assert "khóa" in admin.refused(CHANGE)[2]


def test_all_or_some_of_what_is_asked_is_locked(reviewer: Sender, admin: Sender, stores: Store) -> None:
    lock(reviewer, "wells.1")
    both = f'<wfs:Lock typeName="wells">{choose("wells.1 wells.2")}</wfs:Lock>'
    status, code, locator = read_exception(send(admin, "LockFeature", both, 'lockAction="ALL"'))
    assert (status, code, locator) == (400, "InvalidParameterValue", "wells.1")
    assert stores.value("SELECT count(*) FROM xanh.feature_lock") == 1
    _, held, refused = lock(admin, "wells.1", "wells.2", attributes='lockAction="SOME"')
    assert (held, refused) == (["wells.2"], ["wells.1"])


def test_a_lock_ends_by_itself_and_its_name_is_worth_nothing_then(reviewer: Sender, admin: Sender, context: Context) -> None:
    lock_id, *_ = lock(reviewer, "wells.1", attributes='expiry="1"')
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.feature_lock SET expires_at = expires_at - interval '59 seconds'")
    assert "khóa" in admin.refused(CHANGE)[2]
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.feature_lock SET expires_at = expires_at - interval '2 seconds'")
    assert admin.done(CHANGE).totals == (0, 1, 0)
    assert reviewer.refused(holding(lock_id, CHANGE))[1] == "LockId"
    assert lock(admin, "wells.1")[1] == ["wells.1"]


def test_the_lock_of_another_account_is_worth_nothing(reviewer: Sender, admin: Sender) -> None:
    lock_id, *_ = lock(reviewer, "wells.1")
    assert admin.refused(holding(lock_id, CHANGE))[1] == "LockId"
    assert admin.refused(holding("' OR true --", CHANGE))[1] == "LockId"


def test_features_come_with_their_lock(reviewer: Sender, admin: Sender) -> None:
    query = f'<wfs:Query typeName="wells"><wfs:PropertyName>code</wfs:PropertyName>{choose("wells.2 wells.1")}</wfs:Query>'
    root = ask(reviewer, "GetFeatureWithLock", query, 'expiry="2"')
    assert root.attrib["numberOfFeatures"] == "2"
    ids = [member[0].attrib[f"{{{NAMES['gml']}}}id"] for member in root.findall("gml:featureMember", NAMES)]
    assert ids == ["wells.1", "wells.2"]
    assert "khóa" in admin.refused(CHANGE)[2]
    assert read_exception(send(admin, "GetFeatureWithLock", query))[::2] == (400, "wells.1")
    assert reviewer.done(holding(root.attrib["lockId"], CHANGE)).totals == (0, 1, 0)
    empty = ask(reviewer, "GetFeatureWithLock", f'<wfs:Query typeName="wells">{_NOTHING}</wfs:Query>')
    assert (empty.attrib["numberOfFeatures"], empty.findall("gml:featureMember", NAMES)) == ("0", [])


@pytest.mark.parametrize(
    ("operation", "inside", "attributes", "locator"),
    [
        ("LockFeature", "", "", "Lock"),
        ("LockFeature", "<wfs:Lock/>", "", "typeName"),
        ("LockFeature", '<wfs:Lock typeName="nothing"/>', "", "TYPENAME"),
        ("LockFeature", '<wfs:Lock typeName="wells"/>', 'expiry="0"', "expiry"),
        ("LockFeature", '<wfs:Lock typeName="wells"/>', 'expiry="61"', "expiry"),
        ("LockFeature", '<wfs:Lock typeName="wells"/>', 'expiry="x"', "expiry"),
        ("LockFeature", '<wfs:Lock typeName="wells"/>', 'lockAction="ANY"', "lockAction"),
        ("GetFeatureWithLock", '<wfs:Query typeName="wells"/>', 'outputFormat="json"', "outputFormat"),
        ("GetFeatureWithLock", '<wfs:Query typeName="wells"/>', 'resultType="hits"', "outputFormat"),
    ],
)
def test_bad_requests_are_named(reviewer: Sender, stores: Store, operation: str, inside: str, attributes: str, locator: str) -> None:
    assert read_exception(send(reviewer, operation, inside, attributes))[::2] == (400, locator)
    assert stores.value("SELECT count(*) FROM xanh.feature_lock") == 0


def test_only_staff_lock_and_features_come_with_a_lock_only_by_xml(anyone: Sender, viewer: Sender, reviewer: Sender, stores: Store) -> None:
    inside = '<wfs:Lock typeName="wells"/>'
    assert read_exception(send(anyone, "LockFeature", inside))[0] == 401
    assert read_exception(send(viewer, "LockFeature", inside))[0] == 403
    assert read_exception(send(anyone, "GetFeatureWithLock", '<wfs:Query typeName="wells"/>'))[0] == 401
    assert read_exception(send(viewer, "GetFeatureWithLock", '<wfs:Query typeName="wells"/>'))[0] == 403
    assert read_exception(send(reviewer, "LockFeature", inside, content_type="text/plain"))[0] == 400
    assert read_exception(reviewer.get("/wfs?service=WFS&version=1.1.0&request=GetFeatureWithLock&typename=wells"))[0] == 400
    assert stores.value("SELECT count(*) FROM xanh.feature_lock") == 0


@pytest.mark.parametrize(
    "question",
    [
        "version=1.1.0&typename=wells&featureid=wells.2&expiry=1",
        "version=2.0.0&typenames=wells&resourceid=wells.2&expiry=60",
        "version=2.0.0&storedquery_id=urn:ogc:def:query:OGC-WFS::GetFeatureById&id=wells.2&expiry=60",
    ],
)
def test_an_address_locks_as_xml_does(anyone: Sender, reviewer: Sender, stores: Store, question: str) -> None:
    address = f"/wfs?service=WFS&request=LockFeature&{question}"
    assert anyone.get(address).status_code == 401
    answer = reviewer.get(address)
    assert answer.status_code == 200, answer.text
    assert "wells.2" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert stores.value("SELECT string_agg(feature_id::text, ',') FROM xanh.feature_lock") == "2"


def test_a_page_of_another_site_locks_nothing_with_the_password_a_browser_keeps(reviewer: Sender, stores: Store) -> None:
    address = "/wfs?service=WFS&version=1.1.0&request=LockFeature&typename=wells"
    assert read_exception(reviewer.client.get(address, headers={**reviewer.headers(), "Sec-Fetch-Site": "cross-site"}))[0] == 400
    assert stores.value("SELECT count(*) FROM xanh.feature_lock") == 0


def test_a_stored_query_says_what_to_lock(reviewer: Sender, stores: Store) -> None:
    body = (
        '<wfs:LockFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" expiry="60">'
        '<wfs:StoredQuery id="urn:ogc:def:query:OGC-WFS::GetFeatureById"><wfs:Parameter name="id">wells.3</wfs:Parameter></wfs:StoredQuery>'
        "</wfs:LockFeature>"
    )
    answer = reviewer.client.post("/wfs", data=body, content_type="text/xml", headers=reviewer.headers())
    assert answer.status_code == 200, answer.text
    assert stores.value("SELECT string_agg(feature_id::text, ',') FROM xanh.feature_lock") == "3"
    again = reviewer.client.post("/wfs", data=body, content_type="text/xml", headers=reviewer.headers())
    assert (again.status_code, "CannotLockAllFeatures" in again.text) == (400, True)
