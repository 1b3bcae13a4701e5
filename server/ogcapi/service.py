# SPDX-License-Identifier: MIT
"""What the rooms of the OGC API share: the context, the CRSs on offer, which layers are open, and our own address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from flask import request

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import CRS84, Crs, find_crs
from server.crs.provinces import default_zone
from server.crs.spelling import CrsReference, Spelling, parse_crs
from server.errors import InvalidParameter, LayerNotDefined

_HOST = re.compile(r"[A-Za-z0-9.\-_:\[\]]{1,255}", re.ASCII)
CRS84_REFERENCE = CrsReference(CRS84, Spelling.URL)


@dataclass(frozen=True)
class Service:
    """The OGC API of one installation."""

    context: Context
    crs: tuple[Crs, ...]

    def layers(self) -> list[Layer]:
        """The collections: vector layers and records that are open to everybody."""
        return [layer for layer in self.context.catalog.feature_layers() if may_read(ANONYMOUS, layer)]

    def layer(self, layer_id: str) -> Layer:
        """One collection; raises LayerNotDefined, also for a layer that is not open."""
        layer = self.context.catalog.layers.get(layer_id)
        if layer is None or not layer.has_table or not may_read(ANONYMOUS, layer):
            raise LayerNotDefined("There is no such collection.", message_vi="Không có bộ dữ liệu này.")
        return layer

    def base(self) -> str:
        """The address of the landing page without a slash at the end, as this client reaches it. Raises InvalidParameter."""
        public = self.context.settings.server.public_url
        if public:
            return f"{public.rstrip('/')}/ogcapi"
        environ = request.environ
        host = environ.get("HTTP_HOST") or f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}"
        if not _HOST.fullmatch(host):
            raise InvalidParameter("The Host header is not a host.", locator="Host")
        return f"{environ.get('wsgi.url_scheme', 'http')}://{host}{environ.get('SCRIPT_NAME', '')}/ogcapi"


def build_service(context: Context) -> Service:
    """The CRSs of config.yml and the VN-2000 zones it names (or the province's), CRS84 always first. Raises InvalidCrs."""
    services = context.settings.services
    named = [parse_crs(text).crs for text in services.crs]
    zones = [find_crs(code) for code in services.vn2000_zones] or [default_zone(context.settings.province.code, date(2025, 7, 1))]
    return Service(context, tuple(dict.fromkeys([CRS84, *named, *zones])))
