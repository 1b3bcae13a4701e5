# SPDX-License-Identifier: MIT
"""OGC API - Coverages 1 (19-087): the values of raster layers, cut to place, time and fields, in a size of one's own."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, request

from server.access import may_read
from server.catalog.model import Layer
from server.context import Context
from server.crs.engines import gdal_definition
from server.crs.spelling import Spelling, write_crs
from server.encode.filename import attachment
from server.errors import LayerNotDefined
from server.features.rasters import Raster, list_rasters
from server.features.state import layer_states, not_published
from server.filter.tree import Period
from server.ogcapi.coverages_documents import (
    FORMATS,
    describe_coverage_collection,
    describe_fields,
    storage_crs,
    write_coverage_json,
)
from server.ogcapi.coverages_requests import PARAMETERS, Offer, read_coverage_request, read_period
from server.ogcapi.page_parts import picture_address
from server.ogcapi.pages import render_page
from server.ogcapi.plain import HTML, JSON, read_wish, respond, write_json
from server.ogcapi.problems import answer_problem
from server.ogcapi.records_documents import Place
from server.ogcapi.service import Service, build_service
from server.ows.address import service_address
from server.query.features import LayerState
from server.query.moments import is_within
from server.render.coverage import encode_values, read_grid, read_values
from server.signin import current_identity

_SCHEMA = "application/schema+json"
# So many are read and written at a time in each process of the server, which bounds its memory.
_AT_ONCE = threading.BoundedSemaphore(2)


def blueprint(context: Context) -> Blueprint:
    """The routes, for the composition root: a set for each raster layer. Raises InvalidCrs for a wrong setting."""
    room = Blueprint("ogcapi_coverages", __name__, url_prefix="/ogcapi/collections")
    room.register_error_handler(Exception, answer_problem)
    handlers = _Handlers(build_service(context))
    answers: tuple[tuple[str, Callable[[Layer], Response]], ...] = (
        ("", handlers.collection),
        ("/coverage", handlers.coverage),
        ("/schema", handlers.schema),
    )
    for layer in (layer for layer in context.catalog.layers.values() if not layer.has_table):
        for part, answer in answers:
            room.add_url_rule(f"/{layer.id}{part}", f"{layer.id}{part.replace('/', '_')}", partial(answer, layer))
    return room


@dataclass(frozen=True)
class _Handlers:
    service: Service

    def collection(self, layer: Layer) -> Response:
        wish = read_wish({"json": JSON, "html": HTML})
        state, place = self._state(layer), self._place(wish.language)
        rasters = list_rasters(self.service.context, layer)
        grid = read_grid(rasters[-1].path) if rasters else None
        document = describe_coverage_collection(layer, state, place, grid)
        if wish.format == "json":
            return respond(write_json(document), JSON, wish.language)
        picture = picture_address(self.service.context.catalog, layer, state.extent, place.site)
        return respond(render_page("coverage", place.base, wish.language, document=document, picture=picture), HTML, wish.language)

    def schema(self, layer: Layer) -> Response:
        wish = read_wish({"json": _SCHEMA})
        self._state(layer)
        rasters = list_rasters(self.service.context, layer)
        if not rasters:
            raise not_published(layer.id)
        document = describe_fields(layer, read_grid(rasters[-1].path), self.service.context.catalog, self._place(wish.language))
        return respond(write_json(document), _SCHEMA, wish.language)

    def coverage(self, layer: Layer) -> Response:
        wish = read_wish(FORMATS, *PARAMETERS)
        state = self._state(layer)
        headers = {"ETag": _tag(state, wish.format, wish.language), "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language"}
        raster = _choose(list_rasters(self.service.context, layer), read_period(wish.given))
        if raster is None:
            return Response(status=204, headers=headers)
        limits, crs = self.service.context.settings.limits, storage_crs(layer)
        offer = Offer(read_grid(raster.path), crs, self.service.crs, limits)
        most = limits.max_coverage_cells if wish.format == "geotiff" else limits.max_coverage_values
        wanted = read_coverage_request(wish.given, offer, most)
        if wanted.part is None:
            return Response(status=204, headers=headers)
        if headers["ETag"] in request.environ.get("HTTP_IF_NONE_MATCH", ""):
            return Response(status=304, headers=headers)
        headers["Content-Crs"] = f"<{write_crs(crs, Spelling.URL)}>"
        with _AT_ONCE:
            values = read_values(raster.path, wanted.part, wanted.bands)
            if wish.format == "geotiff":
                headers["Content-Disposition"] = attachment(layer.title.text(wish.language), layer.id, ".tif")
                return Response(encode_values(values, gdal_definition(crs)), headers=headers, content_type=FORMATS["geotiff"])
            names = tuple(f"band{number}" for number in wanted.bands)
            document = write_coverage_json(layer, values, names, raster.moment, wish.language)
            return Response(write_json(document), headers=headers, content_type=FORMATS["covjson"])

    def _state(self, layer: Layer) -> LayerState:
        """Raises LayerNotDefined when the layer is not published or not open to the reader."""
        if not may_read(current_identity(), layer):
            raise LayerNotDefined("There is no such collection.", message_vi="Không có bộ dữ liệu này.")
        state = layer_states(self.service.context).get(layer.id)
        if state is None:
            raise not_published(layer.id)
        return state

    def _place(self, language: str) -> Place:
        return Place(service_address(self.service.context.settings, "/ogcapi"), language)


def _choose(rasters: tuple[Raster, ...], period: Period | None) -> Raster | None:
    """The last raster of a period, of all without one; a raster without time is of all times."""
    fitting = [raster for raster in rasters if period is None or raster.moment is None or is_within(raster.moment, period)]
    return fitting[-1] if fitting else None


def _tag(state: LayerState, format_: str, language: str) -> str:
    said = f"{state.layer} {state.revision} {state.published_at} {format_} {language} {request.environ.get('QUERY_STRING', '')}"
    return f'"{hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]}"'
