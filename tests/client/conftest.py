# SPDX-License-Identifier: MIT
"""What foreign clients are compared with: the layers of the catalogue and the rows the database holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql
from werkzeug.serving import make_server

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.read import read_catalog
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from tests.client.desktop import ask_qgis
from tests.editing_province import PASSWORD, make_app

Qgis = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Province:
    """The served demo province as SQL sees it."""

    address: str
    catalog: Catalog
    database: Database

    @property
    def layers(self) -> list[Layer]:
        """Layers with rows."""
        return list(self.catalog.feature_layers())

    @property
    def counts(self) -> dict[str, int]:
        """Published features per layer, counted row by row."""
        return {layer.id: self.count(layer.id) for layer in self.layers}

    def count(self, layer_id: str, condition: str = "TRUE") -> int:
        """Published features of one layer for which a condition of the test holds."""
        statement = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(sql.Identifier("published", layer_id), sql.SQL(condition))
        with self.database.reader() as connection:
            row = connection.execute(statement).fetchone()
        assert row is not None
        return int(row[0])

    def positions(self, layer_id: str) -> dict[int, tuple[float, float]]:
        """Longitude and latitude of each point of a layer by id."""
        statement = sql.SQL("SELECT id, ST_X(geom), ST_Y(geom) FROM {}").format(sql.Identifier("published", layer_id))
        with self.database.reader() as connection:
            return {row[0]: (row[1], row[2]) for row in connection.execute(statement).fetchall()}


@pytest.fixture(scope="session")
def province(served: str, demo: Database, settings: Settings) -> Province:
    """The demo province behind a real web server."""
    return Province(served, read_catalog(settings), demo)


@pytest.fixture(scope="module")
def address(context: Context) -> Iterator[str]:
    """The services of the province the test module edits, behind HTTP."""
    server = make_server("127.0.0.1", 0, make_app(context), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture
def qgis(address: str, tmp_path: Path) -> Qgis:
    """A session of QGIS with a fresh profile: (account, layers) to what became of them."""

    def run(account: str | None, *layers: dict[str, Any], version: str = "1.1.0") -> dict[str, Any]:
        asked = {"address": address, "user": account, "password": PASSWORD, "version": version, "layers": layers}
        answer: dict[str, Any] = ask_qgis("qgis_session", tmp_path, asked)
        return answer

    return run
