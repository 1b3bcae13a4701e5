# SPDX-License-Identifier: MIT
"""The points of a pyramid's band in one answer of bytes: ten thousand rows cost more to hand over than to find."""

from __future__ import annotations

import numpy
from psycopg import sql

from server.db.maptable import TableColumns, map_table_sql
from server.db.pool import Connection
from server.query.spots import MOST_CONDITIONS, Box, SpotQuestion, Spots

# A point as PostGIS sends it: order of the bytes, type with the flag of an SRID, SRID, x, y.
_POINT = numpy.dtype([("order", "u1"), ("type", ">u4"), ("srid", ">i4"), ("x", ">f8"), ("y", ">f8")])
_LITTLE = _POINT.newbyteorder("<")


def write_spots_sql(question: SpotQuestion) -> str:
    """The statement that answers a question, up to the box.

    Which conditions a point meets travels where its SRID would stand (one more than the bits), so that one value carries all of a point.
    Raises InvalidParameter for a condition that does not fit the layer, ValueError for too many.
    """
    if len(question.conditions) > MOST_CONDITIONS:
        raise ValueError("too many conditions")
    columns = TableColumns(computed=tuple((f"_r{number}", one) for number, one in enumerate(question.conditions)))
    bits = sql.SQL("").join(sql.SQL(f" + (_r{number}::int << {number})") for number in range(len(question.conditions)))
    table = sql.SQL(map_table_sql(question.layer, columns, band=question.band, where=question.where))
    points = sql.SQL("SELECT string_agg(geometry_send(ST_SetSRID(geom_3857, 1{})), '') FROM ").format(bits)
    return sql.SQL("{}{} WHERE geom_3857 && ").format(points, table).as_string(None)


def read_spots(connection: Connection, statement: str, box: Box) -> Spots:
    """The points in a box (EPSG:3857) by a statement of `write_spots_sql`. Raises LimitExceeded, ServerFault."""
    ends = sql.SQL("ST_MakeEnvelope({}, 3857)").format(sql.SQL(", ").join(map(sql.Literal, box))).as_string(None)
    row = connection.execute(f"{statement}{ends}".encode(), binary=True, prepare=False).fetchone()
    sent = row[0] if row and row[0] else b""
    points = numpy.frombuffer(sent, _LITTLE if sent[:1] == b"\x01" else _POINT)
    return Spots(points["x"].astype(float), points["y"].astype(float), points["srid"].astype(numpy.int64) - 1)
