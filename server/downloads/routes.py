# SPDX-License-Identifier: MIT
"""`/exports/<id>`: how far a file is; `/exports/<id>/file`: the file. Whoever knows the id asked for it, nobody else can."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.context import Context
from server.downloads.answer import send_file
from server.downloads.status import answer_status, name_export, require_export
from server.encode.formats import BY_SHORT_NAME
from server.errors import FeatureNotFound
from server.jobs.export import export_path


def blueprint(context: Context) -> Blueprint:
    """The routes, for the composition root."""
    room = Blueprint("downloads", __name__, url_prefix="/exports", template_folder="templates")

    @room.get("/<export_id>")
    def status(export_id: str) -> Response:
        return answer_status(context, export_id)

    @room.get("/<export_id>/file")
    def file(export_id: str) -> Response:
        found = require_export(context, export_id)
        path = export_path(context, found.id, found.format)
        if found.state != "done" or not path.is_file():
            raise FeatureNotFound("The file is not ready.", message_vi="Tệp chưa sẵn sàng.")
        response = send_file(path, name_export(context, found), BY_SHORT_NAME[found.format].media_type, lambda: None)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @room.errorhandler(FeatureNotFound)
    def missing(error: FeatureNotFound) -> Response:
        response = jsonify(status=404, title=error.message, detail=error.message_vi)
        response.status_code = 404
        response.content_type = "application/problem+json"
        return response

    return room
