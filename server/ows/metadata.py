# SPDX-License-Identifier: MIT
"""ServiceIdentification and ServiceProvider, the same in every capabilities document of OWS Common (05-008 7.4.3-4, 06-121r9 7.4.4-5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from server.config import Bilingual, Service
from server.xmlio.write import Node, element


def write_identification(service: Service, languages: Sequence[str], service_type: str, versions: Iterable[str]) -> Node:
    """`ows:ServiceIdentification`. In one language texts bear none; in several each says its own, in the order given.

    `versions` in the order they shall stand: some clients take the first for their own.
    """
    keywords = [element("ows:Keyword", word) for word in service.keywords]
    return element(
        "ows:ServiceIdentification",
        *_texts("ows:Title", service.title, languages),
        *_texts("ows:Abstract", service.abstract, languages),
        element("ows:Keywords", *keywords) if keywords else None,
        element("ows:ServiceType", service_type),
        *(element("ows:ServiceTypeVersion", version) for version in versions),
        element("ows:Fees", service.fees),
        element("ows:AccessConstraints", service.access_constraints),
    )


def write_provider(service: Service, language: str, site: str | None = None) -> Node:
    """`ows:ServiceProvider`; `site` is its address where the configuration names none. ServiceContact is mandatory, also when empty."""
    mail = element("ows:ElectronicMailAddress", service.contact_email) if service.contact_email else None
    address = service.provider_site or site
    return element(
        "ows:ServiceProvider",
        element("ows:ProviderName", service.provider.text(language)),
        element("ows:ProviderSite", attributes={"xlink:href": address}) if address else None,
        element("ows:ServiceContact", element("ows:ContactInfo", element("ows:Address", mail)) if mail else None),
    )


def _texts(name: str, text: Bilingual, languages: Sequence[str]) -> Iterator[Node]:
    for language in languages:
        yield element(name, text.text(language), attributes={"xml:lang": language} if len(languages) > 1 else None)
