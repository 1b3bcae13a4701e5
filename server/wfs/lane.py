# SPDX-License-Identifier: MIT
"""The fast lane of GetFeature: a question an anonymous reader has asked before is answered before the web framework sees it.

Flask's routing and contexts, and reading the question, cost more than ten features do. Whatever is new, signed in or not by GET takes the
ordinary way, which also words every refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from server.context import Context
from server.encode.stream import Framed
from server.ows.address import address_in
from server.wfs.frames import CONTENT_TYPES
from server.wfs.getfeature import write_features
from server.wfs.questions import Question, Questions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH = "/wfs"


class FeaturesLane:
    """WSGI around the application; `questions` are filled by the ordinary way."""

    def __init__(self, inner: WSGIApplication, context: Context, questions: Questions) -> None:
        self._inner = inner
        self._context = context
        self._questions = questions

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer here or hand on."""
        question = None
        if environ.get("PATH_INFO") == _PATH and environ["REQUEST_METHOD"] == "GET" and "HTTP_AUTHORIZATION" not in environ:
            question = self._questions.find(environ.get("QUERY_STRING", ""))
        body = self._answer(environ, question) if question is not None else None
        if question is None or body is None:
            return self._inner(environ, start_response)
        headers = [("Content-Type", CONTENT_TYPES[question.row_format])]
        if not isinstance(body, Framed):
            headers.append(("Content-Length", str(sum(map(len, body)))))
        start_response("200 OK", headers)
        return body

    def _answer(self, environ: WSGIEnvironment, question: Question) -> list[bytes] | Framed | None:
        try:
            return write_features(self._context, question, address_in(environ, self._context.settings, _PATH))
        except Exception:  # noqa: BLE001 - nothing was sent yet: the ordinary way meets the same mistake, words it and logs it
            return None
