# SPDX-License-Identifier: MIT
"""Answers packed with gzip for browsers that take it: pages and configuration as they are made, files from the twin the build wrote."""

from __future__ import annotations

import gzip
import mimetypes
from pathlib import Path

from flask import Response, request, send_from_directory

from viewer.assets import STATIC

_LEVEL = 5


def pack(answer: Response) -> Response:
    """The answer with an entity tag of its content; 304 when the browser has it, packed when it takes gzip."""
    answer.add_etag()
    answer.vary.add("Accept-Encoding")
    answer.make_conditional(request)
    if answer.status_code == 200 and _takes_gzip():
        answer.set_data(gzip.compress(answer.get_data(), _LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def send_file(name: str, max_age: int) -> Response:
    """A file below `static/`, kept by the browser for `max_age` seconds; its packed twin where there is one. Raises NotFound."""
    packed = _takes_gzip() and (STATIC / f"{name}.gz").is_file() and (STATIC / f"{name}.gz").resolve().is_relative_to(STATIC)
    kind = mimetypes.guess_type(name)[0]
    answer = send_from_directory(STATIC, f"{name}.gz" if packed else name, mimetype=kind, max_age=max_age, download_name=Path(name).name)
    answer.vary.add("Accept-Encoding")
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0
