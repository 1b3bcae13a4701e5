# SPDX-License-Identifier: MIT
"""Capabilities: who names things, where features are listed, groups in groups, language of the browser; and what it costs."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import psycopg
import pytest
from flask import Flask

from server.catalog.catalog import Catalog
from server.catalog.model import Group, Scale, Text
from server.context import Context
from server.db.pool import Database
from server.features.state import layer_states
from server.ows.systems import offered_systems
from server.wms.capabilities import write_capabilities
from server.wms.layers import LayerBook
from server.wms.offer import Offer
from tests.protocol.wms.conftest import Wms
from tests.protocol.wms.test_capabilities import W, capabilities, layers_of

ALL = ["EPSG:4326", "CRS:84", "EPSG:3857", "EPSG:32648", "EPSG:32649", "EPSG:3405", "EPSG:3406"]
ALL += [f"EPSG:{code}" for code in (*range(9205, 9219), *range(5896, 5900), 4756)]


def test_every_layer_and_group_has_a_box_in_every_system(wms: Wms) -> None:
    for name, layer in layers_of(capabilities(wms)).items():
        assert [box.get("CRS") for box in layer.findall(f"{W}BoundingBox")] == ALL, name


def test_layers_have_identifiers_of_a_named_authority_and_lists_of_their_features(wms: Wms) -> None:
    root = capabilities(wms)
    authority = root.find(f"{W}Capability/{W}Layer/{W}AuthorityURL")
    assert authority is not None
    station = layers_of(root)["stations"]
    identifier = station.find(f"{W}Identifier")
    assert identifier is not None
    assert (identifier.text, identifier.get("authority")) == ("stations", authority.get("name"))
    for kind, media_type in (("DataURL", "application/geo+json"), ("FeatureListURL", "text/html")):
        assert station.findtext(f"{W}{kind}/{W}Format") == media_type
        link = station.find(f"{W}{kind}/{W}OnlineResource")
        assert link is not None
        address = (link.get("{http://www.w3.org/1999/xlink}href") or "").partition("//")[2].partition("/")[2]
        answer = wms.client.get(f"/{address}")
        assert (answer.status_code, answer.mimetype) == (200, media_type)


@pytest.mark.parametrize(
    ("header", "asked", "title"),
    [
        ("en-GB,en;q=0.8", {}, "Monitoring stations and points"),
        ("vi-VN,vi;q=0.9,en;q=0.8", {}, "Trạm và điểm quan trắc"),
        ("de", {}, "Trạm và điểm quan trắc"),
        ("en", {"LANGUAGE": "vi"}, "Trạm và điểm quan trắc"),
        ("*;q=x,,", {}, "Trạm và điểm quan trắc"),
    ],
)
def test_the_language_is_that_of_the_request_else_of_the_browser(wms: Wms, header: str, asked: dict[str, str], title: str) -> None:
    query = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetCapabilities", **asked}
    answer = wms.client.get("/wms", query_string=query, headers={"Accept-Language": header})
    assert layers_of(ElementTree.fromstring(answer.data))["stations"].findtext(f"{W}Title") == title
    assert ("Accept-Language" in (answer.headers.get("Vary") or "")) is not bool(asked)


def _nested(context: Context) -> Context:
    """The catalogue with the group of sources inside that of quality."""
    groups = [one.model_copy(update={"parent": "quality"}) if one.id == "sources" else one for one in context.catalog.groups]
    outer = Group(id="everything", title=Text(vi="Tất cả", en="Everything"))
    groups = [one.model_copy(update={"parent": "everything"}) if one.id == "quality" else one for one in groups]
    catalog = Catalog((outer, *groups), context.catalog.layers, context.catalog.code_lists)
    return Context(context.settings, catalog, context.database)


def _document(context: Context, version: str = "1.3.0") -> bytes:
    """The document of a catalogue, as the service makes it."""
    book = LayerBook(context, offered_systems(context.settings))
    return write_capabilities(Offer(context, book.offered(), book.states(), {}, book.systems, "http://x/wms", "http://x", version, "en"))


def test_groups_lie_in_groups_and_are_maps_of_all_they_hold(app: Flask) -> None:
    context = _nested(app.extensions["xanh"])
    root = ElementTree.fromstring(_document(context))
    path = [root.find(f"{W}Capability/{W}Layer")]
    for name in ("everything", "quality", "sources", "facilities"):
        parent = path[-1]
        assert parent is not None
        path.append(next(one for one in parent.findall(f"{W}Layer") if one.findtext(f"{W}Name") == name))
    book = LayerBook(context, offered_systems(context.settings))
    inner, outer = ({layer.id for layer in book.find_layers(name, "LAYERS")} for name in ("sources", "everything"))
    assert "facilities" in inner
    assert inner | {"stations"} <= outer


def test_scale_limits_of_a_layer_are_announced_in_both_versions(app: Flask) -> None:
    context: Context = app.extensions["xanh"]
    limited = context.catalog.layer("stations").model_copy(update={"scale": Scale(min=1000, max=200_000)})
    catalog = Catalog(context.catalog.groups, {**context.catalog.layers, "stations": limited}, context.catalog.code_lists)
    context = Context(context.settings, catalog, context.database)
    stations = layers_of(ElementTree.fromstring(_document(context)))["stations"]
    assert [stations.findtext(f"{W}{which}ScaleDenominator") for which in ("Min", "Max")] == ["1000.0", "200000.0"]
    older = next(one for one in ElementTree.fromstring(_document(context, "1.1.1")).iter("Layer") if one.findtext("Name") == "stations")
    hint = older.find("ScaleHint")
    assert hint is not None
    # The diagonal of a pixel of 0.28 mm in metres (01-068r3 7.1.4.5.8).
    assert [round(float(hint.get(which, "0")), 2) for which in ("min", "max")] == [0.4, 79.2]


def test_five_hundred_layers_cost_one_statement_like_five(database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped: Context = app.extensions["xanh"]
    statements: list[str] = []
    original = psycopg.Cursor.execute

    def listen(cursor: psycopg.Cursor, query: object, *arguments: object, **named: object) -> object:
        statements.append(str(query))
        return original(cursor, query, *arguments, **named)  # type: ignore[call-overload]

    counts = {}
    for number in (5, 500):
        layers = {f"l{index}": shipped.catalog.layers["stations"].model_copy(update={"id": f"l{index}"}) for index in range(number)}
        context = Context(shipped.settings, Catalog(shipped.catalog.groups, layers, {}), database)
        with database.owner() as connection:
            for name in layers:
                connection.execute(
                    "INSERT INTO published.catalogue (layer, revision, feature_count, extent) VALUES (%s, 1, 3, '{105,10,106,11}') "
                    "ON CONFLICT DO NOTHING",
                    (name,),
                )
            connection.commit()
        layer_states(context)
        statements.clear()
        monkeypatch.setattr(psycopg.Cursor, "execute", listen)
        started = time.monotonic()
        document = _document(context)
        monkeypatch.undo()
        assert document.count(b"<Layer ") > number
        assert time.monotonic() - started < 10
        counts[number] = len([one for one in statements if "SELECT" in one.upper()])
    assert counts == {5: 1, 500: 1}
