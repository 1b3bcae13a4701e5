# SPDX-License-Identifier: MIT
"""What holds for every request whatever room answers it: size limits, security headers, the access log, the last resort for errors."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from server.config import Settings
from server.errors import AccessDenied, FeatureNotFound, LayerNotDefined, NotAuthenticated, XanhError
from server.faults import log_fault

_ACCESS = logging.getLogger("xanh.access")
_OPEN_SERVICES = ("/wms", "/wfs", "/ogcapi")
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


def install_guards(app: Flask, settings: Settings) -> None:
    """Attach the guards to an application."""
    app.config["MAX_CONTENT_LENGTH"] = settings.limits.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.limits.max_body_bytes
    if settings.server.trusted_proxies:
        hops = settings.server.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)  # type: ignore[method-assign]

    @app.before_request
    def refuse_oversize() -> Response | None:
        g.started = time.perf_counter()
        if len(request.query_string) > settings.limits.max_query_bytes:
            return _plain(f"The query string is longer than {settings.limits.max_query_bytes} bytes.", 414)
        if (request.content_length or 0) > settings.limits.max_body_bytes:
            return _plain(f"The request body is larger than {settings.limits.max_body_bytes} bytes.", 413)
        return None

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Content-Security-Policy", _POLICY)
        if request.path.startswith(_OPEN_SERVICES):
            headers.setdefault("Access-Control-Allow-Origin", "*")
        _log_access(response)
        return response

    @app.errorhandler(Exception)
    def answer_error(error: Exception) -> Response:
        return _answer_error(error)


def _answer_error(error: Exception) -> Response:
    """The last resort for errors no room has translated: plain text, no detail of ours."""
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        response = _plain(error.description or error.name, error.code)
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
        return response
    if isinstance(error, XanhError) and error.is_client_fault:
        return _plain(error.message, _status_of(error))
    fault_id = log_fault(error)
    return _plain(f"The server made a mistake; it is in the log as {fault_id}. / Máy chủ gặp lỗi, mã {fault_id}.", 500)


def _status_of(error: XanhError) -> int:
    if isinstance(error, LayerNotDefined | FeatureNotFound):
        return 404
    if isinstance(error, NotAuthenticated):
        return 401
    return 403 if isinstance(error, AccessDenied) else 400


def _plain(message: str, status: int) -> Response:
    return Response(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")


def _log_access(response: Response) -> None:
    """One line per request; control characters of the client never reach the log."""
    took_ms = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    target = str(request.environ.get("RAW_URI") or request.full_path)[:300]
    if not (target.isascii() and target.isprintable()):
        target = "".join(sign if sign.isprintable() else "?" for sign in target.encode("ascii", "backslashreplace").decode("ascii"))
    _ACCESS.info("%s %s %s %d %.0f ms", request.remote_addr, request.method, target, response.status_code, took_ms)
