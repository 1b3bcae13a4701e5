# SPDX-License-Identifier: MIT
"""GetMetadata: a layer or group as ISO 19115 (2003) in ISO/TS 19139, what MetadataURL of the capabilities points at (06-042 7.2.4.6.11)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from server.catalog.model import Layer
from server.context import Context
from server.wms.layers import LayerBook
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, Scalar, element, write_document

MEDIA_TYPE = "text/xml; charset=utf-8"
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#"
_LANGUAGES = {"vi": "vie", "en": "eng"}


@dataclass(frozen=True)
class _Record:
    """What the document says: one layer, or a group as a series of layers."""

    name: str
    title: str
    abstract: str
    keywords: tuple[str, ...]
    licences: tuple[str, ...]
    level: str
    published: str
    extent: tuple[float, float, float, float] | None
    language: str


def answer_metadata(name: str, context: Context, book: LayerBook, *, language: str, address: str) -> Response:
    """The record of a layer or group; `address` is where maps of it are asked for. Raises LayerNotDefined, ServerFault."""
    record = _gather(name, context, book, language)
    body = write_document(
        element(
            "gmd:MD_Metadata",
            _text("fileIdentifier", f"urn:xanh:{record.name}"),
            _code("language", "LanguageCode", _LANGUAGES[language]),
            _code("characterSet", "MD_CharacterSetCode", "utf8"),
            _code("hierarchyLevel", "MD_ScopeCode", record.level),
            _write_contact("contact", context, language),
            element("gmd:dateStamp", element("gco:Date", record.published[:10])),
            _text("metadataStandardName", "ISO 19115:2003"),
            _text("metadataStandardVersion", "ISO/TS 19139:2007"),
            element("gmd:identificationInfo", _write_identification(record, context)),
            element("gmd:distributionInfo", _write_distribution(record, address)),
        ),
        {"gmd": Namespace.GMD, "gco": Namespace.GCO},
        schema_locations={Namespace.GMD: "http://schemas.opengis.net/iso/19139/20070417/gmd/gmd.xsd"},
    )
    response = Response(body, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _gather(name: str, context: Context, book: LayerBook, language: str) -> _Record:
    layers, states = book.find_layers(name, "LAYER"), book.states()
    extents = [extent for layer in layers if (extent := states[layer.id].extent)]
    first = layers[0]
    is_layer = name in (first.wms_name, first.id)
    group = next((group for group in context.catalog.groups if group.id == name), None)
    title = first.title if is_layer or group is None else group.title
    return _Record(
        name=first.id if is_layer else name,
        title=title.text(language),
        abstract=first.abstract.text(language) if is_layer else "; ".join(layer.title.text(language) for layer in layers),
        keywords=tuple(word.text(language) for layer in layers for word in layer.keywords),
        licences=tuple(dict.fromkeys(_describe_licence(layer, language) for layer in layers)),
        level="dataset" if is_layer else "series",
        published=max(states[layer.id].published_at for layer in layers),
        extent=_union(extents) if extents else None,
        language=language,
    )


def _describe_licence(layer: Layer, language: str) -> str:
    source = layer.source
    return f"{source.en if language == 'en' else source.vi} · {source.licence}"


def _union(extents: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*extents, strict=True)
    return min(west), min(south), max(east), max(north)


def _write_identification(record: _Record, context: Context) -> Node:
    date = element(
        "gmd:CI_Date",
        element("gmd:date", element("gco:DateTime", record.published)),
        _code("dateType", "CI_DateTypeCode", "publication"),
    )
    keywords = [_text("keyword", word) for word in dict.fromkeys(record.keywords)]
    return element(
        "gmd:MD_DataIdentification",
        element("gmd:citation", element("gmd:CI_Citation", _text("title", record.title), element("gmd:date", date))),
        _text("abstract", record.abstract),
        _write_contact("pointOfContact", context, record.language),
        element("gmd:descriptiveKeywords", element("gmd:MD_Keywords", *keywords)) if keywords else None,
        element("gmd:resourceConstraints", element("gmd:MD_Constraints", *(_text("useLimitation", one) for one in record.licences))),
        _code("language", "LanguageCode", "vie"),
        element("gmd:topicCategory", element("gmd:MD_TopicCategoryCode", "environment")),
        _write_extent(record.extent) if record.extent else None,
    )


def _write_extent(extent: tuple[float, float, float, float]) -> Node:
    west, south, east, north = extent
    sides = {"westBoundLongitude": west, "eastBoundLongitude": east, "southBoundLatitude": south, "northBoundLatitude": north}
    numbers = [element(f"gmd:{side}", element("gco:Decimal", f"{value:.7f}")) for side, value in sides.items()]
    box = element("gmd:EX_GeographicBoundingBox", *numbers)
    return element("gmd:extent", element("gmd:EX_Extent", element("gmd:geographicElement", box)))


def _write_distribution(record: _Record, address: str) -> Node:
    online = element(
        "gmd:CI_OnlineResource",
        element("gmd:linkage", element("gmd:URL", f"{address}?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities")),
        _text("protocol", "OGC:WMS"),
        _text("name", record.name),
    )
    options = element("gmd:MD_DigitalTransferOptions", element("gmd:onLine", online))
    return element("gmd:MD_Distribution", element("gmd:transferOptions", options))


def _write_contact(role: str, context: Context, language: str) -> Node:
    service = context.settings.service
    phone, email = service.contact_phone, service.contact_email
    ways = [
        element("gmd:phone", element("gmd:CI_Telephone", _text("voice", phone))) if phone else None,
        element("gmd:address", element("gmd:CI_Address", _text("electronicMailAddress", email))) if email else None,
    ]
    return element(
        f"gmd:{role}",
        element(
            "gmd:CI_ResponsibleParty",
            _text("organisationName", service.provider.text(language)),
            element("gmd:contactInfo", element("gmd:CI_Contact", *ways)) if any(ways) else None,
            _code("role", "CI_RoleCode", "pointOfContact"),
        ),
    )


def _text(name: str, text: str) -> Node:
    return element(f"gmd:{name}", element("gco:CharacterString", text))


def _code(name: str, kind: str, value: str) -> Node:
    attributes: dict[str, Scalar | None] = {"codeList": _CODES + kind, "codeListValue": value}
    return element(f"gmd:{name}", element(f"gmd:{kind}", value, attributes=attributes))
