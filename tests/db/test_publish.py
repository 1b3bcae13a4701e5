# SPDX-License-Identifier: MIT
"""official becomes published: what readers see, when they see it, and how the revision tells."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from shapely import Point, box

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.pool import Connection, Database
from server.features.bulk import load_rows
from server.publish.layer import publish_features, publish_layer
from tests.db.catalogs import HOSTILE, plan_for, row

SITE_FIELDS = ("code", "name", "depth", "installed", "seen", "contact", "open")


def _fill(connection: Connection, catalog: Catalog, count: int = 3) -> None:
    rows = [
        row(
            n,
            Point(106 + n / 10, 10 + n / 10) if n else None,
            code=f"A{n}",
            name=HOSTILE[n % len(HOSTILE)],
            depth=n + 0.25,
            installed=f"2020-01-0{1 + n % 9}",
            seen="2020-01-01T00:00:00+07:00",
            contact="secret",
            open=True,
        )
        for n in range(count)
    ]
    load_rows(connection, catalog, SYSTEM, plan_for(catalog.layer("sites"), *SITE_FIELDS), rows)


def _features(connection: Connection, layer: str = "sites") -> list[dict[str, Any]]:
    return [json.loads(text) for (text,) in connection.execute(f"SELECT geojson FROM published.{layer} ORDER BY id").fetchall()]


def test_each_row_holds_its_feature_as_one_json_text(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog, len(HOSTILE))
    publish_layer(writing, catalog, "sites")
    features = _features(writing)
    assert [feature["properties"]["name"] for feature in features] == HOSTILE
    assert features[0]["geometry"] is None
    assert features[1]["geometry"] == {"type": "Point", "coordinates": [106.1, 10.1]}
    assert features[1]["properties"]["seen"] == "2019-12-31T17:00:00+00:00"
    assert list(features[1]) == ["type", "id", "geometry", "properties"]


@pytest.mark.parametrize("sign", ["\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff"])
def test_the_ready_xml_leaves_out_what_xml_cannot_hold(writing: Connection, catalog: Catalog, sign: str) -> None:
    _fill(writing, catalog, 2)
    for code, name in (("A0", f"Gò{sign} <Công>"), ("A1", "Gò\t\\Công\u2028")):
        writing.execute("UPDATE official.sites SET name = %s WHERE code = %s", [name, code])
    publish_layer(writing, catalog, "sites")
    ready = [gml for (gml,) in writing.execute("SELECT gml FROM published.sites ORDER BY id").fetchall()]
    assert "name>Gò &lt;Công&gt;</" in ready[0]
    assert "name>Gò\t\\Công\u2028</" in ready[1]


def test_private_fields_are_nowhere_in_published(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    publish_layer(writing, catalog, "sites")
    columns = [
        name
        for (name,) in writing.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'published' AND table_name LIKE 'sites%%'"
        ).fetchall()
    ]
    assert "contact" not in columns
    assert "secret" not in json.dumps(_features(writing))


def test_the_catalogue_row_tells_count_extent_times_and_revision(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    state = publish_layer(writing, catalog, "sites")
    assert (state.feature_count, state.revision) == (3, 1)
    assert state.extent == pytest.approx((106.1, 10.1, 106.2, 10.2))
    assert (state.time_begin, state.time_end) == ("2020-01-01T00:00:00Z", "2020-01-03T00:00:00Z")


def test_an_empty_layer_can_be_published(writing: Connection, catalog: Catalog) -> None:
    state = publish_layer(writing, catalog, "sites")
    assert (state.feature_count, state.extent, state.revision) == (0, None, 1)
    assert publish_layer(writing, catalog, "records").extent is None


def test_publishing_again_without_change_touches_no_row_and_keeps_the_revision(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    first = publish_layer(writing, catalog, "sites")
    before = writing.execute("SELECT ctid::text FROM published.sites ORDER BY id").fetchall()
    assert publish_layer(writing, catalog, "sites") == first
    assert writing.execute("SELECT ctid::text FROM published.sites ORDER BY id").fetchall() == before


def test_only_changed_rows_are_rewritten(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    publish_layer(writing, catalog, "sites")
    before: dict[str, str] = dict(writing.execute("SELECT code, ctid::text FROM published.sites").fetchall())
    writing.execute("UPDATE official.sites SET depth = 9 WHERE code = 'A1'")
    writing.execute("DELETE FROM official.sites WHERE code = 'A2'")
    state = publish_layer(writing, catalog, "sites")
    after: dict[str, str] = dict(writing.execute("SELECT code, ctid::text FROM published.sites").fetchall())
    assert (state.revision, state.feature_count) == (2, 2)
    assert after["A0"] == before["A0"]
    assert after["A1"] != before["A1"]


def test_a_move_too_small_for_the_text_is_published_all_the_same(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    publish_layer(writing, catalog, "sites")
    writing.execute("UPDATE official.sites SET geom = ST_Translate(geom, 1e-9, 0) WHERE code = 'A1'")
    assert publish_layer(writing, catalog, "sites").revision == 2


def test_a_row_waiting_for_review_is_published_as_it_was_last_approved(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    publish_layer(writing, catalog, "sites")
    writing.execute("UPDATE official.sites SET depth = 400, review_state = 'pending' WHERE code = 'A1'")
    writing.execute("INSERT INTO official.sites (code, name, review_state, created_by, updated_by) VALUES ('N1', 'n', 'pending', 'x', 'x')")
    state = publish_layer(writing, catalog, "sites")
    assert (state.revision, state.feature_count) == (1, 3)
    writing.execute("UPDATE official.sites SET review_state = 'approved'")
    assert publish_layer(writing, catalog, "sites").feature_count == 4
    assert writing.execute("SELECT depth FROM published.sites WHERE code = 'A1'").fetchone() == (400.0,)


def test_a_withdrawn_row_disappears(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    publish_layer(writing, catalog, "sites")
    writing.execute("UPDATE official.sites SET review_state = 'withdrawn' WHERE code = 'A1'")
    assert publish_layer(writing, catalog, "sites").feature_count == 2


def test_a_link_carries_the_title_and_follows_it(writing: Connection, catalog: Catalog) -> None:
    communes = catalog.layer("communes")
    load_rows(writing, catalog, SYSTEM, plan_for(communes, "code", "name"), [row(1, box(105, 9, 108, 12), code="1", name="Gò 'Công'")])
    _fill(writing, catalog)
    publish_layer(writing, catalog, "communes")
    publish_layer(writing, catalog, "sites")
    assert [feature["properties"]["commune_title"] for feature in _features(writing)] == [None, "Gò 'Công'", "Gò 'Công'"]
    writing.execute("UPDATE official.communes SET name = 'Mỹ Tho'")
    publish_layer(writing, catalog, "communes")
    assert _features(writing)[1]["properties"]["commune_title"] == "Mỹ Tho"
    assert writing.execute("SELECT revision FROM published.catalogue WHERE layer = 'sites'").fetchone() == (2,)


def test_a_link_to_something_not_approved_is_not_shown(writing: Connection, catalog: Catalog) -> None:
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("communes"), "code", "name"), [row(1, code="1", name="draft")])
    writing.execute("UPDATE official.communes SET review_state = 'draft'")
    load_rows(
        writing, catalog, SYSTEM, plan_for(catalog.layer("sites"), "code", "name", "commune"), [row(1, code="A1", name="x", commune="1")]
    )
    publish_layer(writing, catalog, "sites")
    properties = _features(writing)[0]["properties"]
    assert (properties["commune"], properties["commune_title"]) == (None, None)


def test_single_features_can_be_published_alone(writing: Connection, catalog: Catalog) -> None:
    _fill(writing, catalog)
    publish_layer(writing, catalog, "sites")
    writing.execute("UPDATE official.sites SET depth = depth + 100")
    one = writing.execute("SELECT id FROM official.sites WHERE code = 'A1'").fetchone()
    assert one is not None
    state = publish_features(writing, catalog, catalog.layer("sites"), [one[0]])
    assert state.revision == 2
    assert writing.execute("SELECT code FROM published.sites WHERE depth > 100").fetchall() == [("A1",)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE official.sites SET depth = 1 WHERE code = 'A3'",
        "UPDATE official.sites SET geom = ST_Translate(geom, 1, 1), installed = '2021-01-01' WHERE code = 'A3'",
        "UPDATE official.sites SET geom = ST_Translate(geom, 0.01, 0), installed = '1999-01-01' WHERE code = 'A1'",
        "UPDATE official.sites SET geom = NULL, installed = NULL WHERE code = 'A5'",
        "DELETE FROM official.sites WHERE code IN ('A5', 'A3')",
        "DELETE FROM official.sites",
        "INSERT INTO official.sites (code, name, geom, created_by, updated_by) VALUES ('N1', 'n', ST_Point(104, 9, 4326), 'x', 'x')",
    ],
)
def test_the_catalogue_row_follows_single_changes_exactly(writing: Connection, catalog: Catalog, change: str) -> None:
    _fill(writing, catalog, 6)
    publish_layer(writing, catalog, "sites")
    before = {row_id for (row_id,) in writing.execute("SELECT id FROM official.sites").fetchall()}
    writing.execute(change)
    after = {row_id for (row_id,) in writing.execute("SELECT id FROM official.sites").fetchall()}
    followed = publish_features(writing, catalog, catalog.layer("sites"), sorted(before | after))
    anew = publish_layer(writing, catalog, "sites", rebuild=True)
    assert (followed.revision, anew.revision) == (2, 3)
    facts = [(state.feature_count, state.extent, state.time_begin, state.time_end) for state in (followed, anew)]
    assert facts[0] == facts[1]


def test_search_text_is_folded(writing: Connection, catalog: Catalog) -> None:
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("sites"), "code", "name"), [row(1, code="A1", name="Gò Công ĐÔNG")])
    publish_layer(writing, catalog, "sites")
    assert writing.execute("SELECT search FROM published.sites").fetchone() == ("go cong dong",)


def test_the_web_geometry_lies_where_the_original_lies(writing: Connection, catalog: Catalog) -> None:
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("basins"), "code"), [row(1, box(106.36, 10.36, 106.37, 10.37), code="B")])
    publish_layer(writing, catalog, "basins")
    found = writing.execute("SELECT ST_XMin(geom), ST_XMin(geom_3857) FROM published.basins").fetchone()
    assert found == (pytest.approx(106.36, abs=1e-7), pytest.approx(11839941.1, abs=1))


def test_readers_see_the_old_layer_until_the_new_one_is_complete(stores: Database, catalog: Catalog) -> None:
    with stores.writer() as connection:
        _fill(connection, catalog)
        publish_layer(connection, catalog, "sites")
    with stores.reader() as reader, stores.writer() as writer:
        count = "SELECT (SELECT count(*) FROM published.sites), (SELECT revision FROM published.catalogue WHERE layer = 'sites')"
        writer.execute("DELETE FROM official.sites")
        publish_layer(writer, catalog, "sites")
        assert reader.execute(count).fetchone() == (3, 1)
        writer.commit()
        assert reader.execute(count).fetchone() == (0, 2)


def test_the_reader_role_reaches_published_only(stores: Database) -> None:
    with stores.reader() as reader:
        assert reader.execute("SELECT count(*) FROM published.sites").fetchone() == (0,)
        assert reader.execute("SELECT count(*) FROM published.sites_pyramid").fetchone() == (0,)
    for statement in (
        "SELECT FROM official.sites",
        "SELECT FROM history.sites",
        "DELETE FROM published.sites",
        "SELECT xanh.refresh_statistics('sites')",
    ):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)), stores.reader() as reader:
            reader.execute(statement)


def test_publishing_is_announced(stores: Database, catalog: Catalog) -> None:
    with stores.owner() as listener:
        listener.execute("LISTEN xanh_published")
        listener.commit()
        with stores.writer() as writer:
            publish_layer(writer, catalog, "sites")
        messages = [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)]
    assert messages == ["sites:1"]
