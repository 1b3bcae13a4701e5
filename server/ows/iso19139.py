# SPDX-License-Identifier: MIT
"""A layer (or group of layers) as ISO 19115 metadata: ISO/TS 19139 (2007) here, ISO/TS 19115-3 in `iso19115`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.config import Settings
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, Scalar, element, write_document

ISO_LANGUAGES = {"vi": "vie", "en": "eng"}
TOPIC = "environment"
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml#"
# Words of layer files that the code list of maintenance frequencies spells otherwise.
FREQUENCIES = {"as_needed": "asNeeded", "not_planned": "notPlanned"}


@dataclass(frozen=True)
class Online:
    """An address where the data are had, and in which protocol."""

    address: str
    protocol: str
    name: str


@dataclass(frozen=True)
class IsoRecord:
    """What a record says: one layer, or a group as a series of layers.

    `published` is ISO 8601, `extent` west, south, east, north in degrees, `period` ISO 8601 moments (None = open), `frequency` a word of
    layer files, `level` dataset or series, `language` vi or en.
    """

    name: str
    title: str
    abstract: str
    keywords: tuple[str, ...]
    licences: tuple[str, ...]
    level: str
    published: str
    extent: tuple[float, float, float, float] | None
    language: str
    online: tuple[Online, ...]
    period: tuple[str | None, str | None] | None = None
    frequency: str | None = None
    lineage: str | None = None

    @property
    def identifier(self) -> str:
        """What the record is known by everywhere."""
        return f"urn:xanh:{self.name}"


def write_iso19139(record: IsoRecord, settings: Settings) -> bytes:
    """The document (ISO 19115:2003 in the XML of ISO/TS 19139:2007)."""
    return write_document(
        element(
            "gmd:MD_Metadata",
            _text("fileIdentifier", record.identifier),
            _code("language", "LanguageCode", ISO_LANGUAGES[record.language]),
            _code("characterSet", "MD_CharacterSetCode", "utf8"),
            _code("hierarchyLevel", "MD_ScopeCode", record.level),
            _write_contact("contact", settings, record.language),
            element("gmd:dateStamp", element("gco:Date", record.published[:10])),
            _text("metadataStandardName", "ISO 19115:2003"),
            _text("metadataStandardVersion", "ISO/TS 19139:2007"),
            element("gmd:identificationInfo", _write_identification(record, settings)),
            element("gmd:distributionInfo", _write_distribution(record.online)),
            _write_quality(record) if record.lineage else None,
        ),
        {"gmd": Namespace.GMD, "gco": Namespace.GCO, "gml": Namespace.GML32},
        schema_locations={Namespace.GMD: "http://schemas.opengis.net/iso/19139/20070417/gmd/gmd.xsd"},
    )


def _write_identification(record: IsoRecord, settings: Settings) -> Node:
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
        _write_contact("pointOfContact", settings, record.language),
        _write_maintenance(record.frequency) if record.frequency else None,
        element("gmd:descriptiveKeywords", element("gmd:MD_Keywords", *keywords)) if keywords else None,
        element("gmd:resourceConstraints", element("gmd:MD_Constraints", *(_text("useLimitation", one) for one in record.licences))),
        _code("language", "LanguageCode", "vie"),
        element("gmd:topicCategory", element("gmd:MD_TopicCategoryCode", TOPIC)),
        _write_extent(record.extent) if record.extent else None,
        _write_period(record) if record.period else None,
    )


def _write_maintenance(frequency: str) -> Node:
    code = _code("maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", FREQUENCIES.get(frequency, frequency))
    return element("gmd:resourceMaintenance", element("gmd:MD_MaintenanceInformation", code))


def _write_extent(extent: tuple[float, float, float, float]) -> Node:
    west, south, east, north = extent
    sides = {"westBoundLongitude": west, "eastBoundLongitude": east, "southBoundLatitude": south, "northBoundLatitude": north}
    numbers = [element(f"gmd:{side}", element("gco:Decimal", f"{value:.7f}")) for side, value in sides.items()]
    box = element("gmd:EX_GeographicBoundingBox", *numbers)
    return element("gmd:extent", element("gmd:EX_Extent", element("gmd:geographicElement", box)))


def _write_period(record: IsoRecord) -> Node:
    begin, end = record.period or (None, None)
    period = element(
        "gml:TimePeriod",
        _write_moment("gml:beginPosition", begin),
        _write_moment("gml:endPosition", end),
        attributes={"gml:id": "period"},
    )
    extent = element("gmd:EX_TemporalExtent", element("gmd:extent", period))
    return element("gmd:extent", element("gmd:EX_Extent", element("gmd:temporalElement", extent)))


def _write_moment(name: str, moment: str | None) -> Node:
    return element(name, moment) if moment else element(name, attributes={"indeterminatePosition": "unknown"})


def _write_distribution(online: Iterable[Online]) -> Node:
    written = (
        element(
            "gmd:onLine",
            element(
                "gmd:CI_OnlineResource",
                element("gmd:linkage", element("gmd:URL", one.address)),
                _text("protocol", one.protocol),
                _text("name", one.name),
            ),
        )
        for one in online
    )
    options = element("gmd:MD_DigitalTransferOptions", *written)
    return element("gmd:MD_Distribution", element("gmd:transferOptions", options))


def _write_quality(record: IsoRecord) -> Node:
    return element(
        "gmd:dataQualityInfo",
        element(
            "gmd:DQ_DataQuality",
            element("gmd:scope", element("gmd:DQ_Scope", _code("level", "MD_ScopeCode", record.level))),
            element("gmd:lineage", element("gmd:LI_Lineage", _text("statement", record.lineage or ""))),
        ),
    )


def _write_contact(role: str, settings: Settings, language: str) -> Node:
    service = settings.service
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
