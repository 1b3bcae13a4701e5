# SPDX-License-Identifier: MIT
"""Styles for web clients: a document over our vector tiles for each SLD, with a sprite, all at addresses that answer."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from tests.protocol.tiles.conftest import Tiled

STYLE = "/tiles/wells/styles/wells.json"


def test_the_document_draws_our_tiles_with_our_icons(tiled: Tiled) -> None:
    document = tiled.get(STYLE).get_json()
    source = document["sources"]["wells"]
    assert document["version"] == 8
    assert source["type"] == "vector"
    assert {layer["source-layer"] for layer in document["layers"]} == {"wells"}
    path = source["tiles"][0].removeprefix("http://localhost").replace("{z}", "9").replace("{x}", "405").replace("{y}", "241")
    assert tiled.get(path).status_code == 200
    sprite = document["sprite"].removeprefix("http://localhost")
    index = tiled.get(f"{sprite}.json").get_json()
    icons = {layer["layout"]["icon-image"] for layer in document["layers"] if "icon-image" in layer.get("layout", {})}
    assert icons, "a square is an icon"
    assert icons <= set(index)
    plain, sharp = (Image.open(BytesIO(tiled.get(f"{sprite}{ending}.png").data)) for ending in ("", "@2x"))
    assert sharp.width > plain.width


def test_a_style_document_is_not_sent_twice(tiled: Tiled) -> None:
    tag = tiled.get(STYLE).headers["ETag"]
    assert tiled.get(STYLE, If_None_Match=tag).status_code == 304


def test_the_tileset_leads_to_the_styles(tiled: Tiled) -> None:
    links = tiled.get("/ogcapi/collections/wells/tiles/WebMercatorQuad").get_json()["links"]
    assert [link["href"] for link in links if link["rel"] == "stylesheet"] == [f"http://localhost{STYLE}"]


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/wells/styles/nothing.json",
        "/tiles/nothing/styles/wells.json",
        "/tiles/g/styles/default.json",
        "/tiles/secrets/styles/x.json",
    ],
)
def test_what_is_not_there_is_404(tiled: Tiled, path: str) -> None:
    assert tiled.get(path).status_code == 404


def test_letters_of_our_faces_come_as_clients_read_them(tiled: Tiled) -> None:
    address = tiled.get(STYLE).get_json()["glyphs"].removeprefix("http://localhost")
    path = address.replace("{fontstack}", "Be Vietnam Pro Medium").replace("{range}", "7680-7935")
    answer = tiled.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/x-protobuf")
    letters = read_letters(answer.data)
    assert {ord(letter) for letter in "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"} <= letters.keys()
    width, height, picture, advance = letters[ord("ậ")]
    assert len(picture) == (width + 6) * (height + 6)
    assert 10 < advance < 20
    assert max(picture) > 191 > min(picture), "an edge lies at 191"
    assert tiled.get(path, If_None_Match=answer.headers["ETag"]).status_code == 304
    assert tiled.get(path.replace("Medium", "Nothing")).status_code == 200
    plain = read_letters(tiled.get("/tiles/fonts/Be Vietnam Pro Regular/0-255.pbf").data)
    assert plain[ord(" ")][:3] == (0, 0, b"")


@pytest.mark.parametrize("letters", ["0-254", "1-256", "65536-65791", "-256--1", "x", "0-255-511", "99999999-99999999"])
def test_ranges_of_letters_that_are_none_are_refused(tiled: Tiled, letters: str) -> None:
    assert tiled.get(f"/tiles/fonts/Be Vietnam Pro Regular/{letters}.pbf").status_code == 400


def read_letters(body: bytes) -> dict[int, tuple[int, int, bytes, int]]:
    """Width, height, picture and advance of every letter of a range, by its number."""
    stack = next(value for number, value in read_message(body) if number == 1)
    assert isinstance(stack, bytes)
    letters = [dict(read_message(value)) for number, value in read_message(stack) if number == 3 and isinstance(value, bytes)]
    return {int(one[1]): (int(one[3]), int(one[4]), bytes(one.get(2, b"")), int(one[7])) for one in letters}


def read_message(body: bytes) -> list[tuple[int, int | bytes]]:
    """Numbers and values of the fields of a protocol buffer."""
    fields: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(body):
        tag, at = read_varint(body, at)
        value, at = read_varint(body, at)
        if tag & 7 == 2:
            fields.append((tag >> 3, body[at : at + value]))
            at += value
        else:
            fields.append((tag >> 3, value))
    return fields


def read_varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at
