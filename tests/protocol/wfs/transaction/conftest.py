# SPDX-License-Identifier: MIT
"""Somebody who sends transactions to a province of their own, and the database beside it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.config import Settings
from server.context import Context
from server.db.pool import Database
from tests.editing_province import PASSWORD, make_app, open_province
from tests.protocol.wfs.conftest import NAMES

URN, SHORT = "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())


@dataclass(frozen=True)
class Done:
    """What a transaction answered: ids in order with the handles of their Insert, and totals inserted, updated, deleted."""

    inserted: list[str]
    handles: list[str | None]
    totals: tuple[int, int, int]


@dataclass(frozen=True)
class Sender:
    """A client with or without an account."""

    client: FlaskClient
    account: str | None

    def post(self, inside: str, *, version: str = "1.1.0", content_type: str = "text/xml", attributes: str = "") -> TestResponse:
        """A wfs:Transaction with this inside."""
        body = f'<wfs:Transaction {_DECLARED} service="WFS" version="{version}" {attributes}>{inside}</wfs:Transaction>'
        return self.client.post("/wfs", data=body.encode(), content_type=content_type, headers=self.headers())

    def get(self, path: str) -> TestResponse:
        """GET a path."""
        return self.client.get(path, headers=self.headers())

    def headers(self) -> dict[str, str]:
        """The Authorization header, for those who have an account."""
        if self.account is None:
            return {}
        return {"Authorization": "Basic " + base64.b64encode(f"{self.account}:{PASSWORD}".encode()).decode()}

    def done(self, inside: str, **options: Any) -> Done:
        """The same, which must succeed."""
        answer = self.post(inside, **options)
        assert answer.status_code == 200, answer.text
        root = ElementTree.fromstring(answer.data)
        assert root.tag == f"{{{NAMES['wfs']}}}TransactionResponse", answer.text
        assert root.attrib["version"] == "1.1.0"
        totals = [int(root.findtext(f".//wfs:total{name}", namespaces=NAMES) or -1) for name in ("Inserted", "Updated", "Deleted")]
        features = root.findall("wfs:InsertResults/wfs:Feature", NAMES)
        ids = [found.attrib["fid"] for feature in features for found in feature.findall("ogc:FeatureId", NAMES)]
        handles = [feature.attrib.get("handle") for feature in features]
        return Done([] if ids == ["none"] else ids, handles, (totals[0], totals[1], totals[2]))

    def refused(self, inside: str, **options: Any) -> tuple[str, str | None, str]:
        """The same, which must be refused: code, locator and text."""
        answer = self.post(inside, **options)
        assert answer.status_code == 200, answer.text
        assert answer.content_type.startswith("text/xml")
        found = ElementTree.fromstring(answer.data)
        assert found.tag == f"{{{NAMES['ows']}}}ExceptionReport", answer.text
        exception = found.find("ows:Exception", NAMES)
        assert exception is not None
        text = exception.findtext("ows:ExceptionText", namespaces=NAMES)
        assert text
        return exception.attrib["exceptionCode"], exception.attrib.get("locator"), text


@dataclass(frozen=True)
class Store:
    """The official and the published store."""

    database: Database

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query of the test answers."""
        with self.database.owner() as connection:
            return connection.execute(query).fetchall()

    def change(self, command: str) -> None:
        """A change the test itself makes."""
        with self.database.owner() as connection:
            connection.execute(command)

    def connect_admin(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that sees what all others do. Nobody else may."""
        return psycopg.connect(self.database.logins.admin.conninfo(), autocommit=True)

    def value(self, query: str) -> Any:
        """The one value of a query."""
        ((value,),) = self.rows(query)
        return value


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """The province."""
    return open_province(database, settings)


@pytest.fixture(scope="module")
def app(context: Context) -> Flask:
    """Its services."""
    return make_app(context)


@pytest.fixture
def stores(context: Context) -> Store:
    """Its stores."""
    return Store(context.database)


@pytest.fixture
def reviewer(app: Flask) -> Sender:
    """duyet reviews every layer: what duyet changes is published at once."""
    return Sender(app.test_client(), "duyet")


@pytest.fixture
def editor(app: Flask) -> Sender:
    """sua edits wells, zones, canals and posts."""
    return Sender(app.test_client(), "sua")


@pytest.fixture
def viewer(app: Flask) -> Sender:
    """xem only looks."""
    return Sender(app.test_client(), "xem")


@pytest.fixture
def anyone(app: Flask) -> Sender:
    """Without account."""
    return Sender(app.test_client(), None)


def post_element(code: str, *, place: str = "", more: str = "") -> str:
    """A feature of `posts`; `place` is a gml:Point or nothing."""
    shape = f"<xanh:geom>{place}</xanh:geom>" if place else ""
    return f"<xanh:posts><xanh:code>{code}</xanh:code>{more}{shape}</xanh:posts>"


def insert(*features: str, attributes: str = "") -> str:
    """A wfs:Insert."""
    return f"<wfs:Insert {attributes}>{''.join(features)}</wfs:Insert>"


def update(layer: str, properties: str, ids: str | None = None, *, filter_xml: str = "", attributes: str = "") -> str:
    """A wfs:Update of features by id (or of what a filter matches)."""
    chosen = f"<ogc:Filter>{filter_xml}</ogc:Filter>" if filter_xml else ""
    if ids is not None:
        chosen = choose(ids)
    return f'<wfs:Update typeName="xanh:{layer}" {attributes}>{properties}{chosen}</wfs:Update>'


def delete(layer: str, ids: str, *, attributes: str = "") -> str:
    """A wfs:Delete of features by id, the type without prefix as QGIS writes it."""
    return f'<wfs:Delete typeName="{layer}" {attributes}>{choose(ids)}</wfs:Delete>'


def choose(ids: str) -> str:
    """An ogc:Filter of feature ids."""
    return "<ogc:Filter>" + "".join(f'<ogc:FeatureId fid="{one}"/>' for one in ids.split()) + "</ogc:Filter>"


def put(name: str, value: str | None) -> str:
    """A wfs:Property; None has no value."""
    written = "" if value is None else f"<wfs:Value>{value}</wfs:Value>"
    return f"<wfs:Property><wfs:Name>{name}</wfs:Name>{written}</wfs:Property>"


def point(position: str, srs: str = URN) -> str:
    """A GML 3 point."""
    return f'<gml:Point srsName="{srs}"><gml:pos>{position}</gml:pos></gml:Point>'
