# SPDX-License-Identifier: MIT
"""A little HTTP server that keeps what a GeoServer would keep, answers as one would, and refuses calls a GeoServer would refuse."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USER, PASSWORD = "admin", "bí mật & <x>"
_TYPES = {
    "styles": ("application/vnd.ogc.sld+xml", "application/vnd.ogc.se+xml"),
    "resource": ("image/svg+xml", "image/png"),
}


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    method: str
    path: str
    content_type: str
    body: bytes


@dataclass
class Rest:
    """The calls so far and the resources they made, by path."""

    calls: list[Call] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    url: str = ""
    strange: list[Call] = field(default_factory=list)

    def answer(self, call: Call) -> int:
        """The status of a call; whatever no rule knows is strange and gets 400."""
        if call.method == "GET":
            return 200 if call.path.removesuffix(".json") in self.kept else 404
        status = self._post(call) if call.method == "POST" else self._put(call) if call.method == "PUT" else 405
        if status >= 400:
            self.strange.append(call)
        return status

    def _post(self, call: Call) -> int:
        """A list takes a new member, named in its XML, once."""
        found = re.search(rb"<name>([^<]+)</name>", call.body)
        lists = r"/workspaces|/workspaces/\w+/(datastores|styles)|/workspaces/\w+/datastores/\w+/featuretypes/?"
        if found is None or call.content_type != "text/xml" or not re.fullmatch(lists, call.path):
            return 400
        parent = call.path.rstrip("/").rpartition("/")[0]
        if parent and parent not in self.kept:
            return 404
        path = f"{call.path.rstrip('/')}/{found[1].decode()}"
        if path in self.kept:
            return 409
        self.kept[path] = call.body
        if "featuretypes" in path:
            self.kept[f"/layers/{path.split('/')[2]}:{found[1].decode()}"] = b""
        return 201

    def _put(self, call: Call) -> int:
        """What is there is replaced; pictures need no list."""
        kind = "resource" if call.path.startswith("/resource/") else "styles" if "/styles/" in call.path else ""
        if kind and call.content_type not in _TYPES[kind]:
            return 415
        if kind != "resource" and call.path not in self.kept:
            return 404
        self.kept[call.path] = call.body
        return 201 if kind == "resource" else 200


@contextmanager
def serve() -> Iterator[Rest]:
    """The server on a free port of 127.0.0.1."""
    rest = Rest()
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Callable[[], None]:
            """One way for every method."""
            if name.startswith("do_"):
                return self._handle
            raise AttributeError(name)

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path = self.path.partition("?")[0].removeprefix("/geoserver/rest")
            call = Call(self.command, path, self.headers.get("content-type") or "", body)
            allowed = self.headers.get("authorization") == expected
            rest.calls.append(call)
            self.send_response(rest.answer(call) if allowed else 401)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    rest.url = f"http://127.0.0.1:{server.server_port}/geoserver"
    try:
        yield rest
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
