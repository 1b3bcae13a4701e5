# SPDX-License-Identifier: MIT
"""Errors as ExceptionReport of OWS Common 1.1 (06-121r3 clause 8), the form of WMTS 1.0.0."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import HTTPException

from server.errors import OperationNotSupported, XanhError
from server.faults import log_fault
from server.xmlio.namespaces import Namespace
from server.xmlio.write import element, write_document

_SCHEMA = "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"
# 06-121r3 table 25 and 07-057r7 tables 24 and 31; everything finer is an invalid value of the parameter the locator names.
_CODES = frozenset(
    {
        "OperationNotSupported",
        "MissingParameterValue",
        "InvalidParameterValue",
        "VersionNegotiationFailed",
        "InvalidUpdateSequence",
        "NoApplicableCode",
        "TileOutOfRange",
        "PointIJOutOfRange",
    }
)


def answer_report(error: Exception) -> Response:
    """Any error as a document: 400 for the client's mistakes (501 for operations not offered), 500 with an id of the log for ours."""
    if isinstance(error, XanhError) and error.is_client_fault:
        code = error.code if error.code in _CODES else "InvalidParameterValue"
        status = 501 if isinstance(error, OperationNotSupported) else 400
        return _write(status, code, error.locator, (error.message, error.message_vi))
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _write(error.code, "NoApplicableCode", None, (error.description or error.name, None))
    fault = log_fault(error)
    return _write(
        500, "NoApplicableCode", None, (f"The server made a mistake; it is in the log as {fault}.", f"Máy chủ gặp lỗi, mã {fault}.")
    )


def _write(status: int, code: str, locator: str | None, texts: tuple[str, str | None]) -> Response:
    exception = element(
        "ows:Exception",
        *(element("ows:ExceptionText", text) for text in texts if text),
        attributes={"exceptionCode": code, "locator": locator},
    )
    root = element("ows:ExceptionReport", exception, attributes={"version": "1.0.0", "xml:lang": "en"})
    document = write_document(root, {"ows": Namespace.OWS11}, schema_locations={Namespace.OWS11: _SCHEMA})
    response = Response(document, status=status, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
