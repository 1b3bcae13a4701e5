# SPDX-License-Identifier: MIT
"""Shapefiles: folder, .shp or .zip, text in whatever a Vietnamese office used.

The table is read as bytes (ISO-8859-1 maps every byte to one character) and decoded here, because GDAL drops the last letter of values and
names under a `.cpg` of 1258 and knows neither TCVN3 nor VNI. The encoding is decided per column.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from loaders.encoding import ENOUGH, Guess, canonical, count_telling, decode, describe, detect, restore_capitals
from loaders.source import SourceInfo, SourceOptions, SourceRow
from loaders.vector import clean_value, find_source_crs, gdal_address, read_info, read_rows
from server.errors import SourceRefused

BYTES = "ISO-8859-1"


def holds_shapefile(path: Path) -> bool:
    """True for a folder or zip archive with a .shp inside."""
    if path.is_dir():
        return any(path.glob("*.shp"))
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.lower().endswith(".shp") for name in archive.namelist())


class ShapefileSource:
    """One shapefile. Raises SourceRefused when parts are missing or GDAL cannot read it."""

    def __init__(self, path: Path, options: SourceOptions) -> None:
        if path.is_dir():
            shapes = sorted(path.glob("*.shp"))
            if len(shapes) != 1:
                raise SourceRefused(f"{path.name}: one .shp is expected in the folder, found {len(shapes)}.", locator=path.name)
            path = shapes[0]
        self._path = path
        self._options = options
        self._address = gdal_address(path)
        self._raw_info = read_info(self._address, path.name, None, BYTES)

    @cached_property
    def _table(self) -> tuple[list[str], Any, list[list[Any]]]:
        names, geometry, columns = read_rows(self._address, self._path.name, encoding=BYTES)
        return names, geometry, [[clean_value(value) for value in column.tolist()] for column in columns]

    @cached_property
    def _guesses(self) -> dict[str, Guess]:
        """Encoding per text column. A column with few telling values takes the encoding of the whole table: one value may fit several."""
        names, _, columns = self._table
        raw = {
            name: [value.encode("latin-1", "replace") for value in column if isinstance(value, str) and value]
            for name, column in zip(names, columns, strict=True)
        }
        texts = {name: values for name, values in raw.items() if values}
        if self._options.encoding:
            return {name: describe(values, canonical(self._options.encoding)) for name, values in texts.items()}
        declared = self._declared()
        whole = detect([value for values in texts.values() for value in values], declared).encoding
        return {name: self._guess(values, whole, declared) for name, values in texts.items()}

    def _guess(self, values: list[bytes], whole: str, declared: str | None) -> Guess:
        telling = count_telling(values)
        if telling >= ENOUGH:
            return detect(values, declared)
        return describe(values, whole if telling else "utf-8")

    def _declared(self) -> str | None:
        """Content of the `.cpg` beside the file; only a prior."""
        if self._path.suffix.lower() != ".shp":
            with zipfile.ZipFile(self._path) as archive:
                found = [name for name in archive.namelist() if name.lower().endswith(".cpg") and not name.startswith("__MACOSX/")]
                return archive.read(found[0]).decode("ascii", "ignore").strip() if found else None
        beside = [p for p in self._path.parent.glob(self._path.stem + ".*") if p.suffix.lower() == ".cpg"]
        return beside[0].read_text("ascii", "ignore").strip() if beside else None

    @property
    def info(self) -> SourceInfo:
        """What the file says of itself, with the encoding found for each text column."""
        crs, notes = find_source_crs(self._raw_info["crs"], self._options)
        if "tcvn3" in {guess.encoding for guess in self._guesses.values()}:
            notes += ("TCVN3 cannot write toned capitals; capitals were restored by rule.",)
        return SourceInfo(
            name=self._path.name,
            format="ESRI Shapefile",
            fields=tuple(self._table[0]),
            geometry=self._raw_info["geometry_type"],
            crs=crs,
            row_count=int(self._raw_info["features"]),
            encodings={name: (guess.encoding, guess.score) for name, guess in self._guesses.items()},
            samples={name: guess.samples for name, guess in self._guesses.items()},
            notes=notes,
        )

    def rows(self) -> Iterator[SourceRow]:
        """Every row, text decoded and in NFC."""
        names, geometry, columns = self._table
        texts = [self._decoded(name, column) for name, column in zip(names, columns, strict=True)]
        for i, wkb in enumerate(geometry):
            yield SourceRow(i + 1, {name: column[i] for name, column in zip(names, texts, strict=True)}, wkb)

    def _decoded(self, name: str, column: list[Any]) -> list[Any]:
        guess = self._guesses.get(name)
        if guess is None:
            return column
        return [_read_text(value, guess.encoding) if isinstance(value, str) else value for value in column]


def _read_text(value: str, encoding: str) -> str:
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", decode(value.encode("latin-1", "replace"), encoding))
    return restore_capitals(text) if encoding == "tcvn3" else text
