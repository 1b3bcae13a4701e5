# SPDX-License-Identifier: MIT
"""Answers of a foreign service as files: by GET through `server.outward`, redirects judged like every other address, ceilings on bytes and
time. No cookies, no credentials."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from server.config import Harvests
from server.errors import AccessDenied, SourceRefused
from server.outward import PORTS, connect

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_URL = 8000
_HEADERS = {
    "User-Agent": "Xanh",
    "Accept": "application/geo+json, application/json, application/xml, text/xml, */*",
    "Accept-Encoding": "identity",
}
_CHUNK = 1 << 16
_SHOWN = 300


@dataclass
class Door:
    """The way to one service for one run; `name` is what refusals call it, `left` the bytes it may still send, `deadline` (monotonic
    seconds) when all must be there."""

    name: str
    limits: Harvests
    left: int = field(init=False)
    deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limits.max_bytes
        self.deadline = time.monotonic() + self.limits.seconds

    def fetch(self, url: str, target: Path) -> Path:
        """Write the answer to a GET into a file. Raises SourceRefused: no address we ask, no answer, another status than 200, too much."""
        for _ in range(_MOST_REDIRECTS):
            parts = self._check(url)
            try:
                following = self._ask(parts, target)
            except AccessDenied as error:
                raise self.refuse(
                    f"{parts.hostname} lies in a private network; harvests.allowed_networks in config.yml may allow it",
                    f"{parts.hostname} nằm trong mạng nội bộ; có thể cho phép ở harvests.allowed_networks của config.yml",
                ) from error
            except (OSError, http.client.HTTPException, UnicodeError) as error:
                raise self.refuse(
                    f"the service did not answer as it should ({_explain(error)})",
                    f"dịch vụ không trả lời như mong đợi ({_explain(error)})",
                ) from error
            if following is None:
                return target
            url = urljoin(url, following)
        raise self.refuse("the service redirects in a circle", "dịch vụ chuyển hướng vòng quanh")

    def refuse(self, why: str, why_vi: str) -> SourceRefused:
        """The refusal of this harvest."""
        return SourceRefused(f"{self.name}: {why}.", locator=self.name, message_vi=f"{self.name}: {why_vi}.")

    def _check(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), 0
        schemes = ("https", "http") if self.limits.allow_http else ("https",)
        clean = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST_URL
        if parts.scheme not in schemes or not parts.hostname or port == 0 or parts.username is not None or not clean:
            raise self.refuse(f"{url[:100]!r} is no address that is asked here", f"{url[:100]!r} không phải địa chỉ được phép hỏi")
        return parts

    def _ask(self, parts: SplitResult, target: Path) -> str | None:
        """Take one answer into the file; answers where it redirects to, if it does."""
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        connection = connect(parts.scheme, host, port, self.limits.allowed_networks, self._patience())
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": "Xanh", "Accept-Encoding": "identity", "Host": parts.netloc}
            connection.request(
                "GET", path, headers=headers | {"Accept": "application/geo+json, application/json, application/xml, text/xml, */*"}
            )
            with connection.getresponse() as answer:
                location = answer.getheader("Location")
                if answer.status in _REDIRECTS and location:
                    return location
                if answer.status != 200:
                    words = " ".join(answer.read(_SHOWN).decode("utf-8", "replace").split())
                    raise self.refuse(
                        f"the service answered with status {answer.status}: {words}", f"dịch vụ trả mã {answer.status}: {words}"
                    )
                self._take(connection, answer, target)
            return None
        finally:
            connection.close()

    def _take(self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse, target: Path) -> None:
        size, promised = 0, answer.length
        with target.open("wb") as file:
            while True:
                if connection.sock is not None:
                    connection.sock.settimeout(self._patience())
                part = answer.read1(_CHUNK)
                if not part:
                    break
                size += len(part)
                if size > self.limits.max_page_bytes or size > self.left:
                    raise self.refuse("the service sends more bytes than allowed (config.yml: harvests)", "dịch vụ gửi quá nhiều dữ liệu")
                file.write(part)
        if promised is not None and size != promised:
            raise self.refuse("the answer of the service breaks off", "dịch vụ trả lời dở dang")
        self.left -= size

    def _patience(self) -> float:
        """Seconds to wait for the next bytes. Raises SourceRefused when the time of the run is over."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.refuse(f"the service took more than {self.limits.seconds:g} s", f"dịch vụ mất quá {self.limits.seconds:g} giây")
        return min(left, self.limits.silent_seconds)


def _explain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"[:200]
