# SPDX-License-Identifier: MIT
"""GetCapabilities documents of WMS 1.3.0 (06-042 7.2) and 1.1.1 (01-068r3 7.1): service, operations and the tree of layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.crs.axis import Service, axis_order
from server.crs.definitions import WGS84, Crs
from server.crs.extent import Extent
from server.crs.spelling import Spelling, write_crs
from server.crs.transform import transform_extent
from server.query.features import LayerState
from server.render.images import MAP_FORMATS
from server.render.legend import LegendQuery, legend_size, list_entries
from server.style.model import Style
from server.wms.dimensions import describe_period
from server.wms.infoformats import INFO_FORMATS
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, Scalar, element, write_document

_SCHEMAS: dict[Namespace | str, str] = {
    Namespace.WMS: "http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd",
    Namespace.SLD: "http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd",
}
_DOCTYPE_111 = b'<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">\n'
MEDIA_TYPES = {"1.3.0": "text/xml; charset=utf-8", "1.1.1": "application/vnd.ogc.wms_xml; charset=utf-8"}
_MADE_UP = {"vi": " (minh hoạ)", "en": " (illustrative)"}
# 0.28 mm pixels: a scale hint of WMS 1.1.1 is the diagonal of a pixel in metres.
_HINT = 0.00028 * 2**0.5


# Degrees; about a hundred metres.
_LEAST_SIDE = 0.001


@dataclass(frozen=True)
class Offer:
    """What the document is made of. `address` is where the service answers, `root` where the server does."""

    context: Context
    layers: list[Layer]
    states: Mapping[str, LayerState]
    styles: Mapping[str, Style]
    systems: tuple[Crs, ...]
    address: str
    root: str
    version: str
    language: str

    @property
    def settings(self) -> Settings:
        """The settings of the installation."""
        return self.context.settings

    @property
    def is_130(self) -> bool:
        """Whether the document is one of WMS 1.3.0."""
        return self.version == "1.3.0"


def update_sequence(states: Mapping[str, LayerState]) -> str:
    """The moment of the latest publication (ISO 8601 UTC): it grows with every change of the data."""
    return max((state.published_at for state in states.values()), default="0")


def write_capabilities(offer: Offer) -> bytes:
    """The whole document as UTF-8 XML."""
    root_name = "WMS_Capabilities" if offer.is_130 else "WMT_MS_Capabilities"
    attributes: dict[str, Scalar | None] = {"version": offer.version, "updateSequence": update_sequence(offer.states)}
    root = element(root_name, _write_service(offer), _write_capability(offer), attributes=attributes)
    if offer.is_130:
        prefixes = {"": Namespace.WMS, "xlink": Namespace.XLINK, "sld": Namespace.SLD}
        return write_document(root, prefixes, schema_locations=_SCHEMAS)
    head, newline, rest = write_document(root, {"xlink": Namespace.XLINK}).partition(b"\n")
    return head + newline + _DOCTYPE_111 + rest


def _online(address: str) -> Node:
    return element("OnlineResource", attributes={"xlink:type": "simple", "xlink:href": address})


def _keywords(words: list[str]) -> Node | None:
    return element("KeywordList", *(element("Keyword", word) for word in words)) if words else None


def _write_service(offer: Offer) -> Node:
    service, limits = offer.settings.service, offer.settings.limits
    own = [
        element("LayerLimit", limits.max_map_layers),
        element("MaxWidth", limits.max_map_pixels),
        element("MaxHeight", limits.max_map_pixels),
    ]
    return element(
        "Service",
        element("Name", "WMS" if offer.is_130 else "OGC:WMS"),
        element("Title", service.title.text(offer.language)),
        element("Abstract", service.abstract.text(offer.language)),
        _keywords(list(service.keywords)),
        _online(service.provider_site or offer.root),
        element(
            "ContactInformation",
            element(
                "ContactPersonPrimary", element("ContactPerson"), element("ContactOrganization", service.provider.text(offer.language))
            ),
            element("ContactVoiceTelephone", service.contact_phone) if service.contact_phone else None,
            element("ContactElectronicMailAddress", service.contact_email) if service.contact_email else None,
        ),
        element("Fees", service.fees),
        element("AccessConstraints", service.access_constraints),
        *(own if offer.is_130 else []),
    )


def _write_capability(offer: Offer) -> Node:
    exceptions = (
        ("XML", "INIMAGE", "BLANK")
        if offer.is_130
        else ("application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank")
    )
    legend = "sld:GetLegendGraphic" if offer.is_130 else "GetLegendGraphic"
    document_type = "text/xml" if offer.is_130 else "application/vnd.ogc.wms_xml"
    return element(
        "Capability",
        element(
            "Request",
            _write_operation("GetCapabilities", [document_type], offer),
            _write_operation("GetMap", list(MAP_FORMATS), offer),
            _write_operation("GetFeatureInfo", list(INFO_FORMATS), offer),
            _write_operation(legend, ["image/png", "image/jpeg", "image/webp", "application/json"], offer),
        ),
        element("Exception", *(element("Format", form) for form in exceptions)),
        _write_root_layer(offer),
    )


def _write_operation(name: str, formats: list[str], offer: Offer) -> Node:
    address = f"{offer.address}?" + ("language=en&" if offer.language == "en" else "")
    get = element("DCPType", element("HTTP", element("Get", _online(address))))
    return element(name, *(element("Format", one) for one in formats), get)


def _write_root_layer(offer: Offer) -> Node:
    service = offer.settings.service
    systems = [element("CRS" if offer.is_130 else "SRS", write_crs(crs, Spelling.SHORT)) for crs in _systems(offer)]
    known = [state.extent for layer in offer.layers if (state := offer.states[layer.id]).extent]
    whole = _union(known)
    groups = [_write_group(group.id, group.title.text(offer.language), offer) for group in offer.context.catalog.groups]
    return element(
        "Layer",
        element("Title", service.title.text(offer.language)),
        element("Abstract", service.abstract.text(offer.language)),
        *systems,
        *(_write_boxes(whole, offer) if whole else []),
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


def _write_group(group_id: str, title: str, offer: Offer) -> Node | None:
    members = [layer for layer in offer.layers if layer.group == group_id]
    if not members:
        return None
    whole = _union([extent for layer in members if (extent := offer.states[layer.id].extent)])
    return element(
        "Layer",
        element("Name", group_id),
        element("Title", title),
        element("Abstract", describe_members(members, offer.language)),
        _keywords([title]),
        *(_write_boxes(whole, offer) if whole else []),
        _write_metadata_address(group_id, offer),
        *(_write_layer(layer, offer) for layer in members),
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
        _keywords(words),
        *(_write_boxes(state.extent, offer) if state.extent else []),
        *_write_dimensions(layer, state, offer),
        _write_attribution(layer, offer),
        _write_metadata_address(layer.wms_name, offer),
        _write_data_address(layer, offer),
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
        box = transform_extent(Extent(west, south, east, north, WGS84), crs)
        if box is None:
            continue
        order = axis_order(crs, Service.WMS, offer.version, Spelling.SHORT)
        digits = 7 if crs.unit == "degree" else 2
        minx, miny, maxx, maxy = (round(number, digits) for number in box.ordered(order))
        name = write_crs(crs, Spelling.SHORT)
        attributes: dict[str, Scalar | None] = {
            "CRS" if offer.is_130 else "SRS": name,
            "minx": minx,
            "miny": miny,
            "maxx": maxx,
            "maxy": maxy,
        }
        yield element("BoundingBox", attributes=attributes)


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
        _online(f"{offer.address}?{urlencode(query)}"),
        attributes={"type": "ISO19115:2003" if offer.is_130 else "TC211"},
    )


def _write_dimensions(layer: Layer, state: LayerState, offer: Offer) -> list[Node]:
    """All Dimensions, then (in WMS 1.1.1) all Extents."""
    written = [*_write_time(layer, state, offer), *_write_elevation(layer, offer)]
    return sorted(written, key=lambda node: node.name)


def _write_time(layer: Layer, state: LayerState, offer: Offer) -> Iterator[Node]:
    found = describe_period(layer, state)
    if found is None or layer.time is None:
        return
    period, step = found
    yield from _write_dimension(
        f"{period}/{step}",
        {"name": "time", "units": "ISO8601"},
        {"default": period, "multipleValues": 1, "nearestValue": int(layer.time.nearest)},
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
    return element("Attribution", element("Title", f"{made_up}{text} · {source.licence}"), _online(source.url) if source.url else None)


def _write_data_address(layer: Layer, offer: Offer) -> Node | None:
    if not layer.has_table:
        return None
    address = f"{offer.root}/ogcapi/collections/{layer.id}/items?f=json"
    return element("DataURL", element("Format", "application/geo+json"), _online(address))


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
            _online(f"{offer.address}?{urlencode(query)}"),
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
