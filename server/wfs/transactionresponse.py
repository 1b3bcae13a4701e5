# SPDX-License-Identifier: MIT
"""What a Transaction is answered with, in the version it was asked in.

QGIS shows its user the first text of an exception, and only when it comes with status 200; WFS before 2.0 leaves the status open, and
other servers do the same. So both languages stand in one text here. 2.0.0 prescribes codes and statuses (09-025r2 7.5, annex D).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from flask import Response

from server.errors import (
    EditRefused,
    FeatureLocked,
    InvalidCrs,
    InvalidParameter,
    LimitExceeded,
    LockExpired,
    LockUnknown,
    MissingParameter,
    OperationNotSupported,
    XanhError,
)
from server.ows.exceptions import code_of, write_report
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, escape_attribute, write_document

_SCHEMAS = {
    "2.0.0": "http://schemas.opengis.net/wfs/2.0/wfs.xsd",
    "1.1.0": "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd",
    "1.0.0": "http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd",
}
# Left in a document where features are written afterwards; nothing of the client stands in the document before that.
_HERE = "\N{SYMBOL FOR SUBSTITUTE}"
# A blank is in no id.
_BETWEEN = " "
_OLD_EXCEPTION_SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd"
# The first that fits: codes of 09-025r2 table 3 and the status annex D gives them.
_NEW_CODES: tuple[tuple[type[XanhError], str, int], ...] = (
    (FeatureLocked, "MissingParameterValue", 400),  # 15.2.3.1.2: somebody who holds the lock would have said so
    (LockExpired, "LockHasExpired", 403),
    (LockUnknown, "InvalidLockId", 400),
    (EditRefused, "InvalidValue", 400),
    (OperationNotSupported, "OperationNotSupported", 400),
    (MissingParameter, "MissingParameterValue", 400),
    (InvalidParameter, "InvalidValue", 400),
    (InvalidCrs, "InvalidParameterValue", 400),
)
_KINDS_VI: dict[type[XanhError], str] = {
    InvalidCrs: "Hệ tọa độ không được hỗ trợ",
    MissingParameter: "Thiếu thông tin bắt buộc",
    LimitExceeded: "Vượt quá giới hạn của máy chủ",
    OperationNotSupported: "Chức năng không được hỗ trợ",
    InvalidParameter: "Giá trị không hợp lệ",
}


@dataclass(frozen=True)
class Done:
    """What a transaction did: (handle, id with its type) of each feature that was inserted, updated or replaced, in order; and counts."""

    version: str
    inserted: tuple[tuple[str | None, str], ...] = ()
    updated: tuple[tuple[str | None, str], ...] = ()
    replaced: tuple[tuple[str | None, str], ...] = ()
    deleted: int = 0


def write_done(done: Done) -> bytes:
    """The document that tells of a transaction's success."""
    return _WRITERS[done.version](done)


def answer_document(document: bytes, status: int = 200) -> Response:
    """A document as the answer to one client, which nobody keeps."""
    response = Response(document, status=status, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_refusal(error: XanhError, version: str) -> Response:
    """Why a transaction was refused: an ows:ExceptionReport, or for 1.0.0 the ServiceExceptionReport of its time (02-058 annex A.5).

    `locator` is the handle of the action at fault, where it has one.
    """
    text = f"{error.message_vi or _say_kind(error)} / {error.message}"
    locator = error.handle or error.locator
    if version.startswith("2."):
        code, status = new_code_of(error)
        if isinstance(error, FeatureLocked) and not error.handle:
            locator = "lockId"
        return write_report(status, code, locator, (text,), "2.0.0")
    if version != "1.0.0":
        return write_report(200, code_of(error), locator, (text,), "1.1.0")
    exception = element("ServiceException", text, attributes={"code": code_of(error), "locator": locator})
    root = element("ServiceExceptionReport", exception, attributes={"version": "1.2.0"})
    return answer_document(write_document(root, {"": Namespace.OGC}, schema_locations={Namespace.OGC: _OLD_EXCEPTION_SCHEMA}))


def _say_kind(error: XanhError) -> str:
    """In Vietnamese at least what kind of mistake it is, for errors of rooms that know no more than the English sentence."""
    return next((text for kind, text in _KINDS_VI.items() if isinstance(error, kind)), "Yêu cầu không thực hiện được")


def new_code_of(error: XanhError) -> tuple[str, int]:
    """Exception code and HTTP status of an error in WFS 2.0.0."""
    return next(((code, status) for kind, code, status in _NEW_CODES if isinstance(error, kind)), ("OperationProcessingFailed", 403))


def _write_new(done: Done) -> bytes:
    """wfs:TransactionResponse of 2.0.0 (09-025r2 15.3): what was changed stands there by its id as well."""
    counts = {"Inserted": len(done.inserted), "Updated": len(done.updated), "Replaced": len(done.replaced), "Deleted": done.deleted}
    summary = element("wfs:TransactionSummary", *(element(f"wfs:total{name}", count) for name, count in counts.items()))
    results = {"InsertResults": done.inserted, "UpdateResults": done.updated, "ReplaceResults": done.replaced}
    root = element(
        "wfs:TransactionResponse",
        summary,
        *(element(f"wfs:{name}", _HERE) for name, found in results.items() if found),
        attributes={"version": done.version},
    )
    names = {"wfs": Namespace.WFS20, "fes": Namespace.FES}
    document = write_document(root, names, schema_locations={Namespace.WFS20: _SCHEMAS["2.0.0"]})
    return _fill_in(document, filter(None, results.values()), '<fes:ResourceId rid="')


def _write_summary(done: Done) -> bytes:
    """wfs:TransactionResponse (04-094 12.3). Its schema wants an InsertResults with a feature even when nothing was inserted."""
    counts = {"totalInserted": len(done.inserted), "totalUpdated": len(done.updated), "totalDeleted": done.deleted}
    summary = element("wfs:TransactionSummary", *(element(f"wfs:{name}", count) for name, count in counts.items()))
    results = element("wfs:InsertResults", _HERE)
    document = _write(element("wfs:TransactionResponse", summary, results, attributes={"version": done.version}), done.version)
    return _fill_in(document, (done.inserted or ((None, "none"),),), '<ogc:FeatureId fid="')


def _fill_in(document: bytes, lists: Iterable[Sequence[tuple[str | None, str]]], opening: str) -> bytes:
    """The document with a wfs:Feature for each feature at the places left for the lists: thousands are faster written so than as a tree."""
    first, *others = document.decode().split(_HERE)
    out = [first]
    for features, text in zip(lists, others, strict=True):
        # neighbours under one handle are written at once: nothing but what stands between their ids is needed then
        for handle, group in groupby(features, key=itemgetter(0)):
            begin, end = f"<wfs:Feature{_write_handle(handle)}>{opening}", '"/></wfs:Feature>'
            ids = escape_attribute(_BETWEEN.join([one for _, one in group])).replace(_BETWEEN, end + begin)
            out.append(f"{begin}{ids}{end}")
        out.append(text)
    return "".join(out).encode()


def _write_handle(handle: str | None) -> str:
    return "" if handle is None else f' handle="{escape_attribute(handle)}"'


def _write_old_result(done: Done) -> bytes:
    """wfs:WFS_TransactionResponse of WFS 1.0.0 (02-058 11.3): ids by Insert, then the status of the whole."""
    by_insert: dict[str | None, list[str]] = {}
    for handle, feature in done.inserted:
        by_insert.setdefault(handle, []).append(feature)
    results = (_write_feature("wfs:InsertResult", handle, features) for handle, features in by_insert.items())
    status = element("wfs:TransactionResult", element("wfs:Status", element("wfs:SUCCESS")))
    return _write(element("wfs:WFS_TransactionResponse", *results, status, attributes={"version": done.version}), done.version)


_WRITERS = {"2.0.0": _write_new, "1.1.0": _write_summary, "1.0.0": _write_old_result}


def _write_feature(name: str, handle: str | None, ids: Iterable[str]) -> Node:
    return element(name, *(element("ogc:FeatureId", attributes={"fid": one}) for one in ids), attributes={"handle": handle})


def _write(root: Node, version: str) -> bytes:
    return write_document(root, {"wfs": Namespace.WFS, "ogc": Namespace.OGC}, schema_locations={Namespace.WFS: _SCHEMAS[version]})
