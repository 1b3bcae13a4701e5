# SPDX-License-Identifier: MIT
"""A first style for a new layer: one symbol in the colour of its group, names in large scales."""

from __future__ import annotations

from html import escape

from server.catalog.model import GeometryType

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- SPDX-License-Identifier: MIT -->\n<StyledLayerDescriptor'
    ' xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" xmlns:ogc="http://www.opengis.net/ogc" version="1.1.0">\n'
)
_FILL = '<se:Fill><se:SvgParameter name="fill">{colour}</se:SvgParameter>{more}</se:Fill>'
_STROKE = (
    '<se:Stroke><se:SvgParameter name="stroke">{colour}</se:SvgParameter>'
    '<se:SvgParameter name="stroke-width">{width}</se:SvgParameter></se:Stroke>'
)
_FAINT = '<se:SvgParameter name="fill-opacity">0.3</se:SvgParameter>'
_RAMP = ("#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b")


def write_style(name: str, titles: tuple[str, str], geometry: GeometryType, colour: str, label: str | None) -> str:
    """SLD 1.1 of a vector layer; `titles` in Vietnamese and English, `label` the field that names objects."""
    shown = escape(f"{titles[0]} | {titles[1]}", quote=False)
    rules = _rule("all", shown, "".join(_symbols(geometry, colour)))
    sets = f"      <se:FeatureTypeStyle>\n{rules}      </se:FeatureTypeStyle>\n"
    if label is not None:
        sets += f"      <se:FeatureTypeStyle>\n{_rule('label', None, _write_label(label, geometry), 50_000)}      </se:FeatureTypeStyle>\n"
    return _write_document(name, shown, sets)


def write_raster_style(name: str, titles: tuple[str, str], span: tuple[float, float]) -> str:
    """SLD 1.1 of a raster: five colours from its smallest to its largest value."""
    shown = escape(f"{titles[0]} | {titles[1]}", quote=False)
    least, most = span
    steps = len(_RAMP) - 1
    points = "".join(
        f"<se:InterpolationPoint><se:Data>{least + (most - least) * at / steps:.6g}</se:Data><se:Value>{colour}</se:Value>"
        "</se:InterpolationPoint>"
        for at, colour in enumerate(_RAMP)
    )
    symbol = (
        "          <se:RasterSymbolizer><se:ColorMap>"
        f'<se:Interpolate fallbackValue="#00000000"><se:LookupValue>Rasterdata</se:LookupValue>{points}</se:Interpolate>'
        "</se:ColorMap></se:RasterSymbolizer>\n"
    )
    return _write_document(name, shown, f"      <se:FeatureTypeStyle>\n{_rule('values', shown, symbol)}      </se:FeatureTypeStyle>\n")


def _write_document(name: str, shown: str, sets: str) -> str:
    return (
        f"{_HEAD}  <NamedLayer>\n    <se:Name>{name}</se:Name>\n    <UserStyle>\n      <se:Name>{name}</se:Name>\n"
        f"      <se:Description><se:Title>{shown}</se:Title></se:Description>\n{sets}"
        "    </UserStyle>\n  </NamedLayer>\n</StyledLayerDescriptor>\n"
    )


def _rule(name: str, shown: str | None, symbols: str, largest: int | None = None) -> str:
    title = f"          <se:Description><se:Title>{shown}</se:Title></se:Description>\n" if shown else ""
    scale = f"          <se:MaxScaleDenominator>{largest}</se:MaxScaleDenominator>\n" if largest else ""
    return f"        <se:Rule>\n          <se:Name>{name}</se:Name>\n{title}{scale}{symbols}        </se:Rule>\n"


def _symbols(geometry: GeometryType, colour: str) -> list[str]:
    kinds = {"point": "point", "multipoint": "point", "multiline": "line", "line": "line", "any": "all"}
    kind = kinds.get(geometry, "polygon")
    out = []
    if kind in ("polygon", "all"):
        parts = _FILL.format(colour=colour, more=_FAINT) + _STROKE.format(colour=colour, width=1)
        out.append(f"          <se:PolygonSymbolizer>{parts}</se:PolygonSymbolizer>\n")
    if kind == "line":
        out.append(f"          <se:LineSymbolizer>{_STROKE.format(colour=colour, width=2)}</se:LineSymbolizer>\n")
    if kind == "point":
        mark = (
            f"<se:WellKnownName>circle</se:WellKnownName>{_FILL.format(colour=colour, more='')}{_STROKE.format(colour='#ffffff', width=1)}"
        )
        out.append(
            f"          <se:PointSymbolizer><se:Graphic><se:Mark>{mark}</se:Mark><se:Size>8</se:Size></se:Graphic></se:PointSymbolizer>\n"
        )
    return out


def _write_label(field: str, geometry: GeometryType) -> str:
    beside = (
        "<se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0</se:AnchorPointX><se:AnchorPointY>0.5</se:AnchorPointY>"
        "</se:AnchorPoint><se:Displacement><se:DisplacementX>8</se:DisplacementX><se:DisplacementY>0</se:DisplacementY></se:Displacement>"
        "</se:PointPlacement></se:LabelPlacement>"
    )
    along = "<se:LabelPlacement><se:LinePlacement/></se:LabelPlacement>"
    place = {"point": beside, "multipoint": beside, "line": along, "multiline": along}.get(geometry, "")
    font = '<se:SvgParameter name="font-family">Be Vietnam Pro</se:SvgParameter><se:SvgParameter name="font-size">10</se:SvgParameter>'
    halo = (
        f"<se:Halo><se:Radius>1.2</se:Radius>{_FILL.format(colour='#ffffff', more='')}</se:Halo>{_FILL.format(colour='#333333', more='')}"
    )
    name = f"<se:Label><ogc:PropertyName>{field}</ogc:PropertyName></se:Label>"
    return f"          <se:TextSymbolizer>{name}<se:Font>{font}</se:Font>{place}{halo}</se:TextSymbolizer>\n"
