# SPDX-License-Identifier: MIT
"""Three bands of a raster as red, green and blue: the map engine goes by what the file says of its bands, so it is handed a description
of the file (GDAL's VRT) that says otherwise. Nothing is copied; overviews of the file serve as ever."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import rasterio
from rasterio.errors import RasterioError

from server.errors import ConfigError

_COLOURS = ("Red", "Green", "Blue")
_TYPES = {"uint8": "Byte", "int8": "Int8", "uint16": "UInt16", "int16": "Int16", "uint32": "UInt32", "int32": "Int32"} | {
    "float32": "Float32",
    "float64": "Float64",
}


def pick_bands(path: Path, bands: tuple[int, int, int]) -> str:
    """What to open instead of the file. Raises ConfigError for a band the file does not have."""
    try:
        with rasterio.open(path) as file:
            if max(bands) > file.count:
                raise ConfigError(f"A style asks for band {max(bands)} of a raster of {file.count}.")
            nodata = "" if file.nodata is None else f"<NoDataValue>{file.nodata:g}</NoDataValue>"
            place = ", ".join(repr(number) for number in file.transform.to_gdal())
            written = [
                f'<VRTRasterBand dataType="{_TYPES.get(file.dtypes[band - 1], "Float32")}" band="{number}">'
                f"<ColorInterp>{colour}</ColorInterp>{nodata}"
                f'<SimpleSource><SourceFilename relativeToVRT="0">{escape(str(path))}</SourceFilename>'
                f"<SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
                for number, (colour, band) in enumerate(zip(_COLOURS, bands, strict=True), 1)
            ]
            size = f'rasterXSize="{file.width}" rasterYSize="{file.height}"'
    except RasterioError as error:
        raise ConfigError("A raster file cannot be read.") from error
    return f"<VRTDataset {size}><GeoTransform>{place}</GeoTransform>{''.join(written)}</VRTDataset>"
