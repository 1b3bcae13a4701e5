# SPDX-License-Identifier: MIT
"""Errors as OGC exception documents, one writer for each kind the services use."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from server.errors import AccessDenied, FeatureNotFound, NotAuthenticated, NotComparable, TooManyRequests, UnreadableRequest, XanhError
from server.faults import log_fault
from server.xmlio.namespaces import Namespace
from server.xmlio.write import element, write_document

# OWS Common 1.0.0 (05-008) table 19 and WFS 1.1.0; everything finer is an invalid value of the parameter the locator names.
_OWS_CODES = frozenset(
    {
        "OperationNotSupported",
        "MissingParameterValue",
        "InvalidParameterValue",
        "VersionNegotiationFailed",
        "InvalidUpdateSequence",
        "NoApplicableCode",
    }
)
PARSING_FAILED = "OperationParsingFailed"
_OWS11_SCHEMA = "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"
_OLD_SCHEMA = "http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd"
_OWS_SCHEMA = "http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd"


def answer_report(error: Exception, version: str) -> Response:
    """Any error as an ows:ExceptionReport of OWS Common 1.0.0; `version` is the version of the service (WFS 1.1.0 writes its own there).

    The client's mistakes are answered with 400 (401 for credentials, 403 for rights, what HTTP says for the rest); ours with 500 and an
    id of the log.
    """
    if isinstance(error, XanhError) and error.is_client_fault:
        locator = error.handle or error.locator
        if isinstance(error, AccessDenied | NotAuthenticated):
            status = 401 if isinstance(error, NotAuthenticated) else 403
            return write_report(status, "NoApplicableCode", locator, (error.message, error.message_vi), version)
        if isinstance(error, TooManyRequests):
            response = write_report(429, "NoApplicableCode", locator, (error.message, error.message_vi), version)
            response.headers["Retry-After"] = str(error.retry_after_s)
            return response
        if isinstance(error, FeatureNotFound):
            code = "NotFound" if version.startswith("2.") else code_of(error)
            return write_report(404, code, locator, (error.message, error.message_vi), version)
        return write_report(400, _code_in(error, version), locator, (error.message, error.message_vi), version)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        vi, locator = ("Nội dung yêu cầu quá lớn.", "request") if isinstance(error, RequestEntityTooLarge) else (None, None)
        response = write_report(error.code, "NoApplicableCode", locator, (error.description or error.name, vi), version)
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response
    fault = log_fault(error)
    texts = (f"The server made a mistake; it is in the log as {fault}.", f"Máy chủ gặp lỗi, mã {fault}.")
    return write_report(500, "NoApplicableCode", None, texts, version)


def _code_in(error: XanhError, version: str) -> str:
    """The code of a wrong value in a version; 2.0.0 tells some kinds apart (09-025r2 table 3)."""
    if version.startswith("2.") and isinstance(error, UnreadableRequest):
        return PARSING_FAILED
    return error.code if isinstance(error, NotComparable) and version.startswith("2.") else code_of(error)


def code_of(error: XanhError) -> str:
    """The exception code of OWS Common 1.0.0 nearest to an error of the client."""
    return error.code if error.code in _OWS_CODES else "InvalidParameterValue"


def write_report(status: int, code: str, locator: str | None, texts: Iterable[str | None], version: str) -> Response:
    """An ows:ExceptionReport of one exception, of OWS Common 1.1 for version 2.0.0 of WFS, else of 1.0; 1.0.0 has a report of its own."""
    if version == "1.0.0":
        return _answer(status, _write_old_report(code, locator, texts))
    exception = element(
        "ows:Exception",
        *(element("ows:ExceptionText", text) for text in texts if text),
        attributes={"exceptionCode": code, "locator": locator},
    )
    root = element("ows:ExceptionReport", exception, attributes={"version": version})
    space, schema = (Namespace.OWS11, _OWS11_SCHEMA) if version.startswith("2.") else (Namespace.OWS, _OWS_SCHEMA)
    document = write_document(root, {"ows": space}, schema_locations={space: schema})
    return _answer(status, document)


def _write_old_report(code: str, locator: str | None, texts: Iterable[str | None]) -> bytes:
    """An ogc:ServiceExceptionReport (WFS 1.0.0, 02-058 7.6)."""
    exception = element("ServiceException", "\n".join(text for text in texts if text), attributes={"code": code, "locator": locator})
    root = element("ServiceExceptionReport", exception, attributes={"version": "1.2.0"})
    return write_document(root, {"": Namespace.OGC}, schema_locations={Namespace.OGC: _OLD_SCHEMA})


def _answer(status: int, document: bytes) -> Response:
    response = Response(document, status=status, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
