# SPDX-License-Identifier: MIT
"""GetFeature in the formats people take home (CSV, XLSX, SHAPE-ZIP, GeoPackage, ...): one feature type per answer, x always before y."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Response

from server.context import Context
from server.downloads.answer import Download, answer_download, preferred_language
from server.downloads.postpone import postpone_download
from server.encode.formats import Format
from server.errors import InvalidParameter
from server.signin import current_identity
from server.wfs.plan import Planner
from server.wfs.requests import GetFeature


def answer_as_download(context: Context, planner: Planner, asked: GetFeature, chosen: Format) -> Response:
    """The response to a GetFeature in a download format; a large file is answered with 202 and its status (`server.downloads`).

    Raises like `answer_features`; InvalidParameter for several feature types.
    """
    if len(asked.queries) > 1:
        raise InvalidParameter(
            f"An answer as {chosen.names[0]} holds one feature type; ask for them one by one.",
            locator="outputFormat",
            message_vi="Định dạng này chỉ chứa một lớp dữ liệu; hãy tải từng lớp.",
        )
    ceiling = planner.limits.max_features
    limit = ceiling if asked.max_features is None else min(asked.max_features, ceiling)
    query = replace(planner.plan(asked.queries[0], "geojson"), limit=limit, offset=asked.start_index)
    bom = "bom=false" not in (asked.output_format or "").lower().replace(" ", "")
    download = Download(query, chosen, current_identity(), preferred_language(), bom, {"Cache-Control": "no-cache"})
    return answer_download(context, download, partial(postpone_download, context))
