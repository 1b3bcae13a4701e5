# SPDX-License-Identifier: MIT
"""Plain tables: CSV (also .gz), UTF-8 or a legacy encoding, coordinates in two columns or none."""

from __future__ import annotations

import csv
import gzip
import io
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from loaders.encoding import canonical, decode, detect
from loaders.source import SourceInfo, SourceOptions, SourceRow
from server.crs.definitions import find_crs
from server.errors import SourceRefused

X_NAMES = ("lon", "lng", "long", "longitude", "x", "kinh_do", "kinhdo")
Y_NAMES = ("lat", "latitude", "y", "vi_do", "vido")
MAX_BYTES = 500_000_000
MAX_COLUMNS = 500


class TableSource:
    """A CSV table. Raises SourceRefused when it is not text or its rows do not fit its head."""

    def __init__(self, path: Path, options: SourceOptions) -> None:
        self._path = path
        self._options = options
        self._head, self._body = self._read()

    def _read(self) -> tuple[list[str], list[list[str]]]:
        raw = self._bytes()
        sample = raw.splitlines()
        encoding = canonical(self._options.encoding) if self._options.encoding else detect(sample[:2000]).encoding
        self._encoding = encoding
        text = decode(raw.removeprefix(b"\xef\xbb\xbf"), encoding)
        if "\x00" in text[:10_000]:
            raise SourceRefused(
                f"{self._path.name} is not a text table.",
                locator=self._path.name,
                message_vi=f"{self._path.name}: không phải bảng văn bản.",
            )
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t|", key=first.count)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        if not rows or len(rows[0]) > MAX_COLUMNS:
            raise SourceRefused(f"{self._path.name} has no readable head line.", locator=self._path.name)
        head = [name.strip() for name in rows[0]]
        if len(set(head)) != len(head) or not all(head):
            raise SourceRefused(f"{self._path.name}: every column needs a name of its own.", locator=self._path.name)
        body = [row for row in rows[1:] if any(row)]
        bad = next((i for i, row in enumerate(body, 2) if len(row) != len(head)), None)
        if bad is not None:
            raise SourceRefused(f"{self._path.name}: line {bad} does not have {len(head)} columns.", locator=f"{self._path.name}:{bad}")
        return head, body

    def _bytes(self) -> bytes:
        try:
            if self._path.suffix == ".gz":
                with gzip.open(self._path) as file:
                    raw = file.read(MAX_BYTES + 1)
            else:
                with self._path.open("rb") as file:
                    raw = file.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceRefused(f"{self._path.name} cannot be read.", locator=self._path.name) from error
        if len(raw) > MAX_BYTES:
            raise SourceRefused(f"{self._path.name} is larger than {MAX_BYTES} bytes.", locator=self._path.name)
        return raw

    @cached_property
    def _xy(self) -> tuple[int, int] | None:
        if self._options.xy:
            missing = [name for name in self._options.xy if name not in self._head]
            if missing:
                raise SourceRefused(f"{self._path.name} has no column {missing[0]!r}.", locator=self._path.name)
            return self._head.index(self._options.xy[0]), self._head.index(self._options.xy[1])
        lower = [name.lower() for name in self._head]
        x = next((lower.index(name) for name in X_NAMES if name in lower), None)
        y = next((lower.index(name) for name in Y_NAMES if name in lower), None)
        return (x, y) if x is not None and y is not None else None

    @property
    def info(self) -> SourceInfo:
        """What the table says of itself; coordinates are longitude and latitude (WGS 84) unless the options say otherwise."""
        return SourceInfo(
            name=self._path.name,
            format="CSV",
            fields=tuple(self._head),
            geometry="Point" if self._xy else None,
            crs=find_crs(self._options.crs or 4326) if self._xy else None,
            row_count=len(self._body),
            encodings={name: (self._encoding, 1.0) for name in self._head},
        )

    def rows(self) -> Iterator[SourceRow]:
        """Every row; empty cells are None; a row without readable coordinates has no geometry."""
        for number, row in enumerate(self._body, 1):
            values: dict[str, Any] = {
                name: unicodedata.normalize("NFC", cell.strip()) or None for name, cell in zip(self._head, row, strict=True)
            }
            yield SourceRow(number, values, self._point(row))

    def _point(self, row: list[str]) -> bytes | None:
        if self._xy is None:
            return None
        try:
            x, y = float(row[self._xy[0]].replace(",", ".")), float(row[self._xy[1]].replace(",", "."))
        except ValueError:
            return None
        return struct.pack("<BIdd", 1, 1, x, y)
