# SPDX-License-Identifier: MIT
"""The gunicorn worker: threads that stay with a busy connection, and answers that leave in one piece.

gunicorn's gthread worker hands a kept-alive connection back to its main thread after every answer: a pipe write, a poll and a queue per
request, about 40 of 150 microseconds of an empty answer. As long as there is a thread for every connection, the thread may as well wait a
moment for the next request itself. With more connections than threads nothing changes. And it sends the headers alone, so that the client
is woken twice for a small answer.

A client that takes nothing of its answer any more is left after `limits.stalled_client_s`: its thread and connection are needed.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.message import TOKEN_RE, Request
from gunicorn.workers.gthread import ThreadWorker

from server.config import load_settings

# Milliseconds a thread waits for the next request of its connection: longer than a client on the same network needs to ask again.
PATIENCE_MS = 5
_LONG_VALUE = 200
_TOO_LONG = "The address of this request is too long; send long questions by POST. / Địa chỉ yêu cầu quá dài; hãy gửi bằng POST.\n".encode()


class StayingThreadWorker(ThreadWorker):
    """gthread whose threads answer a connection's next request without going through the main thread."""

    def init_process(self) -> None:
        """Read how long a client may take nothing, then work."""
        WholeResponse.patience_ms = int(load_settings().limits.stalled_client_s * 800)  # noticed and cleared up within the time
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Answer requests of one connection until it falls silent; what the last one means for the connection is for gthread."""
        outcome = super().handle(conn)
        while outcome is True and self.alive and self.nr_conns <= self.cfg.threads and _is_asked_again(conn.sock):
            outcome = super().handle(conn)
        return outcome

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Run the application for one request; whether the connection may carry another.

        As gthread does it, without its hooks and its access log, which we do not use. Exceptions go to `handle`; one after the headers
        breaks the connection, so that the answer stays visibly incomplete.
        """
        response, environ = wsgi.create(req, conn.sock, conn.client, conn.server, self.cfg, response_class=WholeResponse)
        environ["wsgi.multithread"] = True
        if not self.alive or len(self.keepalived_conns) >= self.max_keepalived:
            response.force_close()
        try:
            answer = self.wsgi(environ, response.start_response)  # type: ignore[arg-type]  # the stubs leave out exc_info
            try:
                if isinstance(answer, wsgi.FileWrapper):
                    response.write_file(answer)
                else:
                    for item in answer:
                        response.write(item)
                response.close()
            finally:
                close = getattr(answer, "close", None)
                if close is not None:
                    close()
        except BlockingIOError:
            self.log.warning("%s takes nothing of its answer any more; it was broken off.", environ.get("REMOTE_ADDR"))
            raise StopIteration from None
        except OSError:
            raise
        except (Exception, SystemExit):
            if not response.headers_sent:
                raise
            self.log.exception("An answer broke off.")
            util.close_graceful(conn.sock)
            raise StopIteration from None
        return not response.should_close()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """gunicorn answers what is no HTTP; to a client whose address is too long we say what to do."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("%s asked with an address that is too long", (addr or ("?",))[0])
        head = f"HTTP/1.1 414 URI Too Long\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(_TOO_LONG)}\r\n"
        with suppress(OSError):  # the client has gone
            client.sendall(head.encode() + b"Connection: close\r\n\r\n" + _TOO_LONG)

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """gthread drains what the application left of the body; a request without one has nothing to drain, now or before the next."""
        conn.parser.mesg_class = DirectRequest
        if keepalive and getattr(conn.parser.mesg.body.reader, "length", None) == 0:
            conn.parser.mesg = None
            return True
        return bool(super()._keepalive_after(conn, keepalive))  # type: ignore[misc]  # newer than the stubs


class DirectRequest(Request):
    """A request whose X-Forwarded-* mean nothing to gunicorn: `server.trusted_proxies` judges them, so no address is looked up."""

    def _peer_trusted_for_forwarded(self) -> tuple[dict[str, str], list[str]]:
        return {}, []


class WholeResponse(wsgi.Response):
    """An answer whose headers wait for the first bytes of the body."""

    patience_ms = 4000
    _head = b""

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Check the headers as gunicorn does; those of one answer after the other are mostly the same, and known to be sound."""
        for name, value in headers:
            known = _check_header(name, value) if len(value) < _LONG_VALUE else None
            if known is None:
                super().process_headers([(name, value)])
            else:
                self.headers.append(known)  # type: ignore[attr-defined]  # a list, whatever the stubs say

    def send_headers(self) -> None:
        """Make the head ready; it leaves with what follows."""
        if not self.headers_sent:
            major, minor = self.req.version or (1, 1)
            first = f"HTTP/{major}.{minor} {self.status}\r\nServer: {self.version}\r\nDate: {_http_date(int(time.time()))}\r\n"
            kept = "Connection: close\r\n" if self.should_close() else "Connection: keep-alive\r\n"
            framing = "Transfer-Encoding: chunked\r\n" if self.chunked else ""
            others = "".join([f"{name}: {value}\r\n" for name, value in self.headers])
            self._head = f"{first}{kept}{framing}{others}\r\n".encode("latin-1")
            self.headers_sent = True

    def _emit_body(self, data: bytes) -> None:
        head, self._head = self._head, b""
        _send(self.sock, b"%s%X\r\n%s\r\n" % (head, len(data), data) if self.chunked else head + data, self.patience_ms)

    def sendfile(self, respiter: Any) -> bool:
        """A file goes out by the kernel, behind its head."""
        self.send_headers()
        self.sock.sendall(self._head)
        self._head = b""
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        """Send what is still held, and the last chunk."""
        self.send_headers()
        rest = self._head + (b"0\r\n\r\n" if self.chunked else b"")
        self._head = b""
        if rest:
            self.sock.sendall(rest)


@lru_cache(500)
def _check_header(name: str, value: str) -> tuple[str, str] | None:
    """A sound header as it is sent; None where gunicorn must look itself: the length, what concerns the connection, and every fault."""
    if not (isinstance(name, str) and isinstance(value, str)) or name.lower() == "content-length" or util.is_hoppish(name):
        return None
    return (name, value.strip(" \t")) if TOKEN_RE.fullmatch(name) and wsgi.HEADER_VALUE_RE.fullmatch(value) else None


@lru_cache(4)
def _http_date(second: int) -> str:
    return util.http_date(second)


def _send(sock: socket.socket, data: bytes, patience_ms: int) -> None:
    """Send everything. Raises BlockingIOError when the client makes no room for so long."""
    rest = memoryview(data)
    while True:
        with suppress(BlockingIOError):
            rest = rest[sock.send(rest, socket.MSG_DONTWAIT) :]
        if not rest:
            return
        poller = select.poll()
        poller.register(sock, select.POLLOUT)
        if not poller.poll(patience_ms):
            raise BlockingIOError("the client takes nothing")


def _is_asked_again(sock: socket.socket) -> bool:
    """Whether more comes within our patience (or the client has closed, which the next turn notices)."""
    poller = select.poll()
    poller.register(sock, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poller.poll(PATIENCE_MS))
