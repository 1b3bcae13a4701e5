# SPDX-License-Identifier: MIT
"""What the steps that cleaned a value are called, by their names in layer files and reports: Vietnamese, English."""

from __future__ import annotations

from collections.abc import Mapping

CLEANING_WORDS: Mapping[str, tuple[str, str]] = {
    "trim": ("bỏ khoảng trắng ở hai đầu", "blanks at both ends removed"),
    "squeeze": ("gộp khoảng trắng liền nhau", "blanks in a row joined"),
    "upper": ("đổi thành chữ hoa", "made capital letters"),
    "lower": ("đổi thành chữ thường", "made small letters"),
    "title": ("viết hoa chữ đầu", "first letter made a capital"),
    "UTF-8 read as cp1252": ("sửa chữ bị lỗi phông (UTF-8 đọc thành cp1252)", "garbled letters mended (UTF-8 read as cp1252)"),
    "lookup": ("tra danh mục", "looked up in a code list"),
    "looked up": ("đổi thành mã của danh mục", "replaced by the code of the list"),
    "default": ("điền giá trị mặc định", "default filled in"),
    "strip": ("bỏ phần chữ ở đầu", "leading text removed"),
    "empty": ("coi là trống", "taken as empty"),
    "split": ("lấy một phần của chữ", "a part of the text taken"),
    "extract": ("trích phần cần", "what is wanted extracted"),
    "replace": ("thay chữ theo quy tắc", "replaced by a rule"),
    "unit": ("đổi đơn vị", "unit converted"),
    "source_of": ("lấy từ cột của trường khác", "taken from the column of another field"),
    "vietnamese number": ("đọc số viết kiểu Việt Nam (1.234,5)", "number read as written in Viet Nam (1.234,5)"),
    "english number": ("đọc số viết kiểu Anh (1,234.5)", "number read as written in English (1,234.5)"),
    "iso date": ("đọc ngày năm-tháng-ngày", "date read as year-month-day"),
    "day first date": ("đọc ngày/tháng/năm", "date read as day/month/year"),
    "month first date": ("đọc tháng/ngày/năm", "date read as month/day/year"),
}


def name_step(step: str, language: str) -> str:
    """The step in words of `language`; one that has none (of an old report) by its name."""
    words = CLEANING_WORDS.get(step)
    return words[language == "en"] if words else step
