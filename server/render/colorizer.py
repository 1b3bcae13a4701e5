# SPDX-License-Identifier: MIT
"""Raster symbolizers in Mapnik's XML."""

from __future__ import annotations

from server.render.labels import element
from server.style.model import RasterSymbolizer

# A raster interval without an upper end.
_NO_LIMIT = 1e29


def write_raster(symbolizer: RasterSymbolizer) -> str:
    """Mapnik's discrete stops hold from their value up to the next, SLD's intervals up to theirs: values move by one.

    Without stops the bands are red, green and blue.
    """
    if not symbolizer.stops:
        return f'<RasterSymbolizer scaling="bilinear" opacity="{symbolizer.opacity:g}"/>'
    mode = {"ramp": "linear", "intervals": "discrete", "values": "exact"}[symbolizer.scale]
    stops: list[tuple[float, str]] = [(stop.value, _write_rgba(stop.colour, stop.opacity)) for stop in symbolizer.stops]
    if symbolizer.scale == "intervals":
        starts = [-_NO_LIMIT, *(value for value, _ in stops)]
        stops = [(start, colour) for start, (_, colour) in zip(starts, stops, strict=False)]
        if symbolizer.stops[-1].value < _NO_LIMIT:
            stops.append((symbolizer.stops[-1].value, "rgba(0,0,0,0)"))
    written = "".join(element("stop", {"value": f"{value:.12g}", "color": colour}) for value, colour in stops)
    colorizer = f'<RasterColorizer default-mode="{mode}" default-color="rgba(0,0,0,0)" epsilon="0.0001">{written}</RasterColorizer>'
    scaling = "bilinear" if symbolizer.scale == "ramp" else "near"
    return f'<RasterSymbolizer scaling="{scaling}" opacity="{symbolizer.opacity:g}">{colorizer}</RasterSymbolizer>'


def _write_rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
