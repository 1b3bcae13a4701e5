# SPDX-License-Identifier: MIT
"""A small catalogue on disk that the tests spoil in one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.catalog.read import read_catalog_in
from server.strictyaml import ConfigProblems

GROUPS = """\
- id: water
  title: {vi: Nước, en: Water}
  colour: "#1a6fb5"
  layers: [wells]
- id: land
  title: {vi: Đất, en: Land}
"""
KINDS = """\
code,vi,en,aliases,valid_from,valid_to,colour,source,status
dug,Giếng đào,Dug well,dao,,,#112233,proposal,proposal
drilled,Giếng khoan,Drilled well,khoan|gk,2020-01-01,,,QĐ 1/2020,verified
"""
WELLS = """\
id: wells
group: water
title: {vi: Giếng, en: Wells}
abstract: {vi: Các giếng, en: All wells}
geometry: point
fields:
  code: {vi: Mã, en: Code, required: true, unique: true, pattern: '^[A-Z]+$'}
  name: {vi: Tên, en: Name, title: true, search: 5}
  kind: {codes: well_kind, vi: Loại, en: Kind, default: dug}
  plot: {link: plots, fill: contains, vi: Thửa, en: Plot}
  depth: {type: number, unit: m, min: 0, max: 500, vi: Độ sâu, en: Depth}
  dug_on: {type: date, max: today, vi: Ngày đào, en: Dug on}
  owner: {vi: Chủ, en: Owner, public: false}
rules:
  - {when: "kind = 'drilled'", require: [depth], vi: Cần độ sâu, en: Needs a depth}
sections:
  - {vi: Chung, en: General, fields: [code, name, kind]}
popup: [name, depth]
styles: [wells]
time: {begin: dug_on}
load:
  key: code
  aliases: {name: [ten]}
  clean: {name: [trim]}
rights: {publish: {auto: [name], review: [geometry]}}
source: {vi: Sở, en: Office, licence: MIT}
"""
PLOTS = """\
id: plots
group: land
title: {vi: Thửa, en: Plots}
abstract: {vi: Thửa đất, en: Plots of land}
geometry: multipolygon
fields:
  number: {vi: Số, en: Number, title: true}
styles: [plots]
source: {vi: Sở, en: Office, licence: MIT}
"""


@pytest.fixture
def small_catalogue(tmp_path: Path) -> Path:
    """Directory of a correct catalogue: two groups, one code list, two layers."""
    files = {"groups.yml": GROUPS, "codes/well_kind.csv": KINDS, "water/wells.yml": WELLS, "land/plots.yml": PLOTS}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def spoil(small_catalogue: Path) -> Callable[[str, str, str], list[str]]:
    """Replace a piece of one file and read the catalogue: the problems it tells."""

    def replace_and_read(file: str, old: str, new: str) -> list[str]:
        path = small_catalogue / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ConfigProblems) as caught:
            read_catalog_in(small_catalogue)
        return list(caught.value.problems)

    return replace_and_read
