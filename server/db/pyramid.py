# SPDX-License-Identifier: MIT
"""The render pyramid: what is left of a layer when a pixel is large. See server/publish/README.md for the contract with the map room.

Points: at most one per cell of 2 x 2 pixels and band; bands build on one another (`band <= z`). The cells of one band are quarters of
the cells of the band before, so one sort along the woven cell numbers tells for every point the first band in which it leads its cell.
Lines and polygons: every band is complete (`band = z`), made from the finer one, so the vertices are walked once.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from server.catalog.model import Layer
from server.catalog.projection import published_field_names
from server.db.ddl_published import PYRAMID_BANDS
from server.db.pool import Connection

FIRST_BAND, LAST_BAND = PYRAMID_BANDS[0], PYRAMID_BANDS[-1]
WORLD_HALF = 20037508.342789244  # metres from the middle of the web Mercator square to its edge
CELL_PIXELS = 2
FEWEST_POINTS = 2000
FEWEST_VERTICES = 50_000
_FULL_SHARE = 0.9  # a band showing this share of all points is no gain over the layer itself
_WORTHWHILE = 0.6  # a band keeping more than this share of the vertices is none either
_TOLERANCE_PIXELS = 0.4  # halves from band to band, so all errors together stay below one pixel
_SAMPLE = 500
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_BANDS_TABLE = sql.Identifier("xanh_bands")


def resolution(band: int) -> float:
    """Metres (EPSG:3857) per pixel of a band."""
    return 2 * WORLD_HALF / 256 / 2.0**band


def build_point_pyramid(connection: Connection, layer: Layer) -> list[int]:
    """Make the pyramid of a point layer anew; answers its bands, none where it does not pay."""
    _clear(connection, layer)
    total = _scalar(connection, sql.SQL("SELECT count(geom_3857) FROM {}").format(sql.Identifier("published", layer.id)))
    if total < FEWEST_POINTS:
        return []
    _rank_points(connection, layer, sql.SQL("TRUE"))
    counted = connection.execute(
        sql.SQL("SELECT band, count(*) FROM {} WHERE band IS NOT NULL GROUP BY band").format(_BANDS_TABLE)
    ).fetchall()
    per_band = {int(band): int(count) for band, count in counted}
    bands: list[int] = []
    shown = 0
    for band in PYRAMID_BANDS:
        shown += per_band.get(band, 0)
        if shown >= _FULL_SHARE * total:
            break
        bands.append(band)
    if bands:
        _store_points(connection, layer, bands[-1])
    return bands


def repair_point_pyramid(connection: Connection, layer: Layer, last_band: int, ids: Sequence[int]) -> None:
    """Bring the pyramid in line after the published rows of `ids` changed: every cell of the first band they lie or lay in is ranked anew.

    A cell of the first band is closed in itself, so the outcome is the same as making the whole pyramid anew.
    """
    cells = connection.execute(
        sql.SQL(
            "SELECT DISTINCT {cell} FROM (SELECT geom_3857 FROM {pyramid} WHERE id = ANY(%(ids)s)"
            " UNION ALL SELECT geom_3857 FROM {layer} WHERE id = ANY(%(ids)s) AND geom_3857 IS NOT NULL) p"
        ).format(cell=_cell(FIRST_BAND), pyramid=_pyramid(layer), layer=sql.Identifier("published", layer.id)),
        {"ids": list(ids)},
    ).fetchall()
    connection.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(_pyramid(layer)), [list(ids)])
    for column, row in cells:
        inside = _inside_cell(int(column), int(row))
        _rank_points(connection, layer, inside)
        # `band <=` says what is always so, in the words of the partial index
        within = sql.SQL("band <= {} AND {}").format(sql.Literal(LAST_BAND), inside)
        connection.execute(sql.SQL("DELETE FROM {} WHERE {}").format(_pyramid(layer), within))
        _store_points(connection, layer, last_band)


def build_shape_pyramid(connection: Connection, layer: Layer) -> list[int]:
    """Make the pyramid of a line or polygon layer anew; answers its bands, none where it does not pay."""
    _clear(connection, layer)
    published = sql.Identifier("published", layer.id)
    vertices = _scalar(connection, sql.SQL("SELECT coalesce(sum(ST_NPoints(geom_3857)), 0) FROM {}").format(published))
    if vertices < FEWEST_VERTICES:
        return []
    bands = list(range(FIRST_BAND, _finest_worthwhile(connection, published) + 1))
    generalise(connection, layer, bands, None)
    return bands


def generalise(connection: Connection, layer: Layer, bands: Sequence[int], ids: Sequence[int] | None) -> None:
    """Write the bands of all features, or of `ids` only (theirs are replaced), each from the next finer one."""
    if ids is not None:
        connection.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(_pyramid(layer)), [list(ids)])
    for band in sorted(bands, reverse=True):
        connection.execute(_generalise_band(layer, band, band == max(bands), ids))


def _generalise_band(layer: Layer, band: int, is_finest: bool, ids: Sequence[int] | None) -> sql.Composed:
    """One band. What is smaller than a pixel becomes a pixel, one for each cell of 2 x 2; the rest loses the vertices nobody can see."""
    size = resolution(band)
    source = sql.Identifier("published", layer.id) if is_finest else _pyramid(layer)
    conditions: list[sql.Composable] = [sql.SQL("geom_3857 IS NOT NULL")]
    if not is_finest:
        conditions.append(sql.SQL("band = {}").format(sql.Literal(band + 1)))
    if ids is not None:
        conditions.append(sql.SQL("id = ANY({})").format(sql.Literal(list(ids))))
    pixel = "ST_Expand(ST_PointOnSurface(ST_Envelope(geom_3857)), {half})"
    if layer.geometry in ("line", "multiline"):
        pixel = "ST_MakeLine(ST_Translate({at}, -{half}, 0), ST_Translate({at}, {half}, 0))".replace(
            "{at}", "ST_Centroid(ST_Envelope(geom_3857))"
        )
    fields = _fields(layer)
    return sql.SQL(
        "WITH s AS MATERIALIZED (SELECT id, geom_3857, {fields}, ST_XMax(geom_3857) - ST_XMin(geom_3857) < {size}"
        " AND ST_YMax(geom_3857) - ST_YMin(geom_3857) < {size} AS {tiny} FROM {source} WHERE {conditions})"
        " INSERT INTO {pyramid} (band, id, geom_3857, {fields})"
        " SELECT {band}, id, coalesce(ST_Simplify(geom_3857, {tolerance}), ST_Simplify(geom_3857, {tolerance}, true)), {fields}"
        " FROM s WHERE NOT {tiny} UNION ALL"
        " (SELECT DISTINCT ON ({cell}) {band}, id, {pixel}, {fields} FROM s WHERE {tiny} ORDER BY {cell}, id)"
    ).format(
        fields=fields,
        tiny=sql.Identifier(":tiny"),  # no field can be called so
        size=sql.Literal(size),
        source=source,
        conditions=sql.SQL(" AND ").join(conditions),
        pyramid=_pyramid(layer),
        band=sql.Literal(band),
        tolerance=sql.Literal(_TOLERANCE_PIXELS * size),
        pixel=sql.SQL(pixel).format(half=sql.Literal(size / 2)),
        cell=_cell(band),
    )


def _finest_worthwhile(connection: Connection, published: sql.Identifier) -> int:
    """The finest band that still saves something, judged by a sample."""
    kept = sql.SQL(", ").join(
        sql.SQL("coalesce(sum(ST_NPoints(ST_Simplify(g, {}))), 0)").format(sql.Literal(_TOLERANCE_PIXELS * resolution(band)))
        for band in PYRAMID_BANDS
    )
    row = connection.execute(
        sql.SQL(
            "SELECT sum(ST_NPoints(g)), {} FROM (SELECT geom_3857 AS g FROM {}"
            " WHERE geom_3857 IS NOT NULL ORDER BY hashint8(id) LIMIT {}) s"
        ).format(kept, published, sql.Literal(_SAMPLE))
    ).fetchone()
    if row is None or not row[0]:
        return FIRST_BAND
    worthwhile = [band for band, count in zip(PYRAMID_BANDS, row[1:], strict=True) if count <= _WORTHWHILE * row[0]]
    return max(worthwhile, default=FIRST_BAND)


def _rank_points(connection: Connection, layer: Layer, condition: sql.Composable) -> None:
    """A temporary table (id, band) of the points meeting a condition: the first band each one leads its cell in, null for none."""
    connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(_BANDS_TABLE))
    cells = sql.SQL("SELECT id, {} AS x, {} AS y FROM {} WHERE geom_3857 IS NOT NULL AND {}").format(
        _axis("ST_XMin", LAST_BAND), _axis("ST_YMin", LAST_BAND), sql.Identifier("published", layer.id), condition
    )
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT id, {}::smallint AS band FROM (SELECT id, key,"
            " lag(key) OVER (ORDER BY key, id) AS before FROM (SELECT id, x | (y << 1) AS key FROM ({}) w) k) r"
        ).format(_BANDS_TABLE, _first_led(), _spread_bits(cells))
    )


def _first_led() -> sql.Composed:
    """The first band in which key and predecessor lie in different cells."""
    cases = [
        sql.SQL("WHEN key >> {0} <> before >> {0} THEN {1}").format(sql.Literal(2 * (LAST_BAND - band)), sql.Literal(band))
        for band in PYRAMID_BANDS
    ]
    return sql.SQL("CASE WHEN before IS NULL THEN {} {} END").format(sql.Literal(FIRST_BAND), sql.SQL(" ").join(cases))


def _spread_bits(cells: sql.Composed) -> sql.Composed:
    """Column x and row y of cells (below 2^31) with a gap after every bit; x | y << 1 is then the Morton number.

    Shifting that right by two leads to the next coarser cell. OFFSET 0 makes each step be computed once.
    """
    for shift, mask in _SPREAD:
        cells = sql.SQL("SELECT id, (x | (x << {0})) & {1} AS x, (y | (y << {0})) & {1} AS y FROM ({2}) s OFFSET 0").format(
            sql.Literal(shift), sql.Literal(mask), cells
        )
    return cells


def _axis(function: str, band: int) -> sql.Composed:
    """Number of the cell of a band along one axis. (The lower left corner of its box stands for a multipoint.)"""
    return sql.SQL("floor(({}(geom_3857) + {}) / {})::bigint").format(
        sql.SQL(function), sql.Literal(WORLD_HALF), sql.Literal(CELL_PIXELS * resolution(band))
    )


def _cell(band: int) -> sql.Composed:
    return sql.SQL("{}, {}").format(_axis("ST_XMin", band), _axis("ST_YMin", band))


def _inside_cell(column: int, row: int) -> sql.Composed:
    """The box finds the candidates by index, the numbers decide on the border."""
    size = CELL_PIXELS * resolution(FIRST_BAND)
    west, south = column * size - WORLD_HALF, row * size - WORLD_HALF
    box = sql.SQL(", ").join(map(sql.Literal, (west - 1, south - 1, west + size + 1, south + size + 1)))
    return sql.SQL("geom_3857 && ST_MakeEnvelope({}, 3857) AND ({}) = ({}, {})").format(
        box, _cell(FIRST_BAND), sql.Literal(column), sql.Literal(row)
    )


def _store_points(connection: Connection, layer: Layer, last_band: int) -> None:
    connection.execute(
        sql.SQL(
            "INSERT INTO {pyramid} (band, id, geom_3857, {fields}) SELECT b.band, p.id, p.geom_3857, {fields} FROM {published} p"
            " JOIN {bands} b ON b.id = p.id WHERE b.band <= {last} ORDER BY b.band, p.id"
        ).format(
            pyramid=_pyramid(layer),
            fields=_fields(layer),
            published=sql.Identifier("published", layer.id),
            bands=_BANDS_TABLE,
            last=sql.Literal(last_band),
        )
    )


def _fields(layer: Layer) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, published_field_names(layer)))


def _pyramid(layer: Layer) -> sql.Identifier:
    return sql.Identifier("published", f"{layer.id}_pyramid")


def _clear(connection: Connection, layer: Layer) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(_pyramid(layer)))


def _scalar(connection: Connection, query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
