# SPDX-License-Identifier: MIT
"""Cleaning rules of a layer file: what each makes of a value, that every change is counted and listed, that wrong rules are named."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from loaders.clean import Cleaner
from loaders.plan import LoadRequest, plan_load
from server.catalog.catalog import Catalog
from server.catalog.faults import find_layer_faults
from server.catalog.model import Layer
from server.catalog.read import read_catalog_in
from server.catalog.surroundings import Surroundings
from server.catalog.units import find_factor, split_value
from server.config import ROOT
from server.features.batches import Coded

FIELDS = {
    "code": {"vi": "Mã", "en": "Code"},
    "name": {"vi": "Tên", "en": "Name"},
    "phone": {"vi": "Điện thoại", "en": "Telephone"},
    "medium": {"codes": "medium", "vi": "Môi trường", "en": "Medium"},
    "note": {"vi": "Ghi chú", "en": "Note"},
    "bod5": {"type": "number", "unit": "mg/L", "vi": "BOD", "en": "BOD"},
    "flow": {"type": "number", "unit": "m³/ngày đêm", "vi": "Lưu lượng", "en": "Flow"},
    "opened": {"type": "date", "vi": "Ngày mở", "en": "Opened"},
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog_in(ROOT / "layers")


def build_layer(**clean: Any) -> Layer:
    told = {"id": "wells", "group": "quality", "title": {"vi": "G", "en": "W"}, "abstract": {"vi": "G", "en": "W"}, "geometry": "none"}
    return Layer.model_validate(
        {**told, "fields": FIELDS, "source": {"vi": "x", "en": "x", "licence": "MIT"}, "load": {"key": "code", "clean": clean}}
    )


def clean(catalog: Catalog, tmp_path: Path, layer: Layer, table: str) -> tuple[dict[str, list[Any]], Cleaner]:
    """The cleaned columns of a table, and the cleaner with what it noted."""
    file = tmp_path / "wells.csv"
    file.write_text(table, encoding="utf-8")
    plan = plan_load(catalog, LoadRequest(file, layer))
    (batch,) = plan.source.batches()
    columns = {}
    for name, column in plan.cleaner.clean(batch).items():
        if isinstance(column, Coded):
            columns[name] = [None if place is None else column.values[place] for place in column.places.to_pylist()]
        else:
            columns[name] = column if isinstance(column, list) else column.to_pylist()
    return columns, plan.cleaner


@pytest.mark.parametrize(
    ("rules", "given", "meant"),
    [
        ([{"split": {"by": ",", "part": 1}}], "Ấp 3, xã Tân Hội, tỉnh Đồng Tháp", "Ấp 3"),
        ([{"split": {"by": ",", "part": -1}}, {"strip": "tỉnh"}], "Ấp 3, xã Tân Hội, tỉnh Đồng Tháp", "Đồng Tháp"),
        ([{"split": {"by": ",", "part": 4}}], "Ấp 3, xã Tân Hội", None),
        ([{"extract": r"GK-?\d+"}, "upper"], "giếng gk-12 (GK-12)", "GK-12"),
        ([{"extract": r"số (\d+)/"}], "Giấy phép số 123/GP-UBND", "123"),
        ([{"extract": r"số (\d+)"}], "không có", "không có"),
        ([{"replace": {"pattern": r"(?i)\btp\.?\s*", "with": "Thành phố "}}], "TP. Cao Lãnh", "Thành phố Cao Lãnh"),
        ([{"replace": {"pattern": r"(\d{4})(\d{3})(\d{3})", "with": r"\1 \2 \3"}}], "0912345678", "0912 345 678"),
        (["squeeze", "title"], "  bờ   kênh ", "Bờ kênh"),
        ([{"empty": "n/a"}, {"default": "chưa rõ"}], "n/a", "chưa rõ"),
        ([{"lookup": "medium"}], "Nước mặt", "surface_water"),
    ],
)
def test_a_rule_makes_of_a_text_what_it_says(rules: list[Any], given: str, meant: str | None, catalog: Catalog, tmp_path: Path) -> None:
    columns, _ = clean(catalog, tmp_path, build_layer(note=rules), f'code,note\nA,"{given}"\n')
    assert columns["note"] == [meant]


def test_one_column_fills_several_fields(catalog: Catalog, tmp_path: Path) -> None:
    layer = build_layer(name=[{"split": {"by": " - ", "part": 1}}], phone=[{"source_of": "name"}, {"split": {"by": " - ", "part": 2}}])
    columns, _ = clean(catalog, tmp_path, layer, "code,name\nA,Giếng Bà Tư - 0912345678\nB,Giếng Ông Năm\n")
    assert columns["name"] == ["Giếng Bà Tư", "Giếng Ông Năm"]
    assert columns["phone"] == ["0912345678", None]


def test_units_are_converted_and_a_unit_in_the_cell_counts_more(catalog: Catalog, tmp_path: Path) -> None:
    layer = build_layer(bod5=[{"unit": "µg/l"}], flow=[{"unit": "m³/h"}])
    table = "code;bod5;flow\nA;1.250,5;10\nB;3,5 mg/l;240 m3/ngày\nC;2,0 g/m³;0,5 l/s\nD;;\nE;7 quả;1\n"
    columns, cleaner = clean(catalog, tmp_path, layer, table)
    assert columns["bod5"] == [1.2505, 3.5, 2.0, None, "7 quả"]
    assert columns["flow"] == [240.0, 240.0, 43.2, None, 24.0]
    assert cleaner.changes["flow", "unit"] == 3


def test_numbers_of_a_file_that_has_numbers_are_converted_too(catalog: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "wells.geojson"
    features = ",".join(
        f'{{"type":"Feature","geometry":null,"properties":{{"code":"{code}","bod5":{value}}}}}'
        for code, value in (("A", 250), ("B", "null"))
    )
    file.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}')
    plan = plan_load(catalog, LoadRequest(file, build_layer(bod5=[{"unit": "µg/l"}])))
    (batch,) = plan.source.batches()
    column: Any = plan.cleaner.clean(batch)["bod5"]
    assert column.to_pylist() == [0.25, None]
    assert plan.cleaner.tell() == [
        {"field": "bod5", "step": "unit", "count": 1, "examples": [{"row": 1, "before": "250", "after": "0.25"}]}
    ]


def test_every_change_is_counted_and_the_first_are_listed(catalog: Catalog, tmp_path: Path) -> None:
    layer = build_layer(name=["squeeze"], note=[{"default": "không"}])
    rows = [f"{number},Giếng   {number % 5},Nước mặt,,05/0{number % 9 + 1}/2024" for number in range(1, 11)]
    _, cleaner = clean(catalog, tmp_path, layer, "\n".join(["code,name,medium,note,opened", *rows, "11,Gọn,surface_water,có,"]) + "\n")
    told = {(one["field"], one["step"]): one for one in cleaner.tell()}
    counts = {key: one["count"] for key, one in told.items()}
    assert counts == {("name", "squeeze"): 10, ("medium", "looked up"): 10, ("note", "default"): 10, ("opened", "day first date"): 10}
    assert told["name", "squeeze"]["examples"][0] == {"row": 1, "before": "Giếng   1", "after": "Giếng 1"}
    assert told["opened", "day first date"]["examples"][0] == {"row": 1, "before": "05/02/2024", "after": "2024-02-05"}
    assert all(len(one["examples"]) <= 3 for one in told.values())


def test_an_expression_takes_no_longer_for_a_text_made_to_be_slow(catalog: Catalog, tmp_path: Path) -> None:
    layer = build_layer(note=[{"replace": {"pattern": "^(a+)+$", "with": "x"}}, {"extract": "(b|bb|b*)*c"}])
    started = time.process_time()
    columns, _ = clean(catalog, tmp_path, layer, f"code,note\nA,{'a' * 5000}!\nB,{'b' * 5000}\n")
    assert columns["note"] == ["a" * 5000 + "!", "b" * 5000]
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"replace": {"pattern": "(", "with": ""}}, "not a regular expression here: missing \\)"),
        ({"extract": r"(?=a)"}, "not a regular expression here"),
        ({"extract": r"(a)\1"}, "not a regular expression here"),
        ({"replace": {"pattern": "a", "with": r"\2"}}, "does not fit the pattern"),
        ({"split": {"by": ",", "part": 0}}, "counts from 1"),
        ({"split": {"by": "", "part": 1}}, "at least 1 character"),
        ({"strip": "a", "empty": "b"}, "one rule has one key"),
        ({}, "one rule has one key"),
        ({"shout": "a"}, "Extra inputs"),
        ("shout", "'trim', 'squeeze'"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_reason(rule: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        build_layer(note=[rule])


@pytest.mark.parametrize(
    ("field", "rules", "why"),
    [
        ("note", [{"lookup": "mediun"}], "no code list 'mediun'; did you mean 'medium'"),
        ("phone", [{"source_of": "nam"}], "no other field 'nam'; did you mean 'name'"),
        ("phone", [{"source_of": "phone"}], "no other field"),
        ("phone", ["trim", {"source_of": "name"}], "first rule"),
        ("note", [{"unit": "mg/L"}], "needs"),
        ("bod5", [{"unit": "m³/h"}], "'m³/h' cannot be converted to 'mg/L'"),
        ("bod5", [{"unit": "thùng"}], "cannot be converted"),
    ],
)
def test_a_rule_that_does_not_fit_its_layer_is_a_fault_of_the_file(field: str, rules: list[Any], why: str, catalog: Catalog) -> None:
    layer = build_layer(**{field: rules})
    around = Surroundings(
        {group.id: group for group in catalog.groups}, catalog.layers, catalog.code_lists, catalog.layers, catalog.code_lists
    )
    faults = [text for place, text in find_layer_faults(layer, around) if place[:3] == ("load", "clean", field)]
    assert len(faults) == 1
    assert why in faults[0]


@pytest.mark.parametrize(
    ("given", "wanted", "factor"),
    [
        ("µg/l", "mg/L", 1e-3),
        ("μg/L", "mg/l", 1e-3),
        ("g/m3", "mg/L", 1),
        ("m³/h", "m³/ngày", 24),
        ("m³/giây", "m³/ngày đêm", 86_400),
        ("m²", "ha", 1e-4),
        ("km2", "ha", 100),
        ("tấn/năm", "kg/ngày", 1000 / 365),
        ("triệu m³", "m³", 1e6),
        ("phút", "h", 1 / 60),
        ("m", "m²", None),
        ("mg/L", "mg", None),
        ("", "mg/L", None),
        ("mg/L/h", "mg/L", None),
    ],
)
def test_units_have_the_factors_of_the_si(given: str, wanted: str, factor: float | None) -> None:
    found = find_factor(given, wanted)
    assert found == (None if factor is None else pytest.approx(factor))


def test_a_number_and_its_unit_are_told_apart() -> None:
    assert split_value("12,5 mg/l") == ("12,5", "mg/l")
    assert split_value("-1.234,5m³/ngày đêm") == ("-1.234,5", "m³/ngày đêm")
    assert split_value("<0,05") == ("<0,05", None)
    assert split_value("Ấp 3") == ("Ấp 3", None)
    assert split_value("1" * 50_000 + "x") == ("1" * 50_000 + "x", None)
