# SPDX-License-Identifier: MIT
"""Clients such as GDAL send features whole, with what the system fills: their version guards what others changed since."""

from __future__ import annotations

from tests.protocol.wfs.transaction.conftest import Sender, Store, point, put, update


def whole(version: str = "1", state: str = "approved", depth: str = "4", title: str = "") -> str:
    """Every property of well 1 as GDAL 3.6 writes them."""
    texts = {"code": "G1", "name": "Giếng 1", "kind": "auto", "depth": depth, "opened": "2024/02/29", "measured": "2024/02/29 01:02:03+00"}
    empty = ("rank", "automatic", "closed", "zone", "phone")
    return (
        put("geom", point("10.5 105.51"))
        + "".join(put(name, text) for name, text in texts.items())
        + "".join(put(name, None) for name in empty)
        + put("zone_title", title or None)
        + put("version", version)
        + put("review_state", state)
    )


def test_a_feature_sent_whole_is_stored_and_its_version_rises(reviewer: Sender, stores: Store) -> None:
    version = str(stores.value("SELECT version FROM official.wells WHERE id = 1"))
    assert reviewer.done(update("wells", whole(version), "wells.1")).totals == (0, 1, 0)
    assert stores.rows("SELECT depth, opened::text, measured::text, version FROM official.wells WHERE id = 1") == [
        (4.0, "2024-02-29", "2024-02-29 01:02:03+00", int(version) + 1)
    ]


def test_a_feature_changed_since_it_was_read_is_not_overwritten(reviewer: Sender, stores: Store) -> None:
    version = str(stores.value("SELECT version FROM official.wells WHERE id = 1"))
    reviewer.done(update("wells", put("depth", "8"), "wells.1"))
    code, locator, text = reviewer.refused(update("wells", whole(version, depth="9"), "wells.1"))
    assert (code, locator) == ("InvalidParameterValue", "wells.1")
    assert "đã được người khác sửa" in text
    assert stores.value("SELECT depth FROM official.wells WHERE id = 1") == 8.0


def test_the_review_state_is_not_changed_on_the_way(editor: Sender, stores: Store) -> None:
    version = str(stores.value("SELECT version FROM official.wells WHERE id = 1"))
    for inside in (whole(version, "withdrawn"), whole(version, "'; DROP TABLE official.wells; --")):
        assert editor.refused(update("wells", inside, "wells.1"))[1] == "review_state"
    assert stores.value("SELECT review_state FROM official.wells WHERE id = 1") == "approved"


def test_a_version_that_is_no_number_is_refused(reviewer: Sender) -> None:
    assert reviewer.refused(update("wells", whole("một"), "wells.1"))[1] == "version"


def test_of_what_is_not_there_nothing_is_said(reviewer: Sender) -> None:
    assert reviewer.done(update("wells", whole("5"), "wells.9999")).totals == (0, 0, 0)


def test_a_title_of_a_link_is_passed_over(reviewer: Sender, stores: Store) -> None:
    version = str(stores.value("SELECT version FROM official.wells WHERE id = 1"))
    reviewer.done(update("wells", whole(version, title="Khu khác"), "wells.1"))
    assert stores.value("SELECT zone_title FROM published.wells WHERE id = 1") is None
