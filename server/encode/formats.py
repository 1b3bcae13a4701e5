# SPDX-License-Identifier: MIT
"""Every format features leave in, once: what it is called, what it is sent as, whether it flows or is written as a file first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from server.query.features import RowFormat

FileFormat = Literal["xlsx", "shapezip", "gpkg", "flatgeobuf", "geoparquet"]
FILE_FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)


@dataclass(frozen=True)
class Format:
    """A format. `names` are what clients may call it, the first one is advertised; `short` is its name in `f=` of the OGC API.

    `file` is set for formats written as a file before the first byte leaves; the others flow as rows of `rows`. `several`: one file holds
    any number of feature types.
    """

    short: str
    names: tuple[str, ...]
    media_type: str
    suffix: str
    rows: RowFormat = "geojson"
    file: FileFormat | None = None
    title_vi: str = ""
    title_en: str = ""
    several: bool = False


CSV = Format(
    "csv", ("text/csv", "csv"), "text/csv; charset=utf-8; header=present", ".csv", "csv", title_vi="Bảng CSV", title_en="CSV table"
)
KML = Format(
    "kml",
    ("application/vnd.google-earth.kml+xml", "kml", "application/vnd.google-earth.kml"),
    "application/vnd.google-earth.kml+xml",
    ".kml",
    "kml",
    title_vi="KML (Google Earth)",
    title_en="KML (Google Earth)",
    several=True,
)
TEXT_SEQUENCE = Format(
    "geojsonseq",
    ("application/geo+json-seq", "geojsonseq", "application/json-seq", "geojson-seq"),
    "application/geo+json-seq",
    ".geojsons",
    "geojsonseq",
    title_vi="Chuỗi GeoJSON",
    title_en="GeoJSON text sequence",
    several=True,
)
XLSX = Format(
    "xlsx",
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "excel2007", "excel"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsx",
    file="xlsx",
    title_vi="Bảng tính Excel",
    title_en="Excel workbook",
    several=True,
)
SHAPE_ZIP = Format(
    "shape-zip",
    ("SHAPE-ZIP", "shapezip", "application/zip", "shapefile", "shp"),
    "application/zip",
    ".zip",
    file="shapezip",
    title_vi="Shapefile nén (ZIP)",
    title_en="Zipped shapefile",
    several=True,
)
GEOPACKAGE = Format(
    "gpkg",
    ("application/geopackage+sqlite3", "gpkg", "geopackage", "geopkg", "application/x-gpkg"),
    "application/geopackage+sqlite3",
    ".gpkg",
    file="gpkg",
    title_vi="GeoPackage",
    title_en="GeoPackage",
    several=True,
)
FLATGEOBUF = Format(
    "fgb",
    ("application/flatgeobuf", "flatgeobuf", "fgb"),
    "application/flatgeobuf",
    ".fgb",
    file="flatgeobuf",
    title_vi="FlatGeobuf",
    title_en="FlatGeobuf",
)
GEOPARQUET = Format(
    "parquet",
    ("application/vnd.apache.parquet", "geoparquet", "parquet", "application/x-parquet"),
    "application/vnd.apache.parquet",
    ".parquet",
    file="geoparquet",
    title_vi="GeoParquet",
    title_en="GeoParquet",
)

# What people take home, beside the GML and GeoJSON the protocols themselves speak.
DOWNLOADS = (CSV, XLSX, SHAPE_ZIP, GEOPACKAGE, FLATGEOBUF, GEOPARQUET, KML, TEXT_SEQUENCE)
BY_SHORT_NAME = {each.short: each for each in DOWNLOADS}


def find_download(name: str) -> Format | None:
    """The download format of a name or media type, in any case and without blanks; parameters of media types are left aside."""
    plain = name.lower().replace(" ", "").partition(";")[0]
    return _BY_NAME.get(plain)


_BY_NAME = {name.lower(): each for each in DOWNLOADS for name in each.names}
