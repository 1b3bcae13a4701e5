# SPDX-License-Identifier: MIT
"""What the smaller rooms under /ogcapi share: a closed list of parameters, `f` or Accept, the language, answers that are not sent twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from server.errors import InvalidParameter
from server.ogcapi.negotiation import choose_language
from server.ogcapi.requests import read_pairs

JSON, HTML = "application/json", "text/html"
Document = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What a request asks for beside the thing itself: a format (a name of `f`), a language, further parameters as they were written."""

    format: str
    language: str
    given: Mapping[str, str]


def read_wish(formats: Mapping[str, str], *names: str) -> Wish:
    """The wish of this request. `formats` maps names of `f` to media types, the default first; `names` are the further parameters.

    Raises InvalidParameter for a parameter, format or language that is not offered.
    """
    given = read_pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"))
    wrong = next((name for name in given if name not in ("f", "lang") and name not in names), None)
    if wrong is not None:
        shown = wrong if len(wrong) <= 60 and wrong.isprintable() else "…"
        raise InvalidParameter(f"There is no parameter {shown!r} here.", locator=shown, message_vi=f"Không có tham số {shown!r} ở đây.")
    format_ = given.get("f") or _choose_format(formats)
    if format_ not in formats:
        offered = ", ".join(formats)
        raise InvalidParameter(f"The formats are {offered}.", locator="f", message_vi=f"Các định dạng: {offered}.")
    if given.get("lang", "vi") not in ("vi", "en"):
        raise InvalidParameter("The languages are vi and en.", locator="lang", message_vi="Ngôn ngữ là vi hoặc en.")
    return Wish(format_, given.get("lang") or choose_language(), given)


def _choose_format(formats: Mapping[str, str]) -> str:
    """The format the client prefers of those offered, the first when it does not care or none fits."""
    first = next(iter(formats))
    if not request.environ.get("HTTP_ACCEPT"):
        return first
    qualities = {name: request.accept_mimetypes[media_type.partition(";")[0]] for name, media_type in formats.items()}
    best = max(qualities.values())
    return first if qualities[first] == best else next(name for name, quality in qualities.items() if quality == best)


def write_json(document: Document) -> bytes:
    """A document as UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def respond(text: bytes, media_type: str, language: str | None = None) -> Response:
    """An answer with a tag, so that it is not sent twice to whoever holds it."""
    response = Response(text, content_type=f"{media_type}; charset=utf-8" if media_type == HTML else media_type)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept, Accept-Language"
    if language is not None:
        response.headers["Content-Language"] = language
    response.add_etag()
    response.make_conditional(request.environ)
    return response
