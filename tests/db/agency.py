# SPDX-License-Identifier: MIT
"""A service of another agency, as tests want it: it answers what it is told to, right or wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = tuple[int, str, bytes] | str
"""Status, media type and body, or where to go instead."""
Asked = dict[str, str]
_HEAD = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="urn:a"'


class Agency:
    """A web server; `reply` answers a path and its parameters (names in lower case). `promised`: bytes that are promised and never come."""

    def __init__(self) -> None:
        self.reply: Callable[[str, Asked], Answer] = lambda path, asked: (404, "text/plain", f"{path} {asked}".encode())
        self.promised = 0
        agency = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                found = agency.reply(parts.path, {name.lower(): value for name, value in parse_qsl(parts.query)})
                status, kind, body = (302, "text/plain", b"") if isinstance(found, str) else found
                self.send_response(status)
                if isinstance(found, str):
                    self.send_header("Location", found)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body) + agency.promised))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *told: Any) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def be_wfs(self, pages: Callable[[int], Answer], matched: str = "3") -> None:
        """Be a WFS 2.0.0 that says it has `matched` features and gives `pages` by their start index."""

        def reply(path: str, asked: Asked) -> Answer:
            del path
            if asked.get("request") == "GetCapabilities":
                return 200, "text/xml", self._capabilities().encode()
            if asked.get("resulttype") == "hits":
                return 200, "text/xml", f'<wfs:FeatureCollection {_HEAD} numberMatched="{matched}" numberReturned="0"/>'.encode()
            return pages(int(asked.get("startindex", "0")))

        self.reply = reply

    def _capabilities(self) -> str:
        link = f'<ows:DCP><ows:HTTP><ows:Get xlink:href="{self.address}/wfs"/></ows:HTTP></ows:DCP>'
        return (
            '<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"'
            ' xmlns:xlink="http://www.w3.org/1999/xlink"><ows:OperationsMetadata>'
            f'<ows:Operation name="GetFeature">{link}</ows:Operation></ows:OperationsMetadata><wfs:FeatureTypeList><wfs:FeatureType>'
            "<wfs:Name>a:place</wfs:Name><wfs:Title>t</wfs:Title><wfs:DefaultCRS>urn:ogc:def:crs:EPSG::4326</wfs:DefaultCRS>"
            "</wfs:FeatureType></wfs:FeatureTypeList></wfs:WFS_Capabilities>"
        )

    def be_api(self, pages: Callable[[Asked], dict[str, Any]]) -> None:
        """Be an OGC API Features with the collection `place`."""

        def reply(path: str, asked: Asked) -> Answer:
            told = {"id": "place", "links": []} if "collections" in path else {"links": []}
            return 200, "application/json", json.dumps(pages(asked) if path.endswith("/items") else told).encode()

        self.reply = reply


def gml(codes: Sequence[str]) -> tuple[int, str, bytes]:
    """A page of places as a WFS 2.0.0 gives it."""
    members = "".join(
        f'<wfs:member><a:place gml:id="p.{code}"><a:code>{code}</a:code><a:name>Ấp {code}</a:name><a:geom>'
        f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4326" gml:id="g.{code}"><gml:pos>10.3 106.3</gml:pos></gml:Point>'
        "</a:geom></a:place></wfs:member>"
        for code in codes
    )
    return 200, "text/xml", f'<wfs:FeatureCollection {_HEAD} timeStamp="{time.time()}">{members}</wfs:FeatureCollection>'.encode()


def geojson(codes: Sequence[str], following: str | None = None, **more: Any) -> dict[str, Any]:
    """A page of places as an OGC API gives it, with the address of the next."""
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [106.3, 10.3]}, "properties": {"code": code, "name": f"Ấp {code}"}}
        for code in codes
    ]
    return {"type": "FeatureCollection", "features": features, "links": [{"rel": "next", "href": following}] if following else [], **more}
