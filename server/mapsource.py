# SPDX-License-Identifier: MIT
"""What the map engine of this installation reads: put together here, because rendering knows no database and the database no styles."""

from __future__ import annotations

from server.catalog.model import Layer
from server.context import Context
from server.db.maptable import TableColumns, map_table_sql
from server.db.spots import read_spots, write_spots_sql
from server.errors import LimitExceeded
from server.features.rasters import list_rasters
from server.filter.tree import Node
from server.query.moments import is_within
from server.query.spots import Box, SpotQuestion, SpotReader, Spots
from server.render.source import MapSource, PostgisConnection, RasterFile, TableQuestion
from server.style.shelf import load_styles


def make_map_source(context: Context) -> MapSource:
    """The source of every map. Raises ConfigError for an unreadable style file."""
    settings = context.settings
    login = context.database.reader_login()

    def write_table(question: TableQuestion) -> str:
        columns = TableColumns(question.fields, question.computed, question.cuts)
        return map_table_sql(question.layer, columns, band=question.band, where=question.where, sort=question.sort_by)

    def write_spots(question: SpotQuestion) -> SpotReader:
        statement = write_spots_sql(question)

        def read(box: Box) -> Spots:
            with context.database.reader() as connection:
                return read_spots(connection, statement, box)

        return read

    def find_rasters(layer: Layer, where: Node | None) -> tuple[RasterFile, ...]:
        known = list_rasters(context, layer)
        chosen = [raster for raster in known if raster.moment is None or is_within(raster.moment, where)] if where else known[-1:]
        if len(chosen) > settings.limits.max_map_layers:
            raise LimitExceeded(f"A map shows at most {settings.limits.max_map_layers} rasters of a layer.", locator="TIME")
        return tuple(RasterFile(raster.path, layer.storage_crs) for raster in chosen)

    return MapSource(
        connection=PostgisConnection(
            host=login.host,
            port=login.port,
            dbname=login.dbname,
            user=login.user,
            password=login.password,
            timeout_ms=int(settings.database.statement_timeout_s * 1000),
            pool_size=settings.database.pool_size,
        ),
        table_sql=write_table,
        raster_files=find_rasters,
        styles=load_styles(settings.styles_dir),
        assets_dir=settings.styles_dir / "assets",
        symbols_dir=settings.var / "symbols",
        spots=write_spots,
    )
