# SPDX-License-Identifier: MIT
"""Insert: ids in order, values, geometries in every spelling, what clients send along and what is left out."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.transaction.conftest import SHORT, URN, Sender, Store, insert, point, post_element

GRID = "urn:ogc:def:crs:EPSG::9210"
LAT_LON, LON_LAT = "10.5 105.5", "105.5 10.5"
RING = "10 105 10 105.1 10.1 105.1 10 105"


def test_ids_come_in_the_order_of_the_document(reviewer: Sender, stores: Store) -> None:
    done = reviewer.done(
        insert(post_element("M1", more="<xanh:note>a</xanh:note>"), post_element("M2"), attributes='handle="first"')
        + insert(post_element("M3", place=point(LAT_LON)))
        + insert("<xanh:canals><xanh:name>K</xanh:name></xanh:canals>", attributes='handle="canal"')
        + insert(post_element("M4", more="<xanh:height>7.25</xanh:height>"), attributes='idgen="GenerateNew" handle="last"')
    )
    assert done.totals == (5, 0, 0)
    assert done.handles == ["first", "first", None, "canal", "last"]
    ids = {f"posts.{one}": code for one, code in stores.rows("SELECT id, code FROM official.posts")}
    assert [ids.get(one) for one in done.inserted] == ["M1", "M2", "M3", None, "M4"]
    assert done.inserted[3].startswith("canals.")
    assert stores.rows("SELECT code, note, height FROM published.posts WHERE code IN ('M1', 'M4') ORDER BY 1") == [
        ("M1", "a", 1.5),
        ("M4", None, 7.25),
    ]


def test_values_of_every_type_arrive(reviewer: Sender, stores: Store) -> None:
    well = (
        "<xanh:wells><xanh:code>W1</xanh:code><xanh:name> Rạch &lt;Gò&gt; &amp; 'Công' </xanh:name><xanh:kind>hand</xanh:kind>"
        "<xanh:depth>2.5e1</xanh:depth><xanh:rank>-3</xanh:rank><xanh:automatic>true</xanh:automatic><xanh:opened>2024-02-29</xanh:opened>"
        "<xanh:measured>2024-05-06T00:08:09.500Z</xanh:measured><xanh:zone>2</xanh:zone><xanh:phone>0900</xanh:phone>"
        f"<xanh:geom>{point(LAT_LON)}</xanh:geom></xanh:wells>"
    )
    reviewer.done(insert(well))
    assert stores.rows(
        "SELECT name, kind, depth, rank, automatic, opened::text, measured::text, zone, phone, ST_AsText(geom) FROM official.wells"
        " WHERE code = 'W1'"
    ) == [
        ("Rạch <Gò> & 'Công'", "hand", 25.0, -3, True, "2024-02-29", "2024-05-06 00:08:09.5+00", 2, "0900", "POINT(105.5 10.5)"),
    ]


def test_what_the_system_fills_and_what_is_empty_is_left_out_of_a_copied_feature(reviewer: Sender, stores: Store) -> None:
    copied = (
        '<xanh:wells gml:id="wells.1" fid="wells.1"><gml:boundedBy><gml:Envelope/></gml:boundedBy><xanh:code>W2</xanh:code>'
        "<xanh:version>7</xanh:version><xanh:review_state>withdrawn</xanh:review_state><xanh:zone_title>x</xanh:zone_title>"
        '<xanh:id>1</xanh:id><xanh:depth/><xanh:rank xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></xanh:wells>'
    )
    (made,) = reviewer.done(insert(copied)).inserted
    assert made != "wells.1"
    assert stores.rows("SELECT version, review_state, depth, rank, geom FROM official.wells WHERE code = 'W2'") == [
        (1, "approved", None, None, None)
    ]


def test_features_may_come_in_a_collection(reviewer: Sender) -> None:
    members = "".join(f"<gml:featureMember>{post_element(code)}</gml:featureMember>" for code in ("M21", "M22"))
    assert reviewer.done(insert(f"<wfs:FeatureCollection>{members}</wfs:FeatureCollection>")).totals == (2, 0, 0)


@pytest.mark.parametrize(
    ("number", "shape"),
    [
        (31, point(LAT_LON, URN)),
        (32, point(LAT_LON, "http://www.opengis.net/def/crs/EPSG/0/4326")),
        (33, point(LON_LAT, SHORT)),
        (34, point(LON_LAT, "http://www.opengis.net/gml/srs/epsg.xml#4326")),
        (35, point(LON_LAT, "urn:ogc:def:crs:OGC:1.3:CRS84")),
        (36, point("472440.18224183 1161166.38305084", GRID)),
        (37, point("472440.18224183 1161166.38305084", "EPSG:9210")),
        (38, point("11744206.27869036 1175452.60859343", "urn:ogc:def:crs:EPSG::3857")),
        (39, f"<gml:Point><gml:pos>{LAT_LON}</gml:pos></gml:Point>"),
        (40, f'<gml:Point srsName="{SHORT}"><gml:coordinates>105.5,10.5</gml:coordinates></gml:Point>'),
        (41, f'<gml:Point srsName="{URN}"><gml:pos srsDimension="3">{LAT_LON} 12</gml:pos></gml:Point>'),
        (42, f'<gml:MultiPoint srsName="{URN}"><gml:pointMember>{point(LAT_LON)}</gml:pointMember></gml:MultiPoint>'),
    ],
)
def test_a_place_is_the_same_in_every_system_and_spelling(reviewer: Sender, stores: Store, number: int, shape: str) -> None:
    reviewer.done(insert(post_element(f"M{number}", place=shape)))
    x, y = stores.rows(f"SELECT ST_X(geom), ST_Y(geom) FROM published.posts WHERE code = 'M{number}'")[0]
    assert (x, y) == (pytest.approx(105.5, abs=1e-8), pytest.approx(10.5, abs=1e-8))


def test_a_place_in_the_far_seas_is_taken(reviewer: Sender) -> None:
    assert reviewer.done(insert(post_element("M60", place=point("5.5 112.5")))).totals == (1, 0, 0)


def test_the_system_of_the_insert_holds_for_shapes_that_name_none(reviewer: Sender, stores: Store) -> None:
    shape = f"<gml:Point><gml:pos>{LON_LAT}</gml:pos></gml:Point>"
    reviewer.done(insert(post_element("M50", place=shape), attributes=f'srsName="{SHORT}"'))
    assert stores.value("SELECT ST_AsText(geom) FROM published.posts WHERE code = 'M50'") == "POINT(105.5 10.5)"


@pytest.mark.parametrize(
    ("layer", "shape", "expected"),
    [
        ("canals", f'<gml:LineString srsName="{URN}"><gml:posList>10 105 11 106</gml:posList></gml:LineString>', "MULTILINESTRING"),
        (
            "canals",
            f'<gml:MultiLineString srsName="{URN}"><gml:lineStringMember><gml:LineString><gml:posList>10 105 11 106</gml:posList>'
            "</gml:LineString></gml:lineStringMember></gml:MultiLineString>",
            "MULTILINESTRING",
        ),
        (
            "canals",
            f'<gml:MultiCurve srsName="{URN}"><gml:curveMember><gml:Curve><gml:segments><gml:LineStringSegment>'
            "<gml:posList>10 105 11 106</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve></gml:curveMember>"
            "</gml:MultiCurve>",
            "MULTILINESTRING",
        ),
        (
            "zones",
            f'<gml:Polygon srsName="{URN}"><gml:exterior><gml:LinearRing><gml:posList>{RING}</gml:posList></gml:LinearRing>'
            "</gml:exterior></gml:Polygon>",
            "MULTIPOLYGON",
        ),
        (
            "zones",
            f'<gml:MultiSurface srsName="{URN}"><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing>'
            f"<gml:posList>{RING}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface>",
            "MULTIPOLYGON",
        ),
    ],
)
def test_single_shapes_become_multiple_ones_where_the_layer_has_those(
    reviewer: Sender, stores: Store, layer: str, shape: str, expected: str
) -> None:
    (made,) = reviewer.done(insert(f"<xanh:{layer}><xanh:name>n</xanh:name><xanh:geom>{shape}</xanh:geom></xanh:{layer}>")).inserted
    row = stores.rows(
        f"SELECT GeometryType(geom), ST_NumGeometries(geom), round(ST_XMin(ST_Transform(geom, 4326))::numeric, 5)::float"
        f" FROM official.{layer} WHERE id = {made.rpartition('.')[2]}"
    )
    assert row == [(expected, 1, 105.0)]


def test_computed_fields_follow_the_shape(reviewer: Sender, stores: Store) -> None:
    line = f'<gml:LineString srsName="{SHORT}"><gml:posList>105 10 105 10.1</gml:posList></gml:LineString>'
    canal = f"<xanh:canals><xanh:name>dài</xanh:name><xanh:length>1</xanh:length><xanh:geom>{line}</xanh:geom></xanh:canals>"
    reviewer.done(insert(canal))
    assert stores.value("SELECT length FROM published.canals WHERE name = 'dài'") == pytest.approx(11.06, abs=0.01)


def test_a_thousand_features_with_different_properties_are_one_set(reviewer: Sender, stores: Store) -> None:
    features = [
        insert(post_element(f"M{1000 + number}", more=f"<xanh:note>{number}</xanh:note>" if number % 3 else "")) for number in range(1000)
    ]
    done = reviewer.done("".join(features))
    assert done.totals == (1000, 0, 0)
    codes = dict(stores.rows("SELECT id, code FROM official.posts"))
    assert [codes[int(one.rpartition(".")[2])] for one in done.inserted] == [f"M{1000 + number}" for number in range(1000)]


def test_a_feature_written_unusually_among_plain_ones_says_the_same(reviewer: Sender, stores: Store) -> None:
    plain = [post_element(f"M60{number}", place=point(LAT_LON), more="<xanh:note>như nhau</xanh:note>") for number in range(3)]
    unusual = post_element("M603", place=point(f"{LAT_LON} 3"), more="<xanh:note>\n như nhau \n</xanh:note>")
    done = reviewer.done(insert(plain[0]) + insert(unusual) + insert("".join(plain[1:])))
    assert len(set(done.inserted)) == 4
    rows = stores.rows("SELECT note, ST_AsEWKT(geom) FROM official.posts WHERE code LIKE 'M60_' ORDER BY code")
    assert len(rows) == 4
    assert len(set(rows)) == 1


def test_a_property_given_twice_is_refused_in_every_feature(reviewer: Sender) -> None:
    twice = post_element("M611", more="<xanh:note>a</xanh:note><xanh:note>b</xanh:note>")
    assert reviewer.refused(insert(post_element("M610")) + insert(twice))[1] == "note"
