# SPDX-License-Identifier: MIT
"""The public address of a service: what links and operation addresses in documents start with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import request

from server.config import Settings
from server.errors import InvalidParameter

_HOST = re.compile(r"[A-Za-z0-9.\-_:\[\]]{1,255}", re.ASCII)


def service_address(settings: Settings, path: str) -> str:
    """`path` ("/wfs") as this client reaches it: behind `server.public_url` when it is set, else the host the request names.

    Raises InvalidParameter for a Host header that is no host.
    """
    return address_in(request.environ, settings, path)


def address_in(environ: Mapping[str, Any], settings: Settings, path: str) -> str:
    """The same from a WSGI environment. Raises InvalidParameter for a Host header that is no host."""
    public = settings.server.public_url
    if public:
        return f"{public.rstrip('/')}{path}"
    host = environ.get("HTTP_HOST") or f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}"
    if not _HOST.fullmatch(host):
        raise InvalidParameter("The Host header is not a host.", locator="Host")
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}{environ.get('SCRIPT_NAME', '')}{path}"
