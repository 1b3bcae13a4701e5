# SPDX-License-Identifier: MIT
"""Reading through a large XML file without building its tree: whether it is whole, and what stands at its top."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from server.errors import InvalidParameter

_DEEPEST = 256
_LONGEST_TEXT = 1000
_BLOCK = 1 << 18


@dataclass(frozen=True)
class Outline:
    """A document: local name and attributes (by local name) of its root, how often each local name occurs on the second and third level,
    its first words, and a digest of all below the root (so that what changes in the root alone does not count)."""

    root: str
    attributes: Mapping[str, str]
    second: Mapping[str, int]
    third: Mapping[tuple[str, str], int]
    text: str
    digest: str


@dataclass
class _Reader:
    """What the parser tells, kept as far as the outline needs it; names are as `namespace|local`."""

    path: list[str] = field(default_factory=list)
    root: tuple[str, dict[str, str]] | None = None
    second: dict[str, int] = field(default_factory=dict)
    third: dict[tuple[str, str], int] = field(default_factory=dict)
    text: str = ""
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition("|")[2]
        self.path.append(local)
        depth = len(self.path)
        if depth > _DEEPEST:
            raise InvalidParameter(f"The XML is nested deeper than {_DEEPEST} elements")
        if depth == 1:
            self.root = local, {key.rpartition("|")[2]: value for key, value in attributes.items()}
            return
        self.digest.update(f"<{name}{sorted(attributes.items())}".encode())
        if depth == 2:
            self.second[local] = self.second.get(local, 0) + 1
        elif depth == 3:
            self.third[self.path[1], local] = self.third.get((self.path[1], local), 0) + 1

    def end(self, name: str) -> None:
        del name
        self.path.pop()

    def data(self, text: str) -> None:
        self.digest.update(text.encode())
        if len(self.text) < _LONGEST_TEXT:
            self.text += text

    def doctype(self, *told: object) -> None:
        del told
        raise InvalidParameter("XML with a DOCTYPE is not accepted", message_vi="Không nhận XML có DOCTYPE")


def read_outline(path: Path) -> Outline:
    """Read a whole document in constant memory. Raises InvalidParameter when it is not well-formed, breaks off or has a DOCTYPE."""
    reader, parser = _Reader(), expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reader.start, reader.end, reader.data
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.buffer_text = True
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.Parse(block, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        raise InvalidParameter(f"The XML is not well-formed in line {line}", message_vi=f"XML sai cú pháp ở dòng {line}") from None
    root, attributes = reader.root or ("", {})
    text = " ".join(reader.text.split())
    return Outline(root, attributes, reader.second, reader.third, text, reader.digest.hexdigest())
