# SPDX-License-Identifier: MIT
"""What a Transaction is answered with, in the version it was asked in.

QGIS shows its user the first text of an exception, and only when it comes with status 200; WFS before 2.0 leaves the status open, and
other servers do the same. So both languages stand in one text here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response

from server.errors import XanhError
from server.ows.exceptions import code_of, write_report
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

_SCHEMAS = {
    "1.1.0": "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd",
    "1.0.0": "http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd",
}
_OLD_EXCEPTION_SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd"


@dataclass(frozen=True)
class Done:
    """What a transaction did: (handle, id with its type) of each new feature in document order, and counts."""

    version: str
    inserted: tuple[tuple[str | None, str], ...]
    updated: int
    deleted: int


def answer_done(done: Done) -> Response:
    """The success of a transaction."""
    return _respond(_write_summary(done) if done.version == "1.1.0" else _write_old_result(done))


def answer_refusal(error: XanhError, version: str) -> Response:
    """Why a transaction was refused: an ows:ExceptionReport, or for 1.0.0 the ServiceExceptionReport of its time (02-058 annex A.5)."""
    text = f"{error.message_vi} / {error.message}" if error.message_vi else error.message
    locator = error.handle or error.locator
    if version != "1.0.0":
        return write_report(200, code_of(error), locator, (text,), "1.1.0")
    exception = element("ServiceException", text, attributes={"code": code_of(error), "locator": locator})
    root = element("ServiceExceptionReport", exception, attributes={"version": "1.2.0"})
    return _respond(write_document(root, {"": Namespace.OGC}, schema_locations={Namespace.OGC: _OLD_EXCEPTION_SCHEMA}))


def _respond(document: bytes) -> Response:
    response = Response(document, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _write_summary(done: Done) -> bytes:
    """wfs:TransactionResponse (04-094 12.3). Its schema wants an InsertResults with a feature even when nothing was inserted."""
    counts = {"totalInserted": len(done.inserted), "totalUpdated": done.updated, "totalDeleted": done.deleted}
    summary = element("wfs:TransactionSummary", *(element(f"wfs:{name}", count) for name, count in counts.items()))
    features = (_write_feature("wfs:Feature", handle, (feature,)) for handle, feature in done.inserted or ((None, "none"),))
    root = element("wfs:TransactionResponse", summary, element("wfs:InsertResults", *features), attributes={"version": done.version})
    return _write(root, done.version)


def _write_old_result(done: Done) -> bytes:
    """wfs:WFS_TransactionResponse of WFS 1.0.0 (02-058 11.3): ids by Insert, then the status of the whole."""
    by_insert: dict[str | None, list[str]] = {}
    for handle, feature in done.inserted:
        by_insert.setdefault(handle, []).append(feature)
    results = (_write_feature("wfs:InsertResult", handle, features) for handle, features in by_insert.items())
    status = element("wfs:TransactionResult", element("wfs:Status", element("wfs:SUCCESS")))
    return _write(element("wfs:WFS_TransactionResponse", *results, status, attributes={"version": done.version}), done.version)


def _write_feature(name: str, handle: str | None, ids: Iterable[str]) -> Node:
    return element(name, *(element("ogc:FeatureId", attributes={"fid": one}) for one in ids), attributes={"handle": handle})


def _write(root: Node, version: str) -> bytes:
    return write_document(root, {"wfs": Namespace.WFS, "ogc": Namespace.OGC}, schema_locations={Namespace.WFS: _SCHEMAS[version]})
