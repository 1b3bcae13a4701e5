# SPDX-License-Identifier: MIT
"""Answers against the official XML schemas, which lie beside this file by host and path: nothing is ever fetched.

A schema that is asked for and not here is an error, because what cannot be read proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

_HERE = Path(__file__).resolve().parent
_OGC = "http://schemas.opengis.net/"
ROOTS = {
    "wfs 1.0.0": {"http://www.opengis.net/wfs": f"{_OGC}wfs/1.0.0/WFS-transaction.xsd"},
    "wfs 1.0.0 capabilities": {"http://www.opengis.net/wfs": f"{_OGC}wfs/1.0.0/WFS-capabilities.xsd"},
    "wfs 1.0.0 exceptions": {"http://www.opengis.net/ogc": f"{_OGC}wfs/1.0.0/OGC-exception.xsd"},
    "wfs 1.1.0": {"http://www.opengis.net/wfs": f"{_OGC}wfs/1.1.0/wfs.xsd"},
    "wfs 2.0.0": {
        "http://www.opengis.net/wfs/2.0": f"{_OGC}wfs/2.0/wfs.xsd",
        "http://www.opengis.net/gml/3.2": f"{_OGC}gml/3.2.1/gml.xsd",
    },
    "wms 1.3.0": {
        "http://www.opengis.net/wms": f"{_OGC}wms/1.3.0/capabilities_1_3_0.xsd",
        "http://www.opengis.net/sld": f"{_OGC}sld/1.1.0/sld_capabilities.xsd",
    },
    "wms 1.3.0 exceptions": {"http://www.opengis.net/ogc": f"{_OGC}wms/1.3.0/exceptions_1_3_0.xsd"},
    "wmts 1.0.0": {"http://www.opengis.net/wmts/1.0": f"{_OGC}wmts/1.0/wmtsGetCapabilities_response.xsd"},
    "iso 19139": {"http://www.isotc211.org/2005/gmd": f"{_OGC}iso/19139/20070417/gmd/gmd.xsd"},
    "ows 1.0.0": {"http://www.opengis.net/ows": f"{_OGC}ows/1.0.0/owsAll.xsd"},
    "ows 1.1.0": {"http://www.opengis.net/ows/1.1": f"{_OGC}ows/1.1.0/owsAll.xsd"},
}
"""The schemas of each standard: by namespace, the document that holds everything."""


class _Shelf(etree.Resolver):
    """Answers for every address from the files beside this module, or from `documents`."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        super().__init__()
        self._documents = documents

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        """The document of an address. Raises FileNotFoundError for one that is not here."""
        del public_id
        found = self._documents.get(system_url)
        if found is None:
            parts = urlsplit(system_url)
            found = (_HERE / parts.netloc / parts.path.lstrip("/")).read_bytes()
        return self.resolve_string(found, context, base_url=system_url)


def find_faults(answer: bytes, standard: str, application: Mapping[str, bytes] | None = None) -> list[str]:
    """What is wrong with an answer by the schemas of a standard of ROOTS and those of feature types (documents by namespace)."""
    schema = _standard_schema(standard) if application is None else _compile(standard, application)
    document = etree.fromstring(answer, etree.XMLParser(no_network=True, resolve_entities=False))
    schema.validate(document)
    log: Any = schema.error_log  # its types do not say that it can be iterated
    return [f"{fault.line}: {fault.message}" for fault in log]


def find_type_faults(answer: bytes) -> list[str]:
    """What is wrong with a document by the document type it names (WMS 1.1.1). Raises FileNotFoundError for a type that is not here."""
    document = etree.fromstring(answer, etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)).getroottree()
    info: Any = document.docinfo  # its types do not know the address
    parts = urlsplit(info.system_url or "")
    kind = etree.DTD(str(_HERE / parts.netloc / parts.path.lstrip("/")))
    kind.validate(document)
    log: Any = kind.error_log
    return [f"{fault.line}: {fault.message}" for fault in log]


@cache
def _standard_schema(standard: str) -> etree.XMLSchema:
    return _compile(standard, {})


def _compile(standard: str, application: Mapping[str, bytes]) -> etree.XMLSchema:
    """One schema that imports all of them."""
    documents = {f"http://local/{number}.xsd": document for number, document in enumerate(application.values())}
    places = {**ROOTS[standard], **dict(zip(application, documents, strict=True))}
    imports = "".join(f'<xs:import namespace="{namespace}" schemaLocation="{place}"/>' for namespace, place in places.items())
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Shelf(documents))
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>', parser))
