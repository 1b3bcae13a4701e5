# SPDX-License-Identifier: MIT
"""What people type, and what they find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.errors import LayerNotDefined
from server.features.search import search
from tests.small_province import fill_province, make_catalog


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    catalog = make_catalog()
    fill_province(database, catalog)
    return Context(settings, catalog, database)


def titles(context: Context, text: str, **options: object) -> list[str]:
    return [hit.title for hit in search(context, text, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["go cong", "Gò Công", "gò công", "GO  CONG", "go c", "Go\u0300 Co\u0302ng", "gô công"])
def test_accents_case_and_blanks_do_not_matter(text: str, context: Context) -> None:
    assert "Gò Công" in titles(context, text)


def test_the_name_typed_with_its_accents_comes_first(context: Context) -> None:
    assert titles(context, "gò công")[0] == "Gò Công"
    assert titles(context, "gô cống đông")[0] == "Gô Cống Đông"
    assert titles(context, "go cong")[:2] == ["Gò Công", "Gô Cống Đông"]


def test_d_with_stroke_is_a_d(context: Context) -> None:
    assert titles(context, "cong dong") == ["Gô Cống Đông"]


def test_every_word_must_occur_but_in_any_field(context: Context) -> None:
    assert titles(context, "g00001 cong") == ["Gò Công"]
    assert titles(context, "g00001 dong") == []


def test_a_heavier_field_and_a_better_fit_come_first(context: Context) -> None:
    hits = search(context, "khu so 1")
    assert [hit.title for hit in hits][:1] == ["Khu số 1"]
    assert hits[0].layer == "zones"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_hits_say_where_they_are(context: Context) -> None:
    well = search(context, "gò công", layers=["wells"])[0]
    assert well.point == pytest.approx((105.31, 9.9))
    assert well.subtitle == "Giếng quan trắc · Khu số 1"
    zone = search(context, "khu số 2", layers=["zones"])[0]
    assert zone.extent is not None
    assert zone.extent == pytest.approx((105.58, 10.28, 105.62, 10.32), abs=1e-4)
    assert zone.point is not None
    assert zone.extent[0] < zone.point[0] < zone.extent[2]
    assert (zone.subtitle, search(context, "khu số 2", "en", layers=["zones"])[0].subtitle) == ("Khu", "Zones")


def test_records_without_geometry_are_found_and_have_no_place(context: Context) -> None:
    hit = search(context, "7/gpmt", layers=["permits"])[0]
    assert (hit.title, hit.point, hit.extent) == ("7/GPMT", None, None)


def test_layers_that_are_not_public_are_never_searched(context: Context) -> None:
    assert {hit.layer for hit in search(context, "gpmt", limit=50)} == {"permits"}
    assert search(context, "gpmt", layers=["secrets"]) == []


def test_a_hit_found_by_its_code_shows_the_code_with_its_label(context: Context) -> None:
    hit = search(context, "g00001")[0]
    assert (hit.title, hit.subtitle) == ("Gò Công", "Giếng quan trắc · Khu số 1 · Mã: G00001")
    assert search(context, "g00001", "en")[0].subtitle == "Wells · Khu số 1 · Code: G00001"


@pytest.mark.parametrize("text", ["g", "gô", "go", "GÒ"])
def test_one_or_two_letters_find_names_that_begin_with_them(text: str, context: Context) -> None:
    found = titles(context, text, limit=50)
    assert found
    assert all(title.lower()[0] == "g" for title in found)


def test_limits_hold(context: Context) -> None:
    assert len(search(context, "gieng", limit=3)) == 3
    assert len(search(context, "gieng", limit=10_000)) == context.settings.limits.max_search_hits
    assert search(context, "gieng", limit=0) == []


@pytest.fixture(scope="module")
def crowded(context: Context) -> Context:
    """The same province as if its layers were too large to sort every match."""
    limits = context.settings.limits.model_copy(update={"max_sorted_matches": 1, "search_ms": 20_000})
    return replace(context, settings=context.settings.model_copy(update={"limits": limits}))


@pytest.mark.parametrize(
    "text", ["gò công", "go cong", "g00001 cong", "khu so 1", "g", "go", "G00017", "g0001", "gieng", "7/gpmt", "công đông", "%", "x y z"]
)
def test_large_layers_answer_with_the_same_best_hits(text: str, context: Context, crowded: Context) -> None:
    assert search(crowded, text)[:3] == search(context, text)[:3]


def test_what_begins_with_the_words_or_is_a_code_is_found_however_little_time_there_is(context: Context, crowded: Context) -> None:
    limits = crowded.settings.limits.model_copy(update={"search_ms": 1})
    hurried = replace(crowded, settings=crowded.settings.model_copy(update={"limits": limits}))
    assert titles(hurried, "gò công")[0] == "Gò Công"
    assert search(hurried, "g00001", layers=["wells"])[0] == search(context, "g00001", layers=["wells"])[0]


def test_a_name_longer_than_the_index_of_beginnings_is_found_in_a_large_layer(database: Database, crowded: Context) -> None:
    name = "Giếng quan trắc nước dưới đất số 1"
    with database.owner() as connection:
        connection.execute("UPDATE published.wells SET name = %s WHERE id = 900", (name,))
    assert titles(crowded, "giếng quan trắc nước dưới đất số 1", layers=["wells"]) == [name]
    assert titles(crowded, "giếng quan trắc nước dưới đất số 2", layers=["wells"]) == []


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "%", "_", "\\", "'; DROP TABLE x --", "%%s {0}", "\ud800", "x" * 5000, "đ" * 300, "\u0301"]
)
def test_hostile_texts_find_nothing_and_break_nothing(text: str, context: Context) -> None:
    assert search(context, text) == []


def test_an_unknown_layer_is_named(context: Context) -> None:
    with pytest.raises(LayerNotDefined):
        search(context, "go", layers=["nothing"])


def test_a_layer_that_was_never_published_is_left_out(context: Context) -> None:
    wells = context.catalog.layers["wells"]
    layers = {**context.catalog.layers, "new_layer": wells.model_copy(update={"id": "new_layer"})}
    wider = replace(context, catalog=replace(context.catalog, layers=layers))
    assert {hit.layer for hit in search(wider, "go cong")} == {"wells"}
