# SPDX-License-Identifier: MIT
"""The pages without script: `/`, `/tim` and one address per object of every layer that is open to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request

from server.access import ANONYMOUS, may_read
from server.catalog.display import VIETNAM_TIME
from server.catalog.model import Layer
from server.context import Context
from server.errors import FeatureNotFound, XanhError
from server.features.nearby import Found, Surroundings, look_around
from server.features.search import search
from viewer.pages.home import describe_groups, find_examples, find_newest
from viewer.pages.objects import ObjectPage, describe_object, object_address
from viewer.pages.picture import Frame, map_address, picture_address
from viewer.pages.places import Point, read_place
from viewer.pages.readings import place_zone, write_places
from viewer.pages.shell import Shell, asked_language
from viewer.pages.words import say
from viewer.published import PublishedReader

_KEY = re.compile(r"(\d{1,18})(?:-[^/]*)?", re.ASCII)
_LANDING, _BESIDE, _CARD = Frame(760, 460), Frame(560, 400), Frame(600, 315, "image/png")
_MOST_HITS = 30
_GEOJSON = "application/geo+json"


def add_pages(room: Blueprint, context: Context, published: PublishedReader, shell: Shell) -> None:
    """Register the pages on the viewer's blueprint."""
    pages = _Pages(context, published, shell)
    room.add_url_rule("/", "home", pages.show_home)
    room.add_url_rule("/tim", "find", pages.find)
    for layer in context.catalog.feature_layers():
        if may_read(ANONYMOUS, layer):
            room.add_url_rule(f"/{layer.page_name}/<key>", f"object_{layer.id}", pages.show_object, defaults={"layer": layer})


class _Pages:
    def __init__(self, context: Context, published: PublishedReader, shell: Shell) -> None:
        self._context, self._published, self._shell = context, published, shell
        self._zone = place_zone(context.settings)

    def show_home(self) -> Response:
        """The landing page; when the data cannot be read it still has its search box and says so."""
        language = asked_language()
        try:
            published = self._published.read()
            province = [layer for layer in self._context.catalog.feature_layers() if layer.visible and not layer.base_map]
            shown = [layer for layer in province if layer.has_geometry and may_read(ANONYMOUS, layer)]
            picture = self._picture(shown, published.home, _LANDING) if published.home else None
            return self._shell.render(
                "home",
                language,
                at_home=True,
                picture=picture,
                groups=describe_groups(self._context, published, language),
                newest=find_newest(self._context, published, language),
                examples=find_examples(self._context, published),
                address=lambda page: object_address(page.layer, page.id, page.title, language),
            )
        except XanhError as error:
            return self._shell.apologise(error, language)

    def find(self) -> Response:
        """What is there: a place for coordinates, a page for the only hit, else a list."""
        language, asked = asked_language(), " ".join(request.args.get("q", "").split())[:200]
        try:
            point = read_place(asked, self._zone)
            if point is not None:
                return self._show_place(point, asked, language)
            hits = search(self._context, asked, language, _MOST_HITS) if asked else []
            if len(hits) == 1:
                return _redirect(self._shell.found_address(hits[0], language), 302)
            return self._shell.render("find", language, words_asked=asked, hits=hits)
        except XanhError as error:
            return self._shell.apologise(error, language)

    def show_object(self, layer: Layer, key: str) -> Response:
        """The page of an object, or its GeoJSON for programs that ask for that. Other spellings of its name lead to the one address."""
        language, match = asked_language(), _KEY.fullmatch(key)
        try:
            if match is None:
                raise FeatureNotFound("There is no such object.", message_vi="Không có đối tượng này.")
            geojson = f"/ogcapi/collections/{layer.id}/items/{int(match.group(1))}?f=json"
            if request.accept_mimetypes.best_match(["text/html", _GEOJSON]) == _GEOJSON:
                return _redirect(geojson, 303)
            page = describe_object(self._context, layer, int(match.group(1)), language)
            canonical = object_address(layer, page.id, page.title, language)
            if canonical.partition("?")[0] != request.path:
                return _redirect(canonical, 301)
            around = look_around(self._context, page.point, language) if page.point and not page.former_since else None
            return self._shell.render(
                "object", language, page=page, canonical=canonical, geojson=geojson, **self._describe(page, around, language)
            )
        except XanhError as error:
            return self._shell.apologise(error, language)

    def _describe(self, page: ObjectPage, around: Surroundings | None, language: str) -> dict[str, Any]:
        """What the template of an object needs beside the object."""
        layer, items = page.layer, f"/ogcapi/collections/{page.layer.id}/items"
        state = self._published.read().states.get(layer.id)
        root = self._context.settings.server.public_url or request.url_root
        moment = datetime.fromisoformat(state.published_at).astimezone(VIETNAM_TIME) if state and state.published_at else None
        return {
            "root": root.rstrip("/"),
            "picture": self._picture([layer], page.extent, _BESIDE) if page.extent else None,
            "card": picture_address(self._context.catalog, [layer], page.extent, _CARD, 2) if page.extent else None,
            "ringed": page.extent is not None and page.extent[:2] == page.extent[2:],
            "map": map_address(layer, page.id, page.point, language) if page.point else None,
            "places": write_places(page.point, self._zone, language) if page.point else [],
            "around": _leave_out(around, page) if around else None,
            "all_address": f"{items}?f=html{'&lang=en' if language == 'en' else ''}",
            "downloads": [
                ("GeoJSON", f"{items}/{page.id}?f=json"),
                (
                    "GML 3.1.1",
                    f"/wfs?service=WFS&version=1.1.0&request=GetFeature&typeName={layer.wfs_name}&featureId={layer.wfs_name}.{page.id}",
                ),
                (
                    f"{say(language, 'all_of', what=layer.title.text(language))} (CSV)",
                    f"{items}?f=csv&limit={self._context.settings.limits.max_items}",
                ),
            ],
            "published": f"{moment:%d/%m/%Y %H:%M}" if moment else None,
            "linked_data": _linked_data(page, language, root.rstrip("/")),
        }

    def _show_place(self, point: Point, asked: str, language: str) -> Response:
        places = write_places(point, self._zone, language)
        around = look_around(self._context, point, language)
        chosen = {one.layer: self._context.catalog.layer(one.layer) for one in around.near}
        return self._shell.render(
            "find",
            language,
            words_asked=asked,
            place=places[0][1],
            places=places,
            around=around,
            picture=self._picture(list(chosen.values()), (*point, *point), _BESIDE),
            map=map_address(next(iter(chosen.values()), self._context.catalog.layer("communes")), None, point, language),
        )

    def _picture(self, layers: list[Layer], extent: tuple[float, float, float, float], frame: Frame) -> tuple[str, str]:
        catalog = self._context.catalog
        return picture_address(catalog, layers, extent, frame), picture_address(catalog, layers, extent, frame, 2)


def _leave_out(around: Surroundings, page: ObjectPage) -> Surroundings:
    """The surroundings without the object itself."""

    def others(found: Iterable[Found]) -> list[Found]:
        return [one for one in found if (one.layer, one.id) != (page.layer.id, page.id)]

    return Surroundings(others(around.areas), others(around.near))


def _linked_data(page: ObjectPage, language: str, root: str) -> dict[str, Any]:
    """The object for search engines (schema.org Place, or Thing without geometry)."""
    address = object_address(page.layer, page.id, page.title, language)
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place" if page.point else "Thing",
        "@id": f"{root}{address}",
        "name": page.title,
        "url": f"{root}{address}",
        "description": f"{page.layer.title.text(language)}: {page.summary}",
    }
    if page.point:
        described["geo"] = {"@type": "GeoCoordinates", "longitude": round(page.point[0], 6), "latitude": round(page.point[1], 6)}
    return described


def _redirect(address: str, status: int) -> Response:
    return Response(status=status, headers={"Location": address})
