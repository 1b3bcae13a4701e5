# SPDX-License-Identifier: MIT
"""`/s` takes the address of a view and answers with a short one; `/s/<code>` leads back to the view."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from server.context import Context
from server.errors import XanhError
from server.features.short_links import follow_link, shorten
from viewer.pages.shell import Shell, asked_language


def add_short_links(room: Blueprint, context: Context, shell: Shell) -> None:
    """Register short links on the viewer's blueprint."""

    @room.post("/s")
    def make_short_link() -> Response:
        """`to=/map?...` becomes `{"path": "/s/<code>"}`. Raises InvalidParameter, TooManyRequests, ServerFault."""
        return jsonify(path=f"/s/{shorten(context, request.form.get('to', ''), request.remote_addr or '')}")

    @room.get("/s/<code>")
    def open_short_link(code: str) -> Response:
        """The view of a code; a page in words where there is none."""
        try:
            path = follow_link(context, code)
        except XanhError as error:
            return shell.apologise(error, asked_language())
        return Response(status=302, headers={"Location": path, "Cache-Control": "no-store"})
