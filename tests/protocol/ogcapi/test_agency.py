# SPDX-License-Identifier: MIT
"""/api/v1: layers, fields and code lists as plain JSON, and what keys may ask of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.accounts.keys import NewKey, add_key, list_use
from server.context import Context
from tests.editing_province import make_app
from tests.protocol.ogcapi.editor import Editor


def test_every_public_layer_is_listed_with_revision_count_and_addresses_that_answer(anyone: Editor) -> None:
    index = anyone.get("/api/v1/").get_json()
    layers = anyone.get(index["layers"].removeprefix("http://localhost")).get_json()["layers"]
    assert {"wells", "zones"} <= {layer["id"] for layer in layers}
    assert "secrets" not in {layer["id"] for layer in layers}
    for layer in layers:
        for name in ("href", "changes", "features"):
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
