# SPDX-License-Identifier: MIT
"""Every way a client may write the name of a CRS, and how we write it back.

Sources: OGC 05-010 and 07-092r1 (URNs), OGC 09-048r5 (`/def/crs` addresses), WMS 1.3.0 (06-042) 6.7.3.1-6.7.3.4 (`EPSG:`, `CRS:`),
GML 2.1.2 (`epsg.xml#`), OGC API Common (safe CURIE).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from server.crs.definitions import CRS84, CRS84_CODE, Crs, describe_crs, find_crs
from server.errors import InvalidCrs

MAX_LENGTH = 200


class Spelling(Enum):
    """The form of a CRS name. It decides the axis order where the protocol leaves it open (see `axis`)."""

    SHORT = "EPSG:4326"
    URN = "urn:ogc:def:crs:EPSG::4326"
    URN_EXPERIMENTAL = "urn:x-ogc:def:crs:EPSG:4326"
    URL = "http://www.opengis.net/def/crs/EPSG/0/4326"
    GML_URL = "http://www.opengis.net/gml/srs/epsg.xml#4326"
    CURIE = "[EPSG:4326]"


@dataclass(frozen=True)
class CrsReference:
    """A CRS together with the way it was (or shall be) written."""

    crs: Crs
    spelling: Spelling

    @property
    def text(self) -> str:
        """The name in this spelling; the same CRS and spelling come back when it is read again."""
        return write_crs(self.crs, self.spelling)


_EPSG_PATTERNS = (
    (Spelling.SHORT, r"EPSG:(\d{1,7})"),
    (Spelling.URN, r"urn:ogc:def:crs:EPSG:(?:[0-9.]{0,12}:)?(\d{1,7})"),
    (Spelling.URN_EXPERIMENTAL, r"urn:x-ogc:def:crs:EPSG:(?:[0-9.]{0,12}:)?(\d{1,7})"),
    (Spelling.URL, r"https?://www\.opengis\.net/def/crs/EPSG/[0-9.]{1,12}/(\d{1,7})"),
    (Spelling.GML_URL, r"https?://www\.opengis\.net/gml/srs/epsg\.xml#(\d{1,7})"),
    (Spelling.CURIE, r"\[EPSG:(\d{1,7})\]"),
)
_CRS84_PATTERNS = (
    (Spelling.SHORT, r"CRS:84|OGC:CRS84|CRS84"),
    (Spelling.URN, r"urn:ogc:def:crs:OGC:[0-9.]{0,12}:(?:CRS)?84"),
    (Spelling.URN_EXPERIMENTAL, r"urn:x-ogc:def:crs:OGC:(?:[0-9.]{0,12}:)?(?:CRS)?84"),
    (Spelling.URL, r"https?://www\.opengis\.net/def/crs/OGC/[0-9.]{1,12}/CRS84"),
    (Spelling.CURIE, r"\[(?:OGC:)?CRS:?84\]"),
)
_EPSG_READERS = tuple((spelling, re.compile(pattern, re.IGNORECASE | re.ASCII)) for spelling, pattern in _EPSG_PATTERNS)
_CRS84_READERS = tuple((spelling, re.compile(pattern, re.IGNORECASE | re.ASCII)) for spelling, pattern in _CRS84_PATTERNS)

_CRS84_TEXTS = {
    Spelling.SHORT: "CRS:84",
    Spelling.URN: "urn:ogc:def:crs:OGC:1.3:CRS84",
    Spelling.URN_EXPERIMENTAL: "urn:x-ogc:def:crs:OGC:1.3:CRS84",
    Spelling.URL: "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    Spelling.CURIE: "[OGC:CRS84]",
}


def parse_crs(text: str, *, offered: Collection[Crs] | None = None, locator: str | None = None) -> CrsReference:
    """Read a CRS name in any spelling, upper or lower case.

    `offered` narrows the choice to what the layer or service offers. Raises InvalidCrs (with the offered list) for anything else.
    """
    reference = _match(text, locator) if len(text) <= MAX_LENGTH else None
    if reference is None or (offered is not None and reference.crs not in offered):
        hint = "Write it as EPSG:4326, CRS:84, an OGC URN or an OGC address" if offered is None else f"Offered: {describe_crs(offered)}"
        raise InvalidCrs(f"The coordinate reference system {_quote(text)} is not offered. {hint}", locator=locator)
    return reference


def write_crs(crs: Crs, spelling: Spelling) -> str:
    """The name of `crs` in `spelling`. Raises ValueError for CRS84 in the `epsg.xml#` form, which does not exist."""
    if crs is CRS84:
        if spelling not in _CRS84_TEXTS:
            raise ValueError("CRS84 has no epsg.xml# name")
        return _CRS84_TEXTS[spelling]
    return spelling.value.replace("4326", str(crs.code))


@lru_cache(512)
def _match(text: str, locator: str | None) -> CrsReference | None:
    """Remembered, because a transaction may bring thousands of shapes that each name theirs."""
    return _match_crs84(text) or _match_epsg(text, locator)


def _match_crs84(text: str) -> CrsReference | None:
    for spelling, pattern in _CRS84_READERS:
        if pattern.fullmatch(text):
            return CrsReference(CRS84, spelling)
    return None


def _match_epsg(text: str, locator: str | None) -> CrsReference | None:
    for spelling, pattern in _EPSG_READERS:
        match = pattern.fullmatch(text)
        if match:
            code = int(match.group(1))
            return CrsReference(find_crs(code, locator=locator), spelling) if code != CRS84_CODE else None
    return None


def _quote(text: str) -> str:
    """Show a stranger's text safely: printable, short, quoted."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:60])
    return f"'{shown}…'" if len(text) > 60 else f"'{shown}'"
