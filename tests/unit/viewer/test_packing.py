# SPDX-License-Identifier: MIT
"""Packed answers and files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from viewer import packing

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    root = tmp_path / "static"
    root.mkdir()
    (root / "map.js").write_bytes(b"let answer = 42;")
    (root / "map.js.gz").write_bytes(gzip.compress(b"let answer = 42;"))
    (tmp_path / "secret.gz").write_bytes(b"no")
    monkeypatch.setattr(packing, "STATIC", root)
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/page", view_func=lambda: packing.pack(Response("chào " * 100)), endpoint="page")
    app.add_url_rule("/files/<path:name>", view_func=lambda name: packing.send_file(name, 60), endpoint="files")
    return app.test_client()


def test_a_page_is_packed_only_for_those_who_take_it(client: FlaskClient) -> None:
    plain, packed = client.get("/page"), client.get("/page", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_a_page_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/page", headers=GZIP).headers["ETag"]
    again = client.get("/page", headers=GZIP | {"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""


def test_a_file_comes_as_its_packed_twin_under_its_own_kind(client: FlaskClient) -> None:
    with client.get("/files/map.js") as plain, client.get("/files/map.js", headers=GZIP) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.mimetype == plain.mimetype == "text/javascript"
        assert gzip.decompress(packed.data) == plain.data


def test_nothing_outside_the_folder_is_sent(client: FlaskClient) -> None:
    for name in ("../secret", "..%2fsecret", "nowhere.js"):
        assert client.get(f"/files/{name}", headers=GZIP).status_code == 404
