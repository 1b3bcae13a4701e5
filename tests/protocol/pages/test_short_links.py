# SPDX-License-Identifier: MIT
"""Short links: a code for a view of the map, leading back to it and nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.context import Context
from server.errors import FeatureNotFound, TooManyRequests
from server.features.short_links import follow_link, shorten

VIEW = "/map?at=10.36,106.36,12z&layers=stations:0.8&filter=stations%3Aand~name.w.k%C3%AAnh"


def send(client: FlaskClient, to: str, address: str = "10.2.0.1") -> TestResponse:
    return client.post("/s", data={"to": to}, environ_base={"REMOTE_ADDR": address})


@pytest.fixture
def context(client: FlaskClient) -> Context:
    found: Context = client.application.extensions["xanh"]
    return found


def with_rules(context: Context, **rules: float) -> Context:
    links = context.settings.links.model_copy(update=rules)
    return replace(context, settings=context.settings.model_copy(update={"links": links}))


def test_a_short_link_leads_back_to_its_view(client: FlaskClient) -> None:
    made = send(client, VIEW)
    path = made.get_json()["path"]
    assert made.status_code == 200
    assert re.fullmatch(r"/s/[2-9a-z]{8}", path)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, VIEW)


def test_the_same_view_has_the_same_code_and_another_one_another(client: FlaskClient) -> None:
    codes = [send(client, to, address).get_json()["path"] for to, address in ((VIEW, "10.2.0.2"), (VIEW, "10.2.0.3"), ("/map", "10.2.0.2"))]
    assert codes[0] == codes[1] != codes[2]


@pytest.mark.parametrize(
    "to",
    [
        *("", "/", "/wms?x=1", "/mapped", "/map/../can-bo", "/map/print", "//evil.example/map", "http://evil.example/map", "\\\\evil\\map"),
        *(
            "/map?a b",
            "/map?\r\nSet-Cookie: a=b",
            "/map?\0",
            "/map?kênh",
            "/map?a\\b",
            "/map#x",
            "/map?" + "x" * 5000,
            "javascript:alert(1)",
        ),
    ],
)
def test_what_is_no_view_of_this_site_gets_no_code(to: str, client: FlaskClient) -> None:
    answer = send(client, to)
    assert answer.status_code == 400
    assert "/map" in answer.text


@pytest.mark.parametrize("code", ["abcdefgh", "ABCDEFGH", "a", "0" * 9, "..", "%00", "';--", "x" * 3000, "kênh2345"])
def test_an_unknown_code_is_a_page_in_words(code: str, client: FlaskClient) -> None:
    for lang in ("", "?lang=en"):
        answer = client.get(f"/s/{code}{lang}")
        assert answer.status_code == 404
        assert answer.content_type.startswith("text/html")
        assert 'href="/' in answer.text


def test_who_asks_for_too_many_waits_but_gets_what_is_there(context: Context) -> None:
    strict = with_rules(context, per_address_hour=2)
    first = shorten(strict, "/map?n=1", "10.2.1.1")
    shorten(strict, "/map?n=2", "10.2.1.1")
    with pytest.raises(TooManyRequests) as refused:
        shorten(strict, "/map?n=3", "10.2.1.1")
    assert refused.value.message_vi
    assert shorten(strict, "/map?n=1", "10.2.1.1") == first
    assert shorten(strict, "/map?n=3", "10.2.1.2")
    with pytest.raises(TooManyRequests):
        shorten(with_rules(context, max_links=1), "/map?n=4", "10.2.1.3")
    with pytest.raises(TooManyRequests):
        shorten(with_rules(context, per_address_day=2), "/map?n=4", "10.2.1.1")


def test_what_nobody_opens_is_forgotten_and_so_is_who_asked(context: Context) -> None:
    old, opened = (shorten(context, path, "10.2.2.1") for path in ("/map?n=old", "/map?n=opened"))
    with context.database.writer() as connection:
        connection.execute(
            "UPDATE xanh.short_link SET created_at = now() - interval '800 days',"
            " used_at = now() - CASE code WHEN %s THEN interval '800 days' ELSE interval '700 days' END WHERE code = ANY(%s)",
            [old, [old, opened]],
        )
    assert follow_link(context, opened) == "/map?n=opened"
    with pytest.raises(FeatureNotFound):
        follow_link(context, old)
    shorten(context, "/map?n=new", "10.2.2.2")
    with context.database.writer() as connection:
        found = connection.execute(
            "SELECT code, address, used_at > now() - interval '1 hour' FROM xanh.short_link WHERE code = ANY(%s)", [[old, opened]]
        ).fetchall()
    assert found == [(opened, None, True)]


def test_the_public_role_cannot_read_links(context: Context) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), context.database.reader() as connection:
        connection.execute("SELECT 1 FROM xanh.short_link")
