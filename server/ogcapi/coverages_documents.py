# SPDX-License-Identifier: MIT
"""What is said of coverages: the collection of a raster layer, its fields, and values as CoverageJSON (OGC 21-069r2)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.crs.axis import Service as Protocol
from server.crs.axis import axis_order
from server.crs.definitions import Crs, find_crs
from server.crs.spelling import Spelling, write_crs
from server.ogcapi.configuration import LICENCES
from server.ogcapi.plain import HTML, Document
from server.ogcapi.records_documents import Place
from server.ogcapi.service import CRS84_REFERENCE
from server.ogcapi.tiles_links import REL, collection_links, link_to
from server.query.features import LayerState
from server.render.coverage import Grid, Values

GEOTIFF, COVERAGE_JSON = "image/tiff; application=geotiff", "application/prs.coverage+json"
FORMATS = {"geotiff": GEOTIFF, "covjson": COVERAGE_JSON}
_WHOLE_NUMBERS = ("int", "uint")


def storage_crs(layer: Layer) -> Crs:
    """The CRS of a layer's rasters; degrees of WGS 84 have longitude first there. Raises InvalidCrs."""
    return CRS84_REFERENCE.crs if layer.storage_crs == 4326 else find_crs(layer.storage_crs)


def describe_coverage_collection(layer: Layer, state: LayerState, place: Place, grid: Grid | None = None) -> Document:
    """The collection (19-087 with Common 2 20-024); `grid` adds the cells."""
    address, language = f"{place.base}/collections/{quote(layer.id)}", place.language
    title, vi = layer.title.text(language), language != "en"
    crs = write_crs(storage_crs(layer), Spelling.URL)
    spatial: Document = {"crs": CRS84_REFERENCE.text}
    if state.extent:
        spatial["bbox"] = [list(state.extent)]
    if grid is not None:
        wide, high = grid.cell
        spatial["storageCrsBbox"] = [list(grid.bounds)]
        spatial["grid"] = [{"cellsCount": grid.width, "resolution": wide}, {"cellsCount": grid.height, "resolution": high}]
    extent: Document = {"spatial": spatial}
    if state.time_begin or state.time_end:
        extent["temporal"] = {"interval": [[state.time_begin, state.time_end]]}
        if state.moments:
            extent["temporal"]["grid"] = {"cellsCount": len(state.moments), "coordinates": list(state.moments)}
    links = [
        link_to("self", f"{address}?f=json", title),
        link_to("alternate", f"{address}?f=html", title, HTML),
        link_to(f"{REL}/coverage", f"{address}/coverage?f=geotiff", "GeoTIFF", GEOTIFF),
        link_to(f"{REL}/coverage", f"{address}/coverage?f=covjson", "CoverageJSON", COVERAGE_JSON),
        link_to(f"{REL}/schema", f"{address}/schema", "Lược đồ" if vi else "Schema", "application/schema+json"),
        link_to("root", f"{place.base}/", "Trang đầu" if vi else "Landing page"),
        *collection_links(place.base, layer, language),
    ]
    if layer.source.licence in LICENCES:
        links.append(link_to("license", LICENCES[layer.source.licence], layer.source.licence, HTML))
    note = ("Số liệu minh hoạ, không phải số liệu thật. " if vi else "Illustrative data, not real. ") if layer.illustrative else ""
    return {
        "id": layer.id,
        "title": title,
        "description": note + layer.abstract.text(language),
        "dataType": "coverage",
        "itemType": "coverage",
        "layerDataType": "Coverage",  # by this GDAL knows that it has no features
        "attribution": layer.source.attribution or (layer.source.vi if vi else layer.source.en),
        "license": layer.source.licence,
        "crs": list(dict.fromkeys([CRS84_REFERENCE.text, crs])),
        "storageCrs": crs,
        "extent": extent,
        "links": links,
        **({"illustrative": True} if layer.illustrative else {}),
    }


def describe_fields(layer: Layer, grid: Grid, catalog: Catalog, place: Place) -> Document:
    """The logical schema (OGC API - Common 3): a field for each band."""
    words = (catalog, place.language)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{place.base}/collections/{quote(layer.id)}/schema",
        "title": layer.title.text(place.language),
        "type": "object",
        "properties": {f"band{number}": _describe_field(layer, number, grid, words) for number in range(1, grid.bands + 1)},
    }


def _describe_field(layer: Layer, number: int, grid: Grid, words: tuple[Catalog, str]) -> Document:
    catalog, language = words
    out: Document = {
        "title": _title(layer, number, grid, language),
        "type": "integer" if grid.kind.startswith(_WHOLE_NUMBERS) else "number",
        "x-ogc-propertySeq": number,
    }
    about = layer.raster
    if grid.nodata is not None and grid.nodata == grid.nodata:  # not a number: JSON has no word for it
        out["x-ogc-nilValues"] = [grid.nodata]
    if about is not None and about.band == number and about.unit:
        out["x-ogc-unit"] = about.unit
    codes = catalog.code_lists.get(about.codes) if about is not None and about.codes and about.band == number else None
    if codes is not None:
        known = [(code, code.en if language == "en" else code.vi) for code in codes.codes if code.code.isdigit()]
        out["oneOf"] = [{"const": int(code.code), "title": title} for code, title in known]
    return out


def write_coverage_json(layer: Layer, values: Values, names: tuple[str, ...], moment: datetime | None, language: str) -> Document:
    """The values on their grid; centres of cells are the places. Cells without data are null."""
    grid, crs = values.grid, storage_crs(layer)
    left, bottom, right, top = grid.bounds
    wide, high = grid.cell
    axes: Document = {
        "x": {"start": left + wide / 2, "stop": right - wide / 2, "num": grid.width},
        "y": {"start": top - high / 2, "stop": bottom + high / 2, "num": grid.height},
    }
    order = axis_order(crs, Protocol.OGC_API, "1.0", Spelling.URL)
    kind = "GeographicCRS" if crs.kind == "geographic" else "ProjectedCRS"
    referencing: list[Document] = [{"coordinates": list(order), "system": {"type": kind, "id": write_crs(crs, Spelling.URL)}}]
    head, shape = ["y", "x"], [grid.height, grid.width]
    if moment is not None:
        axes["t"] = {"values": [moment.astimezone(UTC).isoformat().replace("+00:00", "Z")]}
        referencing.append({"coordinates": ["t"], "system": {"type": "TemporalRS", "calendar": "Gregorian"}})
        head, shape = ["t", *head], [1, *shape]
    parameters, ranges = {}, {}
    whole = grid.kind.startswith(_WHOLE_NUMBERS)
    for position, name in enumerate(names):
        number = int(name.removeprefix("band"))
        parameters[name] = _describe_parameter(layer, number, grid, language)
        cells = values.array[position].astype(object)
        cells[values.mask[position]] = None
        ranges[name] = {
            "type": "NdArray",
            "dataType": "integer" if whole else "float",
            "axisNames": head,
            "shape": shape,
            "values": cells.ravel().tolist(),
        }
    return {
        "type": "Coverage",
        "domain": {"type": "Domain", "domainType": "Grid", "axes": axes, "referencing": referencing},
        "parameters": parameters,
        "ranges": ranges,
    }


def _describe_parameter(layer: Layer, number: int, grid: Grid, language: str) -> Document:
    out: Document = {"type": "Parameter", "observedProperty": {"label": {language: _title(layer, number, grid, language)}}}
    if layer.raster is not None and layer.raster.band == number and layer.raster.unit:
        out["unit"] = {"symbol": layer.raster.unit}
    return out


def _title(layer: Layer, number: int, grid: Grid, language: str) -> str:
    title = layer.title.text(language)
    return title if grid.bands == 1 else f"{title} · band {number}" if language == "en" else f"{title} · kênh {number}"
