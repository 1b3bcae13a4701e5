# SPDX-License-Identifier: MIT
"""Arithmetic and functions of filters as the filter tree."""

from __future__ import annotations

import pytest

from server.crs.definitions import WGS84
from server.crs.spelling import CrsReference, Spelling
from server.errors import InvalidParameter, LimitExceeded
from server.filter.calculations import CALCULATIONS
from server.filter.fes import read_fes
from server.filter.fes_functions import ARITHMETIC, FES_FUNCTIONS
from server.filter.fes_value import FesReading
from server.filter.tree import And, Calculation, Constant, Holds, Node, Property
from server.xmlio.parse import parse_xml

READING = FesReading("stations", CrsReference(WGS84, Spelling.URN), max_nodes=20, max_ids=3)


def read(inside: str) -> Node:
    return read_fes(parse_xml(f'<ogc:Filter xmlns:ogc="http://www.opengis.net/ogc">{inside}</ogc:Filter>'.encode(), 100_000, 64), READING)


def equal(left: str, right: str, more: str = "") -> str:
    return f"<ogc:PropertyIsEqualTo{more}>{left}{right}</ogc:PropertyIsEqualTo>"


WQI = "<ogc:PropertyName>wqi</ogc:PropertyName>"
TWO = "<ogc:Literal>2</ogc:Literal>"


@pytest.mark.parametrize(("element", "name"), list(ARITHMETIC.items()))
def test_arithmetic_is_a_calculation_of_two_operands(element: str, name: str) -> None:
    found = read(equal(f"<ogc:{element}>{WQI}{TWO}</ogc:{element}>", TWO))
    assert found == Holds(Calculation("=", (Calculation(name, (Property("wqi"), Constant("2"))), Constant("2"))))


@pytest.mark.parametrize("name", list(FES_FUNCTIONS))
def test_each_function_offered_is_one_the_tree_knows_with_that_many_arguments(name: str) -> None:
    function = FES_FUNCTIONS[name]
    shape = CALCULATIONS[function.name]
    assert shape.least <= len(function.arguments) <= shape.most
    found = read(equal(f'<ogc:Function name="{name}">{WQI * len(function.arguments)}</ogc:Function>', TWO))
    assert found == Holds(Calculation("=", (Calculation(function.name, (Property("wqi"),) * len(function.arguments)), Constant("2"))))


def test_without_regard_to_case_both_sides_become_small_letters() -> None:
    found = read(equal(f'<ogc:Function name="strTrim">{WQI}</ogc:Function>', TWO, ' matchCase="false"'))
    trimmed = Calculation("trim", (Property("wqi"),))
    assert found == Holds(Calculation("=", (Calculation("lower", (trimmed,)), Calculation("lower", (Constant("2"),)))))


def test_between_calculations_is_two_comparisons() -> None:
    bounds = f"<ogc:LowerBoundary>{TWO}</ogc:LowerBoundary><ogc:UpperBoundary>{WQI}</ogc:UpperBoundary>"
    found = read(f"<ogc:PropertyIsBetween><ogc:Add>{WQI}{TWO}</ogc:Add>{bounds}</ogc:PropertyIsBetween>")
    added = Calculation("add", (Property("wqi"), Constant("2")))
    assert found == And((Holds(Calculation(">=", (added, Constant("2")))), Holds(Calculation("<=", (added, Property("wqi"))))))


@pytest.mark.parametrize(
    "inside",
    [
        equal('<ogc:Function name="pg_sleep"><ogc:Literal>9</ogc:Literal></ogc:Function>', TWO),
        equal(f'<ogc:Function name="abs">{TWO}{TWO}</ogc:Function>', TWO),
        equal("<ogc:Function/>", TWO),
        equal(f"<ogc:Add>{WQI}</ogc:Add>", TWO),
    ],
)
def test_unknown_functions_and_wrong_numbers_of_arguments_are_refused(inside: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read(inside)
    assert caught.value.locator == "FILTER"


def test_nested_arithmetic_counts_against_the_ceiling() -> None:
    nested = WQI
    for _ in range(25):
        nested = f"<ogc:Add>{nested}{TWO}</ogc:Add>"
    with pytest.raises(LimitExceeded):
        read(equal(nested, TWO))
