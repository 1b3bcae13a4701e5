# SPDX-License-Identifier: MIT
"""Rasters in a bucket of an S3 service, besides those here: programs of others read them there tile by tile.

GDAL speaks S3 and takes the credentials from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Our services read the file here.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import rasterio
import rasterio.shutil
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from server.config import Storage
from server.errors import SourceRefused

_PATIENCE: dict[str, str | int] = {
    "GDAL_HTTP_CONNECTTIMEOUT": 10,
    "GDAL_HTTP_TIMEOUT": 300,
    "GDAL_HTTP_MAX_RETRY": 2,
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
}


def put_raster(storage: Storage, file: Path, name: str) -> str | None:
    """Put a cloud-optimised GeoTIFF into the bucket under a name and look whether it can be read there; answers its address.

    None without a bucket. Raises SourceRefused when the service does not take it.
    """
    if storage.rasters is None:
        return None
    address = f"{storage.rasters.rstrip('/')}/{name}"
    remote = f"/vsis3/{address.removeprefix('s3://')}"
    try:
        with rasterio.Env(**_settings(storage)), rasterio.open(file) as here:
            rasterio.shutil.copyfiles(str(file), remote)
            with rasterio.open(remote) as there:
                is_same = (there.width, there.height, there.dtypes) == (here.width, here.height, here.dtypes)
    except (RasterioError, CPLE_BaseError, OSError) as error:
        raise _refuse(name, storage) from error
    if not is_same:
        raise _refuse(name, storage)
    return address


def _settings(storage: Storage) -> dict[str, str | int]:
    """What GDAL has to know of the service; Amazon's when no other is named."""
    if storage.endpoint is None:
        return dict(_PATIENCE)
    place = urlsplit(storage.endpoint)
    is_safe = "YES" if place.scheme == "https" else "NO"
    return {**_PATIENCE, "AWS_S3_ENDPOINT": place.netloc, "AWS_HTTPS": is_safe, "AWS_VIRTUAL_HOSTING": "FALSE"}


def _refuse(name: str, storage: Storage) -> SourceRefused:
    return SourceRefused(
        f"{name}: could not be put into {storage.rasters}; nothing was published. Look at storage in config.yml and at the credentials.",
        locator=name,
        message_vi=f"{name}: không ghi được vào {storage.rasters}; chưa xuất bản gì. Kiểm tra storage trong config.yml và khóa truy cập.",
    )
