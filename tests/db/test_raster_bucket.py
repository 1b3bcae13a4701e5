# SPDX-License-Identifier: MIT
"""Rasters are put into a bucket, too: a small S3 service takes them, whole and in parts; what it refuses is not published."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import numpy
import pytest
import rasterio
from pydantic import ValidationError
from rasterio.transform import from_origin

from loaders.rasterbucket import put_raster
from loaders.rasterload import load_raster
from loaders.rasterpublish import republish_raster
from server.catalog.catalog import Catalog
from server.catalog.model import Raster
from server.config import Settings, Storage
from server.db.pool import Database
from server.errors import SourceRefused
from tests.db.catalogs import make_catalog, make_layer


@dataclass
class Bucket:
    """What the service holds, by path; `parts` are those of uploads that are not finished."""

    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[int, bytes] = field(default_factory=dict)
    key: str = "the-key"


class _Service(BaseHTTPRequestHandler):
    """GET (ranges), HEAD, PUT and uploads in parts, for requests signed with the right key."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        bucket = cast(Any, self.server).bucket
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place, words = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if f"Credential={bucket.key}/" not in self.headers.get("Authorization", ""):
            self._send(403, b"<Error><Code>AccessDenied</Code></Error>")
        elif self.command == "PUT" and "partNumber" in words:
            bucket.parts[int(words["partNumber"][0])] = body
            self._send(200)
        elif self.command == "PUT":
            bucket.objects[place] = body
            self._send(200)
        elif self.command == "POST" and "uploads" in words:
            self._send(200, b"<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
        elif self.command == "POST":
            bucket.objects[place] = b"".join(bucket.parts[number] for number in sorted(bucket.parts))
            self._send(200, b"<CompleteMultipartUploadResult/>")
        elif place in bucket.objects:
            self._send_part(bucket.objects[place])
        else:
            self._send(404)

    def _send_part(self, whole: bytes) -> None:
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            self._send(200, whole)
            return
        first, last = int(asked[1]), min(int(asked[2] or len(whole)), len(whole) - 1)
        self._send(206, whole[first : last + 1], f"bytes {first}-{last}/{len(whole)}")

    def _send(self, status: int, body: bytes = b"", part: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = _answer  # noqa: N815 - the names http.server calls


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Bucket, Storage]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    bucket = Bucket()
    cast(Any, server).bucket = bucket
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield bucket, Storage(rasters="s3://province/rasters", endpoint=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return make_catalog(make_layer("depth", "raster", {}, raster=Raster()), make_layer("bloom", "raster", {}, raster=Raster(series=True)))


def write_tiff(path: Path, side: int = 40) -> Path:
    values = numpy.random.default_rng(1).integers(0, 255, (side, side), dtype="uint8")
    place = from_origin(105, 11, 0.001, 0.001)
    with rasterio.open(path, "w", driver="GTiff", width=side, height=side, count=1, dtype="uint8", crs="EPSG:4326", transform=place) as out:
        out.write(values, 1)
    return path


def test_a_loaded_raster_lies_here_and_in_the_bucket(
    stores: Database, catalog: Catalog, settings: Settings, tmp_path: Path, service: tuple[Bucket, Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, storage = service
    monkeypatch.setenv("XANH_VAR", str(tmp_path))
    chosen = settings.model_copy(update={"storage": storage})
    load_raster(stores, chosen, catalog.layer("depth"), write_tiff(tmp_path / "a.tif"))
    kept = chosen.var / "rasters" / "depth.tif"
    assert bucket.objects == {"/province/rasters/depth.tif": kept.read_bytes()}
    with rasterio.open(kept) as stored:
        assert stored.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert not list((chosen.var / "rasters" / ".incoming").iterdir())


def test_publishing_puts_the_files_that_lie_here_into_the_bucket(
    stores: Database, catalog: Catalog, settings: Settings, tmp_path: Path, service: tuple[Bucket, Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, storage = service
    monkeypatch.setenv("XANH_VAR", str(tmp_path))
    chosen, layer, days = settings.model_copy(update={"storage": storage}), catalog.layer("depth"), catalog.layer("bloom")
    load_raster(stores, settings, layer, write_tiff(tmp_path / "a.tif"))
    load_raster(stores, settings, days, write_tiff(tmp_path / "b_2024-03-05.tif"))
    assert bucket.objects == {}, "there was no bucket"
    assert republish_raster(stores, chosen, layer) is not None
    assert republish_raster(stores, chosen, days) is not None
    (day,) = (tmp_path / "rasters" / "bloom").glob("*.tif")
    assert set(bucket.objects) == {"/province/rasters/depth.tif", f"/province/rasters/bloom/{day.name}"}
    bucket.key = "another key"
    with stores.writer() as connection:
        connection.execute("DELETE FROM published.catalogue WHERE layer IN ('depth', 'bloom')")
    for one in (layer, days):
        with pytest.raises(SourceRefused, match="could not be put into"):
            republish_raster(stores, chosen, one)
    with stores.reader() as connection:
        assert connection.execute("SELECT count(*) FROM published.catalogue WHERE layer IN ('depth', 'bloom')").fetchone() == (0,)


def test_what_the_service_refuses_is_not_published(
    stores: Database, catalog: Catalog, settings: Settings, tmp_path: Path, service: tuple[Bucket, Storage], monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket, storage = service
    bucket.key = "another key"
    monkeypatch.setenv("XANH_VAR", str(tmp_path))
    chosen = settings.model_copy(update={"storage": storage})
    with pytest.raises(SourceRefused, match="could not be put into s3://province/rasters; nothing was published"):
        load_raster(stores, chosen, catalog.layer("depth"), write_tiff(tmp_path / "a.tif"))
    assert not (chosen.var / "rasters" / "depth.tif").exists()
    with stores.reader() as connection:
        assert connection.execute("SELECT count(*) FROM published.catalogue WHERE layer = 'depth'").fetchone() == (0,)


def test_a_large_raster_goes_in_parts(tmp_path: Path, service: tuple[Bucket, Storage], monkeypatch: pytest.MonkeyPatch) -> None:
    bucket, storage = service
    monkeypatch.setenv("VSIS3_CHUNK_SIZE", "5")
    path = write_tiff(tmp_path / "large.tif", 2500)
    assert put_raster(storage, path, "large.tif") == "s3://province/rasters/large.tif"
    assert len(bucket.parts) == 2
    assert bucket.objects["/province/rasters/large.tif"] == path.read_bytes()


def test_without_a_bucket_nothing_is_put_anywhere(tmp_path: Path) -> None:
    assert put_raster(Storage(), tmp_path / "not there.tif", "x.tif") is None


@pytest.mark.parametrize("storage", [{"rasters": "s3://../x"}, {"rasters": "https://x/y"}, {"endpoint": "file:///etc"}])
def test_places_that_are_no_bucket_are_refused(storage: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Storage(**storage)
