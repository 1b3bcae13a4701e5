# SPDX-License-Identifier: MIT
"""Whatever cleaned a value is called by words people read, in both languages."""

from __future__ import annotations

from typing import get_args

from loaders.steps import _MENDED
from loaders.values import DateRule, NumberRule
from server.catalog.cleaning import CleaningRule, CleaningStep
from viewer.staff.cleaning_words import CLEANING_WORDS, name_step


def test_every_step_has_words() -> None:
    numbers = {f"{rule} number" for rule in get_args(NumberRule) if rule != "plain"}
    dates = {f"{rule} date" for rule in get_args(DateRule)}
    steps = {*get_args(CleaningStep), *CleaningRule.model_fields, *numbers, *dates, _MENDED, "looked up"}
    assert steps == CLEANING_WORDS.keys()
    assert all(vietnamese != english for vietnamese, english in CLEANING_WORDS.values())


def test_a_step_of_an_old_report_keeps_its_name() -> None:
    assert name_step("<b>polish</b>", "vi") == "<b>polish</b>"
    assert (name_step("trim", "vi"), name_step("trim", "en")) == ("bỏ khoảng trắng ở hai đầu", "blanks at both ends removed")
