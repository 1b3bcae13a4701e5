# SPDX-License-Identifier: MIT
"""The same SLD on the same data, drawn by QGIS Server and by us: the ink lies in the same places, in the same colours.

What differs is antialiasing, and labels that stand two pixels higher; so the test looks at pictures through a coarse grid. QGIS 3.22
differs in more things, which are left out here: its `cross` and `x` are thin lines (they are solid in GeoServer and here), DisplacementY
leads down (SE 1.1: up), hatches lose the width of their lines, Gap is measured from the middle of a mark to the middle of the next, and
PerpendicularOffset leads to the right (SE 1.1: to the left), for which it gets the other sign here. It reads no SLD of rasters. QGIS 3.40
knows the upright `line` as a hatch, and draws circles for the `horline` it writes itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import mapnik
import pytest

from server.config import load_settings
from server.render.drawing import Drawing
from server.render.fonts import register_fonts
from server.render.mapxml import write_rule
from server.render.symbols import SymbolStore
from server.style.elements import Losses
from server.style.read import read_style
from tests.client.desktop import is_newer, run_qgis

SIZE, CELL = 240, 12
ASSETS = load_settings().styles_dir / "assets"
TYPES = {"id": "integer", "name": "text", "kind": "text", "n": "number"}
# What each side writes in its own way: where pictures lie (below `styles/assets` for us, a path for QGIS), what lies left of a line, and
# lines across.
_FOLDER, _LEFT, _ACROSS, _TURN = "{assets}", "{left}", "{across}", "{turn}"
_HEAD = (
    '<?xml version="1.0"?><StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se" '
    'xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink"><NamedLayer><se:Name>probe</se:Name>'
    "<UserStyle><se:Name>probe</se:Name><se:FeatureTypeStyle>"
)
_TAIL = "</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"


@dataclass(frozen=True)
class Probe:
    """A style (its rules) on points, a line or an area; `tolerance`: the mean difference of a cell's channel that is still the same."""

    name: str
    rules: str
    geometry: str
    tolerance: float = 24.0


def _parameter(name: str, value: str) -> str:
    return f'<se:SvgParameter name="{name}">{value}</se:SvgParameter>'


def _fill(colour: str) -> str:
    return f"<se:Fill>{_parameter('fill', colour)}</se:Fill>"


def _stroke(**values: str) -> str:
    return "<se:Stroke>" + "".join(_parameter(name.replace("_", "-"), value) for name, value in values.items()) + "</se:Stroke>"


def _mark(name: str, size: float, turn: float = 0.0, moved: str = "") -> str:
    mark = f"<se:Mark><se:WellKnownName>{name}</se:WellKnownName>{_fill('#d32f2f')}{_stroke(stroke='#000000', stroke_width='2')}</se:Mark>"
    return f"<se:Graphic>{mark}<se:Size>{size}</se:Size><se:Rotation>{turn}</se:Rotation>{moved}</se:Graphic>"


def _rule(symbolizer: str, where: str = "") -> str:
    return f"<se:Rule><se:Name>r</se:Name>{where}{symbolizer}</se:Rule>"


def _point(graphic: str, where: str = "") -> str:
    return _rule(f"<se:PointSymbolizer>{graphic}</se:PointSymbolizer>", where)


def _where(field: str, value: str) -> str:
    inner = f"<ogc:PropertyName>{field}</ogc:PropertyName><ogc:Literal>{value}</ogc:Literal>"
    return f"<ogc:Filter><ogc:PropertyIsEqualTo>{inner}</ogc:PropertyIsEqualTo></ogc:Filter>"


_MOVED = "<se:Displacement><se:DisplacementX>20</se:DisplacementX><se:DisplacementY>0</se:DisplacementY></se:Displacement>"
_GREEN = _stroke(stroke="#1b5e20", stroke_width="3")
_HATCH = (
    f"<se:Fill><se:GraphicFill><se:Graphic><se:Mark><se:WellKnownName>{_ACROSS}</se:WellKnownName>{_GREEN}"
    f"</se:Mark><se:Size>12</se:Size><se:Rotation>{_TURN}</se:Rotation></se:Graphic></se:GraphicFill></se:Fill>"
)
_DASHED = {"stroke_width": "8", "stroke_dasharray": "40 20", "stroke_linecap": "butt"}
_BESIDE = f"<se:PerpendicularOffset>{_LEFT}12</se:PerpendicularOffset>"
_PICTURE = (
    f"<se:Graphic><se:ExternalGraphic><se:OnlineResource xlink:type='simple' xlink:href='{_FOLDER}symbols/outfall_water.svg'/>"
    "<se:Format>image/svg+xml</se:Format></se:ExternalGraphic><se:Size>48</se:Size></se:Graphic>"
)
_LABEL = (
    f"<se:TextSymbolizer><se:Label><ogc:PropertyName>kind</ogc:PropertyName></se:Label><se:Font>{_parameter('font-family', 'DejaVu Sans')}"
    f"{_parameter('font-size', '60')}</se:Font><se:LabelPlacement><se:PointPlacement><se:AnchorPoint><se:AnchorPointX>0.5</se:AnchorPointX>"
    "<se:AnchorPointY>0.5</se:AnchorPointY></se:AnchorPoint></se:PointPlacement></se:LabelPlacement>"
    f"<se:Halo><se:Radius>3</se:Radius>{_fill('#ffeb3b')}</se:Halo>{_fill('#b71c1c')}</se:TextSymbolizer>"
)
_ROUND = {"stroke_linecap": "round", "stroke_linejoin": "round"}
PROBES = (
    *(Probe(f"mark_{name}", _point(_mark(name, 48)), "points") for name in ("square", "circle", "triangle", "star", "diamond")),
    *(
        Probe(f"mark_{name}", _point(_mark(name, 48)), "points")
        for name in ("pentagon", "hexagon", "arrow", "filled_arrowhead", "semi_circle")
    ),
    *(Probe(f"mark_{name}", _point(_mark(name, 48)), "points") for name in ("quarter_square", "half_square", "left_half_triangle")),
    Probe("turned", _point(_mark("arrow", 48, 60)), "points"),
    Probe("moved", _point(_mark("circle", 24, 0, _MOVED)), "points", 48.0),
    Probe("classes", _point(_mark("circle", 40), _where("kind", "a")) + _point(_mark("square", 20), _where("kind", "b")), "points"),
    Probe("line", _rule(f"<se:LineSymbolizer>{_stroke(stroke='#0d47a1', stroke_width='14', **_ROUND)}</se:LineSymbolizer>"), "line"),
    Probe(
        "dash",
        _rule(f"<se:LineSymbolizer>{_stroke(stroke='#0d47a1', **_DASHED)}</se:LineSymbolizer>"),
        "line",
    ),
    Probe(
        "area",
        _rule(f"<se:PolygonSymbolizer>{_fill('#80cbc4')}{_stroke(stroke='#004d40', stroke_width='6')}</se:PolygonSymbolizer>"),
        "area",
    ),
    Probe("hatch", _rule(f"<se:PolygonSymbolizer>{_HATCH}</se:PolygonSymbolizer>"), "area", 40.0),
    Probe("picture", _point(_PICTURE), "points", 40.0),
    Probe(
        "offset",
        _rule(f"<se:LineSymbolizer>{_stroke(stroke='#0d47a1', stroke_width='10', **_ROUND)}{_BESIDE}</se:LineSymbolizer>"),
        "line",
        48.0,
    ),
    Probe("label", _rule(f"<se:PointSymbolizer>{_mark('circle', 6)}</se:PointSymbolizer>{_LABEL}"), "points", 110.0),
)


def make_data(folder: Path) -> dict[str, Path]:
    """The three kinds of data as GeoJSON files, one metre per pixel."""
    ring = [[40, 40], [200, 60], [180, 200], [100, 150], [50, 190], [40, 40]]
    shapes: dict[str, list[tuple[str, list[Any], str]]] = {
        "points": [("Point", [72, 72], "a"), ("Point", [168, 84], "b"), ("Point", [108, 180], "a")],
        "line": [("LineString", [[30, 40], [90, 190], [150, 70], [215, 180]], "a")],
        "area": [("Polygon", [ring], "a")],
    }
    files: dict[str, Path] = {}
    for name, parts in shapes.items():
        features = [
            {"type": "Feature", "properties": {"id": number, "kind": kind}, "geometry": {"type": shape, "coordinates": places}}
            for number, (shape, places, kind) in enumerate(parts)
        ]
        files[name] = folder / f"{name}.geojson"
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
        files[name].write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return files


def write_style(probe: Probe, words: dict[str, str]) -> str:
    """The SLD of a probe with the words of one side."""
    text = _HEAD + probe.rules + _TAIL
    for place, word in words.items():
        text = text.replace(place, word)
    return text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pictures of QGIS and the data, all drawn in one session of QGIS."""
    folder = tmp_path_factory.mktemp("qgis_pictures")
    files = make_data(folder)
    across = {_ACROSS: "line", _TURN: "90"} if is_newer() else {_ACROSS: "horline", _TURN: "0"}
    words = {_FOLDER: f"{ASSETS}/", _LEFT: "-", **across}
    asked = []
    for probe in PROBES:
        sld = folder / f"{probe.name}.sld"
        sld.write_text(write_style(probe, words), encoding="utf-8")
        asked.append({"data": str(files[probe.geometry]), "sld": str(sld), "size": SIZE, "out": str(folder / f"{probe.name}.png")})
    run_qgis("qgis_draw", folder, asked)
    return folder


def draw(probe: Probe, folder: Path) -> mapnik.Image:
    """Our picture of the same style and data."""
    register_fonts(ASSETS / "fonts")
    losses = Losses()
    ours = {_FOLDER: "", _LEFT: "", _ACROSS: "horline", _TURN: "0"}
    style = read_style(write_style(probe, ours).encode(), probe.name, losses)
    assert losses.found == []
    drawing = Drawing(TYPES, SymbolStore(folder / "symbols", ASSETS))
    rules = "".join(write_rule(rule, drawing) for rule in style.rules)
    source = (
        f'<Parameter name="type">geojson</Parameter><Parameter name="file">{escape(str(folder / f"{probe.geometry}.geojson"))}</Parameter>'
    )
    document = (
        f'<Map srs="epsg:3857" background-color="#ffffff"><Style name="s">{rules}</Style>'
        f'<Layer name={quoteattr(probe.name)} srs="epsg:3857"><StyleName>s</StyleName><Datasource>{source}</Datasource></Layer></Map>'
    )
    drawn_map = mapnik.Map(SIZE, SIZE)
    mapnik.load_map_from_string(drawn_map, document)
    drawn_map.zoom_to_box(mapnik.Box2d(0, 0, SIZE, SIZE))
    image = mapnik.Image(SIZE, SIZE)
    mapnik.render(drawn_map, image)
    return image


def cells(image: mapnik.Image) -> list[tuple[float, ...]]:
    """Mean red, green and blue of every cell of the grid, row by row."""
    pixels = image.to_string()
    means: list[tuple[float, ...]] = []
    for top in range(0, SIZE, CELL):
        for left in range(0, SIZE, CELL):
            starts = [((top + row) * SIZE + left) * 4 for row in range(CELL)]
            means.append(tuple(sum(sum(pixels[start + band : start + CELL * 4 : 4]) for start in starts) / CELL**2 for band in range(3)))
    return means


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_qgis_and_we_draw_the_same(probe: Probe, drawn: Path) -> None:
    theirs = mapnik.Image.open(str(drawn / f"{probe.name}.png"))
    ours = draw(probe, drawn)
    ours.save(str(drawn / f"{probe.name}_ours.png"))
    pairs = list(zip(cells(theirs), cells(ours), strict=True))
    inked = [pair for pair in pairs if min(min(one) for one in pair) < 250]
    assert len(inked) > 8, "nothing was drawn"
    far = [pair for pair in inked if max(abs(a - b) for a, b in zip(*pair, strict=True)) > probe.tolerance]
    assert len(far) <= len(inked) * 0.08, f"{len(far)} of {len(inked)} cells differ; look at {drawn / probe.name}.png and _ours.png"
