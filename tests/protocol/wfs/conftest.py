# SPDX-License-Identifier: MIT
"""Asking the WFS of the demo province in this process, and asking the database the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from psycopg import sql
from werkzeug.test import TestResponse

from server.db.pool import Database

NAMES = {
    "wfs": "http://www.opengis.net/wfs",
    "ows": "http://www.opengis.net/ows",
    "ogc": "http://www.opengis.net/ogc",
    "gml": "http://www.opengis.net/gml",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "xlink": "http://www.w3.org/1999/xlink",
    "xanh": "urn:xanh:layers",
    "wfs2": "http://www.opengis.net/wfs/2.0",
    "ows1": "http://www.opengis.net/ows/1.1",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml2": "http://www.opengis.net/gml/3.2",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())


@dataclass(frozen=True)
class Wfs:
    """A client of the service."""

    client: FlaskClient

    def get(self, **parameters: str | int) -> TestResponse:
        """A key-value request; SERVICE and VERSION are filled in unless given."""
        query = {"SERVICE": "WFS", "VERSION": "1.1.0", **{name: str(value) for name, value in parameters.items()}}
        return self.client.get("/wfs", query_string={name: value for name, value in query.items() if value != "-"})

    def post(self, root: str, inside: str = "", **attributes: str | int) -> TestResponse:
        """An XML request `<wfs:ROOT service="WFS" version="1.1.0" ...>inside</wfs:ROOT>`."""
        named = {"service": "WFS", "version": "1.1.0", **attributes}
        written = " ".join(f'{name}="{value}"' for name, value in named.items())
        return self.client.post("/wfs", data=f"<wfs:{root} {_DECLARED} {written}>{inside}</wfs:{root}>", content_type="text/xml")

    def features(self, **parameters: str | int) -> list[ElementTree.Element]:
        """The feature elements of a GetFeature as GML."""
        answer = self.get(REQUEST="GetFeature", **parameters)
        assert answer.status_code == 200, answer.text
        return read_features(answer)

    def hits(self, **parameters: str | int) -> int:
        """numberOfFeatures of a GetFeature with resultType=hits."""
        answer = self.get(REQUEST="GetFeature", RESULTTYPE="hits", **parameters)
        assert answer.status_code == 200, answer.text
        root = ElementTree.fromstring(answer.data)
        assert root.findall("gml:featureMember", NAMES) == []
        return int(root.attrib["numberOfFeatures"])


@dataclass(frozen=True)
class Truth:
    """What the database itself says."""

    database: Database

    def count(self, layer: str, condition: str = "TRUE") -> int:
        """Published features of a layer for which a condition of the test holds."""
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
            sql.Identifier("published", layer),
            sql.SQL(condition),
        )
        with self.database.reader() as connection:
            row = connection.execute(statement).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def wfs(client: FlaskClient) -> Wfs:
    """A client of the WFS."""
    return Wfs(client)


@pytest.fixture
def truth(demo: Database) -> Truth:
    """The database behind it."""
    return Truth(demo)


def read_features(answer: TestResponse) -> list[ElementTree.Element]:
    """The feature elements of a FeatureCollection."""
    return [member[0] for member in ElementTree.fromstring(answer.data).findall("gml:featureMember", NAMES)]


def read_exception(answer: TestResponse) -> tuple[int, str, str | None]:
    """Status, code and locator of an exception report; the report must be what WFS 1.1.0 says it is."""
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{{{NAMES['ows']}}}ExceptionReport", answer.text
    assert root.attrib["version"] == "1.1.0"
    assert answer.content_type.startswith("text/xml")
    exception = root.find("ows:Exception", NAMES)
    assert exception is not None
    assert exception.findtext("ows:ExceptionText", namespaces=NAMES)
    return answer.status_code, exception.attrib["exceptionCode"], exception.attrib.get("locator")


@dataclass(frozen=True)
class Wfs20:
    """A client of version 2.0.0."""

    client: FlaskClient

    def get(self, **parameters: str | int) -> TestResponse:
        """A key-value request; SERVICE and VERSION are filled in unless given."""
        query = {"SERVICE": "WFS", "VERSION": "2.0.0", **{name: str(value) for name, value in parameters.items()}}
        return self.client.get("/wfs", query_string={name: value for name, value in query.items() if value != "-"})

    def post(self, root: str, inside: str = "", **attributes: str | int) -> TestResponse:
        """An XML request `<wfs:ROOT ...>inside</wfs:ROOT>` in the namespaces of 2.0.0 (gml is GML 3.2)."""
        named = {"service": "WFS", "version": "2.0.0", **attributes}
        written = " ".join(f'{name}="{value}"' for name, value in named.items())
        spaces = {"wfs": NAMES["wfs2"], "fes": NAMES["fes"], "gml": NAMES["gml2"], "xanh": NAMES["xanh"], "ows": NAMES["ows1"]}
        declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
        return self.client.post("/wfs", data=f"<wfs:{root} {declared} {written}>{inside}</wfs:{root}>", content_type="text/xml")

    def collection(self, **parameters: str | int) -> ElementTree.Element:
        """The collection of a GetFeature."""
        answer = self.get(REQUEST="GetFeature", **parameters)
        assert answer.status_code == 200, answer.text
        return ElementTree.fromstring(answer.data)


@pytest.fixture
def wfs20(client: FlaskClient) -> Wfs20:
    """A client of the WFS that speaks 2.0.0."""
    return Wfs20(client)


def read_exception20(answer: TestResponse) -> tuple[int, str, str | None]:
    """Status, code and locator of an exception report of 2.0.0."""
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{{{NAMES['ows1']}}}ExceptionReport", answer.text
    assert root.attrib["version"] == "2.0.0"
    exception = root.find("ows1:Exception", NAMES)
    assert exception is not None
    return answer.status_code, exception.attrib["exceptionCode"], exception.attrib.get("locator")


def without_time(answer: TestResponse) -> bytes:
    """The body with the moment of answering taken out."""
    return re.sub(rb'"?timeStamp"?[=:]"[^"]*"', b"", answer.data)
