# SPDX-License-Identifier: MIT
"""Transactions and locks as clients of WFS 2.0.0 write and read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree

from werkzeug.test import TestResponse

from tests.protocol.wfs.transaction.conftest import URN, Sender

NEW_NAMES = {
    "wfs": "http://www.opengis.net/wfs/2.0",
    "fes": "http://www.opengis.net/fes/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "ows": "http://www.opengis.net/ows/1.1",
    "xanh": "urn:xanh:layers",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NEW_NAMES.items())


@dataclass(frozen=True)
class NewDone:
    """What a transaction answered: totals inserted, updated, replaced, deleted; (handle, id) of each feature by the name of its results."""

    totals: tuple[int, ...]
    results: dict[str, list[tuple[str | None, str]]] = field(default_factory=dict)

    @property
    def inserted(self) -> list[str]:
        """Ids of new features in order."""
        return [one for _, one in self.results.get("InsertResults", [])]


def send_new(sender: Sender, operation: str, inside: str, attributes: str = "", *, version: str = "2.0.0") -> TestResponse:
    """A wfs:Transaction, wfs:LockFeature ... of 2.0.0."""
    body = f'<wfs:{operation} {_DECLARED} service="WFS" version="{version}" {attributes}>{inside}</wfs:{operation}>'
    return sender.client.post("/wfs", data=body.encode(), content_type="text/xml", headers=sender.headers())


def done_new(sender: Sender, inside: str, attributes: str = "") -> NewDone:
    """A transaction that must succeed."""
    answer = send_new(sender, "Transaction", inside, attributes)
    assert answer.status_code == 200, answer.text
    root = ElementTree.fromstring(answer.data)
    assert (root.tag, root.attrib["version"]) == (f"{{{NEW_NAMES['wfs']}}}TransactionResponse", "2.0.0")
    totals = tuple(int(found.text or -1) for found in root.find("wfs:TransactionSummary", NEW_NAMES) or ())
    results = {
        part.tag.rpartition("}")[2]: [
            (feature.attrib.get("handle"), feature[0].attrib["rid"]) for feature in part.findall("wfs:Feature", NEW_NAMES)
        ]
        for part in list(root)[1:]
    }
    return NewDone(totals, results)


def refused_new(answer: TestResponse) -> tuple[int, str, str | None, str]:
    """Status, code, locator and text of an exception report of 2.0.0."""
    root = ElementTree.fromstring(answer.data)
    assert (root.tag, root.attrib["version"]) == (f"{{{NEW_NAMES['ows']}}}ExceptionReport", "2.0.0"), answer.text
    exception = root.find("ows:Exception", NEW_NAMES)
    assert exception is not None
    text = " ".join(found.text or "" for found in exception)
    return answer.status_code, exception.attrib["exceptionCode"], exception.attrib.get("locator"), text


def rid(*ids: str) -> str:
    """A fes:Filter of feature ids."""
    return "<fes:Filter>" + "".join(f'<fes:ResourceId rid="{one}"/>' for one in ids) + "</fes:Filter>"


def point32(position: str, srs: str = URN) -> str:
    """A GML 3.2 point, which bears an id."""
    return f'<gml:Point gml:id="p" srsName="{srs}"><gml:pos>{position}</gml:pos></gml:Point>'


def post32(code: str, place: str = "", more: str = "") -> str:
    """A feature of `posts` in GML 3.2."""
    shape = f"<xanh:geom>{place}</xanh:geom>" if place else ""
    return f'<xanh:posts gml:id="new"><xanh:code>{code}</xanh:code>{more}{shape}</xanh:posts>'


def set32(name: str, value: str | None, action: str = "") -> str:
    """A wfs:Property by ValueReference; None has no value."""
    written = "" if value is None else f"<wfs:Value>{value}</wfs:Value>"
    said = f' action="{action}"' if action else ""
    return f"<wfs:Property><wfs:ValueReference{said}>{name}</wfs:ValueReference>{written}</wfs:Property>"


def update32(layer: str, properties: str, chosen: str = "", attributes: str = "") -> str:
    """A wfs:Update."""
    return f'<wfs:Update typeName="xanh:{layer}" {attributes}>{properties}{chosen}</wfs:Update>'


def replace32(feature: str, chosen: str, attributes: str = "") -> str:
    """A wfs:Replace."""
    return f"<wfs:Replace {attributes}>{feature}{chosen}</wfs:Replace>"
