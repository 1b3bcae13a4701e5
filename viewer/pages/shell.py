# SPDX-License-Identifier: MIT
"""The frame every page without script stands in: language, province, words, and what is said when something is missing or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from flask import Response, render_template, request

from server.catalog.display import show_number
from server.catalog.model import Layer
from server.context import Context
from server.errors import FeatureNotFound, LayerNotDefined, ServerFault, XanhError
from server.faults import log_fault
from server.features.nearby import Found
from server.query.features import SearchHit
from viewer.assets import asset_address
from viewer.describe import name_province
from viewer.pages.objects import object_address
from viewer.pages.words import say
from viewer.published import PublishedReader

Respond = Callable[[str], Response]


class Shell:
    """Renders the templates of `pages/`; `respond` turns HTML into an answer with the viewer's headers."""

    def __init__(self, context: Context, published: PublishedReader, respond: Respond) -> None:
        self._context, self._published, self._respond = context, published, respond

    def render(self, name: str, language: str, **values: Any) -> Response:
        """The page `name` (of `pages/`, or with its folder) in `language`, with the words and addresses every page may use."""
        page = render_template(
            f"{name}.html" if "/" in name else f"pages/{name}.html",
            language=language,
            lang_query="?lang=en" if language == "en" else "",
            province=self.province(language),
            asset=asset_address,
            say=lambda word, **inner: say(language, word, **inner),
            words={"language": say(language, "language")},
            found_address=lambda hit: self.found_address(hit, language),
            distance=lambda found: write_distance(found.distance, language),
            by_layer=self._by_layer,
            **values,
        )
        return self._respond(page)

    def apologise(self, error: XanhError, language: str) -> Response:
        """404 for what is not there; 503 with a way on when the data cannot be read."""
        missing = isinstance(error, FeatureNotFound | LayerNotDefined)
        if not error.is_client_fault:
            log_fault(error)
        answer = self.render("sorry", language, what="gone" if missing else "fault")
        answer.status_code = 404 if missing else 503
        return answer

    def found_address(self, hit: SearchHit | Found, language: str) -> str:
        """The page of a hit."""
        return object_address(self._context.catalog.layer(hit.layer), hit.id, hit.title, language)

    def province(self, language: str) -> str:
        """The province as it stands in a sentence; also without the database."""
        try:
            full_name = self._published.read().province
        except ServerFault:
            full_name = None
        return name_province(self._context.settings, full_name, language)

    def _by_layer(self, found: Iterable[Found]) -> list[tuple[Layer, list[Found]]]:
        return [(self._context.catalog.layer(name), list(members)) for name, members in groupby(found, key=lambda one: one.layer)]


def asked_language() -> str:
    """The language of this request: 'en' or 'vi'."""
    return "en" if request.args.get("lang") == "en" else "vi"


def write_distance(metres: float, language: str) -> str:
    """850 m, 1,2 km."""
    return f"{show_number(round(metres / 1000, 1), language)} km" if metres >= 950 else f"{round(metres / 10) * 10} m"
