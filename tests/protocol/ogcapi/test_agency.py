# SPDX-License-Identifier: MIT
"""/api/v1: layers, fields and code lists as plain JSON, and what keys may ask of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from server.access import SYSTEM
from server.accounts.keys import NewKey, add_key, list_use
from server.context import Context
from server.query.edits import Edit
from tests.editing_province import make_app
from tests.edits import apply_edits
from tests.protocol.ogcapi.editor import Editor


def test_every_public_layer_is_listed_with_revision_count_and_addresses_that_answer(anyone: Editor) -> None:
    index = anyone.get("/api/v1/").get_json()
    layers = anyone.get(index["layers"].removeprefix("http://localhost")).get_json()["layers"]
    assert {"wells", "zones"} <= {layer["id"] for layer in layers}
    assert "secrets" not in {layer["id"] for layer in layers}
    for layer in layers:
        for name in ("href", "changes", "features", "rows"):
            assert anyone.get(layer[name].removeprefix("http://localhost")).status_code == 200


def test_a_layer_says_its_fields_source_and_licence(anyone: Editor) -> None:
    layer = anyone.get("/api/v1/layers/wells").get_json()
    fields = {field["name"]: field for field in layer["fields"]}
    assert layer["licence"] == "MIT"
    assert "phone" not in fields
    assert fields["depth"] == {
        "name": "depth",
        "type": "number",
        "title": {"vi": "Độ sâu", "en": "Depth"},
        "required": False,
        "unit": "m",
        "codes": None,
        "layer": None,
    }
    assert anyone.get(fields["kind"]["codes"].removeprefix("http://localhost")).status_code == 200
    assert fields["zone"]["layer"].endswith("/api/v1/layers/zones")


def test_the_rows_of_a_layer_are_plain_objects_page_after_page(anyone: Editor) -> None:
    address, rows = "/api/v1/layers/wells/rows?limit=2", []
    while address:
        page = anyone.get(address).get_json()
        rows += page["rows"]
        address = (page["next"] or "").removeprefix("http://localhost")
    assert len(rows) == page["count"] > 2
    assert [row["id"] for row in rows] == sorted({row["id"] for row in rows})
    feature = anyone.get(f"/ogcapi/collections/wells/items/{rows[1]['id']}").get_json()
    assert rows[1] == {"id": feature["id"], **feature["properties"]}
    assert "phone" not in rows[1]


def test_rows_are_found_by_the_values_of_fields(anyone: Editor) -> None:
    every = anyone.get("/api/v1/layers/wells/rows").get_json()["rows"]
    wanted = every[0]["code"]
    page = anyone.get(f"/api/v1/layers/wells/rows?code={wanted}&limit=7").get_json()
    assert page["rows"] == [row for row in every if row["code"] == wanted]
    assert page["next"] is None
    kinds = [row["kind"] for row in every]
    page = anyone.get(f"/api/v1/layers/wells/rows?kind={max(kinds, key=kinds.count)}&limit=1").get_json()
    assert len(page["rows"]) == 1
    assert page["next"] is None or "&limit=1&after=" in page["next"]
    for wrong in ("rank=many", "phone=1", "limit=0", "after=-1", "after=1'", "nothing=1", "limit=1&limit=2"):
        refused = anyone.get(f"/api/v1/layers/wells/rows?{wrong}")
        assert (refused.status_code, refused.content_type) == (400, "application/problem+json"), wrong


def test_rows_are_not_sent_twice(anyone: Editor) -> None:
    first = anyone.get("/api/v1/layers/zones/rows")
    again = anyone.send("GET", "/api/v1/layers/zones/rows", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_rows_are_for_those_who_may_read_the_layer_and_counted(anyone: Editor, edited: Context, edited_app: Flask) -> None:
    secret = Edit("insert", edited.catalog.layer("secrets"), values={"number": "9/GPMT"})
    apply_edits(edited.database, edited.catalog, SYSTEM, [secret], "test")
    assert anyone.get("/api/v1/layers/secrets/rows").status_code == 404
    keys = [add_key(edited.database, edited.catalog, NewKey("duyet", layers=layers)) for layers in (("wells",), ("secrets",))]
    client = edited_app.test_client()
    found = [client.get("/api/v1/layers/secrets/rows", headers={"Authorization": f"Bearer {key}"}).status_code for key in keys]
    assert found == [404, 200]
    used = {row.layer: row.requests for row in list_use(edited.database, 1) if keys[1].startswith(f"xanh_{row.key}")}
    assert used == {"secrets": 1}


def test_code_lists_are_resources_with_both_languages_and_validity(anyone: Editor) -> None:
    assert [each["id"] for each in anyone.get("/api/v1/codes").get_json()["codes"]] == ["kinds"]
    found = anyone.get("/api/v1/codes/kinds").get_json()
    assert [(code["code"], code["title"]["vi"]) for code in found["codes"]] == [("auto", "Tự động"), ("hand", "Thủ công")]
    assert anyone.get("/api/v1/codes/kinds?on=2025-07-01").get_json()["on"] == "2025-07-01"


def test_documents_are_not_sent_twice(anyone: Editor) -> None:
    first = anyone.get("/api/v1/codes/kinds")
    again = anyone.send("GET", "/api/v1/codes/kinds", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_is_written_here(method: str, anyone: Editor) -> None:
    assert anyone.send(method, "/api/v1/layers", {}).status_code == 405
    assert anyone.send("OPTIONS", "/api/v1/layers").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("ceiling", ["key_minute", "key_day"])
def test_a_key_beyond_its_quota_is_told_when_to_come_again_and_its_use_is_counted(ceiling: str, edited: Context) -> None:
    limits = edited.settings.limits.model_copy(update={ceiling: 3})
    context = replace(edited, settings=edited.settings.model_copy(update={"limits": limits}))
    key = add_key(context.database, context.catalog, NewKey("xem"))
    client = make_app(context).test_client()
    asked = [client.get("/api/v1/layers/wells", headers={"Authorization": f"Bearer {key}"}) for _ in range(5)]
    if ceiling == "key_day":  # a minute may end in between, a day hardly
        assert [answer.status_code for answer in asked] == [200, 200, 200, 429, 429]
    assert {answer.status_code for answer in asked} <= {200, 429}
    refused = [answer for answer in asked if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 86_400
    assert refused[0].get_json()["detail_vi"]
    assert client.get("/ogcapi/collections/zones/items?limit=1", headers={"Authorization": f"Bearer {key}"}).status_code == 429
    told = client.get("/wfs?service=WFS&request=GetCapabilities", headers={"Authorization": f"Bearer {key}"})
    assert (told.status_code, told.content_type.partition(";")[0]) == (429, "text/xml")
    assert int(told.headers["Retry-After"]) >= 1
    used = {row.layer: row.requests for row in list_use(context.database, 1) if key.startswith(f"xanh_{row.key}")}
    assert used == {"wells": 5, "zones": 1, "": 1}


def test_portals_harvest_every_public_layer_as_a_dataset(anyone: Editor) -> None:
    answer = anyone.get("/api/v1/dcat")
    assert answer.content_type == "application/ld+json"
    catalogue = answer.get_json()
    datasets = {each["dct:identifier"]: each for each in catalogue["dcat:dataset"]}
    assert {"wells", "zones"} <= set(datasets)
    assert "secrets" not in datasets
    wells = datasets["wells"]
    assert wells["dct:title"] == [{"@language": "vi", "@value": "Giếng quan trắc"}, {"@language": "en", "@value": "Wells"}]
    assert wells["dct:spatial"]["dcat:bbox"]["@value"].startswith("POLYGON((105.")
    prefixes = set(catalogue["@context"])
    assert {name.partition(":")[0] for name in (*catalogue, *wells) if not name.startswith("@")} <= prefixes
    for distribution in wells["dcat:distribution"]:
        assert anyone.get(distribution["dcat:accessURL"]["@id"].removeprefix("http://localhost")).status_code == 200
        assert distribution["dct:license"]["@id"].startswith("https://")
    alone = anyone.get("/api/v1/layers/wells/dcat").get_json()
    assert {**alone, "@context": None} == {**wells, "@context": None}
    assert anyone.get("/api/v1/layers/secrets/dcat").status_code == 404
