# SPDX-License-Identifier: MIT
"""Services of other agencies are harvested like files: WFS 1.1.0 and 2.0.0 and OGC API Features of the served demo province, into a store
of its own; additions, changes and deletions are found by key."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.harvest.run import Harvester
from server.catalog.harvests import Harvest
from server.catalog.read import read_catalog
from server.config import Settings
from server.db.harvests import read_harvest_states
from server.db.pool import Database
from server.publish.migrate import migrate

LAYER = "places"
LINKS = ("commune", "province")  # those of the other province, which has numbers of its own


@pytest.fixture(scope="module")
def harvester(database: Database, settings: Settings) -> Harvester:
    """A province without data that may read services of this machine, four hundred features at a time."""
    catalog = read_catalog(settings)
    with database.owner() as connection:
        migrate(connection, catalog)
    bound = settings.harvests.model_copy(update={"allowed_networks": ("127.0.0.0/8",), "page_size": 400})
    return Harvester(database, catalog, settings.model_copy(update={"harvests": bound}))


@pytest.fixture(autouse=True)
def _empty(harvester: Harvester) -> None:
    with harvester.database.owner() as connection:
        connection.execute("TRUNCATE official.places, history.places, published.places CASCADE")


def count(database: Database, condition: str = "true") -> int:
    with database.owner() as connection:
        row = connection.execute(f"SELECT count(*) FROM published.places WHERE {condition}").fetchone()
    assert row is not None
    return int(row[0])


def harvests(served: str) -> dict[str, Harvest]:
    return {
        "wfs_1": Harvest(layer=LAYER, url=f"{served}/wfs", version="1.1.0", type_name="xanh:places", mode="sync", leave_out=LINKS),
        "wfs_2": Harvest(layer=LAYER, url=f"{served}/wfs", version="2.0.0", type_name="places", mode="sync", leave_out=LINKS),
        "ogc": Harvest(layer=LAYER, service="features", url=f"{served}/ogcapi", type_name="places", mode="sync", leave_out=LINKS),
    }


@pytest.mark.parametrize("kind", ["wfs_1", "wfs_2", "ogc"])
def test_every_kind_of_service_brings_all_features_in_their_places(kind: str, harvester: Harvester, served: str, demo: Database) -> None:
    report, files = harvester.run(kind, harvests(served)[kind])
    assert report.result.rejected == 0, report.result.reasons[:3]
    assert report.result.inserted == count(demo) > 800
    with demo.owner() as theirs, harvester.database.owner() as ours:
        asked = "SELECT code, name, round(ST_X(geom)::numeric, 6), round(ST_Y(geom)::numeric, 6) FROM published.places ORDER BY code"
        assert ours.execute(asked).fetchall() == theirs.execute(asked).fetchall()
        state = read_harvest_states(ours)[kind]
    assert (state.load_id, state.failures) == (report.load_id, 0)
    assert {"report.html", "report.json"} <= {Path(file).name for file in files}
    again, _ = harvester.run(kind, harvests(served)[kind])
    assert (again.result.unchanged, again.result.inserted, again.result.deleted) == (report.result.inserted, 0, 0)
