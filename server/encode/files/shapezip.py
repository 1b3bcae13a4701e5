# SPDX-License-Identifier: MIT
"""Zipped shapefiles: what the format cannot hold is cut or split where it may be, and written down beside it.

Field names have ten letters, texts 254 bytes, a file one kind of geometry and two gigabytes. Texts are UTF-8 (`.cpg`).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from server.crs.exchange import authority_name, write_prj
from server.encode.filename import to_ascii
from server.encode.files.arrow import GEOMETRY, read_stream, table_schema
from server.encode.files.further import apart
from server.encode.files.table import Batch, FileTable, Part

TEXT_BYTES, NAME_LETTERS = 254, 10
# Well below 2^31 bytes: one more batch, and text columns that grow from 80 to 254 bytes while they are filled, must still fit.
MAX_SHAPES, MAX_ATTRIBUTES = 1_600_000_000, 600_000_000
# Kinds of geometry as shapely numbers them: what one shapefile holds, and how the part is called.
_KINDS = {0: ("Point", "points"), 4: ("MultiPoint", "multipoints"), 1: ("LineString", "lines"), 5: ("LineString", "lines")}
_KINDS |= {3: ("Polygon", "polygons"), 6: ("Polygon", "polygons")}
_NO_PLACE = -1


@dataclass
class _Shapefile:
    """One shapefile in the making."""

    stem: Path
    geometry: str | None

    def is_full(self) -> bool:
        """Whether nothing more may go into it."""
        return _size(_beside(self.stem, ".shp")) > MAX_SHAPES or _size(_beside(self.stem, ".dbf")) > MAX_ATTRIBUTES


@dataclass
class _Bundle:
    """All shapefiles of a table. The kind of the first places decides where features without place go."""

    table: FileTable
    folder: Path
    names: tuple[str, ...]
    parts: dict[str, list[_Shapefile]] = field(default_factory=dict)

    def add(self, batch: Batch) -> None:
        """Put the rows of a batch where they belong."""
        for kind, word, rows in self._split(batch):
            known = self.parts.setdefault(word, [])
            if not known or known[-1].is_full():
                known.append(_Shapefile(self._stem(word, len(known)), kind))
            self._append(known[-1], rows)

    def _stem(self, word: str, number: int) -> Path:
        first = next(iter(self.parts))
        words = [self.table.name, *([word] if word != first else []), *([str(number + 1)] if number else [])]
        return self.folder / "_".join(words)

    def _split(self, batch: Batch) -> Iterator[tuple[str | None, str, Batch]]:
        if self.table.crs is None:
            yield None, "", batch
            return
        kinds = _kinds_of(batch[-1])
        home = next((word for word in self.parts), None)
        for word in dict.fromkeys(_KINDS[kind][1] for kind in kinds.tolist() if kind in _KINDS):
            home = home or word
            wanted = np.isin(kinds, [kind for kind, (_, name) in _KINDS.items() if name == word])
            if word == home:
                wanted |= ~np.isin(kinds, list(_KINDS))
            yield next(kind for kind, name in _KINDS.values() if name == word), word, _pick(batch, wanted)
        if not np.isin(kinds, list(_KINDS)).any():
            word = home or "points"
            yield next(kind for kind, name in _KINDS.values() if name == word), word, batch

    def _append(self, part: _Shapefile, batch: Batch) -> None:
        schema = table_schema(self.table, self.names)
        place: dict[str, Any] = {"geometry_type": None}
        if part.geometry is not None and self.table.crs is not None:
            place = {"geometry_type": part.geometry, "geometry_name": GEOMETRY, "crs": authority_name(self.table.crs)}
        target = _beside(part.stem, ".shp" if part.geometry else ".dbf")
        stream = read_stream(schema, [self._fit(batch)])
        pyogrio.write_arrow(
            stream, target, layer=part.stem.name, driver="ESRI Shapefile", encoding="UTF-8", append=target.exists(), **place
        )

    def _fit(self, batch: Batch) -> Batch:
        """The values in types a dBase table has: texts of 254 bytes, moments as texts."""
        columns = list(batch)
        for position, column in enumerate(self.table.fields, start=1):
            if str(column.type) not in ("integer", "link", "number", "boolean", "date", "datetime"):
                columns[position] = tuple(map(cut_text, columns[position]))
        return tuple(columns)


def write_shapezip(parts: Sequence[Part], target: Path) -> None:
    """A ZIP of shapefiles, each with `.cpg` and `.prj`; `<table>_fields.csv` says what each field is.

    A further geometry of a layer is a shapefile of its own with the ids.
    """
    folder = target.with_suffix(".parts")
    folder.mkdir()
    for part in apart(parts):
        _write_table(part, folder)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
            path.unlink()
    folder.rmdir()


def _write_table(written: Part, folder: Path) -> None:
    table = written.table
    names = short_names(field.name for field in table.fields)
    bundle = _Bundle(table, folder, names)
    for batch in written.batches():
        bundle.add(batch)
    if not bundle.parts:
        bundle.parts[""] = [_Shapefile(folder / table.name, _first_kind(table))]
        bundle._append(bundle.parts[""][0], tuple(() for _ in table_schema(table)))
    for part in (part for parts in bundle.parts.values() for part in parts):
        _beside(part.stem, ".cpg").write_text("UTF-8", encoding="ascii")
        if table.crs is not None:
            _beside(part.stem, ".prj").write_text(write_prj(table.crs), encoding="utf-8")
    if table.fields:
        (folder / f"{table.name}_fields.csv").write_bytes(_describe_fields(table, names))


def short_names(names: Iterable[str]) -> tuple[str, ...]:
    """Ten ASCII letters for each name, no two alike (dBase makes no difference between upper and lower case); `id` is taken."""
    taken, out = {"id"}, []
    for name in names:
        plain = "".join(sign if sign.isalnum() or sign == "_" else "_" for sign in to_ascii(name)) or "field"
        short, number = plain[:NAME_LETTERS], 0
        while short.lower() in taken:
            number += 1
            ending = f"_{number}"
            short = plain[: NAME_LETTERS - len(ending)] + ending
        taken.add(short.lower())
        out.append(short)
    return tuple(out)


def cut_text(text: str | None) -> str | None:
    """At most 254 bytes of UTF-8, never half a letter."""
    if text is None or len(text) * 4 <= TEXT_BYTES:
        return text
    return text.encode()[:TEXT_BYTES].decode(errors="ignore")


def _kinds_of(places: tuple[bytes | None, ...]) -> Any:
    return shapely.get_type_id(shapely.from_wkb(np.array(places, dtype=object)))


def _pick(batch: Batch, wanted: Any) -> Batch:
    if wanted.all():
        return batch
    rows = np.flatnonzero(wanted).tolist()
    return tuple(tuple(column[row] for row in rows) for column in batch)


def _first_kind(table: FileTable) -> str | None:
    if table.crs is None:
        return None
    kind = table.kind
    return "Point" if kind == "point" else "MultiPoint" if kind == "multipoint" else "LineString" if "line" in kind else "Polygon"


def _beside(stem: Path, suffix: str) -> Path:
    """A file of a shapefile; names of tables may hold dots."""
    return stem.with_name(stem.name + suffix)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _describe_fields(table: FileTable, names: tuple[str, ...]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["field", "name", "vi", "en", "unit"])
    for short, column in zip(names, table.fields, strict=True):
        writer.writerow([short, column.name, column.label.vi, column.label.en, column.unit or ""])
    return ("\ufeff" + out.getvalue()).encode()
