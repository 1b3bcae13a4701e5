# SPDX-License-Identifier: MIT
"""The render pyramid: little to draw from afar, nothing lost near by, the same whether built or repaired."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from shapely import LineString, Point, box

from server.access import SYSTEM
from server.catalog.catalog import Catalog
from server.db.pool import Connection
from server.db.pyramid import resolution
from server.features.bulk import load_rows
from server.publish.layer import publish_features, publish_layer
from server.query.pyramid import CELL_PIXELS
from tests.db.catalogs import plan_for, row

CELLS = (
    "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM published.sites_pyramid WHERE band <= %(band)s GROUP BY"
    " floor((ST_X(geom_3857) + 20037508.342789244) / %(size)s), floor((ST_Y(geom_3857) + 20037508.342789244) / %(size)s)) c"
)


def _points(connection: Connection, catalog: Catalog, count: int) -> Any:
    places = numpy.random.default_rng(5).uniform((105.5, 10.0), (106.8, 10.9), (count, 2))
    rows = [row(n, Point(*place), code=f"A{n}", name=f"n{n}") for n, place in enumerate(places)]
    load_rows(connection, catalog, SYSTEM, plan_for(catalog.layer("sites"), "code", "name"), rows)
    return publish_layer(connection, catalog, "sites")


def _bands(connection: Connection) -> list[Any]:
    return connection.execute("SELECT band, id, name, ST_AsText(geom_3857) FROM published.sites_pyramid ORDER BY id").fetchall()


def test_a_small_layer_has_no_pyramid(writing: Connection, catalog: Catalog) -> None:
    assert _points(writing, catalog, 1999).pyramid_bands == ()
    assert _bands(writing) == []


def test_each_band_shows_one_point_per_cell(writing: Connection, catalog: Catalog) -> None:
    state = _points(writing, catalog, 5000)
    assert state.pyramid_bands[0] == 4
    for band in state.pyramid_bands:
        assert writing.execute(CELLS, {"band": band, "size": CELL_PIXELS * resolution(band)}).fetchone() == (1,)


def test_each_band_covers_the_same_cells_as_the_whole_layer(writing: Connection, catalog: Catalog) -> None:
    state = _points(writing, catalog, 5000)
    for band in state.pyramid_bands:
        occupied = "SELECT count(DISTINCT ST_SnapToGrid(geom_3857, {h}, {h}, {s}, {s})) FROM published.{t}"
        size = CELL_PIXELS * resolution(band)
        # snapping with an origin of half a cell rounds to the cell's middle
        options = {"h": size / 2 - 20037508.342789244, "s": size}
        everything = writing.execute(occupied.format(t="sites", **options)).fetchone()
        shown = writing.execute(occupied.format(t=f"sites_pyramid WHERE band <= {band}", **options)).fetchone()
        assert shown == everything


def test_repairing_around_changes_gives_what_making_anew_gives(writing: Connection, catalog: Catalog) -> None:
    _points(writing, catalog, 5000)
    leaders = "SELECT id FROM published.sites_pyramid WHERE band = 4 ORDER BY id LIMIT 1"
    first, other = writing.execute(leaders).fetchone(), writing.execute(leaders.replace("LIMIT", "OFFSET 3 LIMIT")).fetchone()
    assert first is not None
    assert other is not None
    writing.execute("DELETE FROM official.sites WHERE id = %s", first)
    writing.execute("UPDATE official.sites SET geom = ST_Translate(geom, 0.4, 0.2), name = 'moved' WHERE id = %s", other)
    writing.execute(
        "INSERT INTO official.sites (code, name, geom, created_by, updated_by) VALUES ('N1', 'n', ST_Point(106.2, 10.2, 4326), 'x', 'x')"
    )
    new = writing.execute("SELECT max(id) FROM official.sites").fetchone()
    assert new is not None
    state = publish_features(writing, catalog, catalog.layer("sites"), [first[0], other[0], new[0]])
    repaired = _bands(writing)
    anew = publish_layer(writing, catalog, "sites", rebuild=True)
    assert repaired == _bands(writing)
    assert (state.feature_count, state.pyramid_bands) == (anew.feature_count, anew.pyramid_bands)


def test_shapes_lose_vertices_but_no_place_from_band_to_band(writing: Connection, catalog: Catalog) -> None:
    angles = numpy.linspace(0, 60, 12_000)
    rows = [
        row(n, LineString(numpy.column_stack([105.5 + n / 10 + angles / 100, 10 + numpy.sin(angles) / 10])), code=f"R{n}") for n in range(5)
    ]
    rows += [row(10 + n, LineString([(106 + n / 1e5, 11), (106 + n / 1e5 + 1e-5, 11)]), code=f"T{n}") for n in range(50)]
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("roads"), "code"), rows)
    state = publish_layer(writing, catalog, "roads")
    per_band = writing.execute(
        "SELECT band, sum(ST_NPoints(geom_3857)), count(*) FILTER (WHERE code LIKE 'R%'), count(*) FILTER (WHERE code LIKE 'T%')"
        " FROM published.roads_pyramid GROUP BY band ORDER BY band"
    ).fetchall()
    assert [band for band, *_ in per_band] == list(state.pyramid_bands)
    vertices = [points for _, points, _, _ in per_band]
    assert vertices == sorted(vertices)
    assert vertices[0] < 2000 < 60_000
    assert all(large == 5 for *_, large, _ in per_band)
    assert per_band[0][3] == 1, "fifty specks in one cell are one speck"


def test_a_changed_shape_is_generalised_alone(writing: Connection, catalog: Catalog) -> None:
    rows = [row(n, box(100 + n / 4, 10, 100 + n / 4 + 0.005, 10.005).segmentize(1e-5), code=f"B{n}") for n in range(40)]
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("communes"), "code"), rows)
    state = publish_layer(writing, catalog, "communes")
    assert state.pyramid_bands
    writing.execute("UPDATE official.communes SET name = 'x' WHERE code = 'B7'")
    one = writing.execute("SELECT id FROM official.communes WHERE code = 'B7'").fetchone()
    assert one is not None
    publish_features(writing, catalog, catalog.layer("communes"), [one[0]])
    named = writing.execute("SELECT count(DISTINCT band) FROM published.communes_pyramid WHERE name = 'x'").fetchone()
    assert named == (len(state.pyramid_bands),)


@pytest.mark.parametrize("geometry", ["sites", "roads", "communes", "basins"])
def test_layers_without_any_geometry_have_no_pyramid(writing: Connection, catalog: Catalog, geometry: str) -> None:
    assert publish_layer(writing, catalog, geometry).pyramid_bands == ()


def test_the_topmost_point_of_a_cell_is_the_one_that_is_kept(writing: Connection, catalog: Catalog) -> None:
    rows = [row(n, Point(106.0 + n % 50 / 1e6, 10.0), code=f"A{n}", name=f"n{n}") for n in range(2500)]
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("sites"), "code", "name"), rows)
    publish_layer(writing, catalog, "sites")
    last = writing.execute("SELECT max(id) FROM published.sites").fetchone()
    assert writing.execute("SELECT id, band FROM published.sites_pyramid WHERE band = 4").fetchall() == [(*(last or ()), 4)]


@pytest.mark.parametrize("seed", range(4))
def test_many_random_edits_leave_the_pyramid_of_points_as_if_made_anew(writing: Connection, catalog: Catalog, seed: int) -> None:
    random = numpy.random.default_rng(seed)
    # crowded places, several points on one spot, points on the borders of cells
    spots = numpy.concatenate([random.normal((106, 10.4), 0.0005, (1500, 2)), random.uniform((105.5, 10), (106.8, 10.9), (1500, 2))])
    spots[:200] = numpy.round(spots[:200], 2)
    spots[200:220] = 0
    rows = [row(n, Point(*place), code=f"A{n}", name=f"n{n}") for n, place in enumerate(spots)]
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("sites"), "code", "name"), rows)
    publish_layer(writing, catalog, "sites")
    for _ in range(3):
        shown = [one for (one,) in writing.execute("SELECT id FROM published.sites_pyramid ORDER BY band, id LIMIT 400").fetchall()]
        others = [one for (one,) in writing.execute("SELECT id FROM published.sites ORDER BY id LIMIT 1500").fetchall()]
        chosen = [int(one) for one in random.choice(sorted({*shown, *others}), 60, replace=False)]
        writing.execute("DELETE FROM official.sites WHERE id = ANY(%s)", [chosen[:20]])
        writing.execute("UPDATE official.sites SET geom = ST_Translate(geom, 0.0004, 0.01) WHERE id = ANY(%s)", [chosen[20:40]])
        writing.execute("UPDATE official.sites SET name = 'renamed', geom = NULL WHERE id = ANY(%s)", [chosen[40:42]])
        writing.execute("UPDATE official.sites SET name = 'renamed' WHERE id = ANY(%s)", [chosen[42:]])
        publish_features(writing, catalog, catalog.layer("sites"), chosen)
    repaired = _bands(writing)
    publish_layer(writing, catalog, "sites", rebuild=True)
    assert repaired == _bands(writing)


@pytest.mark.parametrize("seed", range(3))
def test_specks_that_others_hid_come_back(writing: Connection, catalog: Catalog, seed: int) -> None:
    random = numpy.random.default_rng(seed)
    places = numpy.round(random.normal((106, 10.4), 0.002, (400, 2)), 5)
    sizes = random.choice([1e-5, 5e-4, 0.02], 400)
    rows = [
        row(n, box(x, y, x + size, y + size).segmentize(size / 40), code=f"B{n}")
        for n, ((x, y), size) in enumerate(zip(places, sizes, strict=True))
    ]
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("communes"), "code"), rows)
    publish_layer(writing, catalog, "communes")
    ids = [one for (one,) in writing.execute("SELECT id FROM published.communes ORDER BY id").fetchall()]
    for _ in range(3):
        chosen = [int(one) for one in random.choice(ids, 40, replace=False)]
        writing.execute("DELETE FROM official.communes WHERE id = ANY(%s)", [chosen[:15]])
        writing.execute("UPDATE official.communes SET geom = ST_Translate(geom, 0.001, 0.001) WHERE id = ANY(%s)", [chosen[15:]])
        publish_features(writing, catalog, catalog.layer("communes"), chosen)
    shapes = "SELECT band, id, ST_AsText(geom_3857, 3) FROM published.communes_pyramid ORDER BY band, id, 3"
    repaired = writing.execute(shapes).fetchall()
    assert publish_layer(writing, catalog, "communes", rebuild=True).pyramid_bands
    assert repaired == writing.execute(shapes).fetchall()


def test_a_pyramid_keeps_what_was_valid_when_something_else_lay_there(writing: Connection, catalog: Catalog) -> None:
    shape = box(106, 10, 106.0001, 10.0001).segmentize(1e-7)
    rows = [
        row(n, shape, code=f"B{n}", valid_from="2020-01-01", valid_to=until)
        for n, until in ((1, "2024-12-31"), (2, None), (3, "2024-12-31"))
    ]
    rows += [row(n, box(107, 10, 108, 11).segmentize(1e-3), code=f"C{n}", valid_from="2020-01-01") for n in range(10, 30)]
    load_rows(writing, catalog, SYSTEM, plan_for(catalog.layer("communes"), "code", "valid_from", "valid_to"), rows)
    publish_layer(writing, catalog, "communes")
    kept = writing.execute("SELECT code FROM published.communes_pyramid WHERE band = 4 AND code LIKE 'B%' ORDER BY code").fetchall()
    assert kept == [("B2",), ("B3",)]
