# SPDX-License-Identifier: MIT
"""Objects that editors place must lie in the province of the installation; loaded files may hold all of Vietnam."""

from __future__ import annotations

from dataclasses import replace

import pytest
from psycopg import sql

from server.access import SYSTEM
from server.catalog.catalog import Catalog, Home
from server.crs.definitions import find_crs
from server.crs.transform import transform_point
from server.db.home import find_home_box
from server.db.pool import Database
from server.errors import EditRefused
from server.query.edits import Edit
from tests.db.catalogs import awkward_catalog, make_field, make_layer
from tests.edits import apply_edits

_PROVINCE = {"type": "MultiPolygon", "coordinates": [[[[105.6, 10], [106.6, 10], [106.6, 10.8], [105.6, 10.8], [105.6, 10]]]]}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The awkward catalogue at home in province 82, and a layer of provinces."""
    provinces = make_layer("provinces", "multipolygon", {"code": make_field(required=True)})
    known = awkward_catalog()
    open_sites = known.layer("sites").model_copy(
        update={"id": "open_sites", "nationwide": True, "fields": {"name": make_field()}, "rules": ()}
    )
    return replace(known, layers={**known.layers, "provinces": provinces, "open_sites": open_sites}, home=Home("82"))


@pytest.fixture
def home(stores: Database, catalog: Catalog) -> Database:
    """The store with two provinces in it."""
    far = {"type": "MultiPolygon", "coordinates": [[[[106, 21], [107, 21], [107, 22], [106, 21]]]]}
    provinces = [
        Edit("insert", catalog.layer("provinces"), values={"code": code}, geometry=shape)
        for code, shape in (("20", far), ("82", _PROVINCE))
    ]
    apply_edits(stores, catalog, SYSTEM, provinces, "test")
    return stores


def _place(database: Database, catalog: Catalog, x: float, y: float, *, layer: str = "sites", epsg: int = 4326) -> int:
    """Insert a point; how many of the layer's features lie within a metre of it then."""
    values = {"name": "x"} if layer == "open_sites" else {"code": "A1", "name": "x"}
    edit = Edit("insert", catalog.layer(layer), values=values, geometry={"type": "Point", "coordinates": [x, y]}, epsg=epsg)
    apply_edits(database, catalog, SYSTEM, [edit], "test")
    lon, lat = transform_point(x, y, find_crs(epsg), find_crs(4326))
    with database.owner() as connection:
        close = sql.SQL("SELECT count(*) FROM official.{} WHERE ST_DWithin(ST_Transform(geom, 4326)::geography, ST_Point(%s, %s), 1)")
        row = connection.execute(close.format(sql.Identifier(layer)), [lon, lat]).fetchone()
    return int(row[0]) if row else 0


def test_the_box_is_that_of_the_province_and_its_margin(home: Database, catalog: Catalog) -> None:
    with home.writer() as connection:
        box = find_home_box(connection, catalog, catalog.layer("sites"))
    assert box == pytest.approx((105.3256, 9.7305, 106.8744, 11.0695), abs=1e-3)


@pytest.mark.parametrize(("x", "y", "epsg"), [(106.36, 10.36, 4326), (106.7, 10.9, 4326), (566603.9, 1145735.5, 9210)])
def test_what_lies_in_the_province_or_close_by_is_taken(home: Database, catalog: Catalog, x: float, y: float, epsg: int) -> None:
    assert _place(home, catalog, x, y, epsg=epsg) == 1


@pytest.mark.parametrize(
    ("x", "y", "epsg", "said", "said_vi"),
    [
        (105.85, 21.03, 4326, "outside the province (21.03000° N, 105.85000° E)", "ngoài phạm vi tỉnh (21.03000° N, 105.85000° E)"),
        (566603.9, 2145735.5, 9210, "outside the province (19.", "kinh tuyến trục"),
        (10.36, 106.36, 4326, "wrong order", "đảo trục"),
        (1145735.5, 566603.9, 9210, "wrong order", "đảo trục"),
        (2.35, 48.85, 4326, "outside Vietnam (48.85000° N, 2.35000° E)", "ngoài Việt Nam"),
    ],
)
def test_what_lies_elsewhere_is_refused_with_its_place(
    home: Database, catalog: Catalog, x: float, y: float, epsg: int, said: str, said_vi: str
) -> None:
    with pytest.raises(EditRefused) as refused:
        _place(home, catalog, x, y, epsg=epsg)
    assert refused.value.locator == "geometry"
    assert said in refused.value.message
    assert said_vi in (refused.value.message_vi or "")


def test_a_nationwide_layer_takes_all_of_vietnam(home: Database, catalog: Catalog) -> None:
    assert _place(home, catalog, 105.85, 21.03, layer="open_sites") == 1


def test_a_box_of_the_configuration_counts_before_the_layer(home: Database, catalog: Catalog) -> None:
    moved = replace(catalog, home=Home("82", (105.0, 20.5, 106.5, 21.5), 0))
    _place(home, moved, 105.85, 21.03)
    with pytest.raises(EditRefused, match="outside the province"):
        _place(home, moved, 106.36, 10.36)


def test_without_the_province_nothing_is_refused(stores: Database, catalog: Catalog) -> None:
    _place(stores, catalog, 105.85, 21.03)
    with stores.owner() as connection:
        assert connection.execute("SELECT count(*) FROM official.sites").fetchone() == (1,)
