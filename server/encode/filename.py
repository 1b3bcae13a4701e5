# SPDX-License-Identifier: MIT
"""What a download is called: a Vietnamese name for those who read RFC 5987, Latin letters for the rest (RFC 6266 4.3)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_LONGEST = 100
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def attachment(title: str, fallback: str, suffix: str) -> str:
    """The value of Content-Disposition for a file called `title`; `fallback` (ASCII letters, digits, _) is what old clients see."""
    name = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", title)).split()).strip(" .")[:_LONGEST].strip() or fallback
    plain = re.sub(r"[^A-Za-z0-9_-]", "", to_ascii(fallback))[:_LONGEST] or "data"
    return f"attachment; filename=\"{plain}{suffix}\"; filename*=UTF-8''{quote(name + suffix, safe='')}"


def to_ascii(text: str) -> str:
    """The text without accents; what has no Latin letter becomes `_`."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character if character.isascii() else "" if unicodedata.combining(character) else "_" for character in bare)
