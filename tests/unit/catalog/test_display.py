# SPDX-License-Identifier: MIT
"""Labels, values, cards and sections as people see them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from server.catalog.catalog import Catalog
from server.catalog.display import field_label, form_sections, popup_fields, public_sections, show_value
from server.catalog.model import LayerField
from server.catalog.read import read_catalog_in

NUMBER = LayerField(type="number", vi="Lượng", en="Amount", unit="kg")
YEAR = LayerField(type="integer", vi="Năm", en="Year")
TRUTH = LayerField(type="boolean", vi="Có", en="Has")
MOMENT = LayerField(type="datetime", vi="Lúc", en="At")
DAY = LayerField(type="date", vi="Ngày", en="Day")


@pytest.fixture
def small(small_catalogue: Path) -> Catalog:
    return read_catalog_in(small_catalogue)


@pytest.mark.parametrize(
    ("field", "value", "vietnamese", "english"),
    [
        (NUMBER, 1234.5, "1.234,5", "1,234.5"),
        (NUMBER, 0.1 + 0.2, "0,3", "0.3"),
        (NUMBER, -1234567.0, "-1.234.567", "-1,234,567"),
        (YEAR, 2016, "2016", "2016"),
        (YEAR, 107082, "107.082", "107,082"),
        (TRUTH, True, "Có", "Yes"),
        (TRUTH, False, "Không", "No"),
        (MOMENT, datetime(2022, 6, 8, 2, 40, tzinfo=UTC), "08/06/2022 09:40", "08/06/2022 09:40"),
        (DAY, date(2022, 6, 8), "08/06/2022", "08/06/2022"),
        (NUMBER, None, "", ""),
    ],
)
def test_a_value_is_shown_in_the_form_of_the_language(small: Catalog, field: LayerField, value: Any, vietnamese: str, english: str) -> None:
    assert show_value(small, field, value, "vi") == vietnamese
    assert show_value(small, field, value, "en") == english


def test_a_code_is_shown_by_its_title_and_an_unknown_code_by_itself(small: Catalog) -> None:
    kind = small.layer("wells").fields["kind"]
    assert show_value(small, kind, "dug", "vi") == "Giếng đào"
    assert show_value(small, kind, "gone", "vi") == "gone"


def test_a_label_carries_its_unit(small: Catalog) -> None:
    assert field_label(small.layer("wells").fields["depth"], "vi") == "Độ sâu (m)"


def test_the_card_without_a_popup_begins_with_the_title_and_leaves_out_private_fields(small: Catalog) -> None:
    wells = small.layer("wells").model_copy(update={"popup": ()})
    assert popup_fields(wells) == ("name", "code", "kind", "plot", "depth", "dug_on")


def test_the_card_never_shows_a_private_field_even_when_named(small: Catalog) -> None:
    wells = small.layer("wells").model_copy(update={"popup": ("name", "owner")})
    assert popup_fields(wells) == ("name",)


def test_the_form_shows_every_field_once(small: Catalog) -> None:
    wells = small.layer("wells")
    shown = [name for section in form_sections(wells) for name in section.fields]
    assert sorted(shown) == sorted(wells.fields)


def test_the_object_page_leaves_out_private_fields(small: Catalog) -> None:
    shown = [name for section in public_sections(small.layer("wells")) for name in section.fields]
    assert shown == ["code", "name", "kind", "plot", "depth", "dug_on"]
