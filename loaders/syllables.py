# SPDX-License-Identifier: MIT
"""How Vietnamese a text looks: the share of its words that are possible Vietnamese syllables.

Used to choose an encoding: text decoded with the wrong table stops being made of syllables (domain reference 5.4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|)"
_NUCLEUS = (
    "(?:iêu|yêu|oai|oay|oeo|uây|uôi|uya|uyê|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|ue|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê"
    "|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
)
_CODA = "(?:ch|ng|nh|c|m|n|p|t|)"
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}{_CODA}")
_WORD = re.compile(r"[^\W\d_]+")
_STRANGE = re.compile(r"[\x80-\x9f\u00a1-\u00bf\ufffd]")
_TONES = "".join(map(chr, (0x300, 0x301, 0x303, 0x309, 0x323)))


def is_syllable(word: str) -> bool:
    """True when the word could be one Vietnamese syllable (any tone, any case, NFC or NFD)."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = sum(decomposed.count(mark) for mark in _TONES)
    toneless = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return tones <= 1 and _SYLLABLE.fullmatch(toneless) is not None


def score(texts: Iterable[str]) -> float:
    """Share (0 to 1) of words that are Vietnamese syllables; a sign no text holds (C1 controls, U+00A1-00BF) counts as a bad word."""
    good = total = 0
    for text in texts:
        words = _WORD.findall(text)
        strange = len(_STRANGE.findall(text))
        total += len(words) + strange
        good += sum(map(is_syllable, words))
    return good / total if total else 1.0
