# SPDX-License-Identifier: MIT
"""Styles that come with the request: as SLD_BODY, in a form, in an XML GetMap; all spellings give one picture, and every bomb a 4xx."""

from __future__ import annotations

import time

import pytest
from werkzeug.test import TestResponse

from tests.protocol.wms.conftest import Wms, read_exception

_HEAD = '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" '
_HEAD += 'xmlns:xlink="http://www.w3.org/1999/xlink">'
_BOX = (11740000.0, 1145000.0, 11860000.0, 1215000.0)
INVALID, UNSUPPORTED = "InvalidParameterValue", "OperationNotSupported"


_GML = "http://www.opengis.net/gml"


def mark(colour: str, size: str = "14", extra: str = "") -> str:
    """A rule that draws squares."""
    return (
        f"<Rule>{extra}<PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName><Fill>"
        f'<CssParameter name="fill">{colour}</CssParameter></Fill></Mark><Size>{size}</Size></Graphic></PointSymbolizer></Rule>'
    )


def equals(field: str, value: str) -> str:
    """A filter."""
    return (
        f"<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>{field}</ogc:PropertyName><ogc:Literal>{value}</ogc:Literal>"
        "</ogc:PropertyIsEqualTo></ogc:Filter>"
    )


def user_style(*rules: str, name: str = "mine") -> str:
    """A UserStyle of one pass."""
    return f"<UserStyle><Name>{name}</Name><FeatureTypeStyle>{''.join(rules)}</FeatureTypeStyle></UserStyle>"


def sld(*styles: str, layer: str = "stations", before: str = "") -> str:
    """A document about one layer."""
    return f"{_HEAD}<NamedLayer><Name>{layer}</Name>{before}{''.join(styles)}</NamedLayer></StyledLayerDescriptor>"


def get_map(sld_text: str, box: str, output: str = "", version: str = "1.1.1") -> str:
    """An XML GetMap of 300 times 175 pixels."""
    inner = sld_text.partition("?>")[2] or sld_text
    return (
        f'<?xml version="1.0"?><ogc:GetMap xmlns:ogc="http://www.opengis.net/ows" xmlns:gml="http://www.opengis.net/gml" '
        f'xmlns:ows="http://www.opengis.net/ows" version="{version}" service="WMS">{inner}{box}<Output><Format>image/png</Format>'
        f"<Size><Width>300</Width><Height>175</Height></Size>{output}</Output></ogc:GetMap>"
    )


GML_BOX = (
    '<BoundingBox srsName="http://www.opengis.net/gml/srs/epsg.xml#3857"><gml:coord><gml:X>11740000</gml:X><gml:Y>1145000</gml:Y>'
    "</gml:coord><gml:coord><gml:X>11860000</gml:X><gml:Y>1215000</gml:Y></gml:coord></BoundingBox>"
)
OWS_BOX = (
    '<CRS>EPSG:3857</CRS><BoundingBox crs="EPSG:3857"><ows:LowerCorner>11740000 1145000</ows:LowerCorner>'
    "<ows:UpperCorner>11860000 1215000</ows:UpperCorner></BoundingBox>"
)


def post(wms: Wms, document: str) -> TestResponse:
    """An XML request."""
    return wms.client.post("/wms", data=document.encode(), content_type="text/xml")


def has_colour(wms: Wms, colour: int, **parameters: str | int) -> bool:
    """Whether any pixel of the map is exactly that colour (0xBBGGRR, as the engine counts)."""
    image = wms.picture(**parameters)
    return any(image.get_pixel(x, y) & 0xFFFFFF == colour for y in range(image.height()) for x in range(image.width()))


RED, GREEN = "#ff0011", "#11ff00"
RED_PIXEL, GREEN_PIXEL = 0x1100FF, 0x00FF11


def test_a_style_of_the_request_is_drawn_instead_of_ours(wms: Wms) -> None:
    body = sld(user_style(mark(RED)))
    assert has_colour(wms, RED_PIXEL, SLD_BODY=body, LAYERS="-", STYLES="-")
    assert not has_colour(wms, RED_PIXEL)


def test_get_form_and_xml_in_both_versions_give_one_picture(wms: Wms) -> None:
    body = sld(user_style(mark(RED)))
    picture = wms.map(SLD_BODY=body, LAYERS="-", STYLES="-").data
    form = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "SLD_BODY": body, "CRS": "EPSG:3857", "FORMAT": "image/png"}
    form |= {"BBOX": "11740000,1145000,11860000,1215000", "WIDTH": "300", "HEIGHT": "175"}
    assert wms.client.post("/wms", data=form).data == picture
    assert post(wms, get_map(body, GML_BOX)).data == picture
    assert post(wms, get_map(body, OWS_BOX, version="1.3.0")).data == picture


def test_xml_names_our_styles_too_and_says_what_key_values_say(wms: Wms) -> None:
    body = sld("<NamedStyle><Name>stations</Name></NamedStyle>")
    assert post(wms, get_map(body, GML_BOX)).data == wms.map(STYLES="stations").data
    clear = post(wms, get_map(body, GML_BOX, output="<Transparent>true</Transparent>")).data
    assert clear == wms.map(STYLES="stations", TRANSPARENT="TRUE").data
    blue = post(wms, get_map(body, GML_BOX, output="<BGcolor>0xCFE4EE</BGcolor>")).data
    assert blue == wms.map(STYLES="stations", BGCOLOR="0xCFE4EE").data


def test_corners_of_degrees_follow_each_version(wms: Wms) -> None:
    body = sld("<NamedStyle><Name>stations</Name></NamedStyle>")
    box = '<BoundingBox srsName="EPSG:4326"><gml:coordinates>105.4,10.2 106.6,10.9</gml:coordinates></BoundingBox>'
    expected = wms.map(VERSION="1.1.1", CRS="-", SRS="EPSG:4326", STYLES="stations", BBOX="105.4,10.2,106.6,10.9").data
    assert post(wms, get_map(body, box)).data == expected
    new = '<CRS>EPSG:4326</CRS><BoundingBox crs="EPSG:4326"><ows:LowerCorner>10.2 105.4</ows:LowerCorner>'
    new += "<ows:UpperCorner>10.9 106.6</ows:UpperCorner></BoundingBox>"
    assert post(wms, get_map(body, new, version="1.3.0")).data == expected


def test_with_layers_the_document_is_a_library_of_styles(wms: Wms) -> None:
    body = sld(user_style(mark(RED), name="red"), user_style(mark(GREEN), name="green"))
    assert has_colour(wms, GREEN_PIXEL, SLD_BODY=body, STYLES="green")
    assert has_colour(wms, RED_PIXEL, SLD_BODY=body, STYLES="")
    assert not has_colour(wms, RED_PIXEL, SLD_BODY=body, STYLES="stations")
    assert not has_colour(wms, RED_PIXEL, SLD_BODY=body, LAYERS="communes")


def test_filters_and_constraints_of_the_document_hold(wms: Wms) -> None:
    none = sld(user_style(mark(RED, extra=equals("kind", "there is no such kind"))))
    assert not has_colour(wms, RED_PIXEL, SLD_BODY=none)
    constraint = (
        f"<LayerFeatureConstraints><FeatureTypeConstraint>{equals('kind', 'none')}</FeatureTypeConstraint></LayerFeatureConstraints>"
    )
    assert not has_colour(wms, RED_PIXEL, SLD_BODY=sld(user_style(mark(RED)), before=constraint))


def test_what_is_not_drawn_as_written_is_said_in_the_header(wms: Wms) -> None:
    rule = mark(RED).replace("<Size>", "<Gleam>1</Gleam><Size>")
    answer = wms.map(SLD_BODY=sld(user_style(rule)))
    assert answer.status_code == 200
    assert any(warning.startswith("199") and "Gleam" in warning for warning in answer.headers.getlist("Warning"))


def test_a_style_has_its_own_etag(wms: Wms) -> None:
    one, other = (wms.map(SLD_BODY=sld(user_style(mark(colour)))).headers["ETag"] for colour in (RED, GREEN))
    assert one != other


def _bombs() -> dict[str, tuple[str, str]]:
    deep = "<ogc:Not>" * 300 + "<ogc:PropertyIsNull><ogc:PropertyName>kind</ogc:PropertyName></ogc:PropertyIsNull>" + "</ogc:Not>" * 300
    many = "<ogc:Or>" + "<ogc:PropertyIsNull><ogc:PropertyName>kind</ogc:PropertyName></ogc:PropertyIsNull>" * 600 + "</ogc:Or>"
    dash = '<Rule><LineSymbolizer><Stroke><CssParameter name="stroke-dasharray">0.00001 0.00001</CssParameter></Stroke>'
    dash += "</LineSymbolizer></Rule>"
    remote = '<Rule><PointSymbolizer><Graphic><ExternalGraphic><OnlineResource xlink:href="{}"/><Format>image/png</Format>'
    remote += "</ExternalGraphic></Graphic></PointSymbolizer></Rule>"
    addresses = ("http://127.0.0.1:1/x.png", "file:///etc/passwd", "//host/x.svg", "assets/../../secrets.yml", "data:image/png;base64,AA")
    user_layer = f"{_HEAD}<UserLayer><RemoteOWS><Service>WFS</Service></RemoteOWS></UserLayer></StyledLayerDescriptor>"
    return {
        "10 000 rules": (sld(user_style("<Rule/>" * 10_000)), INVALID),
        "10 000 rules that draw": (sld(user_style(mark(RED, extra=equals("kind", "auto")) * 10_000)), INVALID),
        "a megabyte": (sld(user_style(mark(RED), f"<Abstract>{'x' * 1_000_000}</Abstract>")), INVALID),
        "entities": (f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{sld(user_style(mark(RED)))}', INVALID),
        "a deep filter": (sld(user_style(mark(RED, extra=f"<ogc:Filter>{deep}</ogc:Filter>"))), INVALID),
        "a wide filter": (sld(user_style(mark(RED, extra=f"<ogc:Filter>{many}</ogc:Filter>"))), INVALID),
        "an unknown field": (sld(user_style(mark(RED, extra=equals("password", "x")))), INVALID),
        "a private field": (sld(user_style(mark(RED, extra=equals("note", "x")))), INVALID),
        "a number that is none": (sld(user_style(mark(RED, extra=equals("id", "x'; drop table x")))), INVALID),
        "a giant symbol": (sld(user_style(mark(RED, size="100000"))), INVALID),
        "an endless symbol": (sld(user_style(mark(RED, size="1e999"))), INVALID),
        "a picture that is not there": (sld(user_style(remote.format("assets/nothing.svg"))), INVALID),
        "a billion dashes": (sld(user_style(dash)), INVALID),
        "nothing to draw": (sld(user_style("<Rule/>")), INVALID),
        "a namespace that is none": (sld(user_style(mark(RED))).replace("http://www.w3.org", "htwww.w3.org"), INVALID),
        "no style sheet": ("<a/>", INVALID),
        "no XML": ("<StyledLayerDescriptor>", INVALID),
        "data of its own": (user_layer, UNSUPPORTED),
        **{address: (sld(user_style(remote.format(address))), UNSUPPORTED) for address in addresses},
    }


@pytest.mark.parametrize("name", list(_bombs()))
@pytest.mark.parametrize("spelling", ["form", "xml"])
def test_a_bomb_is_refused_at_once(wms: Wms, name: str, spelling: str) -> None:
    body, code = _bombs()[name]
    if spelling == "xml" and name in ("no style sheet", "no XML", "entities"):
        body = f"<!DOCTYPE a []>{body}"
        answer = post(wms, body)
    elif spelling == "xml":
        answer = post(wms, get_map(body, GML_BOX))
    else:
        form = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "SLD_BODY": body, "CRS": "EPSG:3857", "FORMAT": "image/png"}
        form |= {"BBOX": "11740000,1145000,11860000,1215000", "WIDTH": "300", "HEIGHT": "175"}
        started = time.monotonic()
        answer = wms.client.post("/wms", data=form)
        assert time.monotonic() - started < 3
    assert 400 <= answer.status_code < 500, name
    assert read_exception(answer)[0] == code
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("document", "code", "locator"),
    [
        ("<GetFeatureInfo/>", UNSUPPORTED, "REQUEST"),
        (get_map("", GML_BOX), "MissingParameterValue", "StyledLayerDescriptor"),
        (get_map(sld(), ""), "MissingParameterValue", "BoundingBox"),
        (get_map(sld(), '<BoundingBox srsName="EPSG:3857"/>'), INVALID, "BoundingBox"),
        (get_map(sld(), GML_BOX.replace("3857", "99999")), "InvalidSRS", None),
        (get_map(sld(layer="nowhere"), GML_BOX), "LayerNotDefined", None),
        (get_map(sld("<NamedStyle><Name>nothing</Name></NamedStyle>"), GML_BOX), "StyleNotDefined", None),
    ],
)
def test_half_an_xml_map_is_an_exception_document(wms: Wms, document: str, code: str, locator: str | None) -> None:
    answer = post(wms, document)
    assert answer.status_code == 400 or code == "LayerNotDefined"
    found = read_exception(answer)
    assert found[0] in (code, code.replace("SRS", "CRS"))
    assert found[1] in (locator, "CRS")


@pytest.mark.parametrize(
    ("place", "same"),
    [
        ("<BBOX><PropertyName>geom</PropertyName>{box}</BBOX>", "BBOX(geom, 105.5, 10.2, 105.9, 10.5)"),
        ("<Not><Intersects><PropertyName>geom</PropertyName>{box}</Intersects></Not>", "NOT BBOX(geom, 105.5, 10.2, 105.9, 10.5)"),
        (
            '<DWithin><PropertyName>geom</PropertyName>{point}<Distance units="km">20</Distance></DWithin>',
            "DWITHIN(geom, POINT(105.7 10.4), 20, kilometers)",
        ),
    ],
)
def test_a_rule_may_ask_where_a_feature_is(wms: Wms, place: str, same: str) -> None:
    box = f'<Box xmlns="{_GML}"><coordinates>105.5,10.2 105.9,10.5</coordinates></Box>'
    point = f'<Point xmlns="{_GML}"><coordinates>105.7,10.4</coordinates></Point>'
    condition = f'<Filter xmlns="http://www.opengis.net/ogc">{place.format(box=box, point=point)}</Filter>'
    by_rule = wms.map(SLD_BODY=sld(user_style(mark(RED, extra=condition))))
    assert not any(note.startswith("199") for note in by_rule.headers.getlist("Warning"))
    assert by_rule.data == wms.map(SLD_BODY=sld(user_style(mark(RED))), CQL_FILTER=same).data
    assert by_rule.data not in (wms.map(SLD_BODY=sld(user_style(mark(RED)))).data, wms.map(CQL_FILTER="EXCLUDE").data)


@pytest.mark.parametrize(
    ("condition", "same"),
    [
        ("<After>{field}<Literal>2021-06-30</Literal></After>", "T_AFTER(sampled_at, DATE('2021-06-30'))"),
        ("<Not><Before>{field}{instant}</Before></Not>", "NOT (sampled_at IS NOT NULL AND T_BEFORE(sampled_at, DATE('2021-06-30')))"),
        ("<During>{field}{period}</During>", "T_DURING(sampled_at, INTERVAL('2020-01-01', '2022-06-30'))"),
    ],
)
def test_a_rule_may_ask_when_something_was(wms: Wms, condition: str, same: str) -> None:
    field = "<PropertyName>sampled_at</PropertyName>"
    instant = f'<TimeInstant xmlns="{_GML}/3.2"><timePosition>2021-06-30</timePosition></TimeInstant>'
    period = f'<TimePeriod xmlns="{_GML}/3.2"><beginPosition>2020-01-01</beginPosition><endPosition>2022-06-30</endPosition></TimePeriod>'
    written = condition.format(field=field, instant=instant, period=period)
    rule = mark(RED, extra=f'<Filter xmlns="http://www.opengis.net/ogc">{written}</Filter>')
    by_rule = wms.map(SLD_BODY=sld(user_style(rule)))
    assert not any(note.startswith("199") for note in by_rule.headers.getlist("Warning"))
    assert by_rule.data == wms.map(SLD_BODY=sld(user_style(mark(RED))), CQL_FILTER=same).data
    assert by_rule.data not in (wms.map(SLD_BODY=sld(user_style(mark(RED)))).data, wms.map(CQL_FILTER="EXCLUDE").data)
