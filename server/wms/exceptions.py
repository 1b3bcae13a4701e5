# SPDX-License-Identifier: MIT
"""Errors as ServiceExceptionReport of WMS 1.3.0 (06-042 annex E) and 1.1.1 (01-068r3 annex A)."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import HTTPException

from server.errors import AccessDenied, LayerNotDefined, XanhError
from server.faults import log_fault
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

_SCHEMA = "http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd"
_DOCTYPE = '<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">\n'
MEDIA_TYPES = {"1.3.0": "text/xml; charset=utf-8", "1.1.1": "application/vnd.ogc.se_xml; charset=utf-8"}
_LOCATORS_111 = {"CRS": "SRS", "I": "X", "J": "Y"}


class InvalidDimension(XanhError):
    """A TIME value that is no time, or none this layer has."""

    code = "InvalidDimensionValue"


class CurrentUpdateSequence(XanhError):
    """The client's document is the newest."""

    code = "CurrentUpdateSequence"


def describe_error(error: Exception) -> tuple[int, str, str | None, list[str]]:
    """HTTP status, exception code ("" = none), locator and the texts (English, Vietnamese) for any error; our own mistakes are logged."""
    if isinstance(error, XanhError) and error.is_client_fault:
        status = 404 if isinstance(error, LayerNotDefined) else 403 if isinstance(error, AccessDenied) else 400
        code = "" if error.code in ("NoApplicableCode", "AccessDenied") else error.code
        return status, code, error.locator, [text for text in (error.message, error.message_vi) if text]
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return error.code, "", None, [error.description or error.name]
    fault = log_fault(error)
    return 500, "", None, [f"The server made a mistake; it is in the log as {fault}.", f"Máy chủ gặp lỗi, mã {fault}."]


def answer_exception(error: Exception, version: str) -> Response:
    """Any error as the exception document of `version` ("1.3.0" or "1.1.1"), with the HTTP status that fits."""
    status, code, locator, texts = describe_error(error)
    if version == "1.1.1":
        code = "InvalidSRS" if code == "InvalidCRS" else code
        locator = _LOCATORS_111.get(locator or "", locator)
    response = Response(_write_report(version, code, locator, texts), status=status, content_type=MEDIA_TYPES[version])
    response.headers["Cache-Control"] = "no-store"
    return response


def _write_report(version: str, code: str, locator: str | None, texts: list[str]) -> bytes:
    attributes = {"code": code or None, "locator": locator if version == "1.3.0" else None}
    text = "\n".join(texts)
    exception: Node = element("ServiceException", text, attributes=attributes)
    report = element("ServiceExceptionReport", exception, attributes={"version": version})
    if version == "1.3.0":
        return write_document(report, {"": Namespace.OGC}, schema_locations={Namespace.OGC: _SCHEMA})
    head, newline, rest = write_document(report, {}).partition(b"\n")
    return head + newline + _DOCTYPE.encode() + rest
