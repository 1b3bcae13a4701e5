# SPDX-License-Identifier: MIT
"""Every kind of mistake in a layer file is told with its file, its line and the nearest valid name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog.read import read_catalog_in
from server.strictyaml import ConfigProblems

Spoil = Callable[[str, str, str], list[str]]
WELLS = "water/wells.yml"


def test_the_small_catalogue_itself_is_correct(small_catalogue: Path) -> None:
    catalog = read_catalog_in(small_catalogue)
    assert list(catalog.layers) == ["wells", "plots"]
    assert catalog.code_lists["well_kind"].title("drilled", "en") == "Drilled well"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("geometry: point", "geomtry: point", 5, "unknown key 'geomtry'; did you mean 'geometry'?"),
        ("geometry: point", "geometry: pont", 5, "did you mean 'point'?"),
        ("abstract: {vi: Các giếng, en: All wells}\n", "", 1, "the key 'abstract' is missing"),
        ("title: {vi: Giếng, en: Wells}", "title: {vi: Giếng}", 3, "title: the key 'en' is missing"),
        ("title: {vi: Giếng, en: Wells}", "title: {vi: Giếng, en: ' '}", 3, "must not be empty"),
        ("required: true", "requird: true", 7, "unknown key 'requird'; did you mean 'required'?"),
        ("required: true", "required: maybe", 7, "fields.code.required"),
        ("'^[A-Z]+$'", "'^[A-Z+$'", 7, "not a regular expression"),
        ("codes: well_kind", "codes: well_kinds", 9, "there is no code list 'well_kinds'; did you mean 'well_kind'?"),
        ("default: dug", "default: drill", 9, "'drill' is not in well_kind; did you mean 'drilled'?"),
        ("link: plots", "link: plot", 10, "there is no layer 'plot'; did you mean 'plots'?"),
        ("plot: {link: plots", "plot: {codes: well_kind, link: plots", 10, "codes or a link, not both"),
        ("type: number, unit", "type: nmber, unit", 11, "did you mean 'number'?"),
        ("min: 0, max: 500", "min: 600, max: 500", 11, "`min` is larger than `max`"),
        ("min: 0, max: 500", "min: low, max: 500", 11, "`min` of this type is a number"),
        ("max: 500,", "max: 500, default: 900,", 11, "900 lies outside `min` and `max`"),
        ("max: 500,", "max: 500, default: deep,", 11, "'deep' is not a value of type number"),
        ("max: 500,", "max: 500, pattern: x,", 11, "`pattern` is for text"),
        ("max: today", "max: tomorrow", 12, "`max` of a date is YYYY-MM-DD or today"),
        ("public: false", "public: false, search: 2", 13, "a field that is not public cannot be searched"),
        ("public: false", "public: false, min: 2", 13, "`min` is for numbers and dates"),
        ("public: false", "public: false, computed: area_ha", 13, "cannot be worked out from geometry 'point'"),
        ("public: false", "public: false, title: true", 13, "only one field can be the title; 'name' is one already"),
        ("require: [depth]", "require: [deph]", 15, "there is no field 'deph'; did you mean 'depth'?"),
        ("require: [depth], ", "", 15, "a rule needs `require` or `check`"),
        ("fields: [code, name, kind]", "fields: [code, nam, kind]", 17, "there is no field 'nam'; did you mean 'name'?"),
        ("fields: [code, name, kind]", "fields: [code, code, kind]", 17, "stands in sections more than once"),
        ("popup: [name, depth]", "popup: [name, dept]", 18, "there is no field 'dept'; did you mean 'depth'?"),
        ("popup: [name, depth]", "popup: [name, name]", 18, "the field 'name' stands twice"),
        ("styles: [wells]\n", "", 5, "a layer that is drawn needs a style"),
        ("time: {begin: dug_on}", "time: {begin: dug}", 20, "there is no field 'dug'"),
        ("time: {begin: dug_on}", "time: {begin: name}", 20, "the field 'name' is not a date"),
        ("key: code", "key: cod", 22, "there is no field 'cod'; did you mean 'code'?"),
        ("aliases: {name: [ten]}", "aliases: {nam: [ten]}", 23, "there is no field 'nam'; did you mean 'name'?"),
        ("aliases: {name: [ten]}", "aliases: {name: [CODE]}", 23, "'CODE' already means the field 'code'"),
        ("clean: {name: [trim]}", "clean: {name: [trm]}", 24, "did you mean 'trim'?"),
        ("clean: {name: [trim]}", "clean: {nme: [trim]}", 24, "there is no field 'nme'; did you mean 'name'?"),
        ("review: [geometry]", "review: [geometri]", 25, "there is no field 'geometri'; did you mean 'geometry'?"),
        ("rights: {publish", "rights: {edit: editr, publish", 25, "did you mean 'editor'?"),
        ("licence: MIT", "licence: MIT, url: 'javascript:alert(1)'", 26, "source.url"),
        ("licence: MIT", "licence: ''", 26, "must not be empty"),
        ("geometry: point", "geometry: point\nstorage_crs: 99999", 6, "EPSG:99999 is not known here"),
        ("geometry: point", "geometry: point\nscale: {min: 100, max: 50}", 6, "`min` must be smaller than `max`"),
        ("geometry: point", "geometry: raster", 6, "a raster layer has no fields"),
        ("geometry: point", "geometry: none", 19, "a layer without geometry is not drawn"),
        ("geometry: point", "geometry: point\nraster: {band: 1}", 6, "`raster` belongs to layers with"),
        ("geometry: point", "geometry: point\ngeometry: line", 6, "the key 'geometry' stands twice"),
        ("geometry: point", "geometry: [point", 6, "not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_nearest_name(spoil: Spoil, old: str, new: str, line: int, words: str) -> None:
    problems = spoil(WELLS, old, new)
    told = [problem for problem in problems if problem.startswith(f"{WELLS}:{line}: ")]
    assert any(words in problem for problem in told), problems


def test_mistakes_of_all_files_are_told_at_once(small_catalogue: Path, spoil: Spoil) -> None:
    plots = small_catalogue / "land/plots.yml"
    plots.write_text(plots.read_text(encoding="utf-8").replace("licence", "license"), encoding="utf-8")
    problems = spoil(WELLS, "popup: [name, depth]", "popup: [nome, dept]")
    assert [problem.split(": ")[0] for problem in problems] == ["land/plots.yml:9"] * 2 + ["water/wells.yml:18"] * 2


def test_a_layer_that_cannot_be_read_is_not_reported_a_second_time_by_those_that_link_to_it(spoil: Spoil) -> None:
    problems = spoil("land/plots.yml", "geometry: multipolygon", "geometry: blob")
    assert len(problems) == 1


def test_a_link_needs_a_layer_with_a_title(spoil: Spoil) -> None:
    problems = spoil("land/plots.yml", ", title: true", "")
    assert problems == ["water/wells.yml:10: fields.plot.link: the layer 'plots' needs a title field before something can link to it"]


def test_filling_a_link_needs_polygons_in_the_linked_layer(spoil: Spoil) -> None:
    problems = spoil("land/plots.yml", "geometry: multipolygon", "geometry: point")
    assert problems == ["water/wells.yml:10: fields.plot.fill: `fill: contains` needs a geometry here and polygons in the linked layer"]


def test_the_file_name_is_the_id_of_the_layer(spoil: Spoil) -> None:
    assert spoil(WELLS, "id: wells", "id: well") == ["water/wells.yml:1: the id 'well' differs from the file name 'wells'"]


def test_the_folder_is_the_group_of_the_layer(spoil: Spoil) -> None:
    assert spoil(WELLS, "group: water", "group: land") == ["water/wells.yml:2: the group 'land' differs from the folder 'water'"]


def test_a_layer_of_a_group_that_does_not_exist_is_refused(spoil: Spoil) -> None:
    problems = spoil("groups.yml", "- id: land", "- id: lands")
    assert problems == ["land/plots.yml:2: group: there is no group 'land'; did you mean 'lands'?"]


def test_an_order_that_names_an_unknown_layer_is_refused(spoil: Spoil) -> None:
    problems = spoil("groups.yml", "layers: [wells]", "layers: [well]")
    assert problems == ["groups.yml:4: water: there is no layer 'well'; did you mean 'wells'?"]


def test_an_order_that_names_a_layer_of_another_group_is_refused(spoil: Spoil) -> None:
    problems = spoil("groups.yml", "layers: [wells]", "layers: [plots]")
    assert problems == ["groups.yml:4: water: the layer 'plots' belongs to 'land'"]


def test_a_directory_without_layers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "groups.yml").write_text("[]", encoding="utf-8")
    with pytest.raises(ConfigProblems, match="there is no layer file"):
        read_catalog_in(tmp_path)


def test_the_file_ending_is_yml(small_catalogue: Path) -> None:
    (small_catalogue / "land/extra.yaml").write_text("id: extra", encoding="utf-8")
    with pytest.raises(ConfigProblems, match=r"land/extra\.yaml:1: a layer file ends in \.yml"):
        read_catalog_in(small_catalogue)
