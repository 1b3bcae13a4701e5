# SPDX-License-Identifier: MIT
"""How far a file in the making is: JSON for programs, a page that renews itself for people."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from flask import Response, jsonify, render_template, request

from server.catalog.display import VIETNAM_TIME
from server.catalog.model import Layer
from server.context import Context
from server.downloads.answer import name_layers
from server.encode.filename import attachment
from server.encode.formats import BY_SHORT_NAME
from server.errors import FeatureNotFound
from server.jobs.export import find_export
from server.ows.address import service_address
from server.query.exports import Export

_LONGEST_ID = 64


def require_export(context: Context, export_id: str) -> Export:
    """The file of an id. Raises FeatureNotFound when there is none, or none any more."""
    found = find_export(context, export_id) if len(export_id) <= _LONGEST_ID else None
    if found is None:
        raise FeatureNotFound(
            "There is no such file, or it has expired; ask for it again.",
            message_vi="Không có tệp này hoặc tệp đã hết hạn, hãy yêu cầu lại.",
        )
    return found


def answer_status(context: Context, export_id: str, *, accepted: bool = False) -> Response:
    """The state of a file; 202 (`accepted`) for one just asked for. Raises FeatureNotFound."""
    found = require_export(context, export_id)
    address = f"{service_address(context.settings, '/exports')}/{found.id}"
    response = _page(context, found, address) if _wants_page() else jsonify(_describe(found, address))
    response.status_code = 202 if accepted else 200
    if accepted:
        response.headers["Location"] = address
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def name_export(context: Context, found: Export) -> str:
    """The value of Content-Disposition of a finished file."""
    chosen = BY_SHORT_NAME[found.format]
    layers = _layers_of(context, found)
    return name_layers(layers, found.language, chosen) if layers else attachment(found.layer, found.layer, chosen.suffix)


def _layers_of(context: Context, found: Export) -> list[Layer]:
    """The layers of a file that are still there."""
    return [context.catalog.layers[name] for name in found.layer.split(",") if name in context.catalog.layers]


def _describe(found: Export, address: str) -> dict[str, Any]:
    links = [{"rel": "self", "type": "application/json", "href": f"{address}?f=json"}]
    links.append({"rel": "alternate", "type": "text/html", "href": f"{address}?f=html"})
    if found.state == "done":
        kind = BY_SHORT_NAME[found.format].media_type
        links.append({"rel": "enclosure", "type": kind, "href": f"{address}/file", "length": str(found.bytes)})
    return {
        "id": found.id,
        "collection": found.layer,
        "format": found.format,
        "state": found.state,
        "progress": _percent(found),
        "rowsDone": found.rows_done,
        "rowsTotal": found.rows_total,
        "bytes": found.bytes,
        "message": found.message,
        "created": found.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "expires": found.expires_at.astimezone(UTC).isoformat(timespec="seconds"),
        "links": links,
    }


def _page(context: Context, found: Export, address: str) -> Response:
    language = request.args.get("lang") if request.args.get("lang") in ("vi", "en") else found.language
    page = render_template(
        "export.html",
        found=found,
        address=address,
        language=language,
        title=", ".join(layer.title.text(language or "vi") for layer in _layers_of(context, found)) or found.layer,
        format=BY_SHORT_NAME[found.format],
        percent=_percent(found),
        expires=found.expires_at.astimezone(VIETNAM_TIME).strftime("%d/%m/%Y %H:%M"),
    )
    return Response(page, content_type="text/html; charset=utf-8")


def _percent(found: Export) -> int:
    if found.state == "done":
        return 100
    return min(99, found.rows_done * 100 // found.rows_total) if found.rows_total else 0


def _wants_page() -> bool:
    asked = request.args.get("f")
    if asked in ("json", "html"):
        return asked == "html"
    return "text/html" in request.headers.get("Accept", "")
