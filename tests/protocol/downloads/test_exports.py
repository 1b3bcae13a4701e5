# SPDX-License-Identifier: MIT
"""Files made in the background: asked for, watched, fetched, expired; interrupted and begun again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyogrio
import pytest
from flask.testing import FlaskClient
from procrastinate.exceptions import JobAborted

from server.access import ANONYMOUS, Identity
from server.context import Context
from server.crs.definitions import find_crs
from server.crs.identify import identify_wkt
from server.filter.tree import And, Comparison, Constant, Period, Property, Spatial
from server.jobs.export import find_export, make_export
from server.jobs.question import read_questions, write_questions
from server.jobs.tidy import tidy_exports
from server.query.features import FeatureQuery, SortKey
from server.state import StateDir
from tests.small_province import WELL_COUNT, ZONE_COUNT

ITEMS = "/ogcapi/collections/wells/items"


@pytest.fixture(autouse=True)
def empty_queue(context: Context) -> Iterator[None]:
    folder = StateDir(context.settings.var).exports
    before = _list(folder)
    yield
    with context.database.writer() as connection:
        connection.execute("DELETE FROM xanh.procrastinate_jobs")
        connection.execute("UPDATE xanh.export SET expires_at = now() - interval '1 s'")
    tidy_exports(context)
    assert _list(folder) <= before


def _list(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()} if folder.exists() else set()


def ask(api: FlaskClient, query: str = "f=gpkg") -> dict[str, Any]:
    answer = api.get(f"{ITEMS}?{query}")
    assert answer.status_code == 202, answer.text
    status: dict[str, Any] = answer.get_json()
    assert answer.headers["Location"].endswith(f"/exports/{status['id']}")
    return status


def test_a_large_file_is_made_in_the_background_and_fetched(api: FlaskClient, run_jobs: Callable[[], None], tmp_path: Path) -> None:
    status = ask(api)
    address = f"/exports/{status['id']}"
    assert (status["state"], status["progress"], status["rowsTotal"]) == ("waiting", 0, WELL_COUNT)
    assert api.get(f"{address}/file").status_code == 404
    run_jobs()
    status = api.get(address).get_json()
    assert (status["state"], status["progress"], status["rowsDone"]) == ("done", 100, WELL_COUNT)
    link = next(link for link in status["links"] if link["rel"] == "enclosure")
    answer = api.get(link["href"])
    assert answer.content_length == status["bytes"] == len(answer.data)
    assert "filename*=UTF-8''Gi%E1%BA%BFng%20quan%20tr%E1%BA%AFc.gpkg" in answer.headers["Content-Disposition"]
    (tmp_path / "wells.gpkg").write_bytes(answer.data)
    assert pyogrio.read_info(tmp_path / "wells.gpkg")["features"] == WELL_COUNT


def test_the_page_speaks_both_languages_and_renews_itself_until_the_file_is_there(api: FlaskClient, run_jobs: Callable[[], None]) -> None:
    address = f"/exports/{ask(api, 'f=xlsx&lang=en')['id']}"
    page = api.get(address, headers={"Accept": "text/html"})
    assert "Waiting for its turn" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "Đang chờ" in api.get(f"{address}?f=html&lang=vi").text
    run_jobs()
    page = api.get(f"{address}?f=html&lang=vi")
    assert "Tải tệp về" in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_the_file_holds_what_was_asked_for(api: FlaskClient, run_jobs: Callable[[], None], tmp_path: Path) -> None:
    box, crs = "bbox=105.3,9.9,106,10.3", "crs=http://www.opengis.net/def/crs/EPSG/0/9210"
    query = f"f=fgb&kind=auto&{box}&{crs}&properties=name,kind"
    matched = api.get(f"{ITEMS}?{query.replace('f=fgb', 'f=json')}&limit=1").get_json()["numberMatched"]
    assert matched < 500
    status = ask(api, f"f=fgb&{box}&{crs}&properties=name")
    run_jobs()
    (tmp_path / "wells.fgb").write_bytes(api.get(f"/exports/{status['id']}/file").data)
    info = pyogrio.read_info(tmp_path / "wells.fgb")
    assert (identify_wkt(info["crs"]), list(info["fields"]), info["features"]) == (find_crs(9210), ["id", "name"], status["rowsTotal"])


def test_one_client_has_only_so_many_files_in_the_making(api: FlaskClient) -> None:
    ask(api)
    ask(api, "f=xlsx")
    answer = api.get(f"{ITEMS}?f=fgb")
    assert answer.status_code == 400
    assert "2 files of one client" in answer.text


def test_several_layers_wait_together_for_one_file(api: FlaskClient, run_jobs: Callable[[], None], tmp_path: Path) -> None:
    answer = api.get("/wfs?SERVICE=WFS&REQUEST=GetFeature&TYPENAME=zones,wells&OUTPUTFORMAT=gpkg&SRSNAME=EPSG:9210&PROPERTYNAME=(*)(code)")
    assert answer.status_code == 202
    status = answer.get_json()
    assert (status["collection"], status["rowsTotal"]) == ("zones,wells", ZONE_COUNT + WELL_COUNT)
    assert "Khu, Giếng quan trắc" in api.get(f"/exports/{status['id']}?f=html&lang=vi").text
    run_jobs()
    assert api.get(f"/exports/{status['id']}").get_json()["rowsDone"] == ZONE_COUNT + WELL_COUNT
    answer = api.get(f"/exports/{status['id']}/file")
    named = f"filename=\"zones_wells.gpkg\"; filename*=UTF-8''{quote('Khu, Giếng quan trắc.gpkg')}"
    assert named in answer.headers["Content-Disposition"]
    (tmp_path / "both.gpkg").write_bytes(answer.data)
    tables = {str(name): pyogrio.read_info(tmp_path / "both.gpkg", layer=str(name)) for name in ("zones", "wells")}
    assert {name: table["features"] for name, table in tables.items()} == {"zones": ZONE_COUNT, "wells": WELL_COUNT}
    assert list(tables["wells"]["fields"]) == ["id", "code"]


@pytest.mark.parametrize("guess", ["x", "0" * 32, "..", "a" * 500, "'; DROP TABLE xanh.export; --"])
def test_nobody_guesses_a_file(guess: str, api: FlaskClient) -> None:
    assert api.get(f"/exports/{guess}").status_code == 404
    assert api.get(f"/exports/{guess}/file").status_code == 404


def test_an_expired_file_is_gone(api: FlaskClient, run_jobs: Callable[[], None], context: Context) -> None:
    number = ask(api)["id"]
    run_jobs()
    folder = StateDir(context.settings.var).exports / number
    assert folder.is_dir()
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.export SET expires_at = now() - interval '1 s' WHERE id = %s", [number])
    assert api.get(f"/exports/{number}").status_code == 404
    assert tidy_exports(context) == [number]
    assert not folder.exists()


def test_a_job_whose_worker_was_lost_is_done_by_the_next_one(api: FlaskClient, run_jobs: Callable[[], None], context: Context) -> None:
    number = ask(api)["id"]
    half = StateDir(context.settings.var).exports / number
    half.mkdir()
    (half / "features.gpkg").write_bytes(b"half a file")
    with context.database.writer() as connection:
        connection.execute("UPDATE xanh.procrastinate_jobs SET status = 'doing', worker_id = NULL")
        connection.execute("UPDATE xanh.export SET state = 'running', rows_done = 7")
    run_jobs()
    assert api.get(f"/exports/{number}").get_json()["state"] == "done"


def test_a_worker_that_is_told_to_stop_leaves_the_job_for_the_next(api: FlaskClient, context: Context) -> None:
    class Stop:
        def should_abort(self) -> bool:
            return True

    number = ask(api)["id"]
    with pytest.raises(JobAborted):
        make_export(context, number, Stop())  # type: ignore[arg-type]
    found = find_export(context, number)
    assert found is not None
    assert found.state == "waiting"


def test_a_file_that_cannot_be_made_says_why(api: FlaskClient, run_jobs: Callable[[], None], context: Context) -> None:
    number = ask(api, "f=gpkg&lang=vi")["id"]
    with context.database.writer() as connection:
        connection.execute("""UPDATE xanh.export SET question = jsonb_set(question, '{layer}', '"secrets"')""")
    run_jobs()
    status = api.get(f"/exports/{number}").get_json()
    assert status["state"] == "failed"
    assert status["message"] == "Không còn lớp 'secrets'."
    assert "Không tạo được tệp" in api.get(f"/exports/{number}?f=html").text


def test_a_question_survives_being_written_down(context: Context) -> None:
    wells = context.catalog.layers["wells"]
    shape = {"type": "Point", "coordinates": [105.5, 10.1]}
    from datetime import UTC, date, datetime

    from server.filter.tree import GeometryLiteral, In

    where = And(
        (
            Comparison("=", Property("kind"), Constant("auto")),
            In(Property("opened"), (date(2020, 1, 2), None, 3, 1.5, True)),
            Period(datetime(2020, 1, 1, tzinfo=UTC), None),
            Spatial("dwithin", GeometryLiteral(shape, 4326), 10.0),
        )
    )
    query = FeatureQuery(wells, ("name",), where, (SortKey("name", True),), 100, 5, None, 9210, with_geometry=False)
    assert read_questions(context, write_questions((query,), ANONYMOUS)) == (query,)
    assert read_questions(context, write_questions((query, FeatureQuery(wells)), ANONYMOUS)) == (query, FeatureQuery(wells))


def test_a_question_is_asked_with_the_rights_of_who_asked_it(context: Context) -> None:
    secrets = context.catalog.layers["secrets"]
    editor = Identity("lan", frozenset({"editor"}), frozenset({"secrets"}))
    stored = write_questions((FeatureQuery(secrets),), editor)
    assert [query.store for query in read_questions(context, stored)] == ["official"]
    assert stored["asker"] == ["lan", ["editor"], ["secrets"]]
    with pytest.raises(Exception, match="no layer 'secrets'"):
        read_questions(context, {**stored, "asker": None})
    with pytest.raises(Exception, match="no layer 'secrets'"):
        read_questions(
            context, {**write_questions((FeatureQuery(context.catalog.layers["wells"]),), ANONYMOUS), "others": [{**stored, "asker": None}]}
        )
