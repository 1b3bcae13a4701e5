# SPDX-License-Identifier: MIT
"""OGC API - Tiles 1 (20-057) below /ogcapi: vector tiles and map tiles of the dataset and of collections, tilesets, tile matrix sets.

The dataset's tiles are those of the base map; `collections` names others. Tiles come from the same desk and cache as WMTS and XYZ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from server.access import ANONYMOUS, may_read
from server.catalog.background import background
from server.catalog.model import Layer
from server.context import Context
from server.errors import InvalidParameter, LimitExceeded, XanhError
from server.features.state import layer_states, not_published
from server.ogcapi.negotiation import choose_language
from server.ogcapi.problems import answer_problem
from server.ogcapi.requests import read_pairs
from server.ogcapi.tiles_documents import (
    TilesetSource,
    describe_matrix_set,
    describe_tileset,
    list_matrix_sets,
    list_tilesets,
    offered_sets,
)
from server.ogcapi.tiles_links import TileAddress
from server.ows.address import service_address
from server.tiles.answers import TileAnswer, find_mixture, find_picture, find_vectors_of, require_within
from server.tiles.asked import GetTile, read_tile
from server.tiles.desk import TileDesk
from server.tiles.drawings import BASE_MAP, find_drawing, open_layers
from server.tiles.matrix import Tile, TileMatrixSet, TileOutOfRange
from server.tiles.pictures import FORMATS

_TILE = "<matrix_set>/<level>/<row>/<column>"


def blueprint(context: Context, desk: TileDesk) -> Blueprint:
    """The routes, for the composition root; they stand beside those of OGC API - Features."""
    room = Blueprint("ogcapi_tiles", __name__, url_prefix="/ogcapi")
    room.register_error_handler(Exception, answer_problem)
    handlers = _Handlers(context, desk)
    room.add_url_rule("/tileMatrixSets", "matrix_sets", handlers.matrix_sets)
    room.add_url_rule("/tileMatrixSets/<name>", "matrix_set", handlers.matrix_set)
    for start, name in (
        ("", "dataset"),
        ("/collections/<collection>", "collection"),
        ("/collections/<collection>/styles/<style>", "styled"),
    ):
        for kind, is_vector in (("map/tiles", False), ("tiles", True)):
            if is_vector and name == "styled":
                continue
            given = {"is_vector": is_vector}
            room.add_url_rule(f"{start}/{kind}", f"{name}_{is_vector}_list", handlers.tilesets, defaults=given)
            room.add_url_rule(f"{start}/{kind}/<matrix_set>", f"{name}_{is_vector}_set", handlers.tileset, defaults=given)
            room.add_url_rule(f"{start}/{kind}/{_TILE}", f"{name}_{is_vector}_tile", handlers.tile, defaults=given)
    return room


@dataclass(frozen=True)
class _Handlers:
    context: Context
    desk: TileDesk

    def matrix_sets(self) -> Response:
        given = _read(("f", "lang"))
        return _answer_document(list_matrix_sets(self.desk, self._base(), _language(given)))

    def matrix_set(self, name: str) -> Response:
        given = _read(("f", "lang"))
        return _answer_document(describe_matrix_set(self._find_set(name), _language(given)))

    def tilesets(self, is_vector: bool, collection: str | None = None, style: str | None = None) -> Response:
        given = _read(("f", "lang", "collections"))
        source = self._source(is_vector, collection, style, given)
        return _answer_document(list_tilesets(self.desk, source, layer_states(self.context)))

    def tileset(self, is_vector: bool, matrix_set: str, collection: str | None = None, style: str | None = None) -> Response:
        given = _read(("f", "lang", "collections"))
        source = self._source(is_vector, collection, style, given)
        found = self._find_set(matrix_set)
        if found not in offered_sets(self.desk, source.address):
            raise NotFound
        return _answer_document(describe_tileset(found, source, layer_states(self.context)))

    def tile(self, is_vector: bool, matrix_set: str, level: str, row: str, column: str, **drawing: str) -> Response:
        given = _read(("f", "collections"))
        found = self._find_set(matrix_set)
        try:
            tile = found.require(read_tile(level, column, row))
        except XanhError as error:
            raise NotFound from error
        names = [self._require_collection(drawing["collection"])] if "collection" in drawing else _names(given)
        try:
            if is_vector:
                return self._vector_tile(found, tile, names, given)
            return self._picture_tile(names, GetTile("", drawing.get("style", ""), found.id, tile, _choose_ending(given)))
        except TileOutOfRange as error:
            raise NotFound from error

    def _picture_tile(self, names: list[str], asked: GetTile) -> Response:
        holds = request.if_none_match.contains_weak
        if len(names) > 1:
            self._layers(names, is_vector=False)
            return _respond(find_mixture(self.desk, names, asked, holds))
        return _respond(find_picture(self.desk, replace(asked, layer=names[0] if names else BASE_MAP), holds, bounds="limits"))

    def _vector_tile(self, found: TileMatrixSet, tile: Tile, names: list[str], given: Mapping[str, str]) -> Response:
        """Layers of a vector tile simply follow one another (MVT 2.1 4.1), so a tile of several is made of the tiles of each.

        Where nothing is, the limits are asked: what lies within them is empty, what does not is not there.
        """
        if found not in offered_sets(self.desk, TileAddress("", True)):
            raise NotFound
        if given.get("f", "mvt") != "mvt":
            raise InvalidParameter("Vector tiles are offered as f=mvt.", locator="f")
        holds = request.if_none_match.contains_weak
        if len(names) == 1 and names[0] in self.context.catalog.layers:
            answer = find_vectors_of(self.desk, names[0], (found, tile), holds)
        else:
            names = [layer.id for layer in self._layers(names, is_vector=True)]
            parts = [find_vectors_of(self.desk, name, (found, tile), _holds_nothing) for name in names]
            tag = hashlib.sha256("".join(part.tag for part in parts).encode()).hexdigest()[:32]
            body = None if holds(tag) else b"".join(part.body or b"" for part in parts)
            answer = TileAnswer(tag, body, "application/vnd.mapbox-vector-tile")
        if answer.body == b"":
            extents = tuple(extent for name in names for extent in self.desk.editions.of_vectors(name).extents)
            require_within(extents, found, tile, "limits")
        return _respond(answer)

    def _source(self, is_vector: bool, collection: str | None, style: str | None, given: Mapping[str, str]) -> TilesetSource:
        language = _language(given)
        layers = self._layers([self._require_collection(collection)] if collection else _names(given), is_vector=is_vector)
        if collection and not is_vector:
            find_drawing(self.context.catalog, collection, style or "")  # refuses styles it does not have
        carried = {layer.id: self.desk.editions.vector_fields(layer.id) for layer in layers} if is_vector else None
        about = self.context.settings.service
        title = layers[0].title.text(language) if collection else about.title.text(language)
        return TilesetSource(TileAddress(self._base(), is_vector, collection, style, carried), tuple(layers), title, language)

    def _layers(self, names: list[str], *, is_vector: bool) -> list[Layer]:
        """The layers of those names that anybody may see and that are published (rasters have maps alone); without names the base map's.

        The name of a group means what is in it and in the groups inside it, lowest first.

        Raises LayerNotDefined, LimitExceeded.
        """
        states = layer_states(self.context)
        if not names:
            return [layer for layer, _ in background(open_layers(self.context.catalog)) if layer.id in states and layer.has_geometry]
        ceiling = self.context.settings.limits.max_map_layers
        if len(names) > ceiling:
            raise LimitExceeded(f"At most {ceiling} collections at once.", locator="collections")
        found: dict[str, Layer] = {}
        for name in names:
            inside = [
                layer
                for layer in self._members(name)
                if may_read(ANONYMOUS, layer) and layer.id in states and (layer.has_geometry or (not is_vector and layer.is_mapped))
            ]
            if not inside:
                raise not_published(name[:100])
            found |= {layer.id: layer for layer in inside}
        if len(found) > ceiling:
            raise LimitExceeded(f"At most {ceiling} collections at once, groups counted as what they hold.", locator="collections")
        return list(found.values())

    def _require_collection(self, name: str) -> str:
        """The name of a layer: groups are no collections. Raises LayerNotDefined."""
        if name not in self.context.catalog.layers:
            raise not_published(name[:100])
        return name

    def _members(self, name: str) -> list[Layer]:
        catalog = self.context.catalog
        if name in catalog.layers:
            return [catalog.layers[name]]
        inside = catalog.groups_below(name)
        return [layer for layer in reversed(open_layers(catalog)) if layer.group in inside]

    def _find_set(self, name: str) -> TileMatrixSet:
        found = self.desk.sets.get(name)
        if found is None:
            raise NotFound
        return found

    def _base(self) -> str:
        return service_address(self.context.settings, "/ogcapi")


def _read(allowed: tuple[str, ...]) -> dict[str, str]:
    given = read_pairs(request.environ.get("QUERY_STRING", "").encode("latin-1"))
    for name in given:
        if name not in allowed:
            raise InvalidParameter(f"There is no parameter {name[:60]!r} here.", locator=name[:60])
    return given


def _names(given: Mapping[str, str]) -> list[str]:
    """The collections asked for, each once."""
    return list(dict.fromkeys(name for name in given.get("collections", "").split(",") if name))


def _language(given: Mapping[str, str]) -> str:
    if given.get("f", "json") != "json":
        raise InvalidParameter("Offered as f=json.", locator="f")
    if given.get("lang", "vi") not in ("vi", "en"):
        raise InvalidParameter("The languages are vi and en.", locator="lang")
    return given.get("lang") or choose_language()


def _choose_ending(given: Mapping[str, str]) -> str:
    """What `f` says, else what the client prefers of our formats."""
    ending = given.get("f")
    if ending is None:
        preferred = request.accept_mimetypes.best_match(list(FORMATS.values()), FORMATS["png"])
        return next(name for name, media_type in FORMATS.items() if media_type == preferred)
    if ending not in FORMATS:
        raise InvalidParameter(f"Map tiles are offered as f={', '.join(FORMATS)}.", locator="f")
    return ending


def _holds_nothing(_: str) -> bool:
    return False


def _respond(found: TileAnswer) -> Response:
    response = Response(found.body, status=found.status)
    response.headers.remove("Content-Type")
    response.headers.extend(found.headers())
    response.headers["Vary"] = "Accept"
    return response


def _answer_document(document: dict[str, Any]) -> Response:
    response = Response(json.dumps(document, ensure_ascii=False, separators=(",", ":")), content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language"
    response.add_etag()
    response.make_conditional(request.environ)
    return response
