# SPDX-License-Identifier: MIT
"""What the rooms of the OGC API share: the context, the CRSs on offer, which layers are open, and our own address."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server.access import ANONYMOUS, Identity, may_read, see_layer, store_of
from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.crs.definitions import CRS84, Crs
from server.crs.spelling import CrsReference, Spelling
from server.errors import LayerNotDefined
from server.ows.address import service_address
from server.ows.systems import offered_systems

CRS84_REFERENCE = CrsReference(CRS84, Spelling.URL)


@dataclass(frozen=True)
class Service:
    """The OGC API of one installation as `reader` sees it."""

    context: Context
    crs: tuple[Crs, ...]
    reader: Identity = ANONYMOUS

    def seen_by(self, reader: Identity) -> Service:
        """The same for somebody else."""
        return self if reader is self.reader else replace(self, reader=reader)

    def layers(self) -> list[Layer]:
        """The collections: vector layers and records that are open to the reader, as the reader sees them."""
        catalog = self.context.catalog
        return [see_layer(self.reader, catalog, layer) for layer in catalog.feature_layers() if may_read(self.reader, layer)]

    def rasters(self) -> list[Layer]:
        """The raster layers that are open to the reader, whose values are coverages."""
        catalog = self.context.catalog
        return [layer for layer in catalog.mapped_layers() if not layer.has_table and may_read(self.reader, layer)]

    def views(self) -> frozenset[str]:
        """What the reader sees, in short: the same for all who see the same."""
        return frozenset(f"{store_of(layer)}.{layer.id}" for layer in self.layers())

    def layer(self, layer_id: str) -> Layer:
        """One collection as the reader sees it; raises LayerNotDefined, also for a layer that is not open to the reader."""
        layer = self.context.catalog.layers.get(layer_id)
        if layer is None or not layer.has_table or not may_read(self.reader, layer):
            raise LayerNotDefined("There is no such collection.", message_vi="Không có bộ dữ liệu này.")
        return see_layer(self.reader, self.context.catalog, layer)

    def base(self) -> str:
        """The address of the landing page without a slash at the end, as this client reaches it. Raises InvalidParameter."""
        return service_address(self.context.settings, "/ogcapi")


def schema_address(settings: Settings, layer: Layer) -> str:
    """Where the XML schema of a collection's GML stands: at the WFS of the same server. Raises InvalidParameter."""
    name = f"{layer.names.prefix or 'xanh'}:{layer.wfs_name}"
    address = service_address(settings, "/wfs")
    return f"{address}?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={name}"


def build_service(context: Context) -> Service:
    """The service with the CRSs every service of the installation offers, CRS84 always first. Raises InvalidCrs for a wrong setting."""
    return Service(context, tuple(dict.fromkeys([CRS84, *offered_systems(context.settings)])))
