# SPDX-License-Identifier: MIT
"""What strangers, broken programs and mistaken people send to change features, in every version: a standard exception each with code and
locator, and nothing is lost. What is sent twice: `test_repetitions`; servers killed: `test_killed_in_the_middle`."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from server.catalog.model import Rights
from server.context import Context
from tests.editing_province import make_app
from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import Sender, Store

_OLD, _NEW = ("wfs", "ogc", "gml"), ("wfs2", "fes", "gml2")
_LAUGHS = "".join(f'<!ENTITY l{step} "{f"&l{step - 1};" * 10}">' for step in range(1, 10))
BOW = "10 105 10.1 105.1 10.1 105 10 105.1 10 105"
BOW_OLD = "105,10 105.1,10.1 105,10.1 105.1,10 105,10"


@dataclass(frozen=True)
class Speech:
    """How a version of WFS says it: statuses and codes of refusals, names of elements."""

    version: str

    @property
    def is_new(self) -> bool:
        return self.version == "2.0.0"

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code for a wrong value."""
        return (400, "InvalidValue") if self.is_new else (200, "InvalidParameterValue")

    @property
    def unreadable(self) -> str:
        """The code for what cannot be parsed."""
        return "OperationParsingFailed" if self.is_new else "InvalidParameterValue"

    def ids(self, *ids: str) -> str:
        one = '<f:ResourceId rid="{}"/>' if self.is_new else '<f:FeatureId fid="{}"/>'
        return "<f:Filter>" + "".join(one.format(name) for name in ids) + "</f:Filter>"

    def update(self, layer: str, name: str, value: str, chosen: str) -> str:
        """An Update of one property, of the handle `h`."""
        tag = "ValueReference" if self.is_new else "Name"
        put = f"<wfs:Property><wfs:{tag}>{name}</wfs:{tag}><wfs:Value>{value}</wfs:Value></wfs:Property>"
        return f'<wfs:Update handle="h" typeName="xanh:{layer}">{put}{chosen}</wfs:Update>'

    def point(self, position: str, old: str) -> str:
        """A point of WGS 84; 1.0.0 writes x before y, and coordinates as GML 2 has them."""
        if self.version == "1.0.0":
            return f'<gml:Point srsName="EPSG:4326"><gml:coordinates>{old}</gml:coordinates></gml:Point>'
        return f'<gml:Point gml:id="p" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>{position}</gml:pos></gml:Point>'

    def polygon(self, ring: str, old: str) -> str:
        """A polygon of one ring."""
        if self.version == "1.0.0":
            inside = f"<gml:LinearRing><gml:coordinates>{old}</gml:coordinates></gml:LinearRing>"
            return f'<gml:Polygon srsName="EPSG:4326"><gml:outerBoundaryIs>{inside}</gml:outerBoundaryIs></gml:Polygon>'
        inside = f"<gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior>"
        return f'<gml:Polygon gml:id="p" srsName="urn:ogc:def:crs:EPSG::4326">{inside}</gml:Polygon>'

    def write(self, inside: str, *, root: str = "Transaction", doctype: str = "") -> bytes:
        """The document, with a harmless change before what is inside."""
        spaces = zip(("wfs", "f", "gml"), _NEW if self.is_new else _OLD, strict=True)
        declared = " ".join(f'xmlns:{prefix}="{NAMES[name]}"' for prefix, name in spaces)
        good = self.update("wells", "depth", "77", self.ids("wells.1")) if root == "Transaction" else ""
        head = f'<wfs:{root} {declared} xmlns:xanh="{NAMES["xanh"]}" service="WFS" version="{self.version}">'
        return f"{doctype}{head}{good}{inside}</wfs:{root}>".encode()

    def send(self, sender: Sender, body: bytes) -> TestResponse:
        return sender.client.post(f"/wfs?version={self.version}", data=body, content_type="text/xml", headers=sender.headers())

    def refused(self, sender: Sender, inside: str, doctype: str = "") -> tuple[tuple[int, str], str | None, str]:
        """Status and code, locator and text of a transaction that must be refused."""
        return self.read(self.send(sender, self.write(inside, doctype=doctype)))

    def read(self, answer: TestResponse) -> tuple[tuple[int, str], str | None, str]:
        """Status and code, locator and text of an exception of this version."""
        root = ElementTree.fromstring(answer.data)
        text = "".join(root.itertext())
        if self.version == "1.0.0":
            exception = root if "code" in root.attrib else root.find(".//{*}ServiceException")
            if exception is None:  # a transaction that failed says so in its response (02-058 11.3)
                locator, text = root.findtext(".//{*}Locator"), root.findtext(".//{*}Message") or ""
                assert root.find(".//{*}FAILED") is not None, answer.text
                return (answer.status_code, "InvalidParameterValue"), locator, text
            return (answer.status_code, exception.attrib["code"]), exception.attrib.get("locator"), text
        assert root.attrib["version"] == self.version
        return (answer.status_code, root[0].attrib["exceptionCode"]), root[0].attrib.get("locator"), text


@pytest.fixture(params=["1.0.0", "1.1.0", "2.0.0"])
def speech(request: pytest.FixtureRequest) -> Speech:
    """Each version."""
    return Speech(request.param)


@pytest.fixture(autouse=True)
def _unchanged(stores: Store) -> Iterator[None]:
    """Whatever is refused changes nothing: neither rows nor history."""
    rows = "(SELECT string_agg(t::text, '|' ORDER BY id) FROM official.{0} t), (SELECT count(*) FROM history.{0})"
    count = f"SELECT {rows.format('wells')}, {rows.format('zones')}"
    before = stores.rows(count)
    yield
    assert stores.rows(count) == before


def test_xxe(speech: Speech, reviewer: Sender) -> None:
    change = speech.update("wells", "name", "&e;", speech.ids("wells.1"))
    kind, locator, text = speech.refused(reviewer, change, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
    assert (kind, locator) == ((400, speech.unreadable), "request")
    assert "DOCTYPE" in text
    assert "root:" not in text


def test_broken_xml(speech: Speech, reviewer: Sender) -> None:
    kind, locator, text = speech.read(speech.send(reviewer, speech.write("")[:-20]))
    assert (kind, locator) == ((400, speech.unreadable), "request")
    assert "XML sai cú pháp (line 1" in text


def test_billion_laughs(speech: Speech, reviewer: Sender) -> None:
    change = speech.update("wells", "name", "&l9;", speech.ids("wells.1"))
    kind, locator, text = speech.refused(reviewer, change, f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>')
    assert (kind, locator) == ((400, speech.unreadable), "request")
    assert "Không nhận XML có DOCTYPE" in text


def test_a_hundred_megabytes_over_http(speech: Speech, app: Flask, reviewer: Sender) -> None:
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as client:
        sent = "".join(f"{name}: {value}\r\n" for name, value in reviewer.headers().items())
        head = f"POST /wfs?version={speech.version} HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: 100000000\r\n{sent}\r\n"
        client.sendall(head.encode() + speech.write("")[:1000])
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    thread.join(timeout=20)
    server.server_close()
    status, _, body = answer.partition(b"\r\n\r\n")
    assert b" 413 " in status.partition(b"\r\n")[0]
    assert b"NoApplicableCode" in body
    assert b'locator="request"' in body


def test_a_body_in_chunks_is_never_cut_off_where_the_ceiling_is(speech: Speech, context: Context) -> None:
    limits = context.settings.limits.model_copy(update={"max_body_bytes": 2000})
    small = Sender(make_app(replace(context, settings=context.settings.model_copy(update={"limits": limits}))).test_client(), "duyet")
    body = speech.write("").ljust(2000) + b"<?more?>"  # up to the ceiling it is a whole document
    chunked = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(body), "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = small.client.post(
        f"/wfs?version={speech.version}", content_type="text/xml", headers=small.headers(), environ_overrides=chunked
    )
    assert speech.read(answer)[:2] == ((413, "NoApplicableCode"), "request")


def test_ten_thousand_filter_nodes(speech: Speech, reviewer: Sender) -> None:
    tag = "ValueReference" if speech.is_new else "PropertyName"
    nodes = f"<f:PropertyIsNull><f:{tag}>name</f:{tag}></f:PropertyIsNull>" * 10_000
    kind, locator, text = speech.refused(reviewer, speech.update("wells", "name", "x", f"<f:Filter><f:Or>{nodes}</f:Or></f:Filter>"))
    assert (kind, locator) == ((403, "OperationProcessingFailed") if speech.is_new else speech.refusal, "h")
    assert "conditions" in text


def test_unknown_properties(speech: Speech, reviewer: Sender) -> None:
    kind, locator, text = speech.refused(reviewer, speech.update("wells", "colour", "x", speech.ids("wells.1")))
    assert (kind, locator) == (speech.refusal, "h")
    assert "colour" in text


def test_wrong_types(speech: Speech, reviewer: Sender) -> None:
    for name, value in (("depth", "sâu"), ("rank", "1.5"), ("automatic", "maybe"), ("opened", "2024-02-30"), ("zone", "x")):
        kind, locator, text = speech.refused(reviewer, speech.update("wells", name, value, speech.ids("wells.1")))
        assert (kind, locator) == (speech.refusal, "h")
        assert value in text


def test_self_crossing_polygons(speech: Speech, reviewer: Sender) -> None:
    kind, locator, text = speech.refused(reviewer, speech.update("zones", "geom", speech.polygon(BOW, BOW_OLD), speech.ids("zones.1")))
    assert (kind, locator) == (speech.refusal, "h")
    assert "Self-intersection[" in text, "the place of the fault"


def test_coordinates_in_the_wrong_order(speech: Speech, reviewer: Sender) -> None:
    change = speech.update("wells", "geom", speech.point("105.5 10.5", "10.5,105.5"), speech.ids("wells.1"))
    kind, locator, text = speech.refused(reviewer, change)
    assert (kind, locator) == (speech.refusal, "h")
    assert "trục bị đảo" in text
    assert "swapped" in text


def test_ids_of_other_layers(speech: Speech, reviewer: Sender) -> None:
    removal = f'<wfs:Delete handle="h" typeName="xanh:wells">{speech.ids("wells.1", "zones.1")}</wfs:Delete>'
    for change in (speech.update("wells", "name", "x", speech.ids("zones.1")), removal):
        kind, locator, text = speech.refused(reviewer, change)
        assert (kind, locator) == (speech.refusal, "h")
        assert "none of wells" in text


def test_read_only_layers(speech: Speech, context: Context) -> None:
    zones = context.catalog.layer("zones").model_copy(update={"rights": Rights(edit="admin")})
    catalog = replace(context.catalog, layers={**context.catalog.layers, "zones": zones})
    reader = Sender(make_app(replace(context, catalog=catalog)).test_client(), "duyet")
    kind, locator, text = speech.refused(reader, speech.update("zones", "name", "x", speech.ids("zones.1")))
    assert (kind, locator) == ((403, "NoApplicableCode"), "h")
    assert "Không có quyền sửa lớp dữ liệu 'zones'" in text


def test_without_rights(speech: Speech, anyone: Sender, viewer: Sender) -> None:
    change = speech.update("wells", "name", "x", speech.ids("wells.1"))
    assert speech.refused(anyone, change)[:2] == ((401, "NoApplicableCode"), "Authorization")
    assert speech.refused(viewer, change)[0] == (403, "NoApplicableCode")


def test_locked_features(speech: Speech, reviewer: Sender, app: Flask) -> None:
    holder, old = Sender(app.test_client(), "quan"), Speech("1.1.0")
    inside = f'<wfs:Lock typeName="xanh:wells">{old.ids("wells.2")}</wfs:Lock>'
    answer = old.send(holder, old.write(inside, root="LockFeature"))
    lock_id = ElementTree.fromstring(answer.data).findtext("wfs:LockId", "", NAMES)
    kind, locator, text = speech.refused(reviewer, speech.update("wells", "name", "x", speech.ids("wells.2")))
    assert (kind, locator) == (((400, "MissingParameterValue") if speech.is_new else speech.refusal), "h")
    assert "khóa" in text
    holder.done(f"<wfs:LockId>{lock_id}</wfs:LockId>")
