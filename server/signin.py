# SPDX-License-Identifier: MIT
"""Who asks: HTTP Basic (RFC 7617) or a key (RFC 6750) on WFS and OGC API, once per request. Map, viewer and search know nobody.

The identity stays with the request (`current_identity`); without credentials nothing happens here and the asker is anonymous.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace

from flask import Flask, Response, after_this_request, g, request

from server.access import ANONYMOUS, Identity
from server.accounts.authenticate import Credentials, authenticate
from server.context import Context
from server.errors import NotAuthenticated

_SERVICES = ("/wfs", "/ogcapi", "/api/v1")
_OF_LAYER = re.compile(r"/(?:ogcapi/collections|api/v1/layers)/([^/]+)")
_CHALLENGE = 'Basic realm="Xanh", charset="UTF-8"'


def install_signin(app: Flask, context: Context) -> None:
    """Read credentials before every request to the services that take them; wrong ones are answered in the service's own words with 401."""

    @app.before_request
    def sign_in() -> None:
        written = request.environ.get("HTTP_AUTHORIZATION")
        if written is None or not request.path.startswith(_SERVICES):
            return
        after_this_request(_keep_private)
        # What staff see has no public label, so nothing a client or cache kept can still hold.
        request.environ.pop("HTTP_IF_NONE_MATCH", None)
        request.environ.pop("HTTP_IF_MODIFIED_SINCE", None)
        match = _OF_LAYER.match(request.path)
        layer = match[1] if match and match[1] in context.catalog.layers else ""
        g.identity = authenticate(context, replace(_read_credentials(written), layer=layer))


def current_identity() -> Identity:
    """Who asks in this request."""
    identity: Identity = g.get("identity", ANONYMOUS)
    return identity


def keep_version_tag() -> None:
    """The ETag of this answer names the version of a feature for whoever wants to change it: it stays, though nobody keeps the answer."""
    g.version_tag = True


def require_signed_in() -> Identity:
    """Who asks in this request, to a service whose client must say so. Raises NotAuthenticated, and asks for credentials in the answer."""
    identity = current_identity()
    if identity is ANONYMOUS:
        after_this_request(_keep_private)
        raise NotAuthenticated("Sign in to change features.", locator="Authorization", message_vi="Hãy đăng nhập để sửa dữ liệu.")
    return identity


def _read_credentials(written: str) -> Credentials:
    """What an Authorization header says: `Basic` name and password (or key), or `Bearer` key. Raises NotAuthenticated for anything else."""
    scheme, _, token = written.strip().partition(" ")
    if scheme.lower() == "bearer":
        return Credentials(None, token.strip(), request.remote_addr or "")
    try:
        text = base64.b64decode(token.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        text = ""
    name, colon, password = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise NotAuthenticated("Credentials are taken as HTTP Basic in UTF-8.", message_vi="Thông tin đăng nhập theo HTTP Basic, mã UTF-8.")
    return Credentials(name, password, request.remote_addr or "")


def _keep_private(response: Response) -> Response:
    """What a signed-in client gets is for this client alone, and nobody keeps it."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.add("Vary", "Authorization")
    if "version_tag" not in g:
        del response.headers["ETag"]
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = _CHALLENGE
    return response
