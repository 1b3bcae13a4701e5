# SPDX-License-Identifier: MIT
"""A service that fails in whatever way leaves the layer as it was, and the reason is noted for the operator."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pytest

from loaders.harvest.run import Harvester
from loaders.undo import undo_load
from server.catalog.harvests import Harvest
from server.catalog.read import read_catalog
from server.config import Settings
from server.db.harvests import read_harvest_states, take_harvest
from server.db.pool import Database
from server.errors import XanhError
from server.publish.migrate import migrate
from tests.db.agency import Agency, Answer, Asked, geojson, gml

Pages = Callable[[int], Answer]


@pytest.fixture(scope="module")
def agency() -> Iterator[Agency]:
    made = Agency()
    yield made
    made.close()


@pytest.fixture(scope="module")
def harvester(database: Database, settings: Settings) -> Harvester:
    """A province that may read services of one address of this machine, within narrow limits."""
    catalog = read_catalog(settings)
    with database.owner() as connection:
        migrate(connection, catalog)
    told = {"allowed_networks": ("127.0.0.1/32",), "page_size": 2, "max_pages": 6, "silent_seconds": 0.5, "max_page_bytes": 100_000}
    return Harvester(database, catalog, settings.model_copy(update={"harvests": settings.harvests.model_copy(update=told)}))


@pytest.fixture(autouse=True)
def _three_places(agency: Agency, harvester: Harvester) -> None:
    """They are there from an earlier harvest."""
    agency.be_wfs(whole)
    agency.promised = 0
    if codes_of(harvester) != ["A", "B", "C"]:
        with harvester.database.owner() as connection:
            connection.execute("TRUNCATE official.places, history.places, published.places CASCADE")
        harvester.run("agency", wfs(agency))


def whole(start: int) -> Answer:
    return gml(["A", "B", "C"][start : start + 2])


def wfs(agency: Agency, **more: object) -> Harvest:
    told = {"layer": "places", "url": f"{agency.address}/wfs", "type_name": "a:place", "mode": "sync"}
    return Harvest.model_validate(told | more)


def api(agency: Agency) -> Harvest:
    return wfs(agency, service="features", url=f"{agency.address}/api", type_name="place")


def codes_of(harvester: Harvester) -> list[str]:
    with harvester.database.owner() as connection:
        return [row[0] for row in connection.execute("SELECT code FROM published.places ORDER BY code").fetchall()]


def refused(harvester: Harvester, harvest: Harvest) -> str:
    """What a run is refused with; the layer is as it was, the reason noted."""
    with pytest.raises(XanhError) as caught:
        harvester.run("agency", harvest)
    assert codes_of(harvester) == ["A", "B", "C"]
    with harvester.database.writer() as connection:
        state = read_harvest_states(connection)["agency"]
    assert state.message == caught.value.message
    assert state.failures >= 1
    assert state.ended_at is not None
    return caught.value.message


def text(body: bytes, status: int = 200, kind: str = "text/xml") -> Pages:
    return lambda _: (status, kind, body)


def then(first: Answer, others: Answer) -> Pages:
    return lambda start: others if start else first


_TWO = gml(["A", "B"])
_FAULT = (
    b"<ExceptionReport><Exception exceptionCode='NoApplicableCode'><ExceptionText>ORA-01017</ExceptionText></Exception></ExceptionReport>"
)
_END = b"</wfs:FeatureCollection>"
BROKEN: dict[str, Pages] = {
    "status 500: out of memory": then(_TWO, (500, "text/plain", b"out of memory")),
    "with 'html' instead of features": text(b"<html><body>Please sign in</body></html>", kind="text/html"),
    "DOCTYPE is not accepted; it begins '<!doctype html>": text(b"<!DOCTYPE html><p>Please sign in", kind="text/html"),
    "not well-formed": then(_TWO, (200, "text/xml", _TWO[2][:-40])),
    "with a DOCTYPE": text(b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
    "refused: ORA-01017": then(_TWO, (200, "text/xml", _FAULT)),
    "broke off: .*disk full": then(
        _TWO, (200, "text/xml", _TWO[2].replace(_END, b"<wfs:truncatedResponse>disk full</wfs:truncatedResponse>" + _END))
    ),
    "gives no feature": text(gml([])[2]),
    "has 3 features and gave 2": then(_TWO, gml([])),
    "has 3 features and gave 4": then(_TWO, gml(["C", "D"])),
    "code 'B' twice": then(_TWO, gml(["B"])),
    "more bytes than allowed": text(b"<a>" + b" " * 200_000 + b"</a>"),
    "gives no features": text(b'{"title": "gone"}'),
    "is no JSON": text(b'{"type": "FeatureCollection", "features": [{"ty'),
}


@pytest.mark.parametrize("why", list(BROKEN))
def test_a_broken_answer_loads_nothing(why: str, agency: Agency, harvester: Harvester) -> None:
    agency.be_wfs(BROKEN[why])
    told = refused(harvester, wfs(agency))
    assert re.search(why, told, re.IGNORECASE), told


def test_a_silent_service_is_given_up(agency: Agency, harvester: Harvester) -> None:
    def late(start: int) -> Answer:
        time.sleep(0.8)
        return whole(start)

    agency.be_wfs(late)
    assert "no answer in time" in refused(harvester, wfs(agency))


def test_an_answer_that_breaks_off_is_refused_whatever_came(agency: Agency, harvester: Harvester) -> None:
    agency.promised = 50
    assert "breaks off" in refused(harvester, wfs(agency))


def test_pages_without_end_are_refused(agency: Agency, harvester: Harvester) -> None:
    def endless(asked: Asked) -> dict[str, object]:
        number = int(asked.get("page", "0"))
        return geojson([f"N{number}"], f"{agency.address}/api/collections/place/items?page={number + 1}")

    agency.be_api(endless)
    assert "more pages than allowed" in refused(harvester, api(agency))
    agency.be_api(lambda asked: geojson(["A"], f"{agency.address}/api/collections/place/items?page={asked.get('page', '')}1"))
    assert "same page again and again" in refused(harvester, api(agency))


def test_redirects_and_next_links_never_lead_into_an_inner_network(agency: Agency, harvester: Harvester) -> None:
    inside = agency.address.replace("127.0.0.1", "127.0.0.2")
    agency.reply = lambda path, asked: f"{inside}{path}?{len(asked)}"
    assert "127.0.0.2 lies in a private network" in refused(harvester, wfs(agency))
    agency.be_api(lambda _: geojson(["A"], f"{inside}/api/collections/place/items?page=1"))
    assert "127.0.0.2 lies in a private network" in refused(harvester, api(agency))
    agency.be_api(lambda _: geojson(["A"], "file:///etc/passwd"))
    assert "is no address that is asked here" in refused(harvester, api(agency))
    agency.reply = lambda path, asked: f"{path}?{len(asked)}"
    assert "redirects in a circle" in refused(harvester, wfs(agency))


def test_a_service_of_an_inner_network_is_not_asked_unless_the_operator_allows_it(
    agency: Agency, harvester: Harvester, settings: Settings
) -> None:
    stranger = Harvester(harvester.database, harvester.catalog, settings)
    assert "harvests.allowed_networks" in refused(stranger, wfs(agency))


def test_a_name_the_service_does_not_have_is_answered_with_those_it_has(agency: Agency, harvester: Harvester) -> None:
    assert "has no feature type 'a:plaice'; it has a:place" in refused(harvester, wfs(agency, type_name="a:plaice"))
    assert "speaks WFS 2.0.0, not 1.1.0" in refused(harvester, wfs(agency, version="1.1.0"))


def test_a_service_that_lost_most_of_its_features_empties_no_layer(agency: Agency, harvester: Harvester) -> None:
    agency.be_wfs(text(gml(["A"])[2]), matched="1")
    assert "2 of 3 objects of layer places would be deleted (67%; at most 20% may)" in refused(harvester, wfs(agency))
    report, _ = harvester.run("agency", wfs(agency, max_deleted_percent=70))
    assert (report.result.deleted, codes_of(harvester)) == (2, ["A"])
    undo_load(harvester.database, harvester.catalog, report.load_id)
    assert codes_of(harvester) == ["A", "B", "C"]


def test_a_service_that_cannot_turn_pages_is_asked_for_everything_at_once(agency: Agency, harvester: Harvester) -> None:
    agency.be_wfs(text(gml(["A", "B", "D", "E"])[2]), matched="unknown")
    report, _ = harvester.run("agency", wfs(agency, mode="upsert"))
    assert (report.result.inserted, codes_of(harvester)) == (2, ["A", "B", "C", "D", "E"])


def test_a_trial_says_what_would_happen_and_changes_nothing(agency: Agency, harvester: Harvester) -> None:
    agency.be_wfs(text(gml(["A", "D"])[2]), matched="2")
    plan, result = harvester.try_out("agency", wfs(agency))
    assert (plan.info.row_count, result.inserted, result.deleted, codes_of(harvester)) == (2, 1, 2, ["A", "B", "C"])


def test_one_harvest_runs_once_at_a_time(agency: Agency, harvester: Harvester) -> None:
    with harvester.database.writer() as other:
        assert take_harvest(other, "agency")
        with pytest.raises(XanhError, match="being harvested already"):
            harvester.run("agency", wfs(agency))
