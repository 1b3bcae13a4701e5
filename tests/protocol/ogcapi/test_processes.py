# SPDX-License-Identifier: MIT
"""OGC API - Processes: buffer, clip and figures by zone, waited for or in the background; rights, ceilings, hostile inputs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from flask import Flask
from procrastinate import JobContext
from procrastinate.exceptions import JobAborted
from shapely.geometry import shape

from server.config import Processes
from server.context import Context
from server.jobs.process import result_path, tidy_jobs, work_out
from server.jobs.worker import work
from server.mapsource import make_map_source
from server.ogcapi.around import blueprints as around_ogcapi
from server.ogcapi.processes import _AT_ONCE
from server.render.map import MapRenderer
from server.tiles.desk import build_desk
from tests.editing_province import make_app
from tests.protocol.ogcapi.editor import Editor

BUFFER = "/ogcapi/processes/buffer/execution"
CLIP = "/ogcapi/processes/clip/execution"
FIGURES = "/ogcapi/processes/statistics/execution"
HALF = {"type": "Polygon", "coordinates": [[[105, 10], [105.55, 10], [105.55, 11], [105, 11], [105, 10]]]}
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture(scope="module")
def processing(edited: Context) -> Context:
    """The editing province with small ceilings: three wells, three equal zones, a canal."""
    ours = Processes(max_features=2, max_sync_features=3, max_per_client=2)
    wide = ours.model_copy(update={"max_features": 3})
    return replace(edited, settings=edited.settings.model_copy(update={"processes": wide}))


@pytest.fixture(scope="module")
def app(processing: Context) -> Flask:
    """Its services."""
    app = make_app(processing)
    for room in around_ogcapi(build_desk(processing, MapRenderer(make_map_source(processing)))):
        app.register_blueprint(room)
    return app


@pytest.fixture
def someone(app: Flask, processing: Context) -> Editor:
    """Without credentials."""
    with processing.database.writer() as connection:
        connection.execute("DELETE FROM xanh.process_job")
        connection.execute("DELETE FROM xanh.procrastinate_jobs")
    return Editor(app.test_client(), processing)


def run(who: Editor, path: str, inputs: Any, **further: Any) -> Any:
    answer = who.send("POST", path, {"inputs": inputs, **further}, Content_Type="application/json")
    assert answer.status_code == 200, answer.text
    return answer.get_json(force=True)


def order(who: Editor, path: str, inputs: Any) -> str:
    answer = who.send("POST", path, {"inputs": inputs}, Content_Type="application/json", **ASYNC)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.get_json()["status"] == "accepted"
    return answer.headers["Location"].removeprefix("http://localhost")


def test_processes_are_described_with_links_that_answer(someone: Editor) -> None:
    listed = someone.get("/ogcapi/processes").get_json()
    assert [each["id"] for each in listed["processes"]] == ["buffer", "clip", "statistics"]
    for each in listed["processes"]:
        found = someone.get(each["links"][0]["href"].removeprefix("http://localhost") + "?lang=en").get_json()
        assert {"id", "title", "version", "inputs", "outputs", "jobControlOptions"} <= set(found)
        assert "secrets" not in json.dumps(found)
        assert "wells" in found["inputs"]["layer"]["schema"]["enum"]


def test_processes_have_a_page_in_both_languages(someone: Editor) -> None:
    assert "<h1>Xử lý dữ liệu</h1>" in someone.get("/ogcapi/processes?f=html").text
    page = someone.get("/ogcapi/processes/clip?f=html&lang=en").text
    assert "What of features lies inside an area." in page
    assert "/ogcapi/processes/clip/execution" in page


def test_a_buffer_has_the_area_of_its_circle_and_keeps_properties(someone: Editor) -> None:
    made = run(someone, BUFFER, {"layer": "wells", "distance": 1000, "filter": "code = 'G2'"})
    (feature,) = made["features"]
    assert feature["properties"]["code"] == "G2"
    west, south, east, north = shape(feature["geometry"]).bounds
    assert (east - west) * 109_500 == pytest.approx(2000, rel=0.01)
    assert (north - south) * 110_600 == pytest.approx(2000, rel=0.01)


def test_buffers_dissolve_into_one_area(someone: Editor) -> None:
    made = run(someone, BUFFER, {"layer": "wells", "distance": 3000, "dissolve": True})
    (feature,) = made["features"]
    assert feature["properties"] == {"features": 3}
    assert feature["geometry"]["type"] == "Polygon"
    nothing = run(someone, BUFFER, {"layer": "wells", "distance": 1, "dissolve": True, "filter": "code = 'none'"})
    assert nothing == {"type": "FeatureCollection", "features": []}


def test_a_clip_keeps_what_lies_inside(someone: Editor) -> None:
    zones = run(someone, CLIP, {"layer": "zones", "geometry": HALF})["features"]
    assert len(zones) == 3
    assert shape(zones[0]["geometry"]).bounds == pytest.approx((105, 10, 105.55, 11))
    canals = run(someone, CLIP, {"layer": "canals", "geometry": HALF})["features"]
    assert shape(canals[0]["geometry"]).bounds == pytest.approx((105.5, 10.4, 105.55, 10.45), abs=1e-3)
    whole = run(someone, CLIP, {"layer": "wells", "zones": "zones", "zone": 1})["features"]
    assert {feature["properties"]["code"] for feature in whole} == {"G1", "G2", "G3"}


def test_figures_are_told_zone_by_zone(someone: Editor) -> None:
    made = run(someone, FIGURES, {"layer": "wells", "zones": "zones", "fields": ["depth"]})
    assert (made["layer"], made["zones"]) == ("wells", "zones")
    assert [(row["zone"], row["title"], row["features"]) for row in made["rows"]] == [(n, f"Khu {n}", 3) for n in (1, 2, 3)]
    assert made["rows"][0]["fields"]["depth"] == {"count": 3, "sum": 60, "min": 10, "max": 30, "mean": 20}
    canals = run(someone, FIGURES, {"layer": "canals", "zones": "zones"}, response="document")["result"]
    assert canals["mediaType"] == "application/json"
    assert canals["value"]["rows"][0]["length_km"] == pytest.approx(15.5, rel=0.01)


def test_a_job_is_worked_out_in_the_background_fetched_and_dismissed(someone: Editor, processing: Context) -> None:
    job = order(someone, BUFFER, {"layer": "wells", "distance": 500})
    early = someone.get(f"{job}/results")
    assert (early.status_code, early.get_json()["type"].rpartition("/")[2]) == (404, "result-not-ready")
    asyncio.run(work(processing, until_empty=True))
    status = someone.get(job).get_json()
    assert (status["status"], status["processID"], status["progress"]) == ("successful", "buffer", 100)
    assert {"started", "finished", "expires"} <= set(status)
    link = next(link for link in status["links"] if link["rel"].endswith("/results"))
    result = someone.get(link["href"].removeprefix("http://localhost"))
    assert result.content_type.startswith(link["type"])
    assert len(result.get_json(force=True)["features"]) == 3
    assert someone.send("DELETE", job).get_json()["status"] == "dismissed"
    assert someone.get(f"{job}/results").status_code == 404
    assert not result_path(processing, status["jobID"]).exists()


def test_a_job_dismissed_before_its_turn_is_never_begun(someone: Editor, processing: Context) -> None:
    job = order(someone, CLIP, {"layer": "zones", "geometry": HALF})
    someone.send("DELETE", job)
    asyncio.run(work(processing, until_empty=True))
    assert someone.get(job).get_json()["status"] == "dismissed"


@dataclass
class Told:
    """What a job asks whether it is to stop: it is told `answer`, after `first` was done."""

    answer: bool
    first: Callable[[], object]

    def should_abort(self) -> bool:
        self.first()
        return self.answer


def test_a_running_job_ends_when_it_is_dismissed_and_waits_again_when_the_worker_stops(someone: Editor, processing: Context) -> None:
    job = order(someone, BUFFER, {"layer": "wells", "distance": 5})
    name = job.rpartition("/")[2]
    with pytest.raises(JobAborted):
        work_out(processing, name, cast(JobContext, Told(True, lambda: someone.get(job))))
    assert someone.get(job).get_json()["status"] == "accepted"
    work_out(processing, name, cast(JobContext, Told(False, lambda: someone.send("DELETE", job))))
    assert someone.get(job).get_json()["status"] == "dismissed"
    assert not result_path(processing, name).exists()


def test_a_job_that_fails_says_why_in_both_languages(someone: Editor, processing: Context) -> None:
    job = order(someone, CLIP, {"layer": "wells", "zones": "zones", "zone": 99})
    work_out(processing, job.rpartition("/")[2])
    assert someone.get(f"{job}?lang=en").get_json()["message"] == "The layer 'zones' has no area with the id 99."
    assert someone.get(f"{job}?lang=vi").get_json()["message"].startswith("Lớp")
    assert someone.get(job).get_json()["status"] == "failed"


def test_jobs_of_an_account_are_for_that_account_and_listed_to_it_alone(someone: Editor, processing: Context, app: Flask) -> None:
    account, other = Editor(app.test_client(), processing, "duyet"), Editor(app.test_client(), processing, "xem")
    job = order(account, BUFFER, {"layer": "wells", "distance": 5})
    assert [each["jobID"] for each in account.get("/ogcapi/jobs").get_json()["jobs"]] == [job.rpartition("/")[2]]
    for who in (someone, other):
        assert who.get("/ogcapi/jobs").get_json()["jobs"] == []
        assert who.get(job).get_json()["type"].endswith("/no-such-job")
        assert who.send("DELETE", job).status_code == 404
    assert account.get(job).status_code == 200


def test_ceilings_on_features_and_jobs_are_told(someone: Editor, processing: Context) -> None:
    limits = Processes(max_features=2, max_sync_features=2, max_per_client=1)
    tight = replace(processing, settings=processing.settings.model_copy(update={"processes": limits}))
    app = make_app(tight)
    for room in around_ogcapi(build_desk(tight, MapRenderer(make_map_source(tight)))):
        app.register_blueprint(room)
    client = Editor(app.test_client(), tight)
    waited = client.send("POST", BUFFER, {"inputs": {"layer": "wells", "distance": 5}}, Content_Type="application/json")
    assert (waited.status_code, "respond-async" in waited.get_json()["detail"]) == (400, True)
    inputs = {"inputs": {"layer": "wells", "distance": 5}}
    assert client.send("POST", BUFFER, inputs, Content_Type="application/json", **ASYNC).status_code == 400
    order(client, BUFFER, {"layer": "wells", "distance": 5, "filter": "code = 'G1'"})
    inputs["inputs"]["filter"] = "code = 'G1'"
    second = client.send("POST", BUFFER, inputs, Content_Type="application/json", **ASYNC)
    assert (second.status_code, "one client" in second.get_json()["detail"]) == (400, True)


def test_few_are_waited_for_at_a_time_and_the_others_are_told_to_ask_again(someone: Editor) -> None:
    inputs = {"inputs": {"layer": "wells", "distance": 5}}
    held = [_AT_ONCE.acquire(blocking=False) for _ in range(2)]
    try:
        busy = someone.send("POST", BUFFER, inputs, Content_Type="application/json")
    finally:
        for _ in filter(None, held):
            _AT_ONCE.release()
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "5")
    assert someone.send("POST", BUFFER, inputs, Content_Type="application/json").status_code == 200


def test_expired_jobs_and_results_nobody_knows_go(someone: Editor, processing: Context) -> None:
    job = order(someone, BUFFER, {"layer": "wells", "distance": 5}).rpartition("/")[2]
    work_out(processing, job)
    stray = result_path(processing, "stray")
    stray.write_text("{}")
    with processing.database.writer() as connection:
        connection.execute("UPDATE xanh.process_job SET expires_at = now() - interval '1 s' WHERE id = %s", [job])
    assert tidy_jobs(processing) == [job]
    assert not stray.exists()
    assert not result_path(processing, job).exists()
    assert someone.get(f"/ogcapi/jobs/{job}").status_code == 404


@pytest.mark.parametrize(
    ("path", "inputs", "locator"),
    [
        (BUFFER, {}, "inputs.layer"),
        (BUFFER, {"layer": "wells"}, "inputs.distance"),
        (BUFFER, {"layer": "wells", "distance": 0}, "inputs.distance"),
        (BUFFER, {"layer": "wells", "distance": -5}, "inputs.distance"),
        (BUFFER, {"layer": "wells", "distance": 1e9}, "inputs.distance"),
        (BUFFER, {"layer": "wells", "distance": True}, "inputs.distance"),
        (BUFFER, {"layer": "wells", "distance": "5; DROP TABLE x"}, "inputs.distance"),
        (BUFFER, {"layer": "wells", "distance": 5, "dissolve": "yes"}, "inputs.dissolve"),
        (BUFFER, {"layer": "wells", "distance": 5, "colour": 1}, "inputs.colour"),
        (BUFFER, {"layer": "wells", "distance": 5, "filter": "code ="}, "inputs.filter"),
        (BUFFER, {"layer": "wells", "distance": 5, "filter": "phone = 'x'"}, "phone"),
        (BUFFER, {"layer": "wells", "distance": 5, "filter": ["x"]}, "inputs.filter"),
        (CLIP, {"layer": "wells"}, "inputs.geometry"),
        (CLIP, {"layer": "wells", "geometry": HALF, "zone": 1}, "inputs.geometry"),
        (CLIP, {"layer": "wells", "geometry": HALF, "zones": "zones"}, "inputs.zones"),
        (CLIP, {"layer": "wells", "geometry": {"type": "Point", "coordinates": [1, 2]}}, "inputs.geometry"),
        (CLIP, {"layer": "wells", "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}, "inputs.geometry"),
        (CLIP, {"layer": "wells", "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}}, "geometry"),
        (CLIP, {"layer": "wells", "zones": "zones", "zone": 2**70}, "inputs.zone"),
        (CLIP, {"layer": "wells", "zones": "wells", "zone": 1}, "inputs.zones"),
        (FIGURES, {"layer": "wells", "zones": "zones", "fields": ["code"]}, "inputs.fields"),
        (FIGURES, {"layer": "wells", "zones": "zones", "fields": ["depth", "depth"]}, "inputs.fields"),
    ],
)
def test_wrong_inputs_are_named(path: str, inputs: Any, locator: str, someone: Editor) -> None:
    for prefer in ({}, ASYNC) if locator.startswith("inputs") else ({},):
        answer = someone.send("POST", path, {"inputs": inputs}, Content_Type="application/json", **prefer)
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), answer.text
        assert answer.get_json()["locator"] == locator


@pytest.mark.parametrize("layer", ["secrets", "permits", "nothing", "../x", 5, None])
def test_layers_that_are_not_there_or_not_open_are_alike(layer: Any, someone: Editor) -> None:
    answer = someone.send("POST", BUFFER, {"inputs": {"layer": layer, "distance": 5}}, Content_Type="application/json")
    assert answer.status_code == (400 if layer is None else 404), answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"[" * 100_000, 400),
        (b'{"inputs": 5}', 400),
        (b'{"inputs": {"layer": "wells", "distance": NaN}}', 400),
        (b'{"inputs": {}, "subscriber": {"successUri": "http://127.0.0.1/"}}', 400),
        (b'{"inputs": {}, "response": "file"}', 400),
        (b'{"inputs": {}, "outputs": {"other": {}}}', 400),
        (b'{"inputs": {}, "outputs": {"result": {"transmissionMode": "reference"}}}', 400),
        (b"\xff\xfe", 400),
    ],
)
def test_bodies_that_are_no_execution_are_refused(body: bytes, status: int, someone: Editor) -> None:
    answer = someone.client.post(BUFFER, data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_what_is_not_there_is_said_with_the_type_of_the_standard(someone: Editor) -> None:
    assert someone.get("/ogcapi/processes/nothing").get_json()["type"].endswith("/no-such-process")
    assert someone.get("/ogcapi/jobs/nothing").get_json()["type"].endswith("/no-such-job")
    assert someone.get("/ogcapi/jobs/" + "x" * 500).status_code == 404
    assert someone.client.post(BUFFER, data="{}", content_type="text/plain").status_code == 415
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        refused = someone.client.open(BUFFER, method=method)
        assert (refused.status_code, refused.content_type) == (405, "application/problem+json")
        assert set(refused.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert someone.client.options(BUFFER).headers["Allow"] == "POST, OPTIONS"
    assert someone.client.get("/ogcapi/processes/nothing/execution").status_code == 404
    assert someone.client.get("/ogcapi/transactions").headers["Allow"] == "POST, OPTIONS"
    assert someone.client.post("/ogcapi/processes/nothing/execution", json={"inputs": {}}).status_code == 404
