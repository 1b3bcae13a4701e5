# SPDX-License-Identifier: MIT
"""What the pages of collections and items have beside the data: a map picture, downloads, samples of code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from server.catalog.background import background
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.encode.formats import DOWNLOADS

Box = tuple[float, float, float, float]
_WIDTH, _HEIGHT = 640, 400
_AIR, _LEAST_DEGREES = 1.25, 0.04
_PROGRAMS = ("curl", "Python", "R", "QGIS")


@dataclass(frozen=True)
class Offer:
    """A file to take home."""

    title: str
    href: str


@dataclass(frozen=True)
class Sample:
    """How a program reads a collection: its name and what to type."""

    program: str
    text: str


def picture_address(catalog: Catalog, layer: Layer, box: Box | None, site: str, style: str = "") -> str | None:
    """The address of a picture of a layer (in its first style, or `style`) on the base map around a box in degrees (WGS 84).

    None where there is nothing to draw.
    """
    if box is None or not layer.is_mapped:
        return None
    under = [(each, style) for each, style in background(catalog.layers.values()) if each is not layer]
    drawn = [*under, (layer, style or next(iter(layer.styles), ""))]
    query = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": ",".join(each.wms_name for each, _ in drawn),
        "STYLES": ",".join(style for _, style in drawn),
        "CRS": "CRS:84",
        "BBOX": ",".join(f"{number:.5f}" for number in _frame(box)),
        "WIDTH": str(_WIDTH),
        "HEIGHT": str(_HEIGHT),
        "FORMAT": "image/png",
    }
    return f"{site}/wms?{urlencode(query, safe=',:/')}"


def show_alone(picture: str | None, layer: Layer, feature_id: int) -> str | None:
    """The address of a picture with one feature of its uppermost layer; points stand out among the others anyway."""
    if picture is None or layer.geometry in ("point", "multipoint"):
        return picture
    under = picture.partition("&LAYERS=")[2].partition("&")[0].count(",")
    return f"{picture}&CQL_FILTER={quote(';' * under + f'id = {feature_id}')}"


def _frame(box: Box) -> Box:
    """The box with some air around, in the proportions of the picture."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    stretch = max(0.2, math.cos(math.radians(y)))
    width = max((box[2] - box[0]) * _AIR, _LEAST_DEGREES)
    height = max((box[3] - box[1]) * _AIR, _LEAST_DEGREES * _HEIGHT / _WIDTH)
    pixel = max(width * stretch / _WIDTH, height / _HEIGHT)
    half_x, half_y = pixel * _WIDTH / 2 / stretch, pixel * _HEIGHT / 2
    return x - half_x, max(-90.0, y - half_y), x + half_x, min(90.0, y + half_y)


def bound_geometry(geometry: dict[str, Any] | None) -> Box | None:
    """The box around a GeoJSON geometry; None for none."""
    points = list(_points((geometry or {}).get("coordinates", (geometry or {}).get("geometries", []))))
    if not points:
        return None
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def _points(part: Any) -> Iterable[Sequence[float]]:
    if isinstance(part, dict):
        yield from _points(part.get("coordinates", part.get("geometries", [])))
    elif part and isinstance(part[0], int | float):
        yield part
    else:
        for inner in part:
            yield from _points(inner)


def list_downloads(address: str, language: str, kept: str = "") -> list[Offer]:
    """Every format of a collection (`address` is that of its items); `kept` is a filter, written for a query string."""
    more = f"&{kept}" if kept else ""
    protocol = (("GeoJSON", "json"), ("JSON-FG", "json-fg"), ("GML 3.2", "gml"))
    offers = [Offer(title, f"{address}?f={name}{more}") for title, name in protocol]
    titles = [(each.title_en if language == "en" else each.title_vi, each.short) for each in DOWNLOADS]
    return offers + [Offer(title or short, f"{address}?f={quote(short)}{more}") for title, short in titles]


def write_samples(base: str, layer_id: str = "", *, item: int | None = None, more: str = "") -> list[Sample]:
    """How to read a collection, one feature of it, or (without `layer_id`) the list of collections with curl, Python, R and QGIS.

    Each runs as it stands. `more` is a filter, written for a query string.
    """
    connect = f"Layer > Add Layer > Add WFS / OGC API Features Layer > New\nURL: {base}\nVersion: OGC API - Features"
    if not layer_id:
        address = f"{base}/collections?f=json"
        texts = (
            f"curl '{address}'",
            f'import requests\n\nfor each in requests.get("{address}").json()["collections"]:\n    print(each["id"], each["title"])',
            f'library(jsonlite)\n\nfromJSON("{address}")$collections[, c("id", "title")]',
            connect,
        )
        return [Sample(program, text) for program, text in zip(_PROGRAMS, texts, strict=True)]
    items = f"{base}/collections/{layer_id}/items" + (f"/{item}" if item is not None else "")
    few = "" if item is not None else f"&{more}&limit=10" if more else "&limit=10"
    many = few.replace("limit=10", "limit=1000")
    texts = (
        f"curl '{items}?f=json{few}'",
        f'import geopandas\n\nfeatures = geopandas.read_file("{items}?f=json{many}")\nprint(features.head())',
        f'library(sf)\n\nfeatures <- st_read("{items}?f=json{many}")\nplot(st_geometry(features))',
        f"{connect}\n{layer_id}",
    )
    return [Sample(program, text) for program, text in zip(_PROGRAMS, texts, strict=True)]
