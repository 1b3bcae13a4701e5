# SPDX-License-Identifier: MIT
"""The official rows of a layer as a table shaped like the published one: the same names, EPSG:4326, its texts written on
the way, so that every filter, format and order fits both."""

from __future__ import annotations

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_fields, published_shapes
from server.catalog.staffview import StaffLayer
from server.db.columns import storage_srid
from server.db.pool import Connection
from server.db.rowtext import geojson_feature
from server.db.rowxml import gml_fields
from server.errors import ServerFault


def official_rows(layer: Layer, source: sql.Composable | None = None) -> sql.Composed:
    """`(SELECT ...) official_rows` to select from: every row in every review state, titles of links as they are published.

    The planner sees through it: columns nobody asks for are never worked out, and links nobody asks for are never followed.
    `source` stands for the official table where rows of its shape are wanted from elsewhere.
    Raises ServerFault unless `layer` is the staff's view, because only that says which columns there are.
    """
    if not isinstance(layer, StaffLayer):
        raise ServerFault("Official rows are read through the staff's view of a layer.")
    columns: list[sql.Composable] = [sql.SQL("o.id")]
    joins: list[sql.Composable] = []
    titles = {f"{name}_title": name for name, field in layer.fields.items() if field.link}
    for field in published_fields(layer):
        link = titles.get(field.name)
        if link is None:
            columns.append(sql.SQL("o.{}").format(sql.Identifier(field.name)))
        elif link not in layer.link_titles:
            columns.append(sql.SQL("NULL::text AS {}").format(sql.Identifier(field.name)))
        else:
            columns.append(_link_title(layer.link_titles[link], link, field.name))
            joins.append(_link_join(layer.fields[link].link or "", link))
    if layer.has_geometry:
        geometry = sql.SQL("o.geom" if storage_srid(layer) == 4326 else "ST_Transform(o.geom, 4326)")
        columns.append(sql.SQL("{0} AS geom, ST_Transform({0}, 3857) AS geom_3857").format(geometry))
    for shape in published_shapes(layer):
        columns.append(sql.SQL("ST_Transform(o.{0}, 4326) AS {0}").format(sql.Identifier(shape.name)))
    rows = sql.SQL("SELECT {} FROM {} o {}").format(
        sql.SQL(", ").join(columns), source or sql.Identifier("official", layer.id), sql.SQL(" ").join(joins)
    )
    return sql.SQL("(SELECT r.*, {} AS geojson, {} AS gml FROM ({}) r) official_rows").format(
        geojson_feature(layer), gml_fields(layer), rows
    )


def read_former(connection: Connection, layer: Layer, feature_id: int, version: int) -> bytes | None:
    """A feature as it was in a version, from history, as GeoJSON text; None when there was no such version."""
    source = sql.SQL("(SELECT * FROM {} WHERE id = {} AND version = {} AND action <> 'delete' ORDER BY history_id DESC LIMIT 1)").format(
        sql.Identifier("history", layer.id), sql.Literal(feature_id), sql.Literal(version)
    )
    row = connection.execute(sql.SQL("SELECT geojson FROM {}").format(official_rows(layer, source))).fetchone()
    return str(row[0]).encode() if row else None


def _alias(link: str) -> sql.Identifier:
    return sql.Identifier(f"link:{link}")


def _link_title(title: str, link: str, name: str) -> sql.Composed:
    return sql.SQL("{}.{}::text AS {}").format(_alias(link), sql.Identifier(title), sql.Identifier(name))


def _link_join(linked: str, link: str) -> sql.Composed:
    # Published, not official: who may edit this layer need not be allowed to see what others are drafting.
    return sql.SQL("LEFT JOIN {0} {1} ON {1}.id = o.{2}").format(sql.Identifier("published", linked), _alias(link), sql.Identifier(link))
