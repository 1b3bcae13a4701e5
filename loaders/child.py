# SPDX-License-Identifier: MIT
"""The process that reads foreign formats: GDAL, Parquet and workbooks are opened here and nowhere else in the loaders.

A hostile file may crash or fill this process; nothing else goes down with it. It answers on standard output: one line of JSON, then (for
`rows`) an Arrow stream whose texts are bytes as the file has them. What it may use was set before it began (`loaders.childread`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

BATCH = 5000
DRIVERS = frozenset(
    {"GPKG", "GeoJSON", "GeoJSONSeq", "FlatGeobuf", "KML", "LIBKML", "MapInfo File", "ESRI Shapefile", "GML", "DXF", "TopoJSON", "GPX"}
)
BYTES = "ISO-8859-1"


class RefusedError(Exception):
    """What the user did wrong, in words; goes out as `SourceRefused`."""


def main(words: list[str], out: BinaryIO) -> int:
    """Answer one question, given as JSON: {"what": "info" | "rows" | "workbook", "file", ...}. Exit status 0, or 1 with a refusal."""
    question = json.loads(words[0])
    try:
        if question["what"] == "workbook":
            from loaders.workbook import write_csv

            _say(out, write_csv(Path(question["file"]), Path(question["target"]), question["layer"], question["max_columns"]))
        elif question["file"].lower().endswith((".parquet", ".geoparquet")):
            _answer_parquet(question, out)
        else:
            _answer_gdal(question, out)
    except BrokenPipeError:
        return 0
    except RefusedError as error:
        _say(out, {"refused": "SourceRefused", "message": str(error)})
        return 1
    except Exception as error:  # noqa: BLE001 - whatever a library raises about a file is a refusal of the file; the type says what it was
        _say(out, {"refused": type(error).__name__, "message": str(error)[:300]})
        return 1
    return 0


def _say(out: BinaryIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _answer_gdal(question: dict[str, Any], out: BinaryIO) -> None:
    import pyogrio

    path, layer = question["file"], question["layer"]
    # GDAL is told nothing may be fetched, and to make a lost index again (in the folder of this load; one that is there stays as it is).
    is_lost = path.lower().endswith(".shp") and not Path(path).with_suffix(".shx").exists()
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": is_lost, "GML_DOWNLOAD_SCHEMA": False, "OGR_GEOJSON_MAX_OBJ_SIZE": 500})
    options = {"ENCODING": BYTES} if path.lower().endswith((".shp", ".dbf")) else {}
    if question["what"] == "info":
        _say(out, _describe(path, layer, options))
        return
    geometry = question["geometry"]
    with pyogrio.raw.open_arrow(
        path, layer=layer, batch_size=BATCH, use_pyarrow=True, columns=question.get("columns"), read_geometry=geometry, **options
    ) as (meta, reader):
        name = meta["geometry_name"] or "wkb_geometry"
        _say(out, {"geometry": name if geometry and name in reader.schema.names else None})
        _stream(reader.schema.remove_metadata(), reader, out)


def _describe(path: str, layer: str | None, options: dict[str, str]) -> dict[str, Any]:
    """The layers of a file, and what the one asked for (or the only one) is like."""
    import pyogrio

    layers = [[str(name), None if kind is None else str(kind)] for name, kind in pyogrio.list_layers(path)]
    spatial = [name for name, kind in layers if kind is not None] or [name for name, _ in layers]
    if layer is not None and layer not in [name for name, _ in layers]:
        raise RefusedError(f"there is no layer {layer!r}; it has {', '.join(str(name) for name, _ in layers[:10])}")
    if layer is None and len(spatial) != 1:
        return {"layers": layers}
    info = pyogrio.read_info(path, layer=layer or spatial[0], force_feature_count=True, **options)
    if info["driver"] not in DRIVERS:
        raise RefusedError(f"format {info['driver']} is not loaded")
    fields = [str(name) for name in info["fields"]]
    return {
        "layers": layers,
        "format": info["driver"],
        "fields": fields,
        "texts": [name for name, kind in zip(fields, info["dtypes"], strict=True) if kind == "object"],
        "crs": info["crs"],
        "geometry": info["geometry_type"],
        "count": int(info["features"]),
    }


def _answer_parquet(question: dict[str, Any], out: BinaryIO) -> None:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(question["file"])
    geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
    column = geo.get("primary_column")
    told = geo.get("columns", {}).get(column, {})
    if column and told.get("encoding") != "WKB":
        raise RefusedError("geometry of a Parquet file must be WKB")
    names = [name for name in file.schema_arrow.names if name != column]
    if question["what"] == "info":
        types = told.get("geometry_types") or []
        crs = "EPSG:4326" if "crs" not in told else json.dumps(told["crs"]) if told["crs"] else None
        geometry = None if not column else types[0] if len(types) == 1 else "Unknown"
        texts = [name for name in names if _as_bytes(file.schema_arrow.field(name).type) != file.schema_arrow.field(name).type]
        described = {"format": "GeoParquet" if column else "Parquet", "fields": names, "texts": texts, "crs": crs if column else None}
        _say(out, {"layers": [["", geometry]], **described, "geometry": geometry, "count": file.metadata.num_rows})
    else:
        wanted = names if question.get("columns") is None else question["columns"]
        picked = [*wanted, *([column] if column and question["geometry"] else [])]
        _say(out, {"geometry": column if column in picked else None})
        schema = pyarrow.schema([file.schema_arrow.field(name) for name in picked])
        _stream(schema, file.iter_batches(batch_size=BATCH, columns=picked), out)


def _stream(schema: Any, batches: Iterator[Any], out: BinaryIO) -> None:
    """Batches as an Arrow stream; texts go as bytes, because not every file keeps to UTF-8."""
    import pyarrow

    sent = pyarrow.schema([pyarrow.field(f.name, _as_bytes(f.type)) for f in schema])
    with pyarrow.ipc.new_stream(out, sent) as writer:
        for batch in batches:
            columns = [column if column.type == field.type else column.cast(field.type) for column, field in zip(batch, sent, strict=True)]
            writer.write_batch(pyarrow.RecordBatch.from_arrays(columns, schema=sent))


def _as_bytes(kind: Any) -> Any:
    import pyarrow

    if pyarrow.types.is_dictionary(kind):
        return _as_bytes(kind.value_type)
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_string_view(kind):
        return pyarrow.large_binary() if pyarrow.types.is_large_string(kind) else pyarrow.binary()
    return kind


if __name__ == "__main__":
    # Libraries that print must not print into the answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from loaders import child  # by the name others import it by, so that its exceptions are theirs

    status = child.main(sys.argv[1:], answers)
    try:
        answers.close()
    except BrokenPipeError:
        status = 0
    os._exit(status)
