# SPDX-License-Identifier: MIT
"""What leaves the server's worker on the wire: whole answers, chunks, no body where none belongs, the connection kept or not."""

from __future__ import annotations

import http.client
import socket
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

ITEMS = "/ogcapi/collections/stations/items?f=json"


def converse(served: str, *requests: str) -> bytes:
    """Everything the server says on one connection to requests sent at once; the last one asks to close it."""
    parts = urlsplit(served)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20) as sock:
        sock.sendall("".join(requests).encode())
        said = b""
        while block := sock.recv(65536):
            said += block
    return said


def write_request(path: str, *headers: str, method: str = "GET", body: str = "") -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def test_several_requests_sent_at_once_are_answered_in_order(served: str) -> None:
    said = converse(served, *(write_request(f"{ITEMS}&limit={n}") for n in (1, 2)), write_request("/healthz", "Connection: close"))
    assert said.count(b"HTTP/1.1 200 OK") == 3
    first, second = said.index(b'"numberReturned":1,'), said.index(b'"numberReturned":2,')
    assert first < second < said.index(b'"status"')


def test_an_answer_without_length_comes_in_chunks_and_ends_with_the_last_one(served: str) -> None:
    said = converse(served, write_request("/wfs?service=WFS&version=1.1.0&request=GetFeature&typeName=stations", "Connection: close"))
    head, body = said.split(b"\r\n\r\n", 1)
    assert b"Transfer-Encoding: chunked" in head
    assert body.endswith(b"\r\n0\r\n\r\n")
    size, rest = body.split(b"\r\n", 1)
    assert rest[int(size, 16) :][:2] == b"\r\n"


def test_head_has_the_headers_of_get_and_no_body(served: str) -> None:
    said = converse(served, write_request("/healthz", method="HEAD"), write_request("/healthz", "Connection: close"))
    head, rest = said.split(b"\r\n\r\n", 1)
    assert b"Content-Length" in head
    assert rest.startswith(b"HTTP/1.1 200 OK")


def test_a_body_nobody_reads_does_not_become_the_next_request(served: str) -> None:
    body = "x" * 5000
    said = converse(
        served,
        write_request("/healthz", f"Content-Length: {len(body)}", method="POST", body=body),
        write_request("/healthz", "Connection: close"),
    )
    assert said.startswith(b"HTTP/1.1 405")
    assert said.count(b"HTTP/1.1 ") == 2
    assert b"HTTP/1.1 200 OK" in said


def test_an_address_of_a_megabyte_is_refused_with_advice(served: str) -> None:
    said = converse(served, write_request("/wms?service=WMS&x=" + "x" * 1_000_000))
    head, body = said.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 414 ")
    assert b"Connection: close" in head
    assert b"POST" in body


def test_a_file_of_the_front_end_comes_whole(served: str) -> None:
    parts = urlsplit(served)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("GET", "/static/mark.svg")
    answer = connection.getresponse()
    assert answer.status == 200
    assert len(answer.read()) == int(answer.headers["Content-Length"])
    connection.close()


def test_every_answer_bears_its_date_and_whether_the_connection_stays(served: str) -> None:
    said = converse(served, write_request("/healthz"), write_request("/healthz", "Connection: close"))
    heads = [part.split(b"\r\n\r\n", 1)[0] for part in said.split(b"HTTP/1.1 ")[1:]]
    assert [b"Connection: keep-alive" in head for head in heads] == [True, False]
    assert b"Connection: close" in heads[1]
    for head in heads:
        moment = parsedate_to_datetime(head.split(b"Date: ", 1)[1].split(b"\r\n", 1)[0].decode())
        assert abs((datetime.now(UTC) - moment).total_seconds()) < 30


def test_forwarded_headers_of_a_client_change_nothing(served: str) -> None:
    said = converse(
        served,
        write_request("/healthz"),
        write_request(f"{ITEMS}&limit=1", "X-Forwarded-Proto: https", "X-Forwarded-Host: elsewhere.example"),
        write_request(f"{ITEMS}&limit=1", "SCRIPT_NAME: /x", "Connection: close"),
    )
    assert b"https://" not in said
    assert b"elsewhere.example" not in said
