# SPDX-License-Identifier: MIT
"""The only way out of this server: a signed POST to an address an administrator registered (signature: Standard Webhooks 1.0).

The name is resolved once, every address it has is judged, and the connection goes to the very address judged; redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from server.config import Webhooks
from server.errors import AccountRefused

SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with
_LONGEST_URL = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}", re.ASCII)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """Where a message goes and what signs it."""

    url: str
    secret: str


@dataclass(frozen=True)
class Outcome:
    """What became of a message: the status of the answer (None: none came), and why it counts as failed (None: it does not)."""

    status: int | None
    problem: str | None
    took_ms: int


def check_url(url: str, settings: Webhooks) -> SplitResult:
    """The address in its parts. Raises AccountRefused when it is none, or not one we send to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    schemes = ("https", "http") if settings.allow_http else ("https",)
    host = parts.hostname or ""
    if parts.scheme not in schemes or not _HOST.fullmatch(host) or port == 0 or len(url) > _LONGEST_URL or not url.isprintable():
        raise AccountRefused(f"A webhook is an address that begins with {' or '.join(schemes)}://.", locator="URL")
    if parts.username is not None or parts.password is not None or parts.fragment or not url.isascii() or " " in url:
        raise AccountRefused("The address of a webhook holds no name, password or fragment.", locator="URL")
    return parts


def find_address(host: str, port: int, settings: Webhooks) -> str:
    """The address of a host to connect to. Raises AccountRefused when it has none, or any that is not in the open internet or allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AccountRefused("The host of the webhook is not found.", locator="URL") from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses or not all(_may_reach(address, settings.allowed_networks) for address in addresses):
        raise AccountRefused(
            "The host of the webhook has a private address; webhooks.allowed_networks in config.yml may allow it.", locator="URL"
        )
    return str(addresses[0])


def _may_reach(address: Address, allowed: Sequence[str]) -> bool:
    """Whether an address, whatever it stands for in other notations too, is global or in an allowed network."""
    meant: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        meant += [one for one in inner if one is not None]
        if address in _NAT64:
            meant.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None:
            meant.remove(address)
    networks = [ipaddress.ip_network(each) for each in allowed]
    return all((one.is_global and not one.is_multicast) or any(one in network for network in networks) for one in meant)


def sign(secret: str, message: str, moment: int, body: bytes) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 of id, time (seconds since 1970) and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{message}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def send(target: Target, message: str, body: bytes, settings: Webhooks) -> Outcome:
    """POST a body of JSON, signed; anything but a status 2xx is a failure. Never raises for what the other side does."""
    started = time.monotonic()
    status, problem = None, None
    try:
        status = _post(target, message, body, settings)
        if not 200 <= status < 300:
            problem = f"answered {status}"
    except AccountRefused as error:
        problem = error.message
    except (OSError, http.client.HTTPException) as error:
        problem = f"{type(error).__name__}: {error}"[:200]
    return Outcome(status, problem, round((time.monotonic() - started) * 1000))


def _post(target: Target, message: str, body: bytes, settings: Webhooks) -> int:
    parts = check_url(target.url, settings)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = find_address(host, port, settings)
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Xanh",
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": sign(target.secret, message, moment, body),
    }
    connection = http.client.HTTPConnection(host, port, timeout=settings.timeout_s)
    try:
        connection.sock = socket.create_connection((address, port), timeout=settings.timeout_s)
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers | {"Host": parts.netloc})
        return connection.getresponse().status
    finally:
        connection.close()
