# SPDX-License-Identifier: MIT
"""Names that would be dangerous or ambiguous as table, column, file or address are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog.read import read_catalog_in
from server.strictyaml import ConfigProblems

Spoil = Callable[[str, str, str], list[str]]
WELLS = "water/wells.yml"


@pytest.mark.parametrize(
    "name",
    [
        "'a\"; DROP TABLE x; --'",
        "'owner name'",
        "'a:b'",
        "'имя'",
        "'chu\u0309'",
        "'1st'",
        "'_x'",
        "'a.'",
        "'owner\\n'".replace("'", '"'),
        "x" * 48,
        "ủ" * 16,
        "''",
    ],
)
def test_a_field_name_is_composed_latin_letters_digits_underscores_and_dots(spoil: Spoil, name: str) -> None:
    problems = spoil(WELLS, "  owner:", f"  {name}:")
    assert len(problems) == 1
    assert problems[0].startswith("water/wells.yml:13: ")
    assert "field name" in problems[0]


@pytest.mark.parametrize("name", ["Owner", "chủ", "attribut.Géométrie", "a1_b"])
def test_a_field_name_may_have_accents_and_dots(small_catalogue: Path, name: str) -> None:
    text = (small_catalogue / WELLS).read_text(encoding="utf-8").replace("  owner:", f"  {name}:", 1)
    (small_catalogue / WELLS).write_text(text, encoding="utf-8")
    assert name in read_catalog_in(small_catalogue).layer("wells").fields


@pytest.mark.parametrize("name", ["id", "geom", "geojson", "version", "valid_from", "change_set", "plot_title"])
def test_a_field_name_the_stores_need_is_reserved(spoil: Spoil, name: str) -> None:
    problems = spoil(WELLS, "  owner:", f"  {name}:")
    assert problems == [f"water/wells.yml:13: fields.{name}: field name {name!r} is reserved"]


@pytest.mark.parametrize("name", ["catalogue", "map", "wells_pyramid"])
def test_a_layer_name_the_system_needs_is_reserved(small_catalogue: Path, name: str) -> None:
    text = (small_catalogue / WELLS).read_text(encoding="utf-8").replace("id: wells", f"id: {name}")
    (small_catalogue / f"water/{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigProblems, match=rf"water/{name}\.yml:1: id: layer id '{name}' is reserved"):
        read_catalog_in(small_catalogue)


@pytest.mark.parametrize("name", ["Wells2", "well s", "wells;drop", "giếng"])
def test_a_layer_file_name_is_lower_case_letters_digits_and_underscores(small_catalogue: Path, name: str) -> None:
    (small_catalogue / f"water/{name}.yml").write_text("id: x", encoding="utf-8")
    with pytest.raises(ConfigProblems, match="the name of a layer file is lower case"):
        read_catalog_in(small_catalogue)


@pytest.mark.parametrize("name", ["../../etc/passwd", "Wells", "a.sld"])
def test_a_style_name_cannot_leave_the_styles_folder(spoil: Spoil, name: str) -> None:
    problems = spoil(WELLS, "styles: [wells]", f"styles: ['{name}']")
    assert len(problems) == 1
    assert problems[0].startswith("water/wells.yml:19: styles.0: ")


def test_a_layer_name_stands_in_one_folder_only(small_catalogue: Path) -> None:
    text = (small_catalogue / WELLS).read_text(encoding="utf-8").replace("group: water", "group: land")
    (small_catalogue / "land/wells.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigProblems, match=r"water/wells\.yml:1: there is another layer file 'wells'"):
        read_catalog_in(small_catalogue)


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system"])
def test_a_yaml_tag_cannot_build_objects(spoil: Spoil, tag: str) -> None:
    problems = spoil(WELLS, "geometry: point", f"geometry: {tag}")
    assert problems[0].startswith("water/wells.yml:5: ")


def test_a_yaml_anchor_that_nests_itself_is_refused(spoil: Spoil) -> None:
    problems = spoil(WELLS, "popup: [name, depth]", "popup: &loop [*loop]")
    assert problems == ["water/wells.yml:18: not valid YAML: aliases (*name) are not used here"]
