# SPDX-License-Identifier: MIT
"""What holds for every request whatever room answers it: size limits, security headers, the access log, the last resort for errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from server.accesslog import log_request
from server.config import Limits, Settings
from server.errors import AccessDenied, FeatureNotFound, LayerNotDefined, NotAuthenticated, XanhError
from server.faults import log_fault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OPEN_SERVICES = ("/wms", "/wfs", "/ogcapi", "/wmts", "/tiles", "/api/")
# Where a body too large is refused in words of the room's own, still before it is read: an exception report, a page.
_OWN_REPORTS = ("/wfs", "/can-bo/nap")
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
_FIXED = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin-when-cross-origin")]
_OPEN = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Link, Location, ETag, OGC-NumberMatched, Content-Crs")]


def install_guards(app: Flask, settings: Settings) -> None:
    """Attach the guards to an application."""
    app.config["MAX_CONTENT_LENGTH"] = settings.limits.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.limits.max_body_bytes
    app.request_class = _WholeRequest
    app.wsgi_app = _Guarded(app.wsgi_app, settings.limits)  # type: ignore[method-assign]
    if settings.server.trusted_proxies:
        hops = settings.server.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)  # type: ignore[method-assign]

    @app.errorhandler(Exception)
    def answer_error(error: Exception) -> Response:
        return _answer_error(error)


class _WholeRequest(Request):
    """A request whose body is whole or refused: Werkzeug stops reading one that comes in chunks where the ceiling is, and says nothing."""

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        data = super().get_data(cache, as_text, parse_form_data)  # type: ignore[call-overload]
        if self.content_length is None and self.max_content_length is not None and len(data) >= self.max_content_length:
            raise RequestEntityTooLarge
        return data


@dataclass(frozen=True)
class _Guarded:
    """Around the application rather than in it: a request costs a few comparisons here, not a trip through Flask's proxies."""

    inner: WSGIApplication
    limits: Limits

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            if "Content-Security-Policy" not in dict(headers):
                headers.append(("Content-Security-Policy", _POLICY))
            headers += _FIXED
            if environ.get("PATH_INFO", "").startswith(_OPEN_SERVICES):
                headers += _OPEN
            _log_access(environ, status, started)
            return start_response(status, headers, exc_info)

        return (self._refusal(environ) or self.inner)(environ, start)

    def _refusal(self, environ: WSGIEnvironment) -> Response | None:
        if len(environ.get("QUERY_STRING", "")) > self.limits.max_query_bytes:
            return _plain(f"The query string is longer than {self.limits.max_query_bytes} bytes.", 414)
        if environ.get("PATH_INFO", "").startswith(_OWN_REPORTS):
            return None
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > self.limits.max_body_bytes:
            return _plain(f"The request body is larger than {self.limits.max_body_bytes} bytes.", 413)
        return None


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


def _log_access(environ: WSGIEnvironment, status: str, started: float) -> None:
    """One line per request; control characters of the client never reach the log."""
    took_ms = (time.perf_counter() - started) * 1000
    target = str(environ.get("RAW_URI") or f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}")[:300]
    if not (target.isascii() and target.isprintable()):
        target = "".join(sign if sign.isprintable() else "?" for sign in target.encode("ascii", "backslashreplace").decode("ascii"))
    log_request(f"{environ.get('REMOTE_ADDR')} {environ.get('REQUEST_METHOD')} {target} {status[:3]} {took_ms:.0f} ms")
