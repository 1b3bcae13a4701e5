# SPDX-License-Identifier: MIT
"""Units as Vietnamese and English papers write them, and the factor from one to another: `µg/l` to `mg/L`, `m³/h` to `m³/ngày đêm`.

A unit is a word of the table, or two of them with a stroke between. Factors are those of the SI; a day has 24 hours, a year 365 days.
"""

from __future__ import annotations

import re
import unicodedata

# kind: words and how many of the base (kg, m³, m, m², s, W) each is
_TABLE: dict[str, dict[str, float]] = {
    "mass": {
        "ng": 1e-12,
        "µg": 1e-9,
        "ug": 1e-9,
        "mcg": 1e-9,
        "mg": 1e-6,
        "g": 1e-3,
        "kg": 1,
        "tạ": 100,
        "tấn": 1000,
        "t": 1000,
        "ton": 1000,
    },
    "volume": {"µl": 1e-9, "ml": 1e-6, "l": 1e-3, "lít": 1e-3, "cm3": 1e-6, "dm3": 1e-3, "m3": 1, "km3": 1e9},
    "length": {"mm": 1e-3, "cm": 1e-2, "dm": 1e-1, "m": 1, "km": 1e3},
    "area": {"cm2": 1e-4, "dm2": 1e-2, "m2": 1, "ha": 1e4, "hecta": 1e4, "km2": 1e6},
    "time": {
        **dict.fromkeys(("s", "giây", "sec"), 1.0),
        **dict.fromkeys(("min", "phút"), 60.0),
        **dict.fromkeys(("h", "giờ", "hour"), 3600.0),
        **dict.fromkeys(("d", "ngày", "ngàyđêm", "ng.đ", "ngđ", "ngđêm", "day", "24h"), 86_400.0),
        **dict.fromkeys(("năm", "year", "yr", "a"), 365 * 86_400.0),
    },
    "power": {"w": 1, "kw": 1e3, "mw": 1e6},
}
_MANY = {"nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9}
_WORDS = {word: (kind, factor) for kind, words in _TABLE.items() for word, factor in words.items()}
_VALUE = re.compile(r"\s*([-+]?\d[\d.,\s]{0,40}?(?:[eE][-+]?\d{1,3})?)\s*([^\W\d_].{0,40})?", re.DOTALL)


def find_factor(given: str, wanted: str) -> float | None:
    """What a number in one unit is multiplied by to be in another; None where a unit is unknown or they measure different things."""
    first, second = _read(given), _read(wanted)
    if first is None or second is None or first[0] != second[0]:
        return None
    return first[1] / second[1]


def split_value(text: str) -> tuple[str, str | None]:
    """The number and the unit of a text such as `12,5 mg/l`; the whole text and None where there is no unit behind a number."""
    match = _VALUE.fullmatch(text)
    return (match[1], match[2].strip()) if match and match[2] else (text, None)


def _read(unit: str) -> tuple[tuple[str, ...], float] | None:
    """What a unit measures and how many of the base it is."""
    plain = unicodedata.normalize("NFC", unit.strip().lower()).replace("²", "2").replace("³", "3").replace("μ", "µ").replace("^", "")
    many, factor = 1.0, 1.0
    head, _, rest = plain.partition(" ")
    if head in _MANY and rest:
        many, plain = _MANY[head], rest
    parts = [_WORDS.get(part.replace(" ", "")) for part in plain.split("/")]
    if not 1 <= len(parts) <= 2:
        return None
    kinds: list[str] = []
    for place, part in enumerate(parts):
        if part is None:
            return None
        kinds.append(part[0])
        factor = factor * part[1] if place == 0 else factor / part[1]
    return tuple(kinds), many * factor
