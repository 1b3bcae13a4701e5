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
