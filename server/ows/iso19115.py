# SPDX-License-Identifier: MIT
"""A layer as ISO 19115-1 metadata in the XML of ISO/TS 19115-3 (2.0)."""

from __future__ import annotations

from server.config import Settings
from server.ows.iso19139 import FREQUENCIES, ISO_LANGUAGES, TOPIC, IsoRecord, Online
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

_PART = "http://standards.iso.org/iso/19115/-3"
_CODES = "http://standards.iso.org/iso/19115/resources/Codelists/cat/codelists.xml#"
_PREFIXES = {
    "mdb": f"{_PART}/mdb/2.0",
    "mcc": f"{_PART}/mcc/1.0",
    "lan": f"{_PART}/lan/1.0",
    "cit": f"{_PART}/cit/2.0",
    "mri": f"{_PART}/mri/1.0",
    "gex": f"{_PART}/gex/1.0",
    "mmi": f"{_PART}/mmi/1.0",
    "mco": f"{_PART}/mco/1.0",
    "mrd": f"{_PART}/mrd/1.0",
    "mrl": f"{_PART}/mrl/2.0",
    "gco": f"{_PART}/gco/1.0",
    "gml": Namespace.GML32,
}


def write_iso19115(record: IsoRecord, settings: Settings) -> bytes:
    """The document."""
    standard = element("cit:CI_Citation", _text("cit:title", "ISO 19115-1"), _text("cit:edition", "2014"))
    return write_document(
        element(
            "mdb:MD_Metadata",
            element("mdb:metadataIdentifier", element("mcc:MD_Identifier", _text("mcc:code", record.identifier))),
            element("mdb:defaultLocale", _write_locale(record.language)),
            element("mdb:metadataScope", element("mdb:MD_MetadataScope", _code("mdb:resourceScope", "mcc:MD_ScopeCode", record.level))),
            element("mdb:contact", _write_party(settings, record.language)),
            element("mdb:dateInfo", _write_date(record.published, "revision")),
            element("mdb:metadataStandard", standard),
            element("mdb:identificationInfo", _write_identification(record, settings)),
            element("mdb:distributionInfo", _write_distribution(record.online)),
            element("mdb:resourceLineage", _write_lineage(record)) if record.lineage else None,
        ),
        _PREFIXES,
        schema_locations={_PREFIXES["mdb"]: "https://schemas.isotc211.org/19115/-3/mdb/2.0/mdb.xsd"},
    )


def _write_identification(record: IsoRecord, settings: Settings) -> Node:
    citation = element(
        "cit:CI_Citation", _text("cit:title", record.title), element("cit:date", _write_date(record.published, "publication"))
    )
    keywords = [_text("mri:keyword", word) for word in dict.fromkeys(record.keywords)]
    limits = [_text("mco:useLimitation", one) for one in record.licences]
    return element(
        "mri:MD_DataIdentification",
        element("mri:citation", citation),
        _text("mri:abstract", record.abstract),
        element("mri:pointOfContact", _write_party(settings, record.language)),
        element("mri:topicCategory", element("mri:MD_TopicCategoryCode", TOPIC)),
        element("mri:extent", _write_extent(record)) if record.extent or record.period else None,
        element("mri:resourceMaintenance", _write_maintenance(record.frequency)) if record.frequency else None,
        element("mri:descriptiveKeywords", element("mri:MD_Keywords", *keywords)) if keywords else None,
        element("mri:resourceConstraints", element("mco:MD_Constraints", *limits)) if limits else None,
        element("mri:defaultLocale", _write_locale("vi")),
    )


def _write_extent(record: IsoRecord) -> Node:
    parts: list[Node] = []
    if record.extent:
        names = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        sides = dict(zip(names, record.extent, strict=True))
        order = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
        numbers = [element(f"gex:{side}", element("gco:Decimal", f"{sides[side]:.7f}")) for side in order]
        parts.append(element("gex:geographicElement", element("gex:EX_GeographicBoundingBox", *numbers)))
    if record.period:
        moments = zip(("gml:beginPosition", "gml:endPosition"), record.period, strict=True)
        written = [
            element(name, moment) if moment else element(name, attributes={"indeterminatePosition": "unknown"}) for name, moment in moments
        ]
        period = element("gml:TimePeriod", *written, attributes={"gml:id": "period"})
        parts.append(element("gex:temporalElement", element("gex:EX_TemporalExtent", element("gex:extent", period))))
    return element("gex:EX_Extent", *parts)


def _write_distribution(online: tuple[Online, ...]) -> Node:
    written = [
        element(
            "mrd:onLine",
            element(
                "cit:CI_OnlineResource",
                _text("cit:linkage", one.address),
                _text("cit:protocol", one.protocol),
                _text("cit:name", one.name),
            ),
        )
        for one in online
    ]
    return element("mrd:MD_Distribution", element("mrd:transferOptions", element("mrd:MD_DigitalTransferOptions", *written)))


def _write_maintenance(frequency: str) -> Node:
    code = _code("mmi:maintenanceAndUpdateFrequency", "mmi:MD_MaintenanceFrequencyCode", FREQUENCIES.get(frequency, frequency))
    return element("mmi:MD_MaintenanceInformation", code)


def _write_lineage(record: IsoRecord) -> Node:
    scope = element("mcc:MD_Scope", _code("mcc:level", "mcc:MD_ScopeCode", record.level))
    return element("mrl:LI_Lineage", _text("mrl:statement", record.lineage or ""), element("mrl:scope", scope))


def _write_party(settings: Settings, language: str) -> Node:
    service = settings.service
    phone, email = service.contact_phone, service.contact_email
    ways = [
        element("cit:phone", element("cit:CI_Telephone", _text("cit:number", phone))) if phone else None,
        element("cit:address", element("cit:CI_Address", _text("cit:electronicMailAddress", email))) if email else None,
    ]
    organisation = element(
        "cit:CI_Organisation",
        _text("cit:name", service.provider.text(language)),
        element("cit:contactInfo", element("cit:CI_Contact", *ways)) if any(ways) else None,
    )
    return element("cit:CI_Responsibility", _code("cit:role", "cit:CI_RoleCode", "pointOfContact"), element("cit:party", organisation))


def _write_date(moment: str, kind: str) -> Node:
    return element("cit:CI_Date", element("cit:date", element("gco:DateTime", moment)), _code("cit:dateType", "cit:CI_DateTypeCode", kind))


def _write_locale(language: str) -> Node:
    return element(
        "lan:PT_Locale",
        _code("lan:language", "lan:LanguageCode", ISO_LANGUAGES[language]),
        _code("lan:characterEncoding", "lan:MD_CharacterSetCode", "utf8"),
    )


def _text(name: str, text: str) -> Node:
    return element(name, element("gco:CharacterString", text))


def _code(name: str, kind: str, value: str) -> Node:
    attributes = {"codeList": _CODES + kind.rpartition(":")[2], "codeListValue": value}
    return element(name, element(kind, value, attributes=attributes))
