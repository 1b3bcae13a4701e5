# SPDX-License-Identifier: MIT
"""Rows on their way from `official` to `published`: approved, public fields only, geometry twice, GeoJSON and XML ready.

Rows that did not change are not touched, and readers see the old rows until the transaction commits: nothing is ever empty in between.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.projection import published_field_names, published_shapes
from server.db.columns import content_columns, storage_srid
from server.db.pool import Connection
from server.db.published_changes import MOST_RECORDED, Changed, keep_bases
from server.db.rowtext import geojson_feature
from server.db.rowxml import clean_text, raw_gml_fields
from server.db.scope import among

# JSON escapes all but two of the characters XML cannot hold: where none is escaped, nobody has to look through the XML for them.
_IS_CLEAN = sql.SQL("strpos(geojson, '\\') = 0 AND strpos(geojson, chr(65534)) = 0 AND strpos(geojson, chr(65535)) = 0")
_FRESH, _CHANGED = sql.Identifier("xanh_fresh"), sql.Identifier("xanh_changed")


def lock_layer(connection: Connection, layer: Layer) -> None:
    """Let one transaction at a time publish a layer, and write moments in UTC."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('xanh:publish'), hashtext(%s))", [layer.id])
    connection.execute("SET LOCAL TimeZone TO 'UTC'")


def refresh_rows(connection: Connection, catalog: Catalog, layer: Layer, ids: Sequence[int] | None = None) -> Changed:
    """Bring the published rows of a layer (or of these ids) in line with the official store; answers which changed.

    How features were before they first changed goes to the record of changes here; `note_changes` adds what they became.
    """
    published = sql.Identifier("published", layer.id)
    names = stored_columns(layer)
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    select = _select_fresh(catalog, layer, ids)
    if not _has_rows(connection, published, ids):
        filling = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM ({}) f ORDER BY id").format(published, columns, columns, select)
        if ids is None and not _is_linked(catalog, layer):
            return Changed(is_filling=True, filled=connection.execute(filling).rowcount)
        inserted = connection.execute(filling + sql.SQL(" RETURNING id"))
        return Changed(inserted=[int(row[0]) for row in inserted.fetchall()], is_filling=ids is None)
    connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}, pg_temp.{}").format(_FRESH, _CHANGED))
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS {}").format(_FRESH, select))
    connection.execute(sql.SQL("CREATE UNIQUE INDEX ON pg_temp.{} (id)").format(_FRESH))
    connection.execute(sql.SQL("ANALYZE pg_temp.{} (id)").format(_FRESH))  # the ready texts would take longer than they help
    changed = _compare(connection, layer, ids)
    if len(changed.ids) <= MOST_RECORDED and (changed.updated or changed.deleted):
        keep_bases(connection, layer, [*changed.updated, *changed.deleted])
    assignments = sql.SQL(", ").join(sql.SQL("{0} = f.{0}").format(sql.Identifier(name)) for name in names if name != "id")
    parts = {"published": published, "fresh": _FRESH, "changed": _CHANGED, "columns": columns, "assignments": assignments}
    for found, command in (
        (changed.deleted, "DELETE FROM {published} p USING {changed} c WHERE c.id = p.id AND c.action = 'delete'"),
        (
            changed.updated,
            "UPDATE {published} p SET {assignments} FROM {fresh} f JOIN {changed} c ON c.id = f.id AND c.action = 'update'"
            " WHERE f.id = p.id",
        ),
        (
            changed.inserted,
            "INSERT INTO {published} ({columns}) SELECT {columns} FROM {fresh} f"
            " WHERE id IN (SELECT id FROM {changed} WHERE action = 'insert') ORDER BY id",
        ),
    ):
        if found:
            connection.execute(sql.SQL(command).format(**parts))
    return changed


def _is_linked(catalog: Catalog, layer: Layer) -> bool:
    """Whether features of other layers carry titles of this one."""
    return any(field.link == layer.id for other in catalog.feature_layers() for field in other.fields.values())


def _compare(connection: Connection, layer: Layer, ids: Sequence[int] | None) -> Changed:
    """What differs between the published rows and the fresh ones, also kept as a temporary table."""
    published = sql.Identifier("published", layer.id)
    scope = sql.SQL("") if ids is None else sql.SQL(" WHERE {}").format(among(sql.SQL("id"), ids))
    moved = sql.SQL("").join(
        sql.SQL(" OR p.{0} IS DISTINCT FROM f.{0}").format(sql.Identifier(name)) for name in (*_own_geometry(layer), *_shape_names(layer))
    )
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT coalesce(p.id, f.id) AS id,"
            " CASE WHEN f.id IS NULL THEN 'delete' WHEN p.id IS NULL THEN 'insert' ELSE 'update' END AS action"
            " FROM (SELECT * FROM {}{}) p FULL JOIN {} f ON f.id = p.id"
            " WHERE p.id IS NULL OR f.id IS NULL OR p.geojson <> f.geojson{}"
        ).format(_CHANGED, published, scope, _FRESH, moved)
    )
    found: dict[str, list[int]] = {"insert": [], "update": [], "delete": []}
    for feature_id, action in connection.execute(sql.SQL("SELECT id, action FROM {}").format(_CHANGED)).fetchall():
        found[action].append(int(feature_id))
    return Changed(found["insert"], found["update"], found["delete"])


def find_linking(connection: Connection, layer: Layer, field: str, ids: Sequence[int]) -> list[int]:
    """Ids of official features of `layer` whose link `field` names one of `ids`: their published rows carry its title."""
    command = sql.SQL("SELECT id FROM {} WHERE {} = ANY(%s)").format(sql.Identifier("official", layer.id), sql.Identifier(field))
    return [int(row[0]) for row in connection.execute(command, [list(ids)]).fetchall()]


def refresh_statistics(connection: Connection, layer: Layer) -> None:
    """Let the planner know published tables that have just changed much."""
    for table in (layer.id, *([f"{layer.id}_pyramid"] if layer.has_geometry else [])):
        connection.execute("SELECT xanh.refresh_statistics(%s)", [table])


def stored_columns(layer: Layer) -> list[str]:
    """Columns of the published table that are written (the search text follows by itself)."""
    geometry = ["geom", "geom_3857"] if layer.has_geometry else []
    return ["id", *published_field_names(layer), *geometry, *_shape_names(layer), "geojson", "gml"]


def _own_geometry(layer: Layer) -> tuple[str, ...]:
    return ("geom",) if layer.has_geometry else ()


def _shape_names(layer: Layer) -> tuple[str, ...]:
    return tuple(shape.name for shape in published_shapes(layer))


def _has_rows(connection: Connection, table: sql.Identifier, ids: Sequence[int] | None) -> bool:
    """Whether there are rows (of these ids) to compare with: what is new altogether goes in at once."""
    scope = sql.SQL("") if ids is None else sql.SQL(" WHERE {}").format(among(sql.SQL("id"), ids))
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {}{})").format(table, scope)).fetchone()
    return bool(row and row[0])


def _select_fresh(catalog: Catalog, layer: Layer, ids: Sequence[int] | None) -> sql.Composed:
    """What the published rows shall be. OFFSET 0 keeps the planner from transforming each geometry several times."""
    columns: list[sql.Composable] = [sql.SQL("o.id")]
    joins: list[sql.Composable] = []
    for name, field in layer.fields.items():
        if not field.public or field.geometry:
            continue
        if field.link:
            columns += _link_columns(catalog.layer(field.link), name)
            joins.append(_link_join(field.link, name))
        else:
            columns.append(sql.SQL("o.{}").format(sql.Identifier(name)))
    if layer.validity:
        columns.append(sql.SQL("o.valid_from, o.valid_to"))
    if layer.has_geometry:
        geometry = sql.SQL("o.geom") if storage_srid(layer) == 4326 else sql.SQL("ST_Transform(o.geom, 4326)")
        columns.append(sql.SQL("{0} AS geom, ST_Transform({0}, 3857) AS geom_3857").format(geometry))
    for name in _shape_names(layer):
        columns.append(sql.SQL("ST_Transform(o.{0}, 4326) AS {0}").format(sql.Identifier(name)))
    inner = sql.SQL("SELECT {} FROM ({}) o {} OFFSET 0").format(
        sql.SQL(", ").join(columns), _select_approved(layer, ids), sql.SQL(" ").join(joins)
    )
    texts = sql.SQL("SELECT f.*, {} AS geojson, {} AS gml FROM ({}) f OFFSET 0").format(
        geojson_feature(layer), raw_gml_fields(layer), inner
    )
    names = (sql.Identifier(name) for name in stored_columns(layer) if name != "gml")
    return sql.SQL("SELECT {}, CASE WHEN {} THEN gml ELSE {} END AS gml FROM ({}) t").format(
        sql.SQL(", ").join(names), _IS_CLEAN, clean_text(sql.Identifier("gml")), texts
    )


def _select_approved(layer: Layer, ids: Sequence[int] | None) -> sql.Composed:
    """Approved rows as they are; of rows that wait for review, their last approved state (from history)."""
    names = ["id", *(column.name for column in content_columns(layer))]
    scope = sql.SQL("") if ids is None else sql.SQL(" AND {}").format(among(sql.SQL("r.id"), ids))
    return sql.SQL(
        "SELECT {plain} FROM {official} r WHERE r.review_state = 'approved'{scope} UNION ALL"
        " SELECT {kept} FROM {official} r CROSS JOIN LATERAL (SELECT * FROM {history} h WHERE h.id = r.id"
        " AND h.review_state = 'approved' ORDER BY h.history_id DESC LIMIT 1) k WHERE r.review_state = 'pending'{scope}"
    ).format(
        plain=sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(name)) for name in names),
        kept=sql.SQL(", ").join(sql.SQL("k.{}").format(sql.Identifier(name)) for name in names),
        official=sql.Identifier("official", layer.id),
        history=sql.Identifier("history", layer.id),
        scope=scope,
    )


def _link_alias(name: str) -> sql.Identifier:
    return sql.Identifier(f"link:{name}")


def _link_join(linked: str, name: str) -> sql.Composed:
    # A link to something not approved is not shown: the public could not follow it.
    return sql.SQL("LEFT JOIN {0} {1} ON {1}.id = o.{2} AND {1}.review_state = 'approved'").format(
        sql.Identifier("official", linked), _link_alias(name), sql.Identifier(name)
    )


def _link_columns(linked: Layer, name: str) -> list[sql.Composable]:
    title = linked.title_field
    shown = title is not None and linked.fields[title].public and linked.rights.read == "public"
    text = sql.SQL("{}.{}::text").format(_link_alias(name), sql.Identifier(title)) if title and shown else sql.SQL("NULL::text")
    return [
        sql.SQL("{}.id AS {}").format(_link_alias(name), sql.Identifier(name)),
        sql.SQL("{} AS {}").format(text, sql.Identifier(f"{name}_title")),
    ]
