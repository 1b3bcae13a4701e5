# SPDX-License-Identifier: MIT
"""FES 1.1 filters in GetFeature find what SQL finds."""

from __future__ import annotations

import pytest

from tests.protocol.wfs.conftest import NAMES, Truth, Wfs, read_exception


def wrap(inside: str) -> str:
    return f'<ogc:Filter xmlns:ogc="{NAMES["ogc"]}" xmlns:gml="{NAMES["gml"]}">{inside}</ogc:Filter>'


def compare(operator: str, name: str, value: str, more: str = "") -> str:
    parts = f"<ogc:PropertyName>{name}</ogc:PropertyName><ogc:Literal>{value}</ogc:Literal>"
    return f"<ogc:{operator}{more}>{parts}</ogc:{operator}>"


LIKE = ' wildCard="*" singleChar="." escapeChar="!"'
POLYGON = (
    '<gml:Polygon srsName="EPSG:4326"><gml:exterior><gml:LinearRing>'
    "<gml:posList>105 10 106 10 106 11 105 10</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
)


@pytest.mark.parametrize(
    ("inside", "condition"),
    [
        (compare("PropertyIsEqualTo", "kind", "periodic"), "kind = 'periodic'"),
        (compare("PropertyIsNotEqualTo", "kind", "periodic"), "kind <> 'periodic'"),
        (compare("PropertyIsLessThan", "wqi", "40"), "wqi < 40"),
        (compare("PropertyIsGreaterThanOrEqualTo", "wqi", "40"), "wqi >= 40"),
        (compare("PropertyIsGreaterThan", "sampled_at", "2021-06-01"), "sampled_at > '2021-06-01'"),
        (compare("PropertyIsLike", "name", "*kênh*", LIKE), "name LIKE '%kênh%'"),
        (compare("PropertyIsEqualTo", "kind", "PERIODIC", ' matchCase="false"'), "lower(kind) = 'periodic'"),
        (compare("PropertyIsEqualTo", "illustrative", "true"), "illustrative"),
        ("<ogc:PropertyIsNull><ogc:PropertyName>tss</ogc:PropertyName></ogc:PropertyIsNull>", "tss IS NULL"),
        (
            "<ogc:PropertyIsBetween><ogc:PropertyName>wqi</ogc:PropertyName><ogc:LowerBoundary><ogc:Literal>30</ogc:Literal></ogc:LowerBoundary>"
            "<ogc:UpperBoundary><ogc:Literal>50</ogc:Literal></ogc:UpperBoundary></ogc:PropertyIsBetween>",
            "wqi BETWEEN 30 AND 50",
        ),
        (f"<ogc:Not>{compare('PropertyIsEqualTo', 'kind', 'periodic')}</ogc:Not>", "NOT kind = 'periodic'"),
        (
            f"<ogc:Or>{compare('PropertyIsLessThan', 'wqi', '30')}{compare('PropertyIsGreaterThan', 'wqi', '60')}</ogc:Or>",
            "wqi < 30 OR wqi > 60",
        ),
        (
            f"<ogc:Intersects><ogc:PropertyName>geom</ogc:PropertyName>{POLYGON}</ogc:Intersects>",
            "ST_Intersects(geom, ST_GeomFromText('POLYGON((105 10,106 10,106 11,105 10))', 4326))",
        ),
        (
            "<ogc:DWithin><ogc:PropertyName>geom</ogc:PropertyName><gml:Point><gml:pos>10.3 105.9</gml:pos></gml:Point>"
            '<ogc:Distance units="km">30</ogc:Distance></ogc:DWithin>',
            "ST_DWithin(geom::geography, ST_MakePoint(105.9, 10.3)::geography, 30000)",
        ),
    ],
)
def test_a_filter_finds_what_sql_finds(wfs: Wfs, truth: Truth, inside: str, condition: str) -> None:
    expected = truth.count("stations", condition)
    assert 0 < expected < truth.count("stations")
    assert wfs.hits(TYPENAME="stations", FILTER=wrap(inside)) == expected
    assert len(wfs.features(TYPENAME="stations", FILTER=wrap(inside))) == expected


@pytest.mark.parametrize(
    ("inside", "locator"),
    [
        (compare("PropertyIsEqualTo", "nothing", "1"), "nothing"),
        (compare("PropertyIsEqualTo", "contact", "1"), "contact"),
        (compare("PropertyIsEqualTo", "wqi", "much"), "wqi"),
        (compare("PropertyIsEqualTo", "sampled_at", "yesterday"), "sampled_at"),
        (compare("PropertyIsEqualTo", "wqi", "1; DROP TABLE published.stations"), "wqi"),
        ("<ogc:Nonsense/>", "FILTER"),
    ],
)
def test_filters_that_do_not_fit_the_layer_are_refused_also_when_only_counting(wfs: Wfs, inside: str, locator: str) -> None:
    for kind in ("results", "hits"):
        answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", FILTER=wrap(inside), RESULTTYPE=kind)
        assert read_exception(answer) == (400, "InvalidParameterValue", locator)


def test_a_filter_that_does_not_fit_the_second_type_is_refused_before_anything_is_sent(wfs: Wfs) -> None:
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations,places", FILTER=wrap(compare("PropertyIsGreaterThan", "wqi", "1")))
    assert read_exception(answer) == (400, "InvalidParameterValue", "wqi")


def test_box_filter_and_ids_exclude_each_other(wfs: Wfs) -> None:
    answer = wfs.get(REQUEST="GetFeature", TYPENAME="stations", BBOX="1,1,2,2", FILTER=wrap("<ogc:And/>"))
    assert read_exception(answer) == (400, "InvalidParameterValue", "FILTER")
