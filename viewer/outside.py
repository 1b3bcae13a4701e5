# SPDX-License-Identifier: MIT
"""Maps of others through this server: only the sites `external.sites` names, never an address of the inner network, nothing executable."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.config import External
from server.errors import AccessDenied, InvalidParameter, LimitExceeded, TooManyRequests
from server.outward import ANYWHERE, PORTS, connect

_KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif", "application/json", "application/geo+json", "application/xml", "text/xml")
_XML = ("application/vnd.ogc", "application/gml+xml")
_CHUNK = 65_536
_AT_ONCE = 2  # per process, so that a slow stranger never holds every thread
_PATIENCE_S = 1.0
_places = threading.BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True)
class Outside:
    """What a foreign service answered: its media type and its bytes."""

    content_type: str
    body: bytes


@dataclass(frozen=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


def fetch_outside(rules: External, address: str) -> Outside:
    """Ask a foreign service by GET. No cookies, credentials or redirects; the address is looked up once and that very one is used.

    Raises InvalidParameter for what is no address or answers with something else than maps and data, AccessDenied for sites and
    networks that are not allowed, LimitExceeded for answers too large or too slow, TooManyRequests.
    """
    target = _read_target(rules, address)
    if not _places.acquire(timeout=_PATIENCE_S):
        raise TooManyRequests("Other services are being asked; try again.", message_vi="Đang hỏi dịch vụ khác; hãy thử lại.").in_seconds(2)
    try:
        return _ask(rules, target)
    except (OSError, http.client.HTTPException) as error:
        raise LimitExceeded("The service did not answer in time.", message_vi="Dịch vụ kia không trả lời.") from error
    finally:
        _places.release()


def _read_target(rules: External, address: str) -> _Target:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _no_address() from error
    host = parts.hostname or ""
    clean = address.isascii() and address.isprintable() and " " not in address
    if parts.scheme not in PORTS or not host or parts.username is not None or parts.password is not None or not clean:
        raise _no_address()
    number = port or PORTS[parts.scheme]
    origin = f"{parts.scheme}://{host}" + ("" if number == PORTS[parts.scheme] else f":{number}")
    if origin not in rules.sites:
        raise AccessDenied(
            "Maps of this site are not allowed here; the operator names allowed sites.",
            locator="to",
            message_vi="Trang này chưa được phép; người quản trị khai báo các trang được dùng.",
        )
    return _Target(parts.scheme, host, number, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _no_address() -> InvalidParameter:
    return InvalidParameter("to is the address of a map service.", locator="to", message_vi="to là địa chỉ của một dịch vụ bản đồ.")


def _ask(rules: External, target: _Target) -> Outside:
    deadline = time.monotonic() + rules.seconds
    allowed = ANYWHERE if rules.private_addresses else ()
    connection = connect(target.scheme, target.host, target.port, allowed, rules.seconds)
    try:
        connection.request("GET", target.path, headers={"Accept": "image/*, application/json, text/xml", "User-Agent": "Xanh"})
        answer = connection.getresponse()
        kind = (answer.getheader("Content-Type") or "").strip()
        if answer.status != 200 or not _is_data(kind):
            raise InvalidParameter(
                f"The service answered {answer.status} with something that is no map.",
                locator="to",
                message_vi=f"Dịch vụ kia trả lời {answer.status}, không phải bản đồ hay dữ liệu.",
            )
        return Outside(kind, _read_all(rules, answer, connection, deadline))
    finally:
        connection.close()


def _is_data(kind: str) -> bool:
    bare = kind.partition(";")[0].strip().lower()
    return bare in _KINDS or (bare.startswith(_XML) and "html" not in bare)


def _read_all(rules: External, answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or size > rules.max_bytes:
            raise LimitExceeded(
                "The answer of the service is too large or too slow.", message_vi="Dịch vụ kia trả lời quá lớn hoặc quá chậm."
            )
        if connection.sock is not None:
            connection.sock.settimeout(left)
        part = answer.read1(_CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
