# SPDX-License-Identifier: MIT
"""A signed POST to an address an administrator registered (signature: Standard Webhooks 1.0); redirects are not followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from server.config import Webhooks
from server.errors import AccessDenied, AccountRefused
from server.outward import PORTS, connect, find_address

SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with
_LONGEST_URL = 2000
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}", re.ASCII)


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


def check_host(parts: SplitResult, settings: Webhooks) -> None:
    """Raises AccountRefused when the host has no address, or any that is neither in the open internet nor allowed."""
    try:
        find_address(parts.hostname or "", parts.port or PORTS[parts.scheme], settings.allowed_networks)
    except OSError as error:
        raise AccountRefused("The host of the webhook is not found.", locator="URL") from error
    except AccessDenied as error:
        raise AccountRefused(
            "The host of the webhook has a private address; webhooks.allowed_networks in config.yml may allow it.", locator="URL"
        ) from error


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
    except (AccountRefused, AccessDenied) as error:
        problem = error.message
    except (OSError, http.client.HTTPException) as error:
        problem = f"{type(error).__name__}: {error}"[:200]
    return Outcome(status, problem, round((time.monotonic() - started) * 1000))


def _post(target: Target, message: str, body: bytes, settings: Webhooks) -> int:
    parts = check_url(target.url, settings)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Xanh",
        "webhook-id": message,
        "webhook-timestamp": str(moment),
        "webhook-signature": sign(target.secret, message, moment, body),
    }
    connection = connect(parts.scheme, host, port, settings.allowed_networks, settings.timeout_s)
    deadline = threading.Timer(settings.timeout_s, _hang_up, [connection.sock])  # an answer that trickles never times out by itself
    deadline.daemon = True
    deadline.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers | {"Host": parts.netloc})
        return connection.getresponse().status
    finally:
        deadline.cancel()
        connection.close()


def _hang_up(opened: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(opened, socket.SHUT_RDWR)  # of the plain socket: whoever reads through TLS meets its end
