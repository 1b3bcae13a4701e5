# SPDX-License-Identifier: MIT
"""Foreign map services: asked only where allowed, never inside, never for long, and nothing executable comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from server.config import External
from server.errors import AccessDenied, InvalidParameter, LimitExceeded, XanhError
from viewer.outside import fetch_outside


class _Foreign(BaseHTTPRequestHandler):
    """A service that answers well, or badly in every way its path names."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        way = self.path.partition("?")[0].strip("/")
        if way == "redirect":
            self._answer(302, "text/html", b"", Location="http://127.0.0.1:1/")
        elif way == "html":
            self._answer(200, "text/html", b"<script>alert(1)</script>")
        elif way == "svg":
            self._answer(200, "image/svg+xml", b"<svg/>")
        elif way == "large":
            self._answer(200, "image/png", b"x" * 50_000)
        elif way == "slow":
            time.sleep(1.5)
            self._answer(200, "image/png", b"late")
        elif way == "broken":
            self.wfile.write(b"\0\0\0\0")
            self.close_connection = True
        else:
            asked = f"{self.path} {self.headers['Host']} {self.headers['Cookie']}"
            self._answer(200, "application/json; charset=utf-8", asked.encode())

    def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are the point of some tests."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = _Quiet(("127.0.0.1", 0), _Foreign)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def rules(site: str, *, private: bool = True) -> External:
    return External(sites=(site,), private_addresses=private, max_bytes=20_000, seconds=0.6)


def test_an_allowed_site_is_asked_as_it_is_and_learns_nothing_of_the_reader(site: str) -> None:
    found = fetch_outside(rules(site), f"{site}/wms?LAYERS=a%20b&X=1")
    assert found.content_type == "application/json; charset=utf-8"
    assert found.body.decode() == f"/wms?LAYERS=a%20b&X=1 {site.removeprefix('http://')} None"


@pytest.mark.parametrize("way", ["redirect", "html", "svg"])
def test_redirects_and_what_browsers_would_carry_out_are_refused(site: str, way: str) -> None:
    with pytest.raises(InvalidParameter):
        fetch_outside(rules(site), f"{site}/{way}")


@pytest.mark.parametrize("way", ["large", "slow", "broken"])
def test_answers_too_large_too_slow_or_broken_end_soon(site: str, way: str) -> None:
    started = time.monotonic()
    with pytest.raises(LimitExceeded):
        fetch_outside(rules(site), f"{site}/{way}")
    assert time.monotonic() - started < 5


def test_addresses_of_the_inner_network_are_refused_also_for_sites_that_are_named(site: str) -> None:
    with pytest.raises(AccessDenied):
        fetch_outside(rules(site, private=False), f"{site}/wms")
    with pytest.raises(AccessDenied):
        fetch_outside(External(sites=("http://localhost",)), "http://localhost/wms")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "http://user:word@{host}/wms",
        "http://{host}@other.example/wms",
        "http://{host}.other.example/wms",
        "https://{host}/wms",
        "http://{host}:99999/",
        "http://127.0.0.1/",
        "http://{host}/a b",
        "http://{host}/\r\nX: y",
        "http://[::1]/",
        "//{host}/wms",
    ],
)
def test_other_addresses_are_refused_before_anything_is_asked(site: str, address: str) -> None:
    with pytest.raises(XanhError) as refused:
        fetch_outside(rules(site), address.replace("{host}", site.removeprefix("http://")))
    assert isinstance(refused.value, InvalidParameter | AccessDenied)
