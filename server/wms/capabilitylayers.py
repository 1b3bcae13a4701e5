# SPDX-License-Identifier: MIT
"""The tree of layers in capabilities documents of WMS 1.3.0 (06-042 7.2.4.5 ff.) and 1.1.1 (01-068r3 7.1.4.5 ff.)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlencode

from server.catalog.model import Group, Layer
from server.crs.axis import AxisOrder, Service, axis_order
from server.crs.definitions import WGS84, Crs
from server.crs.extent import Extent
from server.crs.spelling import Spelling, write_crs
from server.crs.transform import transform_extent
from server.query.features import LayerState
from server.render.legend import LegendQuery, legend_size, list_entries
from server.style.model import Style
from server.wms.dimensions import describe_period, write_moment
from server.wms.offer import Offer, keyword_list, online
from server.xmlio.write import Node, Scalar, element

_MADE_UP = {"vi": " (minh hoạ)", "en": " (illustrative)"}
# 0.28 mm pixels: a scale hint of WMS 1.1.1 is the diagonal of a pixel in metres.
_HINT = 0.00028 * 2**0.5


# Degrees; about a hundred metres.
_LEAST_SIDE = 0.001


def write_root_layer(offer: Offer) -> Node:
    service = offer.settings.service
    systems = [element("CRS" if offer.is_130 else "SRS", write_crs(crs, Spelling.SHORT)) for crs in _systems(offer)]
    known = [state.extent for layer in offer.layers if (state := offer.states[layer.id]).extent]
    whole = _union(known)
    groups = [_write_group(group, offer) for group in offer.context.catalog.groups if group.parent is None]
    return element(
        "Layer",
        element("Title", service.title.text(offer.language)),
        element("Abstract", service.abstract.text(offer.language)),
        *systems,
        *(_write_boxes(whole, offer) if whole else []),
        element("AuthorityURL", online(service.authority_url or offer.root), attributes={"name": service.authority}),
        *(group for group in groups if group is not None),
    )


def _systems(offer: Offer) -> list[Crs]:
    """CRS:84 exists in WMS 1.3.0 only."""
    return [crs for crs in offer.systems if offer.is_130 or crs.code != 84]


def _union(extents: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float] | None:
    if not extents:
        return None
    west, south, east, north = zip(*extents, strict=True)
    return (min(west), min(south), max(east), max(north))


def _write_group(group: Group, offer: Offer) -> Node | None:
    """A group with the groups and layers in it; None when it holds nothing anybody may see."""
    inside = offer.context.catalog.groups_below(group.id)
    members = [layer for layer in offer.layers if layer.group in inside]
    if not members:
        return None
    title = group.title.text(offer.language)
    whole = _union([extent for layer in members if (extent := offer.states[layer.id].extent)])
    inner = [_write_group(one, offer) for one in offer.context.catalog.groups if one.parent == group.id]
    return element(
        "Layer",
        element("Name", group.id),
        element("Title", title),
        element("Abstract", describe_members(members, offer.language)),
        keyword_list([title]),
        *(_write_boxes(whole, offer) if whole else []),
        _write_identifier(group.id, offer),
        _write_metadata_address(group.id, offer),
        *(one for one in inner if one is not None),
        *(_write_layer(layer, offer) for layer in members if layer.group == group.id),
        attributes={"queryable": "1" if any(layer.queryable for layer in members) else "0"},
    )


def describe_members(members: list[Layer], language: str) -> str:
    """What a group holds, in a sentence."""
    return ("Gồm: " if language == "vi" else "Holds: ") + "; ".join(layer.title.text(language) for layer in members) + "."


def _write_layer(layer: Layer, offer: Offer) -> Node:
    state, language = offer.states[layer.id], offer.language
    words = [word.text(language) for word in layer.keywords] + ([_MADE_UP[language].strip(" ()")] if layer.illustrative else [])
    return element(
        "Layer",
        element("Name", layer.wms_name),
        element("Title", layer.title.text(language) + (_MADE_UP[language] if layer.illustrative else "")),
        element("Abstract", layer.abstract.text(language)),
        keyword_list(words),
        *(_write_boxes(state.extent, offer) if state.extent else []),
        *_write_dimensions(layer, state, offer),
        _write_attribution(layer, offer),
        _write_identifier(layer.id, offer),
        _write_metadata_address(layer.wms_name, offer),
        *_write_data_addresses(layer, offer),
        *(_write_style(layer, offer.styles[name], offer) for name in layer.styles if name in offer.styles),
        *_write_scales(layer, offer),
        attributes={"queryable": "1" if layer.queryable else "0", "opaque": "0"},
    )


def _write_boxes(extent: tuple[float, float, float, float], offer: Offer) -> Iterator[Node]:
    """The geographic box, then one per CRS in the axis order of the version."""
    west, south, east, north = _widen(extent)
    if offer.is_130:
        names = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
        yield element(
            "EX_GeographicBoundingBox", *(element(name, value) for name, value in zip(names, (west, east, south, north), strict=True))
        )
    else:
        yield element("LatLonBoundingBox", attributes={"minx": west, "miny": south, "maxx": east, "maxy": north})
    for crs in _systems(offer):
        box = _project((west, south, east, north), crs, axis_order(crs, Service.WMS, offer.version, Spelling.SHORT))
        if box is None:
            continue
        minx, miny, maxx, maxy = box
        attributes: dict[str, Scalar | None] = {
            "CRS" if offer.is_130 else "SRS": write_crs(crs, Spelling.SHORT),
            "minx": minx,
            "miny": miny,
            "maxx": maxx,
            "maxy": maxy,
        }
        yield element("BoundingBox", attributes=attributes)


@lru_cache(maxsize=50_000)
def _project(extent: tuple[float, float, float, float], crs: Crs, order: AxisOrder) -> tuple[float, float, float, float] | None:
    """A lon/lat box in a CRS and axis order, rounded. Remembered, because an edit changes the box of one layer of hundreds at most."""
    box = transform_extent(Extent(*extent, WGS84), crs)
    if box is None:
        return None
    digits = 7 if crs.unit == "degree" else 2
    first, second, third, fourth = (round(number, digits) for number in box.ordered(order))
    return first, second, third, fourth


def _widen(extent: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A single point gets some ground around it: clients ask for the box as it stands, and an empty one cannot be drawn."""
    west, south, east, north = extent
    x, y = (_LEAST_SIDE / 2 if low == high else 0.0 for low, high in ((west, east), (south, north)))
    return max(west - x, -180.0), max(south - y, -90.0), min(east + x, 180.0), min(north + y, 90.0)


def _write_metadata_address(name: str, offer: Offer) -> Node:
    query = {"SERVICE": "WMS", "VERSION": offer.version, "REQUEST": "GetMetadata", "LAYER": name, "LANGUAGE": offer.language}
    return element(
        "MetadataURL",
        element("Format", "text/xml"),
        online(f"{offer.address}?{urlencode(query)}"),
        attributes={"type": "ISO19115:2003" if offer.is_130 else "TC211"},
    )


def _write_dimensions(layer: Layer, state: LayerState, offer: Offer) -> list[Node]:
    """All Dimensions, then (in WMS 1.1.1) all Extents."""
    written = [*_write_time(layer, state, offer), *_write_elevation(layer, offer)]
    return sorted(written, key=lambda node: node.name)


def _write_time(layer: Layer, state: LayerState, offer: Offer) -> Iterator[Node]:
    if state.moments:
        yield from _write_dimension(
            ",".join(map(write_moment, state.moments)),
            {"name": "time", "units": "ISO8601"},
            {
                "default": write_moment(state.moments[-1]),
                "multipleValues": 1,
                "nearestValue": int(bool(layer.raster and layer.raster.nearest)),
                "current": 1,
            },
            offer,
        )
        return
    found = describe_period(layer, state)
    if found is None or layer.time is None:
        return
    period, step = found
    yield from _write_dimension(
        f"{period}/{step}",
        {"name": "time", "units": "ISO8601"},
        {"default": period, "multipleValues": 1, "nearestValue": int(layer.time.nearest), "current": 1},
        offer,
    )


def _write_elevation(layer: Layer, offer: Offer) -> Iterator[Node]:
    if layer.elevation:
        yield from _write_dimension(
            ",".join(f"{value:g}" for value in layer.elevation.values),
            {"name": "elevation", "units": "CRS:88", "unitSymbol": "m"},
            {
                "default": f"{layer.elevation.default:g}",
                "multipleValues": int(layer.elevation.multiple),
                "nearestValue": int(layer.elevation.nearest),
            },
            offer,
        )


def _write_dimension(values: str, kind: dict[str, Scalar | None], rules: dict[str, Scalar | None], offer: Offer) -> Iterator[Node]:
    """A Dimension; WMS 1.1.1 tells kind and values apart."""
    if offer.is_130:
        yield element("Dimension", values, attributes={**kind, **rules})
    else:
        yield element("Dimension", attributes=kind)
        yield element("Extent", values, attributes={"name": kind["name"], **rules})


def _write_attribution(layer: Layer, offer: Offer) -> Node:
    source = layer.source
    made_up = _MADE_UP[offer.language].strip(" ()") + " · " if layer.illustrative else ""
    text = source.en if offer.language == "en" else source.vi
    return element("Attribution", element("Title", f"{made_up}{text} · {source.licence}"), online(source.url) if source.url else None)


def _write_identifier(name: str, offer: Offer) -> Node:
    return element("Identifier", name, attributes={"authority": offer.settings.service.authority})


def _write_data_addresses(layer: Layer, offer: Offer) -> Iterator[Node]:
    """DataURL: the features themselves. FeatureListURL: what features there are, as a page to read and as a table."""
    if not layer.has_table:
        return
    items = f"{offer.root}/ogcapi/collections/{layer.id}/items"
    yield element("DataURL", element("Format", "application/geo+json"), online(f"{items}?f=json"))
    yield element("FeatureListURL", element("Format", "text/html"), online(f"{items}?f=html"))


def _write_style(layer: Layer, style: Style, offer: Offer) -> Node:
    width, height = legend_size(list_entries(style), LegendQuery(language=offer.language))
    query = {
        "SERVICE": "WMS",
        "VERSION": offer.version,
        "REQUEST": "GetLegendGraphic",
        "SLD_VERSION": "1.1.0",
        "LAYER": layer.wms_name,
        "STYLE": style.name,
        "FORMAT": "image/png",
        "LANGUAGE": offer.language,
    }
    return element(
        "Style",
        element("Name", style.name),
        element("Title", style.title.text(offer.language)),
        element(
            "LegendURL",
            element("Format", "image/png"),
            online(f"{offer.address}?{urlencode(query)}"),
            attributes={"width": width, "height": height},
        ),
    )


def _write_scales(layer: Layer, offer: Offer) -> Iterator[Node]:
    scale = layer.scale
    if offer.is_130:
        if scale.min is not None:
            yield element("MinScaleDenominator", scale.min)
        if scale.max is not None:
            yield element("MaxScaleDenominator", scale.max)
    elif scale.min is not None or scale.max is not None:
        largest = scale.max * _HINT if scale.max is not None else 1e9
        yield element("ScaleHint", attributes={"min": (scale.min or 0) * _HINT, "max": largest})
