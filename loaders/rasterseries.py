# SPDX-License-Identifier: MIT
"""Rasters of several days: a folder of GeoTIFFs whose names tell the day (`ndvi_2024-03-05.tif`, `20240305.tif`, `chl_2024-03.tif`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from server.errors import SourceRefused

MOST_RASTERS = 1000
_ENDINGS = frozenset({".tif", ".tiff", ".asc"})
_DAY = re.compile(r"(?<!\d)(\d{4})([-_]?)(\d{2})(?:\2(\d{2}))?(?!\d)", re.ASCII)


def find_rasters(path: Path) -> list[tuple[datetime, Path]]:
    """The rasters of a folder (or a single one) with the day each name tells (midnight UTC; a month is its first day), the earliest first.

    Raises SourceRefused: no raster, a name without a day or with an impossible one, two of one day, too many.
    """
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _ENDINGS) if path.is_dir() else [path]
    if not files:
        raise SourceRefused(f"{path.name} holds no GeoTIFF.", locator=path.name, message_vi=f"{path.name} không có tệp GeoTIFF nào.")
    if len(files) > MOST_RASTERS:
        raise SourceRefused(
            f"{path.name} holds more than {MOST_RASTERS} rasters.",
            locator=path.name,
            message_vi=f"{path.name} có hơn {MOST_RASTERS} ảnh.",
        )
    found: dict[datetime, Path] = {}
    for file in files:
        day = read_day(file.stem)
        if day is None:
            raise SourceRefused(
                f"{file.name}: the name tells no day, such as 2024-03-05.",
                locator=file.name,
                message_vi=f"{file.name}: tên tệp không cho biết ngày, ví dụ 2024-03-05.",
            )
        if day in found:
            raise SourceRefused(
                f"{file.name} and {found[day].name} are of the same day.",
                locator=file.name,
                message_vi=f"{file.name} và {found[day].name} cùng một ngày.",
            )
        found[day] = file
    return sorted(found.items())


def read_day(name: str) -> datetime | None:
    """The last day or month a file's name tells; None when there is none."""
    for year, _, month, day in reversed(_DAY.findall(name)):
        try:
            return datetime(int(year), int(month), int(day or 1), tzinfo=UTC)
        except ValueError:
            continue
    return None


def remove_others(folder: Path, kept: Collection[str]) -> None:
    """Delete the rasters of a layer that no longer stand for a day."""
    for file in folder.glob("*.tif"):
        if file.name not in kept:
            file.unlink(missing_ok=True)
