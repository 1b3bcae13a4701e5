# SPDX-License-Identifier: MIT
"""Legacy Vietnamese text: which encoding a column is in, and the text it means.

Tables: `data/tcvn3_map.csv`, `data/vni_map.csv` (with sources). Declared encodings are only a prior, because they are often
wrong; the whole column decides (domain reference 5.4: right from ten values on).
"""

from __future__ import annotations

import codecs
import csv
import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loaders.syllables import is_syllable, score

DATA = Path(__file__).parent / "data"
ENCODINGS = ("utf-8", "tcvn3", "vni", "cp1258", "cp1252")
_ALIASES = {
    "utf8": "utf-8",
    "65001": "utf-8",
    "1258": "cp1258",
    "windows-1258": "cp1258",
    "abc": "tcvn3",
    "windows-1252": "cp1252",
    "ansi": "cp1252",
    "88591": "cp1252",
    "iso 8859-1": "cp1252",
}
_SAMPLE = 400
# From ten values on the column decides for itself (experiment in the domain reference 5.4).
ENOUGH = 10
# Text of which less than this is Vietnamese in any encoding is in another language: then the declared encoding counts.
_FOREIGN = 0.5
_WORD = re.compile(r"\w+")
# The lost capital of a place's name after the word of its kind: `Thị trấn ái Nghĩa`, but not `huyện ủy`.
_PLACE_NAME = re.compile(r"(?<!\w)((?i:xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|thôn|ấp) )([^\W\d_a-zA-Z])(?=\w* [A-ZĂÂĐÊÔƠƯ])")


@dataclass(frozen=True)
class Guess:
    """The encoding of a column, how much of its words are Vietnamese in it (0 to 1), and up to ten decoded samples."""

    encoding: str
    score: float
    samples: tuple[str, ...]


def canonical(name: str) -> str:
    """Our spelling of an encoding name (`.cpg` content, command line); unknown names come back lower-case."""
    lower = name.strip().lower()
    return _ALIASES.get(lower, lower)


@functools.cache
def _tcvn3() -> dict[int, str]:
    with (DATA / "tcvn3_map.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["direction"] in ("both", "decode")]
    return {int(row["byte_hex"], 16): row["char"] for row in rows}


@functools.cache
def _vni() -> dict[bytes, str]:
    with (DATA / "vni_map.csv").open(encoding="utf-8") as file:
        return {bytes.fromhex(row["bytes_hex"]): row["char"] for row in csv.DictReader(file)}


def _decode_tcvn3(raw: bytes) -> str:
    table = _tcvn3()
    return "".join(table.get(byte) or bytes([byte]).decode("cp1252", "replace") for byte in raw)


def _decode_vni(raw: bytes) -> str:
    table, out, at = _vni(), [], 0
    while at < len(raw):
        pair = raw[at : at + 2]
        if len(pair) == 2 and pair in table:
            out.append(table[pair])
            at += 2
            continue
        single = raw[at : at + 1]
        out.append(table.get(single) or single.decode("cp1252", "replace"))
        at += 1
    return "".join(out)


def decode(raw: bytes, encoding: str) -> str:
    """The text the bytes mean, in Unicode NFC. Bytes outside the table become U+FFFD. Raises LookupError for an unknown encoding."""
    if encoding == "tcvn3":
        text = _decode_tcvn3(raw)
    elif encoding == "vni":
        text = _decode_vni(raw)
    else:
        text = raw.decode(encoding, "replace")
    return unicodedata.normalize("NFC", text)


def restore_capitals(text: str) -> str:
    """Capitals that TCVN3 cannot write, by rule: toned letters inside an all-capitals word, the first letter of the text, first letters
    in a name (a text whose other words all begin with capitals), and of a place's name after the word of its kind."""
    text = _PLACE_NAME.sub(lambda match: match[1] + match[2].upper(), _WORD.sub(_raise_word, text))
    plain_initials = [word[0] for word in _WORD.findall(text) if word[0].isascii() and word[0].isalpha()]
    if len(plain_initials) > 1 and all(initial.isupper() for initial in plain_initials):
        return _WORD.sub(lambda match: _capitalise(match.group()), text)
    return _capitalise(text)


def _raise_word(match: re.Match[str]) -> str:
    word = match.group()
    capitals = sum(c.isupper() for c in word)
    return word.upper() if capitals > 1 and all(c.isupper() for c in word if c.isascii() and c.isalpha()) else word


def _capitalise(text: str) -> str:
    """First letter raised when it is one of the letters TCVN3 has no capital for."""
    return text[:1].upper() + text[1:] if text and not text[0].isascii() else text


def detect(values: Sequence[bytes], declared: str | None = None) -> Guess:
    """The encoding of a column, from its distinct non-ASCII values. `declared` (a `.cpg`) only breaks a tie.

    A column of plain ASCII is utf-8 with score 1.
    """
    telling = _telling(values)
    if not telling or all(_is_utf8(value) for value in telling):
        return describe(values, "utf-8")
    prior = canonical(declared) if declared else None
    ranked = sorted(
        (
            (_marked_score([decode(value, name) for value in telling]), name == prior, -ENCODINGS.index(name), name)
            for name in ENCODINGS
            if name != "utf-8"
        ),
        reverse=True,
    )
    if ranked[0][0] < _FOREIGN:
        return describe(values, prior if prior and is_codec(prior) else "cp1252")
    return describe(values, ranked[0][-1])


def is_codec(name: str) -> bool:
    """Whether an encoding is ours or one Python knows."""
    try:
        return name in ENCODINGS or codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def describe(values: Sequence[bytes], encoding: str) -> Guess:
    """How a column reads in one encoding: its score and up to ten samples, telling ones first.

    Raises LookupError for an unknown encoding.
    """
    telling = _telling(values)
    samples = tuple(decode(value, encoding) for value in (telling or list(dict.fromkeys(values)))[:10])
    return Guess(encoding, _marked_score([decode(value, encoding) for value in telling]), samples)


def count_telling(values: Sequence[bytes]) -> int:
    """How many distinct values hold a byte above 7F: only these tell encodings apart."""
    return len(_telling(values))


def _telling(values: Sequence[bytes]) -> list[bytes]:
    return [value for value in dict.fromkeys(values) if any(byte > 0x7F for byte in value)][:_SAMPLE]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _marked_score(texts: list[str]) -> float:
    """Score over the words that carry a mark: plain words say nothing about the encoding."""
    marked = [" ".join(word for word in re.split(r"\s+", text) if not word.isascii()) for text in texts]
    return score(marked)


def mend_mojibake(text: str) -> str:
    """The text meant by UTF-8 that somebody read as cp1252 (`Kon Dá»¡ng`); any other text as it is."""
    if text.isascii():
        return text
    try:
        again = text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text
    return again if all(is_syllable(word) for word in re.findall(r"[^\W\d_]+", again)) else text
