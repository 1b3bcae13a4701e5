# SPDX-License-Identifier: MIT
"""The process that reads foreign formats: GDAL, Parquet and workbooks are opened here and nowhere else in the loaders.

A hostile file may crash or fill this process; nothing else goes down with it. It takes questions on standard input, one line of JSON each,
and answers on standard output: one line of JSON; for `rows` and `table` an Arrow stream follows, whose texts are bytes as the file has
them, and one more line. What it may use was set before it began (`loaders.childread`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from server.errors import SourceRefused

# So many rows pass at a time, and fewer where they are long: a continent has as many vertices as a thousand villages.
BATCH = 5000
_LARGEST_BATCH = 4_000_000
DRIVERS = frozenset(
    {"GPKG", "GeoJSON", "GeoJSONSeq", "FlatGeobuf", "KML", "LIBKML", "MapInfo File", "ESRI Shapefile", "GML", "DXF", "TopoJSON", "GPX"}
)
BYTES = "ISO-8859-1"


class RefusedError(Exception):
    """What the user did wrong, in words; goes out as `SourceRefused`."""


def main(questions: Iterable[str], out: BinaryIO) -> int:
    """Answer questions about a file: {"what": ..., "file": ...}, where `what` is info, rows, workbook, count, table, raster, overlap,
    cog or service.

    Exit status 0, or 1 after a refusal.
    """
    for question in questions:
        try:
            _answer(json.loads(question), out)
        except BrokenPipeError:
            return 0
        except SourceRefused as error:
            _say(out, {"refused": "whole", "message": error.message, "message_vi": error.message_vi, "locator": error.locator})
        except RefusedError as error:
            _say(out, {"refused": "SourceRefused", "message": str(error)})
            return 1
        except Exception as error:  # noqa: BLE001 - whatever a library raises about a file is a refusal of the file; the type says what it was
            _say(out, {"refused": type(error).__name__, "message": str(error)[:300]})
            return 1
    return 0


def _answer(question: dict[str, Any], out: BinaryIO) -> None:
    if question["what"] == "workbook":
        from loaders.workbook import write_csv

        _say(out, write_csv(Path(question["file"]), Path(question["target"]), question["layer"], question["max_columns"]))
    elif question["what"] in ("raster", "overlap", "cog"):
        if question["what"] == "cog":
            _let_virtual_rasters_in()
        from loaders.rasterchild import answer_raster

        _say(out, answer_raster(question))
    elif question["what"] == "service":
        from loaders.harvest.inside import answer_service

        _say(out, answer_service(question))
    elif question["what"] in ("count", "table"):
        _answer_table(question, out)
    elif question["file"].lower().endswith((".parquet", ".geoparquet")):
        _answer_parquet(question, out)
    else:
        _answer_gdal(question, out)


def _let_virtual_rasters_in() -> None:
    """Before GDAL begins: it needs them to count statistics, and ours join tiles; foreign ones were refused by a process without them."""
    for skipped in ("GDAL_SKIP", "OGR_SKIP"):
        os.environ[skipped] = ",".join(name for name in os.environ.get(skipped, "").split(",") if name != "VRT")


def _say(out: BinaryIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _answer_gdal(question: dict[str, Any], out: BinaryIO) -> None:
    import pyogrio

    from loaders.curves import STEP, straighten, with_flags

    path, layer = question["file"], question["layer"]
    # GDAL is told nothing may be fetched, and to make a lost index again (in the folder of this load; one that is there stays as it is).
    is_lost = path.lower().endswith(".shp") and not Path(path).with_suffix(".shx").exists()
    limits = {"GML_DOWNLOAD_SCHEMA": False, "OGR_GEOJSON_MAX_OBJ_SIZE": 500, "OGR_ARC_STEPSIZE": STEP}
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": is_lost, **limits})
    options = {"ENCODING": BYTES} if path.lower().endswith((".shp", ".dbf")) else {}
    if question["what"] == "info":
        _say(out, _describe(path, layer, options))
        return
    geometry = question["geometry"]
    with pyogrio.raw.open_arrow(
        path, layer=layer, batch_size=BATCH, use_pyarrow=True, columns=question.get("columns"), read_geometry=geometry, **options
    ) as (meta, reader):
        name = meta["geometry_name"] or "wkb_geometry"
        is_there = bool(geometry and name in reader.schema.names)
        _say(out, {"geometry": name if is_there else None})
        schema, batches = reader.schema.remove_metadata(), reader
        if is_there:
            schema, batches = with_flags(schema), straighten((path, layer, options), reader, name)
        _stream(schema, batches, out, (question, name))


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

    from loaders.curves import without_curves

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
        batches = file.iter_batches(batch_size=BATCH, columns=picked)
        _stream(schema, without_curves(batches, column) if column in picked else batches, out, (question, column))


def _answer_table(question: dict[str, Any], out: BinaryIO) -> None:
    """A table of plain text: how many rows it has (none told where it is unusual in any way), or the rows, all cells as bytes."""
    import pyarrow
    import pyarrow.csv

    names = [str(number) for number in range(question["width"])]
    if question["what"] == "count":
        try:
            _say(out, {"rows": _count_rows(_open_table(question, names, names))})
        except pyarrow.ArrowInvalid:
            _say(out, {"rows": None})
        return
    reader = _open_table(question, names, names if question["columns"] is None else [str(number) for number in question["columns"]])
    _say(out, {"geometry": None})
    _stream(reader.schema, reader, out, (question, None))


def _open_table(question: dict[str, Any], names: list[str], wanted: list[str]) -> Any:
    import pyarrow
    import pyarrow.csv

    return pyarrow.csv.open_csv(
        question["file"],
        pyarrow.csv.ReadOptions(block_size=question["block"], column_names=names, skip_rows=1, use_threads=False),
        pyarrow.csv.ParseOptions(delimiter=question["delimiter"], newlines_in_values=True),
        pyarrow.csv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(names, pyarrow.binary()),
            null_values=[""],
            strings_can_be_null=True,
            include_columns=wanted,
        ),
    )


def _count_rows(reader: Any) -> int | None:
    """How many rows; None when one is blank altogether, which other readers of tables pass over."""
    import pyarrow.compute

    count = 0
    for batch in reader:
        count += len(batch)
        if all(column.null_count for column in batch.columns):
            blank = batch.column(0).is_null()
            for column in batch.columns[1:]:
                blank = pyarrow.compute.and_(blank, column.is_null())
            if pyarrow.compute.any(blank).as_py():
                return None
    return count


def _stream(schema: Any, batches: Iterable[Any], out: BinaryIO, asked: tuple[dict[str, Any], str | None]) -> None:
    """Batches (until there are `most` rows) as an Arrow stream; texts go as bytes, because not every file keeps to UTF-8.

    `asked`: the question, and the column that holds shapes. Raises SourceRefused for a text longer than allowed; what came before was sent.
    """
    import pyarrow

    question, shapes = asked
    most, longest = question.get("most"), question.get("longest")
    sent, count = pyarrow.schema([pyarrow.field(f.name, _as_bytes(f.type)) for f in schema]), 0
    with pyarrow.ipc.new_stream(out, sent) as writer:
        for batch in batches:
            columns = [column if column.type == field.type else column.cast(field.type) for column, field in zip(batch, sent, strict=True)]
            if longest is not None:
                _refuse_overlong(sent, columns, shapes, longest)
            for part in _split(pyarrow.RecordBatch.from_arrays(columns, schema=sent)):
                writer.write_batch(part)
            count += len(batch)
            if most is not None and count >= most:
                break
    _say(out, {"rows": count})


def _refuse_overlong(schema: Any, columns: Iterable[Any], shapes: str | None, longest: int) -> None:
    import pyarrow.compute

    for field, column in zip(schema, columns, strict=True):
        if field.name == shapes or not (pyarrow.types.is_binary(field.type) or pyarrow.types.is_large_binary(field.type)):
            continue
        if (pyarrow.compute.max(pyarrow.compute.binary_length(column)).as_py() or 0) > longest:
            raise SourceRefused(
                f"The field {field.name} holds a text of more than {longest} bytes (config.yml: loading.max_cell_characters).",
                locator=field.name,
                message_vi=f"Trường {field.name} có giá trị dài quá {longest} byte.",
            )


def _split(batch: Any) -> Iterator[Any]:
    """A batch in parts that are not too large to be held several times over."""
    if batch.nbytes <= _LARGEST_BATCH or len(batch) < 2:
        yield batch
        return
    half = len(batch) // 2
    yield from _split(batch.slice(0, half))
    yield from _split(batch.slice(half))


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

    status = child.main(sys.stdin, answers)
    try:
        answers.close()
    except BrokenPipeError:
        status = 0
    os._exit(status)
