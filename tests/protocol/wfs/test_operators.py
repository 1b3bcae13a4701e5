# SPDX-License-Identifier: MIT
"""Every operator, arithmetic and function of FES 2.0 and 1.1 finds by GET and by POST what SQL finds."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from server.filter.fes import COMPARISONS, SPATIAL
from server.filter.fes_functions import FES_FUNCTIONS
from server.filter.fes_time import TEMPORAL
from tests.protocol.wfs.conftest import NAMES, Truth, Wfs, Wfs20


def ref(name: str) -> str:
    return f"<fes:ValueReference>{name}</fes:ValueReference>"


def lit(text: str) -> str:
    return f"<fes:Literal>{text}</fes:Literal>"


def put(tag: str, *inside: str, **attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<fes:{tag}{written}>{''.join(inside)}</fes:{tag}>"


def call(name: str, *arguments: str) -> str:
    return put("Function", *arguments, name=name)


WKT = "POLYGON((105.5 10,106.2 10,106.2 10.5,105.5 10.5,105.5 10))"
RING = "10 105.5 10 106.2 10.5 106.2 10.5 105.5 10 105.5"
EXTERIOR = f"<gml:exterior><gml:LinearRing><gml:posList>{RING}</gml:posList></gml:LinearRing></gml:exterior>"
POLYGON = f'<gml:Polygon gml:id="p">{EXTERIOR}</gml:Polygon>'
CORNERS = "<gml:lowerCorner>105.5 10</gml:lowerCorner><gml:upperCorner>106.2 10.5</gml:upperCorner>"
ENVELOPE = f'<gml:Envelope srsName="EPSG:4326">{CORNERS}</gml:Envelope>'
NEVER = ("BegunBy", "EndedBy", "TContains", "TOverlaps", "OverlappedBy")  # an instant neither holds a period nor overlaps one
POINT = '<gml:Point gml:id="q"><gml:pos>10.3 105.9</gml:pos></gml:Point>'
INSTANT = '<gml:TimeInstant gml:id="t"><gml:timePosition>2021-06-01T00:00:00Z</gml:timePosition></gml:TimeInstant>'
PERIOD = (
    '<gml:TimePeriod gml:id="t"><gml:beginPosition>2020-01-01T00:00:00Z</gml:beginPosition>'
    "<gml:endPosition>2022-01-01T00:00:00Z</gml:endPosition></gml:TimePeriod>"
)
SHAPE = f"ST_GeomFromText('{WKT}', 4326)"
FAR = "ST_DWithin(geom::geography, ST_MakePoint(105.9, 10.3)::geography, 30000)"
SIGNS = {"EqualTo": "=", "NotEqualTo": "<>", "LessThan": "<", "GreaterThan": ">", "LessThanOrEqualTo": "<=", "GreaterThanOrEqualTo": ">="}
BETWEEN = put("LowerBoundary", lit("30")) + put("UpperBoundary", lit("50"))
Case = tuple[str, str, str]
SCALAR: list[Case] = [
    *(("stations", put(f"PropertyIs{name}", ref("wqi"), lit("40")), f"wqi {sign} 40") for name, sign in SIGNS.items()),
    ("stations", put("PropertyIsEqualTo", ref("kind"), lit("PERIODIC"), matchCase="false"), "lower(kind) = 'periodic'"),
    ("stations", put("PropertyIsEqualTo", ref("name"), lit("TRẠM NƯỚC"), matchCase="false"), "lower(name) = 'trạm nước'"),
    ("stations", put("PropertyIsLike", ref("name"), lit("*Kênh*"), wildCard="*", singleChar="#", escapeChar="!"), "name LIKE '%Kênh%'"),
    (
        "stations",
        put("PropertyIsLike", ref("name"), lit("*KÊNH#*"), wildCard="*", singleChar="#", escapeChar="!", matchCase="false"),
        "name ILIKE '%kênh_%'",
    ),
    ("stations", put("PropertyIsNull", ref("tss")), "tss IS NULL"),
    ("stations", put("PropertyIsNull", ref("geom")), "geom IS NULL"),
    ("stations", put("PropertyIsBetween", ref("wqi"), BETWEEN), "wqi BETWEEN 30 AND 50"),
    ("stations", put("Not", put("PropertyIsEqualTo", ref("kind"), lit("auto"))), "NOT kind = 'auto'"),
    (
        "stations",
        put("And", put("PropertyIsEqualTo", ref("kind"), lit("periodic")), put("PropertyIsLessThan", ref("wqi"), lit("40"))),
        "kind = 'periodic' AND wqi < 40",
    ),
    (
        "stations",
        put("Or", put("PropertyIsGreaterThan", ref("wqi"), lit("60")), put("PropertyIsLessThan", ref("wqi"), lit("40"))),
        "wqi > 60 OR wqi < 40",
    ),
]
ID = ref("xanh:stations/@gml:id")
PATHS: list[Case] = [
    ("stations", put("PropertyIsEqualTo", ref("@gml:id"), lit("stations.12")), "id = 12"),
    ("stations", put("PropertyIsEqualTo", lit("STATIONS.12"), ID, matchCase="false"), "id = 12"),
    ("stations", put("PropertyIsNotEqualTo", ID, lit("stations.12")), "id <> 12"),
    ("stations", put("PropertyIsEqualTo", ID, lit("places.12")), "FALSE"),
    ("stations", put("PropertyIsLike", ID, lit("stations.1*"), wildCard="*", singleChar="#", escapeChar="!"), "id::text LIKE '1%'"),
    ("stations", put("PropertyIsNull", ref("@gml:id")), "FALSE"),
    ("stations", put("PropertyIsGreaterThan", ref("./xanh:wqi[1]"), lit("40")), "wqi > 40"),
]
RELATIONS = [name for name in SPATIAL if name not in ("DWithin", "Beyond", "Disjoint")]
SPACE: list[Case] = [
    ("stations", put("BBOX", ref("geom"), ENVELOPE), f"ST_Intersects(geom, {SHAPE})"),
    *((layer, put(name, ref("geom"), POLYGON), f"ST_{name}(geom, {SHAPE})") for layer in ("stations", "communes") for name in RELATIONS),
    ("stations", put("Disjoint", ref("geom"), POLYGON), f"NOT ST_Intersects(geom, {SHAPE})"),
    ("stations", put("DWithin", ref("geom"), POINT, put("Distance", "30", uom="km")), FAR),
    ("stations", put("DWithin", ref("geom"), POINT, put("Distance", "30000", uom="m")), FAR),
    ("stations", put("Beyond", ref("geom"), POINT, put("Distance", "30", uom="km")), f"NOT {FAR}"),
]
MOMENT = "timestamptz '2021-06-01Z'"
BEGIN, END = "timestamptz '2020-01-01Z'", "timestamptz '2022-01-01Z'"
TIME: list[Case] = [
    ("stations", put("After", ref("sampled_at"), INSTANT), f"sampled_at > {MOMENT}"),
    ("stations", put("Before", ref("sampled_at"), INSTANT), f"sampled_at < {MOMENT}"),
    ("stations", put("TEquals", ref("sampled_at"), INSTANT), f"sampled_at = {MOMENT}"),
    ("stations", put("Meets", ref("sampled_at"), INSTANT), f"sampled_at = {MOMENT}"),
    ("stations", put("MetBy", ref("sampled_at"), INSTANT), f"sampled_at = {MOMENT}"),
    ("stations", put("During", ref("sampled_at"), PERIOD), f"sampled_at > {BEGIN} AND sampled_at < {END}"),
    ("stations", put("AnyInteracts", ref("sampled_at"), PERIOD), f"sampled_at BETWEEN {BEGIN} AND {END}"),
    ("stations", put("Begins", ref("sampled_at"), PERIOD), f"sampled_at = {BEGIN} AND sampled_at < {END}"),
    ("stations", put("Ends", ref("sampled_at"), PERIOD), f"sampled_at = {END} AND sampled_at > {BEGIN}"),
    *(("stations", put(name, ref("sampled_at"), PERIOD), "FALSE") for name in NEVER),
]
WQI = ref("wqi")
TRIMMED = call("strTrim", ref("kind"))
FUNCTIONS: dict[str, tuple[str, str, str, str]] = {
    "abs": ("stations", call("abs", WQI), "40", "abs(wqi) > 40"),
    "area": ("communes", call("area", ref("geom")), "50000000", "ST_Area(geom::geography) > 50000000"),
    "ceil": ("stations", call("ceil", WQI), "40", "ceil(wqi) > 40"),
    "day": ("stations", call("day", ref("sampled_at")), "10", "extract(day FROM sampled_at AT TIME ZONE 'UTC') > 10"),
    "floor": ("stations", call("floor", WQI), "40", "floor(wqi) > 40"),
    "geomLength": ("rivers", call("geomLength", ref("geom")), "20000", "ST_Length(geom::geography) > 20000"),
    "max": ("stations", call("max", WQI, lit("39")), "40", "greatest(wqi, 39) > 40"),
    "min": ("stations", call("min", WQI, lit("45")), "40", "least(wqi, 45) > 40"),
    "month": ("stations", call("month", ref("sampled_at")), "6", "extract(month FROM sampled_at AT TIME ZONE 'UTC') > 6"),
    "numPoints": ("communes", call("numPoints", ref("geom")), "100", "ST_NPoints(geom) > 100"),
    "round": ("stations", call("round", WQI), "40", "round(wqi) > 40"),
    "sqrt": ("stations", call("sqrt", WQI), "6.5", "sqrt(wqi) > 6.5"),
    "strConcat": ("stations", call("strLength", call("strConcat", ref("name"), ref("code"))), "40", "length(concat(name, code)) > 40"),
    "strFold": ("stations", call("strLength", call("strFold", ref("name"))), "30", "length(xanh.fold(name)) > 30"),
    "strLength": ("stations", call("strLength", ref("name")), "30", "length(name) > 30"),
    "strReplace": (
        "stations",
        call("strLength", call("strReplace", ref("name"), lit("n"), lit("nn"))),
        "35",
        "length(replace(name, 'n', 'nn')) > 35",
    ),
    "strSubstring": ("stations", call("strSubstring", ref("kind"), lit("0"), lit("1")), "m", "substr(kind, 1, 1) > 'm'"),
    "strToLowerCase": ("stations", call("strToLowerCase", ref("code")), "m", "lower(code) > 'm'"),
    "strToUpperCase": ("stations", call("strToUpperCase", ref("code")), "M", "upper(code) > 'M'"),
    "strTrim": ("stations", TRIMMED, "m", "btrim(kind) > 'm'"),
    "year": ("stations", call("year", ref("sampled_at")), "2021", "extract(year FROM sampled_at AT TIME ZONE 'UTC') > 2021"),
}
CALLS: list[Case] = [
    (layer, put("PropertyIsGreaterThan", inside, lit(value)), condition) for layer, inside, value, condition in FUNCTIONS.values()
]
ARITHMETIC: list[Case] = [
    ("stations", put("PropertyIsGreaterThan", put(name, ref("wqi"), lit("2")), lit("70")), f"wqi {sign} 2 > 70")
    for name, sign in {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}.items()
]


def as_old(inside: str) -> str:
    """The filter in the words of FES 1.1 and GML 3.1.1."""
    for new, old in (("ValueReference", "PropertyName"), ("fes:", "ogc:"), (" uom=", " units="), (' gml:id="p"', ""), (' gml:id="q"', "")):
        inside = inside.replace(new, old)
    return inside


@pytest.mark.parametrize(("layer", "inside", "condition"), [*SCALAR, *PATHS, *SPACE, *TIME, *CALLS])
def test_an_operator_of_2_0_finds_what_sql_finds(wfs20: Wfs20, truth: Truth, layer: str, inside: str, condition: str) -> None:
    text = f'<fes:Filter xmlns:fes="{NAMES["fes"]}" xmlns:gml="{NAMES["gml2"]}">{inside}</fes:Filter>'
    got = wfs20.get(REQUEST="GetFeature", TYPENAMES=layer, FILTER=text, PROPERTYNAME="name")
    posted = wfs20.post("GetFeature", f'<wfs:Query typeNames="{layer}"><wfs:PropertyName>name</wfs:PropertyName>{text}</wfs:Query>')
    for answer in (got, posted):
        assert answer.status_code == 200, answer.text
        root = ElementTree.fromstring(answer.data)
        assert (root.attrib["numberMatched"], len(root)) == (str(truth.count(layer, condition)), truth.count(layer, condition))


@pytest.mark.parametrize(("layer", "inside", "condition"), [*SCALAR, *PATHS, *SPACE, *CALLS, *ARITHMETIC])
def test_an_operator_of_1_1_finds_what_sql_finds(wfs: Wfs, truth: Truth, layer: str, inside: str, condition: str) -> None:
    text = f'<ogc:Filter xmlns:ogc="{NAMES["ogc"]}" xmlns:gml="{NAMES["gml"]}">{as_old(inside)}</ogc:Filter>'
    expected = truth.count(layer, condition)
    assert wfs.hits(TYPENAME=layer, FILTER=text) == expected
    posted = wfs.post("GetFeature", f'<wfs:Query typeName="{layer}">{text}</wfs:Query>', resultType="hits")
    assert ElementTree.fromstring(posted.data).attrib["numberOfFeatures"] == str(expected)


def test_nothing_the_capabilities_name_is_left_out() -> None:
    tried = {name for _, inside, _ in (*SCALAR, *SPACE, *TIME, *CALLS) for name in re.findall(r"<fes:(\w+)", inside)}
    assert set(COMPARISONS) | set(SPATIAL) | set(TEMPORAL) <= tried
    assert {"And", "Or", "Not", "BBOX", "PropertyIsLike", "PropertyIsNull", "PropertyIsBetween"} <= tried
    assert set(FUNCTIONS) == set(FES_FUNCTIONS)


def test_most_conditions_are_told_apart_from_all_and_none(truth: Truth) -> None:
    for layer, inside, condition in (*SCALAR[:6], *CALLS):
        assert 0 < truth.count(layer, condition) < truth.count(layer), inside
