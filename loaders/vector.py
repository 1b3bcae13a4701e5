# SPDX-License-Identifier: MIT
"""Vector files GDAL reads as they are: GeoPackage, GeoJSON, FlatGeobuf, KML and others, also inside .zip and .gz.

pyogrio reads in batches, so that memory does not grow with the file. The drivers are an allow-list: formats that follow links to other
files or to the network are refused.
"""

from __future__ import annotations

import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from loaders.source import SourceInfo, SourceOptions, SourceRow
from server.crs.definitions import Crs, find_crs
from server.crs.identify import identify_wkt
from server.errors import SourceRefused

DRIVERS = frozenset(
    {"GPKG", "GeoJSON", "GeoJSONSeq", "FlatGeobuf", "KML", "LIBKML", "MapInfo File", "ESRI Shapefile", "GML", "DXF", "TopoJSON"}
)
BATCH = 5000


class VectorSource:
    """A layer of a vector file. Raises SourceRefused when GDAL cannot open it or the format is not allowed."""

    def __init__(self, path: Path, options: SourceOptions) -> None:
        self._path = path
        self._options = options
        self._address = gdal_address(path)
        self._raw_info = read_info(self._address, path.name, options.layer, None)
        if self._raw_info["driver"] not in DRIVERS:
            raise SourceRefused(f"{path.name}: format {self._raw_info['driver']} is not loaded.", locator=path.name)

    @property
    def info(self) -> SourceInfo:
        """What the file says of itself."""
        crs, notes = find_source_crs(self._raw_info["crs"], self._options)
        return SourceInfo(
            name=self._path.name,
            format=self._raw_info["driver"],
            fields=tuple(self._raw_info["fields"]),
            geometry=self._raw_info["geometry_type"],
            crs=crs if self._raw_info["geometry_type"] else None,
            row_count=int(self._raw_info["features"]),
            notes=notes,
        )

    def rows(self) -> Iterator[SourceRow]:
        """Every row in file order, text in NFC."""
        start = 0
        while True:
            fields, geometry, columns = read_rows(
                self._address, self._path.name, layer=self._options.layer, skip_features=start, max_features=BATCH
            )
            if not len(geometry):
                return
            cleaned = [[clean_value(value) for value in column.tolist()] for column in columns]
            for i, wkb in enumerate(geometry):
                yield SourceRow(start + i + 1, dict(zip(fields, (column[i] for column in cleaned), strict=True)), wkb)
            start += len(geometry)


def gdal_address(path: Path) -> str:
    """The GDAL name of a file; archives are opened through /vsizip/ and /vsigzip/ with the one data file inside named."""
    name = path.name.lower()
    if name.endswith(".gz"):
        return f"/vsigzip/{path.resolve()}"
    if not name.endswith(".zip"):
        return str(path.resolve())
    return f"/vsizip/{path.resolve()}/{_data_member(path)}"


def _data_member(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [
                n for n in archive.namelist() if not n.startswith("__MACOSX/") and not Path(n).name.startswith("._") and not n.endswith("/")
            ]
    except zipfile.BadZipFile as error:
        raise SourceRefused(
            f"{path.name} is not a zip archive.", locator=path.name, message_vi=f"{path.name}: không phải tệp zip."
        ) from error
    members = [n for n in names if n.lower().endswith((".shp", ".gpkg", ".geojson", ".fgb", ".kml", ".tab", ".mif", ".gml", ".json"))]
    if len(members) != 1:
        found = ", ".join(members[:5]) or "none"
        raise SourceRefused(f"{path.name}: one data set is expected inside, found {len(members)} ({found}).", locator=path.name)
    return members[0]


def read_info(address: str, name: str, layer: str | None, encoding: str | None) -> dict[str, Any]:
    """pyogrio's description of a layer. Raises SourceRefused with a message safe to show."""
    with _refusing(f"{name} cannot be read: it is damaged or not what its name claims.", name):
        found: dict[str, Any] = pyogrio.read_info(address, layer=layer, encoding=encoding, force_feature_count=True)
    return found


def read_rows(address: str, name: str, **options: Any) -> tuple[list[str], Any, list[Any]]:
    """Rows as (field names, WKB array, one array per field); `options` are pyogrio's. Raises SourceRefused for a damaged file."""
    with _refusing(f"{name} is damaged.", name):
        meta, _, geometry, columns = pyogrio.raw.read(address, **options)
    if geometry is None:
        geometry = numpy.full(len(columns[0]) if columns else 0, None)
    return list(meta["fields"]), geometry, columns


@contextmanager
def _refusing(message: str, name: str) -> Iterator[None]:
    """GDAL's failures become SourceRefused; its warnings (dropped M values, turned rings) are no failures."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError, ValueError) as error:
        raise SourceRefused(message, locator=name, message_vi=f"{name}: không đọc được, tệp hỏng hoặc sai định dạng.") from error


def clean_value(value: Any) -> Any:
    """A plain Python value: NFC text, ISO dates, None for NaN and NaT."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float) and value != value:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value


def find_source_crs(wkt: str | None, options: SourceOptions) -> tuple[Crs | None, tuple[str, ...]]:
    """The CRS to load with and sentences for the plan: what the user says wins over what the file says; an unknown CRS is None."""
    declared = identify_wkt(wkt) if wkt else None
    if options.crs is not None:
        chosen = find_crs(options.crs)
        if declared is not None and declared.code != chosen.code:
            return chosen, (f"The file says EPSG:{declared.code}; EPSG:{chosen.code} is used as asked.",)
        return chosen, ()
    if declared is None and wkt:
        return None, ("The file names a coordinate system that is not known here; say it with --crs.",)
    return declared, ()
