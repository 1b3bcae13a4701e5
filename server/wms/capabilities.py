# SPDX-License-Identifier: MIT
"""GetCapabilities documents of WMS 1.3.0 (06-042 7.2) and 1.1.1 (01-068r3 7.1): service and operations."""

from __future__ import annotations

from collections.abc import Mapping

from server.query.features import LayerState
from server.render.images import MAP_FORMATS
from server.wms.capabilitylayers import write_root_layer
from server.wms.infoformats import INFO_FORMATS
from server.wms.offer import Offer, keyword_list, online
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, Scalar, element, write_document

_SCHEMAS: dict[Namespace | str, str] = {
    Namespace.WMS: "http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd",
    Namespace.SLD: "http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd",
}
_DOCTYPE_111 = b'<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd">\n'
_XLINK = b' xmlns:xlink="http://www.w3.org/1999/xlink"'
MEDIA_TYPES = {"1.3.0": "text/xml; charset=utf-8", "1.1.1": "application/vnd.ogc.wms_xml; charset=utf-8"}


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
    # The document type knows this declaration at the elements that need it, and only there.
    rest = rest.replace(_XLINK, b"", 1).replace(b"<OnlineResource ", b"<OnlineResource" + _XLINK + b" ")
    return head + newline + _DOCTYPE_111 + rest


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
        keyword_list(list(service.keywords)),
        online(service.provider_site or offer.root),
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
    document_type = "text/xml" if offer.is_130 else "application/vnd.ogc.wms_xml"
    return element(
        "Capability",
        element(
            "Request",
            _write_operation("GetCapabilities", [document_type], offer),
            _write_operation("GetMap", list(MAP_FORMATS), offer, post=True),
            _write_operation("GetFeatureInfo", list(INFO_FORMATS), offer, post=True),
            *_write_style_operations(offer),
        ),
        element("Exception", *(element("Format", form) for form in exceptions)),
        _write_user_styles(offer),
        write_root_layer(offer),
    )


def _write_style_operations(offer: Offer) -> list[Node]:
    """DescribeLayer, GetLegendGraphic and GetStyles; the last has no element in SLD 1.1.0 (05-078r4), which WMS 1.3.0 goes with."""
    legend = ["image/png", "image/jpeg", "image/webp", "application/json"]
    if offer.is_130:
        return [_write_operation("sld:DescribeLayer", ["text/xml"], offer), _write_operation("sld:GetLegendGraphic", legend, offer)]
    return [
        _write_operation("DescribeLayer", ["text/xml"], offer),
        _write_operation("GetLegendGraphic", legend, offer),
        _write_operation("GetStyles", ["application/vnd.ogc.sld+xml"], offer),
    ]


def _write_user_styles(offer: Offer) -> Node:
    """Styles may come with the request; data and addresses may not."""
    told: dict[str, Scalar | None] = {"SupportSLD": 1, "UserLayer": 0, "UserStyle": 1, "RemoteWFS": 0}
    if offer.is_130:
        return element("sld:UserDefinedSymbolization", attributes={**told, "InlineFeature": 0, "RemoteWCS": 0})
    return element("UserDefinedSymbolization", attributes=told)


def _write_operation(name: str, formats: list[str], offer: Offer, *, post: bool = False) -> Node:
    address = f"{offer.address}?" + ("language=en&" if offer.language == "en" else "")
    ways = [element("Get", online(address)), element("Post", online(offer.address)) if post else None]
    return element(name, *(element("Format", one) for one in formats), element("DCPType", element("HTTP", *ways)))
