# SPDX-License-Identifier: MIT
"""XML made to harm is refused quickly, by name, and without repeating it."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidParameter, LimitExceeded
from server.xmlio.parse import parse_xml

MEGABYTE = 1 << 20
LAUGHS = b"<!DOCTYPE l [<!ENTITY a '" + b"ha" * 50 + b"'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("b"), ord("k"))
) + b"]>"  # fmt: skip

DOCTYPES = {
    "billion laughs in text": LAUGHS + b"<l>&j;</l>",
    "billion laughs in an attribute": LAUGHS + b"<l a='&j;'/>",
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "external DTD on the network": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><a/>',
    "plain DOCTYPE": b"<!DOCTYPE a><a/>",
    "DOCTYPE behind a comment": b"<?xml version='1.0'?><!-- x --><!DOCTYPE a [<!ENTITY y 'z'>]><a>&y;</a>",
    "DOCTYPE in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY y "z">]><a>&y;</a>'.encode("utf-16"),
    "DOCTYPE in UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AD4-+ADw-a/+AD4-',
}

BROKEN = {
    "empty": b"",
    "blank": b"  \n ",
    "text": b"hello",
    "only a declaration": b"<?xml version='1.0'?>",
    "unclosed": b"<a><b></a>",
    "cut": b"<a><b>text",
    "two roots": b"<a/><b/>",
    "undefined entity": b"<a>&nbsp;</a>",
    "undeclared prefix": b"<wfs:GetFeature/>",
    "invalid UTF-8": b"<a>\xff\xfe\x80</a>",
    "overlong UTF-8": b"<a>\xc0\xbcb></a>",
    "NUL in text": b"<a>\x00</a>",
    "NUL as reference": b"<a>&#0;</a>",
    "NUL behind": b"<a/>\x00\x00",
    "control character": b"<a>\x0b</a>",
    "unknown encoding": b'<?xml version="1.0" encoding="x-nonsense"?><a/>',
    "twice the same attribute": b"<a b='1' b='2'/>",
    "JSON": b'{"type": "Feature"}',
    "gzip": b"\x1f\x8b\x08\x00\x00",
}


@pytest.mark.parametrize("data", DOCTYPES.values(), ids=DOCTYPES.keys())
def test_any_doctype_is_refused_before_it_costs_anything(data: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidParameter, match=r"DOCTYPE|not well-formed") as caught:
        parse_xml(data, MEGABYTE, 50, locator="FILTER")
    assert time.monotonic() - started < 1
    assert caught.value.locator == "FILTER"
    assert "root:" not in caught.value.message


def test_a_doctype_is_named_as_the_reason() -> None:
    with pytest.raises(InvalidParameter, match="DOCTYPE is not accepted"):
        parse_xml(DOCTYPES["billion laughs in text"], MEGABYTE, 50)
    with pytest.raises(InvalidParameter, match="DOCTYPE is not accepted"):
        parse_xml(DOCTYPES["DOCTYPE in UTF-16"], MEGABYTE, 50)


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_broken_xml_is_refused_with_the_locator(data: bytes) -> None:
    with pytest.raises(InvalidParameter, match="not well-formed") as caught:
        parse_xml(data, MEGABYTE, 50, locator="SLD_BODY")
    assert caught.value.locator == "SLD_BODY"


def test_the_place_of_the_fault_is_told_but_not_the_input() -> None:
    with pytest.raises(InvalidParameter, match=r"line 2, column \d+") as caught:
        parse_xml(b"<a>\n<secret></a>", MEGABYTE, 50)
    assert "secret" not in caught.value.message


def test_a_megabyte_of_nesting_is_refused() -> None:
    with pytest.raises(LimitExceeded, match="nested deeper than 50"):
        parse_xml(b"<a>" * (MEGABYTE // 3), MEGABYTE, 50)
    with pytest.raises(LimitExceeded, match="nested deeper than 256"):
        parse_xml(b"<a>" * (MEGABYTE // 3), MEGABYTE, 10**9)


def test_the_depth_limit_is_exact() -> None:
    assert parse_xml(b"<a>" * 50 + b"</a>" * 50, MEGABYTE, 50) is not None
    with pytest.raises(LimitExceeded):
        parse_xml(b"<a>" * 51 + b"</a>" * 51, MEGABYTE, 50)


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(LimitExceeded, match="larger than 10 bytes"):
        parse_xml(b"<a>1234</a>", 10, 50)


def test_xinclude_and_schema_locations_are_left_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    data = f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret.as_uri()}" parse="text"/></a>'
    root = parse_xml(data.encode(), MEGABYTE, 50)
    assert "".join(str(part) for part in root.itertext()) == ""


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="<>/&;!-[]ab='\"? x:\x00\ufffe", max_size=80).map(lambda t: t.encode())))
def test_any_bytes_give_a_tree_or_a_refusal(data: bytes) -> None:
    with suppress(InvalidParameter, LimitExceeded):
        assert parse_xml(data, MEGABYTE, 50).tag
