# SPDX-License-Identifier: MIT
"""The reader interface: what every source of features looks like to the loaders, and which reader takes a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from loaders.batches import SourceBatch, SourceRow
from server.config import Loading
from server.crs.definitions import Crs
from server.errors import SourceRefused


@dataclass(frozen=True)
class SourceInfo:
    """What a source says of itself before a row is loaded.

    `encodings` tells per text field which encoding it was read with and how sure that is (0 to 1); `notes` are sentences for the plan.
    `may_lack_geometry`: a table, whose rows may be records without a place; `place_fields` are the columns that tell places.
    """

    name: str
    format: str
    fields: tuple[str, ...]
    geometry: str | None
    crs: Crs | None
    row_count: int
    encodings: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    may_lack_geometry: bool = False
    place_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceOptions:
    """What the user says about a source: its CRS (EPSG code), encoding, data set or layer inside, coordinate columns (x, y).

    `limits` bind the reading process and the unpacking of archives.
    """

    crs: int | None = None
    encoding: str | None = None
    layer: str | None = None
    xy: tuple[str, str] | None = None
    limits: Loading = field(default_factory=Loading)


class Source(Protocol):
    """A readable source. `batches` and `rows` may be called again and start anew; geometry-less sources give no shapes."""

    @property
    def info(self) -> SourceInfo:
        """What the source says of itself."""
        ...

    def batches(self, fields: Sequence[str] | None = None, *, shapes: bool = True, most: int | None = None) -> Iterator[SourceBatch]:
        """Every row (or the first `most`, and perhaps some more) in file order, with all or some of its fields.

        Raises SourceRefused when the file turns out to be damaged.
        """
        ...

    def rows(self) -> Iterator[SourceRow]:
        """The same row by row."""
        ...


def open_source(path: Path, options: SourceOptions) -> Source:
    """The reader for a file, chosen by its name and then by what is inside.

    Raises SourceRefused when the file is missing, empty, not of a known format, not what its name claims, or holds several data sets and
    `options.layer` names none of them.
    """
    from loaders.dataset import choose_dataset
    from loaders.encoding import canonical, is_codec
    from loaders.table import TableSource
    from loaders.unpack import Workspace
    from loaders.vector import VectorSource

    if not path.exists():
        raise SourceRefused(f"{path.name}: there is no such file.", locator=path.name, message_vi=f"{path.name}: không có tệp này.")
    if path.is_file() and path.stat().st_size == 0:
        raise SourceRefused(f"{path.name} is empty.", locator=path.name, message_vi=f"{path.name}: tệp rỗng.")
    if options.encoding and not is_codec(canonical(options.encoding)):
        raise SourceRefused(
            f"There is no encoding {options.encoding!r}; say utf-8, tcvn3, vni, cp1258 …",
            locator=options.encoding,
            message_vi=f"Không có bảng mã {options.encoding!r}; hãy dùng utf-8, tcvn3, vni, cp1258 …",
        )
    workspace = Workspace(path, options.limits)
    dataset = choose_dataset(workspace, path.name, options.layer)
    if dataset.is_table:
        return TableSource(workspace, dataset, options)
    return VectorSource(workspace, dataset, options)
