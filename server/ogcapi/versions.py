# SPDX-License-Identifier: MIT
"""Time travel over what was published: the versions of a feature, and a feature as of a moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from flask import Response

from server.encode.geojson import MEDIA_TYPE, write_now
from server.errors import InvalidParameter
from server.features.published_changes import Version, find_version, list_versions
from server.filter.kvp import read_moment
from server.ogcapi.requests import read_choices
from server.ogcapi.service import CRS84_REFERENCE, Service
from server.query.features import FeatureQuery


def answer_versions(service: Service, layer_id: str, feature_id: int, given: Mapping[str, str]) -> Response:
    """The published versions of a feature as a GeoJSON FeatureCollection, oldest first, each with `version`: revision, from, to.

    Raises FeatureNotFound, LayerNotDefined, InvalidParameter.
    """
    if read_choices(given)[0] == "html":
        raise InvalidParameter("Versions are answered as JSON.", locator="f", message_vi="Các phiên bản chỉ có dạng JSON.")
    versions = list_versions(service.context, _question(service, layer_id), feature_id)
    address = f"{service.base()}/collections/{layer_id}/items/{feature_id}"
    links = [
        {"rel": "self", "type": MEDIA_TYPE, "href": f"{address}/versions"},
        {"rel": "latest-version", "type": MEDIA_TYPE, "href": address},
    ]
    tail = {"numberReturned": len(versions), "numberMatched": len(versions), "timeStamp": write_now(), "links": links}
    features = ",\n".join(_write(version) for version in versions)
    text = f'{{"type":"FeatureCollection","features":[{features}],{json.dumps(tail)[1:]}'
    return _respond(text)


def answer_as_of(service: Service, layer_id: str, feature_id: int, given: Mapping[str, str]) -> Response:
    """A feature as it was published at the moment `asof`, also called `datetime` (of a day, month or year: at its end).

    Raises FeatureNotFound, RecordForgotten, LayerNotDefined, InvalidParameter.
    """
    name = "asof" if "asof" in given else "datetime"
    read_choices({other: text for other, text in given.items() if other != name})
    moment = read_moment(given[name], name)[1]
    version = find_version(service.context, _question(service, layer_id), feature_id, moment)
    return _respond(_write(version), {"Memento-Datetime": version.begin.strftime("%a, %d %b %Y %H:%M:%S GMT")})


def _question(service: Service, layer_id: str) -> FeatureQuery:
    """The public layer, also for those who see the official one: the record holds what was published."""
    service.layer(layer_id)
    return FeatureQuery(service.context.catalog.layer(layer_id))


def _write(version: Version) -> str:
    about = {
        "revision": version.revision,
        "from": None if version.is_first else _iso(version.begin),
        "known_from": _iso(version.begin),
        "to": _iso(version.end) if version.end else None,
    }
    return f'{version.geojson[:-1]},"version":{json.dumps(about)}}}'


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _respond(text: str, more: Mapping[str, str] | None = None) -> Response:
    headers = {"Cache-Control": "no-cache", "Vary": "Accept", "Content-Crs": f"<{CRS84_REFERENCE.text}>", **(more or {})}
    return Response(text, headers=headers, content_type=MEDIA_TYPE)
