# SPDX-License-Identifier: MIT
"""Filter Encoding 1.1 as the filter tree: comparison, logic and ids."""

from __future__ import annotations

import pytest

from server.crs.definitions import WGS84
from server.crs.spelling import CrsReference, Spelling
from server.errors import InvalidParameter, LimitExceeded, XanhError
from server.filter.fes import read_fes
from server.filter.fes_value import FesReading
from server.filter.tree import And, Between, Comparison, Constant, Ids, IsNull, Like, Node, Not, Or, Property
from server.xmlio.parse import parse_xml

READING = FesReading("stations", CrsReference(WGS84, Spelling.URN), max_nodes=20, max_ids=3)
NAME = "<ogc:PropertyName>xanh:name</ogc:PropertyName>"


def read(inside: str) -> Node:
    text = f'<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml">{inside}</ogc:Filter>'
    return read_fes(parse_xml(text.encode(), 100_000, 64), READING)


def literal(text: str) -> str:
    return f"<ogc:Literal>{text}</ogc:Literal>"


@pytest.mark.parametrize(
    ("element", "operator"),
    [
        ("PropertyIsEqualTo", "="),
        ("PropertyIsNotEqualTo", "<>"),
        ("PropertyIsLessThan", "<"),
        ("PropertyIsGreaterThan", ">"),
        ("PropertyIsLessThanOrEqualTo", "<="),
        ("PropertyIsGreaterThanOrEqualTo", ">="),
    ],
)
def test_each_comparison_keeps_its_operator_and_the_text_of_the_value(element: str, operator: str) -> None:
    found = read(f"<ogc:{element}>{NAME}{literal(' 5 ')}</ogc:{element}>")
    assert found == Comparison(operator, Property("name"), Constant(" 5 "))  # type: ignore[arg-type]


def test_match_case_is_read_from_the_attribute() -> None:
    found = read(f'<ogc:PropertyIsEqualTo matchCase="false">{NAME}{literal("a")}</ogc:PropertyIsEqualTo>')
    assert isinstance(found, Comparison)
    assert found.match_case is False


@pytest.mark.parametrize(
    "spelling", ["name", "xanh:name", "any:name", "stations/name", "xanh:stations/xanh:name", "/xanh:stations/name", "./name"]
)
def test_a_property_name_loses_prefix_and_type(spelling: str) -> None:
    found = read(f"<ogc:PropertyIsNull><ogc:PropertyName>{spelling}</ogc:PropertyName></ogc:PropertyIsNull>")
    assert found == IsNull(Property("name"))


@pytest.mark.parametrize(
    "spelling", ["", "a/b/name", "places/name", "name[2]", "places/@gml:id", "@uom", "name; DROP TABLE x", "n" * 300, "//*"]
)
def test_a_property_name_that_is_no_single_field_is_refused(spelling: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read(f"<ogc:PropertyIsNull><ogc:PropertyName>{spelling}</ogc:PropertyName></ogc:PropertyIsNull>")
    assert caught.value.locator == "FILTER"


def test_between_reads_both_boundaries() -> None:
    found = read(
        f"<ogc:PropertyIsBetween>{NAME}<ogc:LowerBoundary>{literal('1')}</ogc:LowerBoundary>"
        f"<ogc:UpperBoundary>{literal('9')}</ogc:UpperBoundary></ogc:PropertyIsBetween>"
    )
    assert found == Between(Property("name"), Constant("1"), Constant("9"))


@pytest.mark.parametrize(
    ("marks", "pattern", "expected"),
    [
        ('wildCard="*" singleChar="." escapeChar="!"', "G*.!*!!", "G%_*!"),
        ('wildCard="%" singleChar="_" escapeChar="\\"', r"a%b_c\%", r"a%b_c\%"),
        ('wildCard="*" singleChar="?" escapeChar="!"', "50%_", r"50\%\_"),
        ('wildCard="*" singleChar="?" escape="!"', "tail!", "tail!"),
        ('wildCard="*" singleChar="?" escapeChar="\\"', "tail\\", "tail\\\\"),
    ],
)
def test_wildcards_of_the_client_become_ours_and_lookalikes_are_escaped(marks: str, pattern: str, expected: str) -> None:
    assert read(f"<ogc:PropertyIsLike {marks}>{NAME}{literal(pattern)}</ogc:PropertyIsLike>") == Like(Property("name"), expected)


def test_logic_nests() -> None:
    null = f"<ogc:PropertyIsNull>{NAME}</ogc:PropertyIsNull>"
    leaf = IsNull(Property("name"))
    assert read(f"<ogc:And>{null}<ogc:Or>{null}<ogc:Not>{null}</ogc:Not></ogc:Or></ogc:And>") == And((leaf, Or((leaf, Not(leaf)))))


def test_feature_ids_of_the_type_become_numbers_and_others_match_nothing() -> None:
    assert read('<ogc:FeatureId fid="stations.7"/><ogc:GmlObjectId gml:id="xanh:stations.8"/>') == Ids((7, 8))
    assert read('<ogc:FeatureId fid="places.7"/><ogc:FeatureId fid="stations.x"/>') == Ids(())


def test_more_ids_than_the_ceiling_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        read('<ogc:FeatureId fid="stations.1"/>' * 4)


def test_more_conditions_than_the_ceiling_are_refused() -> None:
    with pytest.raises(LimitExceeded):
        read("<ogc:And>" + f"<ogc:PropertyIsNull>{NAME}</ogc:PropertyIsNull>" * 20 + "</ogc:And>")


def test_the_first_value_of_a_property_is_the_property() -> None:
    plain, first = (read(f"<ogc:PropertyIsNull>{name}</ogc:PropertyIsNull>") for name in (NAME, NAME.replace("name<", "name[1]<")))
    assert first == plain


def test_a_literal_that_is_no_text_cannot_be_compared() -> None:
    with pytest.raises(XanhError) as caught:
        read(f"<ogc:PropertyIsEqualTo>{NAME}<ogc:Literal><b/></ogc:Literal></ogc:PropertyIsEqualTo>")
    assert caught.value.code == "OperationProcessingFailed"


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<ogc:And/>",
        "<ogc:Not/>",
        "<ogc:Unknown/>",
        f"<ogc:PropertyIsNull>{NAME}</ogc:PropertyIsNull>" * 2,
        f"<ogc:PropertyIsNull>{NAME}</ogc:PropertyIsNull><ogc:FeatureId fid='stations.1'/>",
        f"<ogc:PropertyIsEqualTo>{NAME}</ogc:PropertyIsEqualTo>",
        f"<ogc:PropertyIsLike>{NAME}</ogc:PropertyIsLike>",
        f'<ogc:PropertyIsLike wildCard="*" singleChar="*" escapeChar="!">{NAME}{literal("a")}</ogc:PropertyIsLike>',
        f'<ogc:PropertyIsLike wildCard="**">{NAME}{literal("a")}</ogc:PropertyIsLike>',
        f"<ogc:PropertyIsBetween>{NAME}</ogc:PropertyIsBetween>",
        f"<ogc:PropertyIsBetween>{NAME}<ogc:LowerBoundary/><ogc:UpperBoundary/></ogc:PropertyIsBetween>",
        "<ogc:PropertyIsNull/>",
    ],
)
def test_what_the_standard_does_not_allow_is_refused_as_a_bad_value(inside: str) -> None:
    with pytest.raises(XanhError) as caught:
        read(inside)
    assert caught.value.code == "InvalidParameterValue"


def test_the_root_must_be_a_filter() -> None:
    with pytest.raises(InvalidParameter):
        read_fes(parse_xml(b"<And/>", 1000, 10), READING)


@pytest.mark.parametrize("spelling", ["@gml:id", "@fid", "stations/@gml:id", "/xanh:stations/@g:id", "./@gml:id"])
def test_the_id_is_an_attribute_found_by_its_index(spelling: str) -> None:
    inside = f"<ogc:PropertyName>{spelling}</ogc:PropertyName>{literal('stations.7')}"
    assert read(f"<ogc:PropertyIsEqualTo>{inside}</ogc:PropertyIsEqualTo>") == Ids((7,))
    assert read(f"<ogc:PropertyIsEqualTo>{inside.replace('stations.7', 'places.7')}</ogc:PropertyIsEqualTo>") == Ids(())
