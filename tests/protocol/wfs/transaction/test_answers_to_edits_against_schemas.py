# SPDX-License-Identifier: MIT
"""Answers to transactions and locks, and what staff read, are valid by the official XML schemas, in every version."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import Sender, choose, delete, insert, post_element, put, update
from tests.protocol.wfs.transaction.newer import post32, rid, send_new, set32, update32
from tests.schemas import find_faults

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
XANH = "urn:xanh:layers"


@pytest.fixture
def admin(app: Flask) -> Sender:
    """quan may do everything."""
    return Sender(app.test_client(), "quan")


def send(sender: Sender, operation: str, inside: str, attributes: str = "") -> bytes:
    """The answer to an XML request of 1.1.0."""
    body = f'<wfs:{operation} {_DECLARED} service="WFS" version="1.1.0" {attributes}>{inside}</wfs:{operation}>'
    return bytes(sender.client.post("/wfs", data=body, content_type="text/xml", headers=sender.headers()).data)


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_transactions_done_and_refused_are_answered_validly(reviewer: Sender, version: str) -> None:
    code = "M51" if version == "1.0.0" else "M52"
    edits = insert(post_element(code), attributes='handle="new"') + update("wells", put("depth", "7"), "wells.1")
    done = reviewer.post(edits, version=version).data
    assert b"TransactionRe" in done
    assert find_faults(done, f"wfs {version}") == []
    refused = reviewer.post(insert(post_element("wrong"), attributes='handle="bad"'), version=version).data
    assert b"bad" in refused
    assert find_faults(refused, "wfs 1.0.0 exceptions" if version == "1.0.0" else "ows 1.0.0") == []
    nothing = reviewer.post(delete("wells", "wells.999"), version=version).data
    assert find_faults(nothing, f"wfs {version}") == []


def test_transactions_of_2_0_0_are_answered_validly(reviewer: Sender) -> None:
    done = send_new(reviewer, "Transaction", f'<wfs:Insert handle="new">{post32("M53")}</wfs:Insert>').data
    assert b"rid=" in done
    assert find_faults(done, "wfs 2.0.0") == []
    changed = send_new(reviewer, "Transaction", update32("wells", set32("depth", "8"), rid("wells.1"), 'handle="u"')).data
    assert b"wells.1" in changed
    assert find_faults(changed, "wfs 2.0.0") == []
    refused = send_new(reviewer, "Transaction", update32("wells", set32("depth", "deep"), rid("wells.1"))).data
    assert b"Exception" in refused
    assert find_faults(refused, "ows 1.1.0") == []


def test_locks_of_1_1_0_are_answered_validly(reviewer: Sender, admin: Sender) -> None:
    one = f'<wfs:Lock typeName="xanh:wells">{choose("wells.1")}</wfs:Lock>'
    held = send(reviewer, "LockFeature", one, 'expiry="1"')
    assert b"LockId" in held
    assert find_faults(held, "wfs 1.1.0") == []
    every = send(admin, "LockFeature", '<wfs:Lock typeName="xanh:wells"/>', 'lockAction="SOME" expiry="1"')
    assert b"FeaturesNotLocked" in every
    assert find_faults(every, "wfs 1.1.0") == []
    refused = send(admin, "LockFeature", one, 'lockAction="ALL"')
    assert find_faults(refused, "ows 1.0.0") == []


def test_locks_of_2_0_0_are_answered_validly(reviewer: Sender, admin: Sender) -> None:
    zone = f'<wfs:Query typeNames="xanh:zones">{rid("zones.1")}</wfs:Query>'
    held = send_new(reviewer, "LockFeature", zone, 'expiry="60"').data
    assert b"lockId" in held
    assert find_faults(held, "wfs 2.0.0") == []
    some = send_new(admin, "LockFeature", '<wfs:Query typeNames="xanh:zones"/>', 'lockAction="SOME" expiry="60"').data
    assert b"FeaturesNotLocked" in some
    assert find_faults(some, "wfs 2.0.0") == []


def test_features_with_their_lock_are_answered_validly(reviewer: Sender) -> None:
    old = send(reviewer, "GetFeatureWithLock", f'<wfs:Query typeName="xanh:canals">{choose("canals.1")}</wfs:Query>', 'expiry="1"')
    (post,) = reviewer.done(insert(post_element("M54"))).inserted
    new = send_new(reviewer, "GetFeatureWithLock", f'<wfs:Query typeNames="xanh:posts">{rid(post)}</wfs:Query>', 'expiry="60"').data
    for version, answer in (("1.1.0", old), ("2.0.0", new)):
        assert b"lockId=" in answer, answer
        schema = reviewer.get(f"/wfs?service=WFS&version={version}&request=DescribeFeatureType").data
        assert find_faults(answer, f"wfs {version}", {XANH: schema}) == []


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_what_staff_read_is_valid_by_the_schema_they_are_given(reviewer: Sender, version: str) -> None:
    schema = reviewer.get(f"/wfs?service=WFS&version={version}&request=DescribeFeatureType").data
    assert b'name="review_state"' in schema
    for name in ("wells", "zones", "canals", "posts", "permits", "secrets"):
        query = f"/wfs?service=WFS&version={version}&request=GetFeature&typeName=xanh:{name}&typeNames=xanh:{name}"
        features = reviewer.get(query).data
        assert b"FeatureCollection" in features
        assert find_faults(features, f"wfs {version}", {XANH: schema}) == []
    capabilities = reviewer.get(f"/wfs?service=WFS&acceptversions={version}&version={version}&request=GetCapabilities").data
    assert b"Transaction" in capabilities
    assert find_faults(capabilities, "wfs 1.0.0 capabilities" if version == "1.0.0" else f"wfs {version}") == []
