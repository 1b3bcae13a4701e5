# SPDX-License-Identifier: MIT
"""Words of the command line become a request, or a refusal that says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from loaders.cli import ModeChoice, build_request
from loaders.source import SourceOptions
from server.catalog.model import Layer
from server.catalog.read import read_catalog
from server.commands.load import run_load
from server.config import Settings
from server.errors import SourceRefused


@pytest.fixture(scope="module")
def communes(settings: Settings) -> Layer:
    return read_catalog(settings).layer("communes")


def test_maps_and_values_are_taken(communes: Layer) -> None:
    words = (["TEN_XA=full_name"], ["kind=ward", "valid_from=2025-07-01"])
    request = build_request(communes, Path("x.shp"), SourceOptions(), words, ModeChoice.REPLACE)
    assert request.asked_map == {"TEN_XA": "full_name"}
    assert request.defaults == {"kind": "ward", "valid_from": "2025-07-01"}
    assert request.mode == "replace"


@pytest.mark.parametrize("words", [(["TEN_XA"], []), (["=name"], []), ([], ["kind="])])
def test_a_word_that_is_no_pair_is_wrong_use(communes: Layer, words: tuple[list[str], list[str]]) -> None:
    with pytest.raises(typer.BadParameter, match="NAME=VALUE"):
        build_request(communes, Path("x.shp"), SourceOptions(), words, ModeChoice.UPSERT)


def test_a_value_for_a_field_the_layer_lacks_is_refused(communes: Layer) -> None:
    with pytest.raises(SourceRefused, match="no field 'colour'"):
        build_request(communes, Path("x.shp"), SourceOptions(), ([], ["colour=red"]), ModeChoice.UPSERT)


@pytest.mark.parametrize("words", [["undo"], ["undo", "x"], ["undo", "-1"], ["undo", "1", "2"], ["undo", "9" * 30]])
def test_undo_without_the_number_of_a_load_is_wrong_use(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_load(words)
    assert ended.value.code == 2
    assert "undo ID" in capsys.readouterr().err
