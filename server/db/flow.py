# SPDX-License-Identifier: MIT
"""Large answers: rows come from a cursor in the database a few hundred at a time, the next ones being made while these are sent.

Every fetch is a statement of its own: the time a statement may take limits how long the database works on a part, not how long the
client needs for the whole. All parts see one snapshot, and memory holds one part.
"""

from __future__ import annotations

import select
from collections.abc import Iterator

import psycopg
from psycopg import pq, sql
from psycopg.errors import error_from_result

from server.db.pool import Connection
from server.db.select import GLUE, Progress, compose_select, drop_illegal_xml, explain_failure, needs_cleaning
from server.query.features import FeatureQuery, RowFormat

_BINARY = 1
_FIRST_ROWS, _FIRST_LONG_ROWS = 50, 10
_MAX_ROWS, _MAX_LONG_ROWS = 2000, 200
_WANTED_BYTES = 400_000
_GROWTH = 10
_CANCEL_S = 2.0


def flow_rows(connection: Connection, query: FeatureQuery, row_format: RowFormat, progress: Progress) -> Iterator[bytes]:
    """Chunks of glued rows of an answer of any size; `progress` grows as they pass. `query.limit` must be set.

    The first chunk is small so that it leaves at once. Raises like `read_rows`, before the first chunk.
    """
    limit = query.limit or 0
    statement, params = compose_select(query, row_format)
    glue, clean = GLUE[row_format], needs_cleaning(query, row_format)
    is_short = query.layer.geometry in ("point", "none")
    wanted, most = (_FIRST_ROWS, _MAX_ROWS) if is_short else (_FIRST_LONG_ROWS, _MAX_LONG_ROWS)
    with connection.transaction(), explain_failure(query):
        connection.execute(sql.SQL("DECLARE flow NO SCROLL CURSOR FOR {}").format(statement), params)
        fetching = _Fetching(connection)
        try:
            fetching.ask(wanted)
            while True:
                result = fetching.take()
                found = result.ntuples
                is_last = found < wanted
                rows = min(found, limit - progress.count)
                progress.more = progress.more or rows < found
                chunk = glue.join(_texts(result, rows, follows=progress.count > 0))
                if rows:
                    progress.count += rows
                    progress.last_id = int.from_bytes(result.get_value(rows - 1, 0) or b"", "big", signed=True)
                    wanted = max(1, min(most, wanted * _GROWTH, _WANTED_BYTES * rows // (len(chunk) or 1)))
                if not is_last and not progress.more:
                    fetching.ask(wanted)
                if rows:
                    yield drop_illegal_xml(chunk) if clean else chunk
                if is_last or progress.more:
                    return
        finally:
            fetching.give_up()


def _texts(result: pq.abc.PGresult, rows: int, *, follows: bool) -> list[bytes]:
    """The texts of the rows; what follows other rows begins with nothing, so that it is glued to them."""
    texts = [result.get_value(row, 1) or b"" for row in range(rows)]
    return [b"", *texts] if follows else texts


class _Fetching:
    """Fetches of the cursor: one may be on its way while the rows of the one before are used."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._low = connection.pgconn
        self._is_open = False

    def ask(self, rows: int) -> None:
        """Ask for the next rows and do not wait for them."""
        self._low.send_query_params(b"FETCH FORWARD %d FROM flow" % rows, None, result_format=_BINARY)
        self._is_open = True
        poller = select.poll()
        poller.register(self._low.socket, select.POLLOUT)
        while self._low.flush():
            poller.poll()

    def take(self) -> pq.abc.PGresult:
        """The rows asked for; other threads run while the database works. Raises psycopg.Error."""
        poller = select.poll()
        poller.register(self._low.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
        while self._low.is_busy():
            poller.poll()
            self._low.consume_input()
        result = self._low.get_result()
        while self._low.get_result() is not None:
            continue
        self._is_open = False
        if result is None:
            raise psycopg.OperationalError("the connection ended")
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise error_from_result(result, self._connection.info.encoding)
        return result

    def give_up(self) -> None:
        """Nobody wants the rows on their way any more: the database stops making them, and the connection is ready for others."""
        if not self._is_open:
            return
        self._connection.cancel_safe(timeout=_CANCEL_S)
        while self._low.get_result() is not None:
            continue
        self._is_open = False
