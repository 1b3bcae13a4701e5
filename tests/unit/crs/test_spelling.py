# SPDX-License-Identifier: MIT
"""Every spelling of a CRS is read and written."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.crs.definitions import CRS84, WGS84, Crs, all_crs, find_crs
from server.crs.spelling import CrsReference, Spelling, parse_crs, write_crs
from server.errors import InvalidCrs

READINGS = [
    ("EPSG:4326", 4326, Spelling.SHORT),
    ("epsg:9210", 9210, Spelling.SHORT),
    ("EPSG:900913", 3857, Spelling.SHORT),
    ("urn:ogc:def:crs:EPSG::4326", 4326, Spelling.URN),
    ("urn:ogc:def:crs:EPSG:6.9:4326", 4326, Spelling.URN),
    ("urn:ogc:def:crs:EPSG:4326", 4326, Spelling.URN),
    ("URN:OGC:DEF:CRS:EPSG::4756", 4756, Spelling.URN),
    ("urn:x-ogc:def:crs:EPSG:4326", 4326, Spelling.URN_EXPERIMENTAL),
    ("urn:x-ogc:def:crs:EPSG:6.11.2:4326", 4326, Spelling.URN_EXPERIMENTAL),
    ("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, Spelling.URL),
    ("https://www.opengis.net/def/crs/EPSG/9.8.15/32648", 32648, Spelling.URL),
    ("http://www.opengis.net/gml/srs/epsg.xml#4326", 4326, Spelling.GML_URL),
    ("[EPSG:4326]", 4326, Spelling.CURIE),
    ("CRS:84", 84, Spelling.SHORT),
    ("OGC:CRS84", 84, Spelling.SHORT),
    ("urn:ogc:def:crs:OGC:1.3:CRS84", 84, Spelling.URN),
    ("urn:ogc:def:crs:OGC::CRS84", 84, Spelling.URN),
    ("urn:ogc:def:crs:OGC:2:84", 84, Spelling.URN),
    ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 84, Spelling.URL),
    ("https://www.opengis.net/def/crs/OGC/0/CRS84", 84, Spelling.URL),
    ("[OGC:CRS84]", 84, Spelling.CURIE),
]

REFUSED = [
    "",
    "4326",
    "EPSG:",
    "EPSG:4326 ",
    "EPSG:4326\n",
    "EPSG:٤٣٢٦",
    "EPSG:99999",
    "EPSG:84",
    "EPSG:12345678",
    "EPSG:4326;DROP TABLE x",
    "CRS:83",
    "AUTO:42001,0,0",
    "http://evil.example/def/crs/EPSG/0/4326",
    "http://wwwXopengis.net/def/crs/EPSG/0/4326",
    "http://www.opengis.net/def/crs/EPSG/0/4326/../4756",
    "urn:ogc:def:crs,crs:EPSG::4326,crs:EPSG::5726",
    "[EPSG:4326",
    "x" * 100_000,
]


@pytest.mark.parametrize(("text", "code", "spelling"), READINGS)
def test_a_spelling_is_read(text: str, code: int, spelling: Spelling) -> None:
    assert parse_crs(text) == CrsReference(find_crs(code), spelling)


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_briefly_and_with_the_locator(text: str) -> None:
    with pytest.raises(InvalidCrs) as caught:
        parse_crs(text, locator="SRSNAME")
    assert caught.value.locator == "SRSNAME"
    assert len(caught.value.message) < 500


def test_a_known_crs_that_the_layer_does_not_offer_is_refused_with_the_offered_list() -> None:
    with pytest.raises(InvalidCrs, match="Offered: EPSG:4326, CRS:84"):
        parse_crs("EPSG:3857", offered=[WGS84, CRS84])


def test_control_characters_do_not_reach_the_message() -> None:
    with pytest.raises(InvalidCrs) as caught:
        parse_crs("EPSG:\x00\x1b[31m")
    assert caught.value.message.isprintable()


def test_crs84_has_no_gml_address() -> None:
    with pytest.raises(ValueError, match=r"no epsg\.xml# name"):
        write_crs(CRS84, Spelling.GML_URL)


@given(st.sampled_from(all_crs()), st.sampled_from(list(Spelling)))
def test_what_is_written_is_read_back_the_same(crs: Crs, spelling: Spelling) -> None:
    if crs is CRS84 and spelling is Spelling.GML_URL:
        spelling = Spelling.URN
    reference = CrsReference(crs, spelling)
    assert parse_crs(reference.text) == reference
    assert parse_crs(reference.text.swapcase()) == reference


@given(st.one_of(st.text(), st.from_regex(r"(urn:ogc:def:crs:|EPSG:|CRS:|http://www.opengis.net/)[\w:/#.]*")))
def test_any_text_gives_a_reference_or_invalid_crs(text: str) -> None:
    with suppress(InvalidCrs):
        assert parse_crs(text, offered=all_crs()).crs in all_crs()
