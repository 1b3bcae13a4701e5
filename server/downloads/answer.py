# SPDX-License-Identifier: MIT
"""A question answered in a format people take home: flowing, as a file, or - when the file is large - as the place where it will be."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Response, request

from server.access import Identity
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import WGS84, find_crs
from server.encode import csv, kml
from server.encode.filename import attachment
from server.encode.formats import Format
from server.encode.stream import Framed
from server.errors import InvalidCrs
from server.faults import log_fault
from server.features.files import count_file_rows, write_features
from server.features.read import FeaturePage, open_features
from server.query.features import FeatureQuery
from server.state import StateDir

_BLOCK = 256 * 1024


@dataclass(frozen=True)
class Download:
    """Questions (several only for formats that hold several) and the format they are answered in.

    `language` is that of labels and names; `bom`: CSV begins with a byte order mark.

    `asker` reads what it may read, also later in the background; `headers` go with the answer (not with a note of what is to come).
    """

    queries: tuple[FeatureQuery, ...]
    format: Format
    asker: Identity
    language: str = "vi"
    bom: bool = True
    headers: dict[str, str] = field(default_factory=dict)


Postpone = Callable[[Download, int], Response]


def answer_download(context: Context, wanted: Download, postpone: Postpone) -> Response:
    """The response; `postpone` (the download, its rows) answers for files with more rows than limits.max_file_rows.

    Raises InvalidCrs (KML is always in WGS 84) and what the question itself is refused with, before anything is sent.
    """
    if wanted.format.file is None:
        return _flow(context, wanted)
    rows = sum(count_file_rows(context, query) for query in wanted.queries)
    if rows > context.settings.limits.max_file_rows:
        return postpone(wanted, rows)
    return _write(context, wanted)


def preferred_language() -> str:
    """Vietnamese unless the client prefers English."""
    return request.accept_languages.best_match(["vi", "en"], "vi") or "vi"


def name_file(wanted: Download) -> str:
    """The value of Content-Disposition."""
    return name_layers([query.layer for query in wanted.queries], wanted.language, wanted.format)


def name_layers(layers: Sequence[Layer], language: str, chosen: Format) -> str:
    """The value of Content-Disposition for features of some layers."""
    named = list({layer.id: layer for layer in layers}.values())
    return attachment(", ".join(layer.title.text(language) for layer in named), "_".join(layer.id for layer in named), chosen.suffix)


def send_file(path: Path, wanted_name: str, media_type: str, done: Callable[[], object]) -> Response:
    """A file in blocks; `done` is called when it was sent or the client has gone."""
    response = Response(_Blocks(path, done), content_type=media_type, direct_passthrough=True)
    response.headers["Content-Disposition"] = wanted_name
    response.content_length = path.stat().st_size
    return response


def _flow(context: Context, wanted: Download) -> Response:
    queries = [_placed(query, wanted.format) for query in wanted.queries]
    page = open_features(context, queries[0], wanted.format.rows)
    if len(queries) == 1:
        head, tail = _frame(wanted, queries[0])
        framed = Framed(head, page.chunks(), lambda: tail if page.progress.count or wanted.format.rows == "kml" else b"", log_fault)
    else:
        is_kml = wanted.format.rows == "kml"
        head = kml.write_outer_head(", ".join(query.layer.title.text(wanted.language) for query in queries)) if is_kml else b""
        framed = Framed(head, _chain(context, wanted, queries, page), lambda: kml.TAIL if is_kml else b"", log_fault)
    headers = {"Content-Disposition": name_file(wanted), **wanted.headers}
    return Response(framed, content_type=wanted.format.media_type, headers=headers, direct_passthrough=True)


def _placed(query: FeatureQuery, chosen: Format) -> FeatureQuery:
    """The question as the format can answer it. Raises InvalidCrs."""
    if chosen.rows == "csv":
        return replace(query, axis_order="xy")  # what reads WKT knows no other order
    if chosen.rows != "kml":
        return query
    if query.layer.has_geometry and find_crs(query.crs).postgis_srid != WGS84.code:
        raise InvalidCrs("KML is always in WGS 84 (EPSG:4326, CRS:84).", locator="crs", message_vi="KML chỉ dùng hệ WGS 84.")
    return replace(query, axis_order="xy")


def _chain(context: Context, wanted: Download, queries: Sequence[FeatureQuery], first: FeaturePage) -> Iterator[bytes]:
    """The rows of one layer after those of another; each opened when its turn comes."""
    for position, query in enumerate(queries):
        page = open_features(context, query, wanted.format.rows) if position else first
        if wanted.format.rows == "kml":
            yield kml.write_part_head(query.layer, query.fields, wanted.language)
        yield from page.chunks()
        if wanted.format.rows == "kml":
            yield kml.PART_TAIL + b"\n"
        elif page.progress.count:
            yield b"\n"


def _frame(wanted: Download, query: FeatureQuery) -> tuple[bytes, bytes]:
    if wanted.format.rows == "csv":
        return csv.write_head(query.layer, query.fields, with_geometry=query.with_geometry, bom=wanted.bom), csv.TAIL
    if wanted.format.rows == "kml":
        return kml.write_head(query.layer, query.fields, wanted.language), kml.TAIL
    return b"", b"\n"


def _write(context: Context, wanted: Download) -> Response:
    """A file made now, below the state directory, and gone as soon as it was sent."""
    parent = StateDir(context.settings.var).exports
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="now-", dir=parent))
    try:
        path = folder / f"features{wanted.format.suffix}"
        if wanted.format.file is not None:
            write_features(context, wanted.queries, wanted.format.file, path)
        response = send_file(path, name_file(wanted), wanted.format.media_type, lambda: shutil.rmtree(folder, ignore_errors=True))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    response.headers.update(wanted.headers)
    return response


@dataclass
class _Blocks:
    """The bytes of a file for a WSGI server, which calls `close` in the end."""

    path: Path
    done: Callable[[], object]

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def close(self) -> None:
        self.done()
