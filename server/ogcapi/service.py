# SPDX-License-Identifier: MIT
"""What the rooms of the OGC API share: the context, the CRSs on offer, which layers are open, and our own address."""

from __future__ import annotations

from dataclasses import dataclass

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import CRS84, Crs
from server.crs.spelling import CrsReference, Spelling
from server.errors import LayerNotDefined
from server.ows.address import service_address
from server.ows.systems import offered_systems

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
        return service_address(self.context.settings, "/ogcapi")


def build_service(context: Context) -> Service:
    """The service with the CRSs every service of the installation offers, CRS84 always first. Raises InvalidCrs for a wrong setting."""
    return Service(context, tuple(dict.fromkeys([CRS84, *offered_systems(context.settings)])))
