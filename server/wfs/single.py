# SPDX-License-Identifier: MIT
"""One feature as a document of its own: GetGmlObject (WFS 1.1.0, 04-094 10.1) and the stored query GetFeatureById (09-025r2 7.9.3.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from flask import Response

from server.context import Context
from server.errors import FeatureNotFound, InvalidParameter
from server.features.read import open_features
from server.filter.tree import Ids
from server.ows.kvp import require
from server.query.features import FeatureQuery, RowFormat
from server.wfs.formats import choose_feature_format
from server.wfs.frames import CONTENT_TYPES
from server.wfs.plan import Planner
from server.wfs.requests import TypeQuery
from server.xmlio.namespaces import Namespace

_MEMBER = re.compile(rb"<(?:wfs:member|gml:featureMember)>(<[^\s>]+)(.*)</(?:wfs:member|gml:featureMember)>", re.DOTALL)
_SPACES: dict[RowFormat, dict[str, str]] = {
    "gml31": {"gml": Namespace.GML, "xanh": Namespace.XANH},
    "gml32": {"gml": Namespace.GML32, "xanh": Namespace.XANH},
}


def answer_gml_object(context: Context, planner: Planner, parameters: Mapping[str, str]) -> Response:
    """The response to a GetGmlObject of key-value parameters (or an XML request read into them).

    Raises MissingParameter, InvalidParameter, FeatureNotFound, InvalidFormat.
    """
    name = require(parameters, "GMLOBJECTID")
    depth = require(parameters, "TRAVERSEXLINKDEPTH")
    if depth != "*" and not (depth.isascii() and depth.isdigit() and len(depth) < 9):
        raise InvalidParameter("traverseXlinkDepth is a number or *.", locator="TRAVERSEXLINKDEPTH")
    if choose_feature_format(parameters.get("OUTPUTFORMAT")) != "gml31":
        raise InvalidParameter("GetGmlObject answers in GML 3.1.1.", locator="outputFormat")
    query = TypeQuery(name.rpartition(".")[0], srs_name=parameters.get("SRSNAME") or None, ids=(name,))
    try:
        planned = planner.plan(query, "gml31")
    except InvalidParameter as error:
        raise not_found(name) if error.locator == "FEATUREID" else error from None
    return answer_one(context, planned, "gml31", name)


def answer_one(context: Context, query: FeatureQuery, row_format: RowFormat, name: str) -> Response:
    """The one feature a question finds, as the root of a document. Raises FeatureNotFound."""
    where = query.where
    if not isinstance(where, Ids) or len(where.ids) != 1:
        raise not_found(name)
    page = open_features(context, replace(query, limit=1), row_format)
    member = _MEMBER.fullmatch(b"".join(page.chunks()))
    if member is None:
        raise not_found(name)
    declared = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES[row_format].items())
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    body = head + member.group(1) + b" " + declared.encode() + member.group(2) + b"\n"
    return Response(body, content_type=CONTENT_TYPES[row_format])


def not_found(name: str) -> FeatureNotFound:
    """The error for an id of no feature."""
    shown = "".join(character if character.isprintable() else "?" for character in name[:60])
    return FeatureNotFound(f"There is no feature {shown!r}.", locator="ID", message_vi=f"Không có đối tượng {shown!r}.")
