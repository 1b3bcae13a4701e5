# SPDX-License-Identifier: MIT
"""Long answers: head, chunks, tail - begun before the headers leave, broken rather than falsely completed when something fails later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Framed:
    """An iterable for a WSGI server: `head` and the first chunk together, the other chunks, then what `tail` says when they are through.

    When a chunk fails the exception goes on to the server, which breaks the connection: the document stays visibly incomplete, because a
    well-formed end would turn half of the data into all of it. `on_failure` is told, to write the log. `close` gives the rows back.
    """

    head: bytes
    chunks: Iterator[bytes]
    tail: Callable[[], bytes]
    on_failure: Callable[[BaseException], object] = field(default=lambda _: None)

    def __iter__(self) -> Iterator[bytes]:
        held = self.head
        try:
            for chunk in self.chunks:
                yield held + chunk
                held = b""
            yield held + self.tail()
        except Exception as error:
            self.on_failure(error)
            raise

    def close(self) -> None:
        """Stop the rows; called by the server at the end, also when the client has gone."""
        close = getattr(self.chunks, "close", None)
        if close is not None:
            close()
