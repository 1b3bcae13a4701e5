# SPDX-License-Identifier: MIT
"""JSON for programs, a page for people, and in which language."""

from __future__ import annotations

from functools import lru_cache

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from server.encode import gml32, jsonfg
from server.encode.formats import DOWNLOADS
from server.encode.geojson import MEDIA_TYPE
from server.ogcapi.requests import JSON_FG

_LONGEST = 500
_GML = gml32.MEDIA_TYPE.partition(";")[0]
_PROFILES = tuple(f'{_GML};version=3.2;profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf{level}"' for level in (0, 2))
# The first one that fits is taken where a client likes several alike.
_OFFERED: dict[str, str | None] = {
    MEDIA_TYPE: None,
    "application/json": None,
    "text/html": "html",
    jsonfg.MEDIA_TYPE: JSON_FG,
    **dict.fromkeys((_GML, f"{_GML};version=3.2", *_PROFILES), "gml"),
    **{each.media_type.partition(";")[0]: each.short for each in DOWNLOADS},
}


def choose_page(format_: str | None, language: str | None) -> str | None:
    """The language of the HTML page to answer with, or None for JSON: `f` decides, else what Accept prefers (JSON when it does not say)."""
    if format_ not in (None, "html"):
        return None
    if format_ != "html" and ("text/html" not in request.environ.get("HTTP_ACCEPT", "") or _prefers_json()):
        return None
    return language or choose_language()


def choose_format(accepted: str | None) -> str | None:
    """The name in `f` of the format of features that Accept prefers; None for GeoJSON, also where it names nothing that is offered."""
    return _choose_format(accepted) if accepted and len(accepted) <= _LONGEST else None


@lru_cache(maxsize=500)
def _choose_format(accepted: str) -> str | None:
    best = parse_accept_header(accepted, MIMEAccept).best_match(_OFFERED)
    return _OFFERED[best] if best else None


def choose_language() -> str:
    """Vietnamese unless the client prefers English."""
    if "HTTP_ACCEPT_LANGUAGE" not in request.environ:
        return "vi"
    return request.accept_languages.best_match(["vi", "en"], "vi") or "vi"


def _prefers_json() -> bool:
    accepted = request.accept_mimetypes
    return max(accepted["application/geo+json"], accepted["application/json"]) > accepted["text/html"]
