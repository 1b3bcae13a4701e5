# SPDX-License-Identifier: MIT
"""A file too large to wait for: it is put into the queue, and the answer says where it will be."""

from __future__ import annotations

from flask import Response, request

from server.access import ANONYMOUS
from server.context import Context
from server.downloads.answer import Download
from server.downloads.status import answer_status
from server.jobs.export import ExportOrder, order_export


def postpone_download(context: Context, wanted: Download, rows: int) -> Response:
    """202 with the status of the new file; its address stands in Location. Raises LimitExceeded (too many at a time), ServerFault."""
    client = request.remote_addr or "" if wanted.asker is ANONYMOUS else f"account {wanted.asker.account}"
    order = ExportOrder(wanted.queries, wanted.format.short, wanted.language, rows, wanted.asker, client)
    response = answer_status(context, order_export(context, order), accepted=True)
    response.headers["Retry-After"] = "5"
    return response
