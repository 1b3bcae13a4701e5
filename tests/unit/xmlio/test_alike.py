# SPDX-License-Identifier: MIT
"""Elements written alike are read as columns; whatever differs in more than its texts is not taken for alike."""

from __future__ import annotations

import pytest

from server.xmlio.alike import Alike, read_alike
from server.xmlio.parse import local_name, parse_xml

NAMED = '<w:all xmlns:w="urn:w" xmlns:x="urn:x">{}</w:all>'


def read(inside: str) -> Alike | None:
    return read_alike(parse_xml(NAMED.format(inside).encode(), 100_000, 20))


def columns(inside: str) -> dict[str, list[str]]:
    found = read(inside)
    assert found is not None
    return {local_name(leaf): list(texts) for leaf, texts in found.texts.items()}


def test_texts_are_read_by_leaf_in_order() -> None:
    one = '<w:new><x:f id="1"><x:a>{}</x:a><x:b/><x:c><x:d>{}</x:d></x:c></x:f></w:new>'
    found = read(one.format("Gò", "1 2") + one.format("Tân", " ") + one.format("&#x41;", "3"))
    assert found is not None
    assert found.count == 3
    assert [(local_name(leaf), list(texts)) for leaf, texts in found.texts.items()] == [("a", ["Gò", "Tân", "A"]), ("d", ["1 2", " ", "3"])]


def test_characters_xml_escapes_come_back_as_they_were() -> None:
    inside = "<x:a>1</x:a><x:a>&lt;b&gt; &amp;amp; &quot;&apos; &#38;#13; &#13;</x:a><x:a><![CDATA[<x:a>]]></x:a>"
    assert columns(inside) == {"a": ["1", "<b> &amp; \"' &#13; \r", "<x:a>"]}


def test_blanks_between_elements_are_no_texts() -> None:
    one = "\n  <w:new>\n    <x:a>{}</x:a>\n  </w:new>"
    assert columns("".join(one.format(n) for n in range(3))) == {"a": ["0", "1", "2"]}


@pytest.mark.parametrize(
    "odd",
    [
        "<x:b>2</x:b>",
        "<x:a/>",
        '<x:a k="1">2</x:a>',
        "<x:a><x:b>2</x:b></x:a>",
        "<x:a>2<x:b/></x:a>",
        '<y:a xmlns:y="urn:x">2</y:a>',
        '<x:a xmlns:x="urn:other">2</x:a>',
        "words<x:a>2</x:a>",
        "<x:a>2</x:a>words",
    ],
)
def test_an_element_written_otherwise_is_noticed_wherever_it_stands(odd: str) -> None:
    for place in range(3):
        inside = ["<x:a>1</x:a>"] * 2
        inside.insert(place, odd)
        assert read("".join(inside)) is None


def test_nothing_and_elements_without_any_text_are_left_to_others() -> None:
    assert read("") is None
    assert read("<x:a/><x:a/>") is None


def test_comments_and_instructions_change_nothing() -> None:
    assert columns("<x:a>1<!-- a --></x:a><!-- b --><x:a>2</x:a><?pi x?><x:a>3</x:a>") == {"a": ["1", "2", "3"]}
