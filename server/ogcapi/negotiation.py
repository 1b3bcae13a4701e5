# SPDX-License-Identifier: MIT
"""JSON for programs, a page for people, and in which language."""

from __future__ import annotations

from flask import request


def choose_page(format_: str | None, language: str | None) -> str | None:
    """The language of the HTML page to answer with, or None for JSON: `f` decides, else what Accept prefers (JSON when it does not say)."""
    if format_ not in (None, "html"):
        return None
    if format_ != "html" and ("text/html" not in request.environ.get("HTTP_ACCEPT", "") or _prefers_json()):
        return None
    return language or choose_language()


def choose_language() -> str:
    """Vietnamese unless the client prefers English."""
    if "HTTP_ACCEPT_LANGUAGE" not in request.environ:
        return "vi"
    return request.accept_languages.best_match(["vi", "en"], "vi") or "vi"


def _prefers_json() -> bool:
    accepted = request.accept_mimetypes
    return max(accepted["application/geo+json"], accepted["application/json"]) > accepted["text/html"]
