# SPDX-License-Identifier: MIT
"""Errors as OGC API clients expect them: `application/problem+json` (RFC 9457) with the standard's code, never a trace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import HTTPException

from server.errors import (
    AccessDenied,
    EditRefused,
    FeatureNotFound,
    LayerNotDefined,
    NotAuthenticated,
    RecordForgotten,
    StyleNotDefined,
    TooManyRequests,
    VersionConflict,
    VersionRequired,
    XanhError,
)
from server.faults import log_fault

_LONGEST_LINE = 200
_CODES = {404: "NotFound", 405: "OperationNotSupported", 406: "InvalidParameterValue", 413: "InvalidParameterValue", 415: "InvalidFormat"}
_STATUS = {NotAuthenticated: 401, AccessDenied: 403, EditRefused: 422, VersionRequired: 428, RecordForgotten: 410, TooManyRequests: 429}
# For errors that have no Vietnamese words of their own; the place stands behind.
_IN_VIETNAMESE = {
    400: "Yêu cầu không hợp lệ",
    401: "Cần đăng nhập",
    403: "Không đủ quyền",
    404: "Không tìm thấy",
    405: "Địa chỉ này không nhận phương thức vừa gửi",
    406: "Không có định dạng được yêu cầu",
    409: "Người khác đang sửa cùng lúc",
    410: "Dữ liệu công bố không còn được lưu đến thời điểm đó",
    413: "Nội dung gửi lên quá lớn",
    415: "Không nhận kiểu nội dung vừa gửi",
    422: "Nội dung không đúng quy định của bộ dữ liệu",
    500: "Máy chủ gặp lỗi",
}


def answer_problem(error: Exception) -> Response:
    """The response for any error: the client's mistakes say what to do, ours only an id that stands in the log."""
    if isinstance(error, XanhError) and error.is_client_fault:
        members: dict[str, object] = {"code": error.code, "locator": error.locator, "detail_vi": error.message_vi}
        if isinstance(error, VersionConflict):
            members |= {"current": error.current, "yours": error.yours, "states": error.states}
        if error.problem_type is not None:
            members["type"] = error.problem_type
        if error.handle is not None:
            members["change"] = error.handle
        response = _write(_status_of(error), error.message, members)
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        detail = error.description or error.name if error.code == 415 else error.name
        response = _write(error.code, detail, {"code": _CODES.get(error.code, "InvalidParameterValue")})
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response
    fault = log_fault(error)
    return _write(500, f"The server made a mistake; it is in the log as {fault}.", {"code": "NoApplicableCode"})


def _status_of(error: XanhError) -> int:
    if isinstance(error, LayerNotDefined | FeatureNotFound | StyleNotDefined):
        return 404
    if isinstance(error, VersionConflict):
        return 409 if error.current is None else 412
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def _write(status: int, detail: str, members: Mapping[str, object]) -> Response:
    document = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    if document.get("detail_vi") is None and status in _IN_VIETNAMESE:
        place = document.get("locator")
        document["detail_vi"] = f"{_IN_VIETNAMESE[status]}: {place}." if place else f"{_IN_VIETNAMESE[status]}."
    known = {name: value for name, value in document.items() if value is not None}
    # a stranger's words may hold halves of surrogate pairs, which are no UTF-8
    text = json.dumps(known, ensure_ascii=False).encode("utf-8", "replace")
    response = Response(text, status=f"{status} {_line(detail)}", content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(detail: str) -> str:
    """The status line's words: QGIS and other clients show people these, not the body. Printable ASCII, one line, short."""
    plain = detail.encode("ascii", "replace").decode()
    line = "".join(letter if letter.isprintable() else " " for letter in plain)
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 3]}..."
