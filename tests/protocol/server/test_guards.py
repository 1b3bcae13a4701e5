# SPDX-License-Identifier: MIT
"""What holds for every request: ceilings, headers, errors that give nothing away."""

from __future__ import annotations

import io
import logging
import re

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from server.config import Limits, Server, Settings
from server.errors import AccessDenied, InvalidParameter, LayerNotDefined, ServerFault
from server.guards import install_guards


@pytest.fixture
def guarded() -> FlaskClient:
    """A small application behind the guards."""
    app = Flask("guarded")
    install_guards(app, Settings(limits=Limits(max_body_bytes=1000, max_query_bytes=500), server=Server(trusted_proxies=1)))
    faults = {
        "client": InvalidParameter("width must be positive", locator="width"),
        "absent": LayerNotDefined("There is no layer 'x'."),
        "denied": AccessDenied("Not yours."),
        "ours": ServerFault("database gone"),
        "bug": KeyError("SELECT secret FROM official.thing"),
    }

    @app.get("/fail/<kind>")
    def fail(kind: str) -> str:
        raise faults[kind]

    @app.route("/echo", methods=["GET", "POST"])
    def echo() -> dict[str, object]:
        return {"bytes": len(request.get_data()), "url": request.url}

    @app.get("/wms")
    def wms() -> str:
        return "map"

    return app.test_client()


def test_a_long_query_string_is_refused_with_414(guarded: FlaskClient) -> None:
    assert guarded.get("/echo?" + "a" * 501).status_code == 414
    assert guarded.get("/echo?" + "a" * 500).status_code == 200


def test_a_large_body_is_refused_with_413(guarded: FlaskClient) -> None:
    assert guarded.post("/echo", data=b"x" * 1001).status_code == 413
    assert guarded.post("/echo", data=b"x" * 1000).get_json()["bytes"] == 1000


def test_a_body_in_chunks_is_refused_rather_than_cut_off(guarded: FlaskClient) -> None:
    for length, status in ((999, 200), (1001, 413), (100_000, 413)):
        chunked = {"wsgi.input": io.BytesIO(b"x" * length), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        answer = guarded.post("/echo", environ_overrides=chunked)
        assert answer.status_code == status
        assert status == 413 or answer.get_json()["bytes"] == length


@pytest.mark.parametrize(("kind", "status"), [("client", 400), ("absent", 404), ("denied", 403)])
def test_mistakes_of_the_client_are_told(guarded: FlaskClient, kind: str, status: int) -> None:
    answer = guarded.get(f"/fail/{kind}")
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")


@pytest.mark.parametrize("kind", ["ours", "bug"])
def test_our_mistakes_show_an_id_that_leads_to_one_trace(guarded: FlaskClient, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = guarded.get(f"/fail/{kind}")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "database gone" not in answer.text
    found = re.search(r"\b[0-9a-f]{8}\b", answer.text)
    assert found is not None
    traces = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(traces) == 1
    assert found.group() in traces[0].getMessage()
    assert traces[0].exc_info is not None


def test_a_wrong_method_names_the_right_ones(guarded: FlaskClient) -> None:
    answer = guarded.delete("/echo")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_every_answer_carries_the_security_headers(guarded: FlaskClient) -> None:
    for path in ("/echo", "/nothing", "/fail/bug"):
        headers = guarded.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "Referrer-Policy" in headers


def test_open_services_may_be_read_by_other_sites_and_nothing_else(guarded: FlaskClient) -> None:
    assert guarded.get("/wms").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in guarded.get("/echo").headers


def test_the_access_log_is_one_clean_line(guarded: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    guarded.get("/echo?a=%0Afake%20line&b=\x1b[31m")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO xanh.access 127.0.0.1 GET /echo", lines[0])
    assert lines[0].isascii()
    assert lines[0].isprintable()


def test_the_proxy_tells_the_outer_address_when_configured(guarded: FlaskClient) -> None:
    answer = guarded.get("/echo", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "map.example"})
    assert answer.get_json()["url"] == "https://map.example/echo"
