# SPDX-License-Identifier: MIT
"""The real server process: ready, bounded, unmoved by abuse."""

from __future__ import annotations

import contextlib
import json
import socket
import urllib.request
from urllib.parse import urlsplit


def _send_raw(served: str, text: bytes) -> bytes:
    parts = urlsplit(served)
    with socket.create_connection((str(parts.hostname), int(parts.port or 80)), timeout=20) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(text)
        try:
            return connection.recv(200)
        except ConnectionResetError:
            return b""


def _health(served: str) -> tuple[int, dict[str, object]]:
    with urllib.request.urlopen(f"{served}/healthz", timeout=10) as answer:
        return answer.status, json.load(answer)


def test_health_tells_that_the_published_catalogue_can_be_read(served: str) -> None:
    status, body = _health(served)
    assert status == 200
    assert body["status"] == "ok"


def test_a_megabyte_of_query_string_is_a_clean_refusal(served: str) -> None:
    head = _send_raw(served, b"GET /wms?" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert head.split(b" ")[1][:1] == b"4"
    assert _health(served)[0] == 200


def test_a_thousand_headers_are_a_clean_refusal(served: str) -> None:
    head = _send_raw(served, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n")
    assert head.split(b" ")[1][:1] == b"4"


def test_what_is_not_http_is_a_clean_refusal(served: str) -> None:
    head = _send_raw(served, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 4")
