# SPDX-License-Identifier: MIT
"""QR codes of this site's maps alone, and frames for named sites alone."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from server.config import Server
from server.errors import InvalidParameter
from viewer.sharing import draw_qr, frame_ancestors


def test_a_view_becomes_a_code_without_inline_looks() -> None:
    code = draw_qr("/map?at=10.36,106.36,12z&filter=stations%3Aand~name.w.kênh", "https://example.vn")
    assert code.startswith(b"<?xml")
    assert b"<svg" in code
    assert b"style=" not in code
    assert b"script" not in code
    assert len(draw_qr("/s/abcdefgh", "https://example.vn")) < len(code)


@pytest.mark.parametrize(
    "path", ["", "/", "http://evil.example", "//evil.example", "/mapped", "/map?\n", "/s/", "/s/abc", "/s/abcdefgh/x", "/map?" + "x" * 2000]
)
def test_other_addresses_are_refused(path: str) -> None:
    with pytest.raises(InvalidParameter):
        draw_qr(path, "https://example.vn")


def test_only_named_sites_may_show_the_map_in_a_frame() -> None:
    assert frame_ancestors(Server()) == "'self'"
    assert frame_ancestors(Server(embed_origins=("https://www.example.vn",))) == "'self' https://www.example.vn"
    with pytest.raises(ValidationError):
        Server(embed_origins=("https://x; script-src *",))
