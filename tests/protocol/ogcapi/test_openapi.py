# SPDX-License-Identifier: MIT
"""The OpenAPI documents are valid, and the services do what they say, whatever is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.context import Context
from server.mapsource import make_map_source
from server.ogcapi.around import blueprints as around_ogcapi
from server.render.map import MapRenderer
from server.tiles.desk import build_desk
from tests.editing_province import make_app
from tests.protocol.ogcapi.editor import Editor

EXAMPLES = 4
# That every text a schema allows be accepted is not asked: a filter is a language, and many a text is no filter.
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def fuzz(who: Editor, path: str) -> set[str]:
    """Ask every operation of a document with made-up parameters and bodies; answers their names. Raises for an answer it does not allow."""
    given_headers = {"Authorization": who.authorization} if who.name else {}
    schema = schemathesis.openapi.from_wsgi(path, who.client.application, headers=given_headers)
    asked = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result.err()
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=given_headers, checks=CHECKS)

        ask()
        asked.add(operation.label)
    return asked


@pytest.mark.parametrize("path", ["/ogcapi/openapi?f=json", "/ogcapi/openapi?f=json&lang=en", "/api/v1/openapi"])
def test_the_documents_are_valid_and_refer_to_nothing_elsewhere(path: str, anyone: Editor, reviewer: Editor) -> None:
    for who in (anyone, reviewer):
        text = who.get(path).text
        validate(json.loads(text))
        assert '"$ref": "http' not in text
        assert '"$ref":"http' not in text


def whole_app(context: Context) -> Flask:
    """Every room of the OGC API."""
    app = make_app(context)
    for room in around_ogcapi(build_desk(context, MapRenderer(make_map_source(context)))):
        app.register_blueprint(room)
    return app


def test_readers_get_what_the_document_says(edited: Context) -> None:
    asked = fuzz(Editor(whole_app(edited).test_client(), edited), "/ogcapi/openapi?f=json")
    assert {"GET /collections/wells/items", "GET /collections/wells/items/{featureId}/versions", "GET /conformance"} <= asked
    writing = [label for label in asked if label.startswith(("POST", "PUT", "PATCH", "DELETE"))]
    assert sorted(writing) == ["DELETE /jobs/{jobId}", *(f"POST /processes/{name}/execution" for name in ("buffer", "clip", "statistics"))]


def test_agencies_get_what_their_document_says(anyone: Editor) -> None:
    assert "GET /layers/{layer}/changes" in fuzz(anyone, "/api/v1/openapi")


def test_editors_get_what_the_document_says(edited: Context) -> None:
    asked = fuzz(Editor(whole_app(edited).test_client(), edited, "duyet"), "/ogcapi/openapi?f=json")
    assert {"POST /transactions", "POST /collections/wells/items", "PATCH /collections/wells/items/{featureId}"} <= asked


def test_editors_see_the_operations_that_write(reviewer: Editor) -> None:
    page = reviewer.get("/ogcapi/openapi?f=html").text
    assert "POST /transactions" in page
    assert "PATCH /collections/wells/items/{featureId}" in page
