# SPDX-License-Identifier: MIT
"""GetFeature in the formats people take home (CSV, XLSX, SHAPE-ZIP, GeoPackage, ...), x always before y."""

from __future__ import annotations

from functools import partial

from flask import Response

from server.context import Context
from server.downloads.answer import Download, answer_download, preferred_language
from server.downloads.postpone import postpone_download
from server.encode.formats import DOWNLOADS, Format
from server.errors import InvalidParameter
from server.features.files import share_rows
from server.signin import current_identity
from server.wfs.plan import Planner
from server.wfs.requests import GetFeature


def answer_as_download(context: Context, planner: Planner, asked: GetFeature, chosen: Format) -> Response:
    """The response to a GetFeature in a download format; a large file is answered with 202 and its status (`server.downloads`).

    Workbooks, shapefiles and GeoPackages hold several feature types, a table each; the other formats one.

    Raises like `answer_features`; InvalidParameter for several feature types in a format that holds one.
    """
    if len(asked.queries) > 1 and not chosen.several:
        able = ", ".join(each.names[0] for each in DOWNLOADS if each.several)
        raise InvalidParameter(
            f"An answer as {chosen.names[0]} holds one feature type; ask for them one by one, or as one of {able}.",
            locator="outputFormat",
            message_vi=f"Định dạng này chỉ chứa một lớp dữ liệu; hãy tải từng lớp, hoặc chọn một trong: {able}.",
        )
    ceiling = planner.limits.max_features
    limit = ceiling if asked.max_features is None else min(asked.max_features, ceiling)
    queries = share_rows(context, [planner.plan(query, "geojson") for query in asked.queries], asked.start_index, limit)
    bom = "bom=false" not in (asked.output_format or "").lower().replace(" ", "")
    download = Download(queries, chosen, current_identity(), preferred_language(), bom, {"Cache-Control": "no-cache"})
    return answer_download(context, download, partial(postpone_download, context))
