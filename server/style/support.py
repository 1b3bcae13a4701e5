# SPDX-License-Identifier: MIT
"""What of SLD 1.0 (OGC 02-070) and SE 1.1 (OGC 05-077r4) is drawn: full, partial or not at all.

What stands as `none` or not at all is reported by `check_style` with its line and never drawn as something else. `partial` says in
`note` which part is. docs/styles.md shows this table; a test keeps both equal.
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
    "FeatureTypeStyle": _partial(
        "VendorOptions sortBy, ruleEvaluation, composite; FeatureTypeName and SemanticTypeIdentifier are not looked at"
    ),
    "CoverageStyle": FULL,
    "Rule": FULL,
    "ElseFilter": FULL,
    "MinScaleDenominator": FULL,
    "MaxScaleDenominator": FULL,
    "LegendGraphic": FULL,
    "UserLayer": _none("layers come from the layer files"),
    "NamedStyle": _none("styles come from files"),
    "LayerFeatureConstraints": _none("use a filter in the rules"),
    "InlineFeature": _none("data come from the database"),
    "RemoteOWS": _none("nothing is fetched from elsewhere"),
    # symbolizers
    "PointSymbolizer": FULL,
    "LineSymbolizer": FULL,
    "PolygonSymbolizer": _partial("PerpendicularOffset moves the outline alone"),
    "TextSymbolizer": _partial("anchors are rounded to thirds; a Graphic behind a label is centred"),
    "RasterSymbolizer": _partial("one band with ColorMap, grey or red, green and blue; Opacity; contrast of grey bands"),
    "Geometry": _partial(
        "of points: centroid, interiorPoint, vertices, startPoint, endPoint; otherwise the feature's own geometry is drawn"
    ),
    # graphics
    "Graphic": FULL,
    "Mark": FULL,
    "WellKnownName": _partial(
        "the names of SLD and QGIS, shape:// and extshape:// of GeoServer, wkt:// of lines and polygons; no fonts (ttf://), no wind barbs"
    ),
    "ExternalGraphic": _partial("PNG and SVG files under styles/assets; never an address; the first readable one"),
    "InlineContent": _none("put the picture under styles/assets"),
    "MarkIndex": _none("symbols from fonts are not drawn; use an SVG"),
    "ColorReplacement": _none("colours of pictures stay"),
    "AnchorPoint": _partial("of labels the nearest of three places along each axis"),
    "Displacement": FULL,
    "Rotation": FULL,
    "Size": FULL,
    "Opacity": FULL,
    # fills and strokes
    "Fill": FULL,
    "GraphicFill": _partial("in polygons; the same for all features"),
    "Stroke": FULL,
    "GraphicStroke": _partial("the same for all features; Gap and InitialGap, or a dash array as in GeoServer"),
    "PerpendicularOffset": _partial("of lines, labels along lines, and outlines of areas"),
    "InitialGap": _partial("of GraphicStroke"),
    "Gap": FULL,
    # labels
    "Label": FULL,
    "Font": _partial("families on the server: Be Vietnam Pro, DejaVu Sans"),
    "Halo": FULL,
    "LabelPlacement": FULL,
    "PointPlacement": FULL,
    "LinePlacement": _partial("InitialGap and GeneralizeLine have no effect, labels are always aligned"),
    "IsRepeated": FULL,
    "IsAligned": _partial("labels follow their line"),
    "GeneralizeLine": _none("labels follow their line"),
    "Priority": _partial("a field or an expression; a constant orders nothing"),
    # rasters
    "ColorMap": _partial("ramp, intervals, values"),
    "ColorMapEntry": FULL,
    "Categorize": _partial("of values of features; of Rasterdata with constant colours"),
    "Interpolate": _partial("of values of features, linear; of Rasterdata linear and cosine"),
    "ChannelSelection": _partial("one band by its number, or three as red, green and blue"),
    "OverlapBehavior": _none("one raster per layer"),
    "ContrastEnhancement": _partial("Normalize with limits, GammaValue, Logarithmic, Exponential of grey bands without ColorMap"),
    "ShadedRelief": _none("not drawn"),
    "ImageOutline": _none("not drawn"),
    # filters
    "Filter": _partial("comparison, logical, spatial and temporal operators, functions, feature ids"),
    "PropertyIsEqualTo": FULL,
    "PropertyIsNotEqualTo": FULL,
    "PropertyIsLessThan": FULL,
    "PropertyIsLessThanOrEqualTo": FULL,
    "PropertyIsGreaterThan": FULL,
    "PropertyIsGreaterThanOrEqualTo": FULL,
    "PropertyIsBetween": FULL,
    "PropertyIsLike": FULL,
    "PropertyIsNull": FULL,
    "PropertyIsNil": FULL,
    "FeatureId": FULL,
    "BBOX": FULL,
    "Equals": FULL,
    "Disjoint": FULL,
    "Touches": FULL,
    "Within": FULL,
    "Overlaps": FULL,
    "Crosses": FULL,
    "Intersects": FULL,
    "Contains": FULL,
    "DWithin": _partial("m, km, ft, mi and NM, along the ellipsoid"),
    "Beyond": _partial("m, km, ft, mi and NM, along the ellipsoid"),
    **dict.fromkeys(("After", "Before", "Begins", "BegunBy", "TContains", "During", "EndedBy", "Ends"), FULL),
    **dict.fromkeys(("TEquals", "Meets", "MetBy", "TOverlaps", "OverlappedBy", "AnyInteracts"), FULL),
    "And": FULL,
    "Or": FULL,
    "Not": FULL,
    "Add": FULL,
    "Sub": FULL,
    "Mul": FULL,
    "Div": FULL,
    "Concatenate": FULL,
    "ChangeCase": FULL,
    "Substring": FULL,
    "Trim": _partial("removes blanks at both ends"),
    "StringLength": FULL,
    "StringPosition": FULL,
    "FormatNumber": FULL,
    "FormatDate": FULL,
    "Recode": FULL,
    "Function": _partial("the names docs/styles.md lists; any other leaves out what needs it"),
}

# Options beyond the standard, spelled as GeoServer and QGIS spell them where they have the same.
VENDOR_OPTIONS: dict[str, Support] = {
    "sortBy": _partial("in FeatureTypeStyle: fields, each with A or D; of several passes the first order counts"),
    "inclusion": _partial("in Rule: mapOnly keeps the rule out of the legend, legendOnly out of the map"),
    "conflictResolution": _partial(
        "in PointSymbolizer true leaves out a symbol that touches another; in TextSymbolizer false lets labels overlap"
    ),
    "autoWrap": FULL,
    "spaceAround": FULL,
    "maxDisplacement": _partial("of labels at points: that far above, below and beside"),
    "repeat": FULL,
    "followLine": FULL,
    "charSpacing": FULL,
    "maxAngleDelta": FULL,
    "graphic-margin": FULL,
    "distance": _partial("in PolygonSymbolizer: between the marks of a pattern, as QGIS writes it"),
    "ruleEvaluation": FULL,
    "composite": _partial("in FeatureTypeStyle: an operator, and how opaque"),
}


def describe_missing(name: str) -> str:
    """Why an element is not drawn, in one sentence."""
    known = SUPPORT.get(name)
    if known is None:
        return f"<{name}> is not known and is not drawn"
    return f"<{name}> is not drawn here: {known.note or 'not supported in this place'}"
