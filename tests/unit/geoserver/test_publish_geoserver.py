# SPDX-License-Identifier: MIT
"""`xanh publish --geoserver`: every REST call that a GeoServer receives, twice in a row, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner, Result

from server.access import ANONYMOUS, may_read
from server.catalog.read import read_catalog
from server.cli import app
from server.config import load_settings
from server.errors import ConfigError
from server.geoserver.client import GeoserverLogin
from server.geoserver.send import Shipment
from tests.unit.geoserver.rest_server import PASSWORD, USER, Rest, serve

DATABASE = "postgresql://xanh_reader:p%40ss%26@db.test:5433/xanh"
SETTINGS = load_settings()
CATALOG = read_catalog(SETTINGS)
LAYERS = [layer for layer in CATALOG.mapped_layers() if layer.has_table and may_read(ANONYMOUS, layer)]


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rest]:
    """The server, and its account in the environment."""
    monkeypatch.setenv("XANH_GEOSERVER_USER", USER)
    monkeypatch.setenv("XANH_GEOSERVER_PASSWORD", PASSWORD)
    monkeypatch.setenv("XANH_GEOSERVER_DATABASE", DATABASE)
    with serve() as found:
        yield found


def publish(rest: Rest, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["publish", "--geoserver", rest.url, *arguments])


def test_workspace_store_pictures_styles_and_layers_arrive(rest: Rest) -> None:
    answer = publish(rest)
    assert answer.exit_code == 0, answer.output
    assert rest.strange == []
    styles = {name for layer in LAYERS for name in layer.styles}
    made = set(rest.kept)
    assert "/workspaces/xanh" in made
    assert {f"/workspaces/xanh/styles/{name}" for name in styles} <= made
    assert {f"/workspaces/xanh/datastores/xanh/featuretypes/{layer.id}" for layer in LAYERS} <= made
    assert "/resource/workspaces/xanh/styles/assets/symbols/leaf.svg" in made


def test_the_store_reads_the_published_schema_with_the_login_of_the_environment(rest: Rest) -> None:
    publish(rest)
    body = rest.kept["/workspaces/xanh/datastores/xanh"].decode()
    entries = dict(re.findall(r'<entry key="([^"]+)">([^<]*)</entry>', body))
    wanted = {"host": "db.test", "port": "5433", "user": "xanh_reader", "passwd": "p@ss&amp;", "schema": "published", "database": "xanh"}
    assert {key: entries[key] for key in wanted} == wanted
    assert entries["dbtype"] == "postgis"


def test_a_style_arrives_byte_for_byte_as_the_kind_of_sld_it_is(rest: Rest) -> None:
    publish(rest)
    sent = [call for call in rest.calls if call.method == "PUT" and call.path == "/workspaces/xanh/styles/stations"]
    assert [call.content_type for call in sent] == ["application/vnd.ogc.se+xml"]
    assert sent[0].body == (SETTINGS.styles_dir / "stations.sld").read_bytes()


def test_the_first_style_of_a_layer_is_its_default_and_the_others_follow(rest: Rest) -> None:
    publish(rest, "stations")
    sent = [call.body.decode() for call in rest.calls if call.path == "/layers/xanh:stations"]
    first, *others = CATALOG.layer("stations").styles
    assert f"<defaultStyle><name>xanh:{first}</name></defaultStyle>" in sent[0]
    assert re.findall(r"<style><name>xanh:(\w+)</name></style>", sent[1]) == others
    assert [path for path in rest.kept if "featuretypes" in path] == ["/workspaces/xanh/datastores/xanh/featuretypes/stations"]


def test_titles_are_sent_in_vietnamese_and_escaped(rest: Rest) -> None:
    publish(rest, "stations")
    body = rest.kept["/workspaces/xanh/datastores/xanh/featuretypes/stations"].decode()
    assert "<title>Trạm và điểm quan trắc</title>" in body


def test_sending_again_updates_what_is_there(rest: Rest) -> None:
    publish(rest, "stations")
    before = dict(rest.kept)
    rest.calls.clear()
    answer = publish(rest, "stations")
    assert answer.exit_code == 0, answer.output
    assert rest.strange == []
    assert {call.method for call in rest.calls} == {"GET", "PUT"}
    assert rest.kept.keys() == before.keys()


def test_a_workspace_of_another_name_is_used_everywhere(rest: Rest) -> None:
    assert publish(rest, "stations", "--workspace", "moitruong").exit_code == 0
    assert all("xanh:" not in path and "/workspaces/xanh" not in path for path in rest.kept)


def test_a_wrong_account_is_refused_without_a_word_of_the_password(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XANH_GEOSERVER_PASSWORD", "sai-mat-khau")
    answer = publish(rest)
    assert answer.exit_code == 1
    assert "refuses the account" in answer.stderr
    assert "sai-mat-khau" not in answer.output
    assert rest.kept == {}


@pytest.mark.parametrize("name", ["XANH_GEOSERVER_USER", "XANH_GEOSERVER_PASSWORD", "XANH_GEOSERVER_DATABASE"])
def test_what_is_missing_in_the_environment_is_named(rest: Rest, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    answer = publish(rest)
    assert answer.exit_code == 1
    assert name in answer.stderr
    assert rest.calls == []


def test_a_server_that_is_not_there_is_said(rest: Rest) -> None:
    rest.url = "http://127.0.0.1:9/geoserver"
    answer = publish(rest)
    assert answer.exit_code == 1
    assert "cannot be reached" in answer.stderr


@pytest.mark.parametrize(
    "url", ["geoserver.test", "ftp://host/geoserver", "https://admin:x@host/geoserver", "https:///x", "file:///etc/passwd"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        GeoserverLogin(url, USER, PASSWORD)


@pytest.mark.parametrize("name", ["", "../x", "a b", "x/y", "<x>"])
def test_a_workspace_with_odd_letters_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        Shipment((), SETTINGS.styles_dir, name)
