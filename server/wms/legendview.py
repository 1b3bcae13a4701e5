# SPDX-License-Identifier: MIT
"""The view a legend is for: which classes of a style have a feature in it."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalog.model import Layer
from server.context import Context
from server.crs.extent import Extent
from server.features.read import open_features
from server.filter.tree import Box, Node, Spatial, both
from server.query.features import FeatureQuery
from server.query.maps import MapLayer
from server.render.legend import LegendEntry
from server.style.model import Style
from server.wms.frame import MapFrame
from server.wms.layers import LayerBook
from server.wms.place import read_extent
from server.wms.shown import rule_where, scale_of


@dataclass(frozen=True)
class LegendView:
    """A part of the ground and what of a layer the map of it would draw; `is_sized` = the client said how large that map is."""

    painted: MapLayer
    style: Style
    extent: Extent
    scale: float
    is_sized: bool

    @property
    def label(self) -> str:
        """Changes whenever the answer might."""
        return f"{self.painted.layer.id}:{self.painted.revision}:{self.painted.where}:{self.extent.bounds}:{self.extent.crs.code}"

    def keep_existing(self, entries: list[LegendEntry], context: Context) -> list[LegendEntry]:
        """The entries of which there is a feature in the view, one question to the database each; colours of rasters all stay.

        Raises InvalidParameter, LimitExceeded, ServerFault.
        """
        if not self.painted.layer.has_geometry:
            return entries
        return [entry for entry in entries if self._exists(entry, context)]

    def _exists(self, entry: LegendEntry, context: Context) -> bool:
        inside: Node = Spatial("intersects", Box(*self.extent.bounds, self.extent.crs.code))
        where = both(both(inside, self.painted.where), rule_where(self.style, entry.rule, self.scale if self.is_sized else None))
        query = FeatureQuery(self.painted.layer, fields=(), where=where, limit=1, with_geometry=False)
        return any(open_features(context, query, "geojson").chunks())


def find_view(frame: MapFrame, layer: Layer, style: Style, book: LayerBook, *, is_sized: bool) -> LegendView:
    """The view of a request as far as it shows the layer; `is_sized`: the client said how many pixels it has.

    Raises InvalidCrs, InvalidParameter, InvalidDimension.
    """
    extent = read_extent(frame, book)
    painted = next(one for one in book.choose_layers(frame).layers if one.layer.id == layer.id)
    return LegendView(painted, style, extent, scale_of(extent, frame.width, frame.pixel_ratio), is_sized)
