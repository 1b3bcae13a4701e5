# SPDX-License-Identifier: MIT
"""The print page: a sheet of paper at a true scale in VN-2000 with title, map, legend, scale bar, north arrow and sources.

The browser prints it or saves it as PDF; map and legend come from the WMS, so paper and screen look alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from server.access import ANONYMOUS, may_read
from server.catalog.background import background
from server.catalog.catalog import Catalog
from server.catalog.display import VIETNAM_TIME, show_number
from server.catalog.model import Layer
from server.crs.definitions import Crs, all_crs
from server.crs.transform import write_vn2000
from viewer.describe import NATIONAL_FRAME

# What the browser prints well; very large sheets have fewer dots to the inch, as many as one picture may hold.
_FINEST_DPI, _MOST_PIXELS = 200, 4096
_MM_PER_INCH = 25.4
_MOST_LAYERS = 20
_MOST_CQL = 3000
_SCALES = (500, 10_000_000)
_BAR_MM = 60
# Width and height of the map on each sheet (mm), inside margins of 10 mm, beside or above the legend.
SHEETS: Mapping[str, tuple[int, int]] = {
    "a4-landscape": (208, 160),
    "a4-portrait": (190, 185),
    "a3-landscape": (350, 247),
    "a3-portrait": (277, 300),
    "a2-landscape": (500, 360),
    "a2-portrait": (400, 440),
    "a1-landscape": (710, 520),
    "a1-portrait": (574, 640),
    "a0-landscape": (1015, 745),
    "a0-portrait": (821, 930),
}
# Lines of the grid are at least so far apart, as a share of the sheet's longer side.
_GRID_SHARE = 0.14
_NO = ("0", "false", "no")


@dataclass(frozen=True)
class Drawn:
    """A layer as it is drawn: its style, and its filter in CQL2 (empty without)."""

    layer: Layer
    style: str
    cql: str = ""


@dataclass(frozen=True)
class PrintSheet:
    """What is asked of a sheet: centre (lon/lat), scale denominator, projected VN-2000 zone, paper, title, layers from the bottom up.

    `has_grid`: with the lines of the zone; `has_sketches`: with what the reader drew (the browser keeps it and draws it itself).
    """

    centre: tuple[float, float]
    scale: int
    zone: Crs
    paper: str
    title: str
    drawn: tuple[Drawn, ...]
    has_grid: bool = True
    has_sketches: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the map in millimetres."""
        return SHEETS[self.paper]


@dataclass(frozen=True)
class GridLine:
    """A line of the grid: millimetres from the left (upright) or from the top, and what stands at its end."""

    upright: bool
    at: float
    label: str


def read_sheet(query: MultiDict[str, str], catalog: Catalog, centre: tuple[float, float], zone: Crs) -> PrintSheet:
    """The sheet a query asks for; what cannot be read is replaced by `centre`, `zone` and plain defaults, unknown layers are left out."""
    zones = {f"EPSG:{crs.code}": crs for crs in all_crs() if crs.is_vn2000 and crs.kind == "projected"}
    lon, lat = (_number(query.get(name), value) for name, value in zip(("lon", "lat"), centre, strict=True))
    west, south, east, north = NATIONAL_FRAME
    chosen = [one for text in query.getlist("layer")[:_MOST_LAYERS] if (one := _read_drawn(text, catalog))]
    return PrintSheet(
        centre=(lon, lat) if west <= lon <= east and south <= lat <= north else centre,
        scale=round(min(max(_number(query.get("scale"), 100_000), _SCALES[0]), _SCALES[1])),
        zone=zones.get(query.get("zone", ""), zone),
        paper=query.get("paper", "") if query.get("paper", "") in SHEETS else "a4-landscape",
        title=" ".join(query.get("title", "").split())[:120],
        drawn=tuple(chosen),
        has_grid=query.get("grid", "1") not in _NO,
        has_sketches=query.get("sketches", "0") not in _NO,
    )


def picture_of(sheet: PrintSheet, catalog: Catalog, language: str) -> str:
    """The GetMap address of the sheet's map: the base map and its layers in the sheet's zone, at 200 dots to the inch up to A3."""
    under = [Drawn(layer, style) for layer, style in background(catalog.layers.values())]
    over = [one for one in sheet.drawn if all(one.layer is not below.layer for below in under)]
    dpi = min(_FINEST_DPI, int(_MOST_PIXELS / (max(sheet.size) / _MM_PER_INCH)))
    width, height = (round(side / _MM_PER_INCH * dpi) for side in sheet.size)
    query = {
        "SERVICE": "WMS",
        "VERSION": "1.1.1",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(one.layer.wms_name for one in (*under, *over)),
        "STYLES": ",".join(one.style for one in (*under, *over)),
        "SRS": f"EPSG:{sheet.zone.code}",
        "BBOX": ",".join(f"{side:.2f}" for side in ground_of(sheet)),
        "WIDTH": str(width),
        "HEIGHT": str(height),
        "FORMAT": "image/png",
        "DPI": str(dpi),
        "LANGUAGE": language,
    }
    if any(one.cql for one in over):
        query["CQL_FILTER"] = ";".join(one.cql for one in (*under, *over))
    return f"/wms?{urlencode(query, safe=',:/')}"


def legends_of(sheet: PrintSheet, language: str) -> list[tuple[str, str]]:
    """Title and GetLegendGraphic address of every layer of the sheet, the topmost first, with the classes there are on the sheet.

    Illustrative layers say so.
    """
    common = {
        "SERVICE": "WMS",
        "VERSION": "1.1.1",
        "REQUEST": "GetLegendGraphic",
        "SLD_VERSION": "1.1.0",
        "FORMAT": "image/png",
        "TRANSPARENT": "TRUE",
        "LANGUAGE": language,
        "LEGEND_OPTIONS": "forceLabels:on",
        "SRS": f"EPSG:{sheet.zone.code}",
        "BBOX": ",".join(f"{side:.2f}" for side in ground_of(sheet)),
    }
    remark = " (illustrative)" if language == "en" else " (minh hoạ)"
    return [
        (
            one.layer.title.text(language) + (remark if one.layer.illustrative else ""),
            f"/wms?{urlencode(common | {'LAYER': one.layer.wms_name, 'STYLE': one.style}, safe=',:/')}",
        )
        for one in reversed(sheet.drawn)
    ]


def scale_bar(scale: int, language: str) -> tuple[str, float]:
    """The longest round length that fits 60 mm at this scale: how it is written, and its millimetres on paper."""
    most = _BAR_MM / 1000 * scale
    power = 10 ** (len(str(int(most))) - 1)
    metres = max(step * power for step in (1, 2, 5) if step * power <= most)
    written = f"{show_number(metres / 1000, language)} km" if metres >= 1000 else f"{show_number(metres, language)} m"
    return written, round(metres / scale * 1000, 2)


def credits_of(sheet: PrintSheet, catalog: Catalog, language: str) -> list[str]:
    """Who made what is on the sheet, with the licences, each once."""
    layers = [*(one.layer for one in reversed(sheet.drawn)), *(layer for layer, _ in background(catalog.layers.values()))]
    written = [(layer.source.en if language == "en" else layer.source.vi, layer.source.licence) for layer in layers]
    return list(dict.fromkeys(f"{source} ({licence})" if licence else source for source, licence in written if source))


def printed_on() -> str:
    """Today in Viet Nam, as it stands on the sheet."""
    return f"{datetime.now(VIETNAM_TIME):%d/%m/%Y}"


def grid_of(sheet: PrintSheet, language: str) -> list[GridLine]:
    """The lines of the zone at round metres (X is north, Y is east, as Vietnamese surveyors write them); none when not wanted."""
    if not sheet.has_grid:
        return []
    west, south, east, north = ground_of(sheet)
    least = max(sheet.size) * _GRID_SHARE / 1000 * sheet.scale
    power = 10 ** (len(str(int(least))) - 1)
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    millimetres = 1000 / sheet.scale
    upright = [
        GridLine(True, round((metres - west) * millimetres, 2), f"Y {show_number(metres, language)}") for metres in _round(west, east, step)
    ]
    level = [
        GridLine(False, round((north - metres) * millimetres, 2), f"X {show_number(metres, language)}")
        for metres in _round(south, north, step)
    ]
    return upright + level


def _round(low: float, high: float, step: int) -> range:
    return range(-int(-low // step) * step, int(high) + 1, step)


def ground_of(sheet: PrintSheet) -> tuple[float, float, float, float]:
    """The box on the ground: west, south, east, north in metres of the zone (east before north, as WMS 1.1.1 wants it)."""
    reading = write_vn2000(*sheet.centre, sheet.zone)
    half_x, half_y = (side / 2000 * sheet.scale for side in sheet.size)
    return reading.y_east - half_x, reading.x_north - half_y, reading.y_east + half_x, reading.x_north + half_y


def _read_drawn(text: str, catalog: Catalog) -> Drawn | None:
    """`layer:style:cql`, the last two of them optional; None for a layer that is not open to everybody or not mapped."""
    name, style, cql = [*text.split(":", 2), "", ""][:3]
    layer = catalog.layers.get(name)
    if layer is None or not layer.is_mapped or not may_read(ANONYMOUS, layer):
        return None
    chosen = style if style in layer.styles else next(iter(layer.styles), "")
    return Drawn(layer, chosen, cql if len(cql) <= _MOST_CQL else "")


def _number(text: str | None, otherwise: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return otherwise
    return value if abs(value) < 1e9 else otherwise
