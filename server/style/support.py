# SPDX-License-Identifier: MIT
"""What of SLD 1.0 (OGC 02-070) and SE 1.1 (OGC 05-077r4) is drawn: full, partial or not at all.

`reader` modules ask this table before they read an element: what stands as `none` or not at all is reported by `check_style` with its
line and never drawn as something else. `partial` says in `note` which part is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["full", "partial", "none"]


@dataclass(frozen=True)
class Support:
    """How far one element is supported, and what is missing."""

    level: Level
    note: str = ""


FULL = Support("full")


def _partial(note: str) -> Support:
    return Support("partial", note)


def _none(note: str) -> Support:
    return Support("none", note)


SUPPORT: dict[str, Support] = {
    # documents
    "StyledLayerDescriptor": FULL,
    "NamedLayer": _partial("the first one of a file is the style"),
    "UserStyle": _partial("the first one of a layer is the style"),
    "FeatureTypeStyle": _partial("VendorOption sortBy with one field; FeatureTypeName and SemanticTypeIdentifier are not looked at"),
    "CoverageStyle": FULL,
    "Rule": FULL,
    "ElseFilter": FULL,
    "MinScaleDenominator": FULL,
    "MaxScaleDenominator": FULL,
    "LegendGraphic": _none("the legend is drawn from the symbolizers"),
    "UserLayer": _none("layers come from the layer files"),
    "NamedStyle": _none("styles come from files"),
    "LayerFeatureConstraints": _none("use a filter in the rules"),
    "InlineFeature": _none("data come from the database"),
    "RemoteOWS": _none("nothing is fetched from elsewhere"),
    # symbolizers
    "PointSymbolizer": FULL,
    "LineSymbolizer": FULL,
    "PolygonSymbolizer": _partial("Displacement and PerpendicularOffset are not drawn"),
    "TextSymbolizer": _partial("Graphic behind a label is not drawn"),
    "RasterSymbolizer": _partial("one band, ColorMap (or Categorize, Interpolate) and Opacity"),
    "Geometry": _none("the feature's own geometry is drawn"),
    # graphics
    "Graphic": FULL,
    "Mark": FULL,
    "WellKnownName": _partial("square, circle, triangle, star, cross, x, diamond, pentagon, hexagon, line, horline, slash, backslash"),
    "ExternalGraphic": _partial("PNG and SVG files under styles/assets; never an address; the first readable one"),
    "InlineContent": _none("put the picture under styles/assets"),
    "MarkIndex": _none("symbols from fonts are not drawn; use an SVG"),
    "ColorReplacement": _none("colours of pictures stay"),
    "AnchorPoint": _partial("of labels; graphics are centred"),
    "Displacement": _partial("of points and labels"),
    "Rotation": _partial("of points, a constant; labels stay upright"),
    "Size": _partial("a constant"),
    "Opacity": _partial("a constant"),
    # fills and strokes
    "Fill": FULL,
    "GraphicFill": _partial("in polygons"),
    "Stroke": FULL,
    "GraphicStroke": _none("symbols along lines are not drawn"),
    "PerpendicularOffset": _partial("of lines"),
    "InitialGap": _none("part of GraphicStroke"),
    "Gap": _partial("of labels repeated along lines"),
    # labels
    "Label": _partial("fields and literal texts one after the other; functions are not computed"),
    "Font": FULL,
    "Halo": FULL,
    "LabelPlacement": FULL,
    "PointPlacement": _partial("rotation is not drawn"),
    "LinePlacement": FULL,
    "IsRepeated": FULL,
    "IsAligned": _none("labels follow their line"),
    "GeneralizeLine": _none("labels follow their line"),
    "Priority": _none("order the features with VendorOption sortBy"),
    # rasters
    "ColorMap": _partial("ramp, intervals, values"),
    "ColorMapEntry": FULL,
    "Categorize": _partial("of Rasterdata"),
    "Interpolate": _partial("of Rasterdata, linear"),
    "ChannelSelection": _none("the band is set in the layer file"),
    "OverlapBehavior": _none("one raster per layer"),
    "ContrastEnhancement": _none("values are drawn as they are"),
    "ShadedRelief": _none("not drawn"),
    "ImageOutline": _none("not drawn"),
    # filters
    "Filter": _partial("comparison and logical operators; spatial operators and functions leave the rule out"),
    "PropertyIsEqualTo": FULL,
    "PropertyIsNotEqualTo": FULL,
    "PropertyIsLessThan": FULL,
    "PropertyIsLessThanOrEqualTo": FULL,
    "PropertyIsGreaterThan": FULL,
    "PropertyIsGreaterThanOrEqualTo": FULL,
    "PropertyIsBetween": FULL,
    "PropertyIsLike": FULL,
    "PropertyIsNull": FULL,
    "And": FULL,
    "Or": FULL,
    "Not": FULL,
    "Function": _none("functions are not computed"),
}

# Options beyond the standard, spelled as GeoServer and QGIS spell them where they have the same.
VENDOR_OPTIONS: dict[str, Support] = {
    "sortBy": _partial("in FeatureTypeStyle: one field, A or D"),
    "inclusion": _partial("in Rule: mapOnly keeps the rule out of the legend, legendOnly out of the map"),
    "conflictResolution": _partial(
        "in PointSymbolizer true leaves out a symbol that touches another; in TextSymbolizer false lets labels overlap"
    ),
    "autoWrap": FULL,
    "spaceAround": FULL,
    "maxDisplacement": _partial("of labels at points: that far above, below and beside"),
    "repeat": FULL,
    "followLine": FULL,
}


def describe_missing(name: str) -> str:
    """Why an element is not drawn, in one sentence."""
    known = SUPPORT.get(name)
    if known is None:
        return f"<{name}> is not known and is not drawn"
    return f"<{name}> is not drawn here: {known.note or 'not supported in this place'}"
