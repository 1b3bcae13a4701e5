# SPDX-License-Identifier: MIT
"""A stand-in for schemas.opengis.net and www.w3.org: a proxy on the loopback interface that answers from files and from nothing else.

What is for the server under test it passes on, with the account the suite works under: the suites cannot sign in.

Several tests count a schema that could not be read as "nothing found", so a run is worth something only while `missed` stays empty.
"""

from __future__ import annotations

import http.client
import posixpath
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LONGEST_S = 120
_OF_THE_PROXY = frozenset({"connection", "proxy-connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"})
# The OGC schemas as released, then what they import from the W3C.
_JAR_ROOT = "ogc/"
_WHEEL_ROOTS = {"ogc": "schemas.opengis.net", "w3c": "www.w3.org"}


@dataclass
class Mirror:
    """A running mirror: its port, the addresses asked for that it does not have, and how many it had."""

    port: int
    missed: list[str] = field(default_factory=list)
    served: int = 0


def read_schemas(archives: tuple[Path, ...]) -> dict[str, bytes]:
    """Every schema by `host/path`; the first archive that has one counts. A folder holds one folder per host."""
    found: dict[str, bytes] = {}
    for archive in archives:
        for name, content in _read_folder(archive) if archive.is_dir() else _read_jar(archive):
            found.setdefault(name, content)
    return found


@contextmanager
def serve_schemas(schemas: Mapping[str, bytes], port: int, authorization: str | None) -> Iterator[Mirror]:
    """Answer on a free port of 127.0.0.1 for the length of the block; pass on what is for `port`, with that header Authorization."""
    mirror = Mirror(0)

    class Answerer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.port == port:
                self._pass_on(None)
                return
            host = address.hostname or (self.headers.get("Host") or "").partition(":")[0]
            content = schemas.get(posixpath.normpath(f"{host}/{unquote(address.path).lstrip('/')}"))
            if content is None:
                mirror.missed.append(self.path)
            else:
                mirror.served += 1
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _pass_on(self, body: bytes | None) -> None:
            address = urlsplit(self.path)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_THE_PROXY}
            if authorization:
                headers["Authorization"] = authorization
            server = http.client.HTTPConnection("127.0.0.1", port, timeout=_LONGEST_S)
            try:
                server.request(self.command, address._replace(scheme="", netloc="").geturl(), body, {**headers, "Connection": "close"})
                answer = server.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in _OF_THE_PROXY:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            finally:
                server.close()

        def log_message(self, format: str, *args: object) -> None:
            """The list of misses is all we want to know."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answerer)
    server.daemon_threads = True
    mirror.port = int(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()


def _read_jar(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            if name.startswith(_JAR_ROOT) and name.endswith((".xsd", ".dtd")):
                yield "schemas.opengis.net/" + name.removeprefix(_JAR_ROOT), packed.read(name)


def _read_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for name, host in _WHEEL_ROOTS.items():
        for path in sorted((folder / name).rglob("*.xsd")):
            yield f"{host}/{path.relative_to(folder / name).as_posix()}", path.read_bytes()
