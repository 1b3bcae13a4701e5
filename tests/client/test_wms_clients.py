# SPDX-License-Identifier: MIT
"""OWSLib and GDAL read the WMS: every mapped layer is listed and draws a picture."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
import rasterio
from owslib.wms import WebMapService
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from tests.client.conftest import Province

# West, south, east, north of a part of the province in which stations stand.
_BOX = (105.0, 10.0, 106.5, 11.0)


@pytest.mark.parametrize("version", ["1.1.1", "1.3.0"])
def test_every_mapped_layer_is_listed(province: Province, version: str) -> None:
    service = WebMapService(f"{province.address}/wms", version=version)
    assert {layer.id for layer in province.catalog.mapped_layers()} <= set(service.contents)


def test_a_map_of_4326_is_the_same_in_both_versions(province: Province) -> None:
    """OWSLib turns the box to latitude first for 1.3.0 and leaves it for 1.1.1."""
    old, new = (_draw(province, version, "EPSG:4326") for version in ("1.1.1", "1.3.0"))
    assert np.array_equal(old, new)
    assert len(np.unique(new.reshape(new.shape[0], -1), axis=1).T) > 3


def test_gdal_opens_the_service_as_a_picture(province: Province) -> None:
    description = (
        f"<GDAL_WMS><Service name='WMS'><Version>1.1.1</Version><ServerUrl>{province.address}/wms?</ServerUrl><SRS>EPSG:4326</SRS>"
        "<ImageFormat>image/png</ImageFormat><Transparent>FALSE</Transparent><Layers>stations</Layers><Styles></Styles></Service><DataWindow>"
        f"<UpperLeftX>{_BOX[0]}</UpperLeftX><UpperLeftY>{_BOX[3]}</UpperLeftY><LowerRightX>{_BOX[2]}</LowerRightX>"
        f"<LowerRightY>{_BOX[1]}</LowerRightY><SizeX>300</SizeX><SizeY>200</SizeY></DataWindow><BandsCount>3</BandsCount></GDAL_WMS>"
    )
    with rasterio.open(description) as picture:
        pixels = picture.read()
    assert pixels.shape == (3, 200, 300)
    assert pixels.min() < pixels.max()


def test_asking_at_a_station_gives_that_station(province: Province) -> None:
    number, (longitude, latitude) = next(iter(province.positions("stations").items()))
    service = WebMapService(f"{province.address}/wms", version="1.1.1")
    answer = service.getfeatureinfo(
        layers=["stations"],
        query_layers=["stations"],
        srs="EPSG:4326",
        bbox=(longitude - 0.01, latitude - 0.01, longitude + 0.01, latitude + 0.01),
        size=(101, 101),
        format="image/png",
        info_format="application/json",
        xy=(50, 50),
    )
    assert f"stations.{number}" in [feature["id"] for feature in json.loads(answer.read())["features"]]


def _draw(province: Province, version: str, srs: str) -> np.ndarray:
    service = WebMapService(f"{province.address}/wms", version=version)
    answer = service.getmap(layers=["stations"], styles=[""], srs=srs, bbox=_BOX, size=(300, 200), format="image/png")
    # a picture has no place on the map, and rasterio warns of that
    with warnings.catch_warnings(action="ignore", category=NotGeoreferencedWarning), MemoryFile(answer.read()) as file:
        picture = file.open()
        assert (picture.width, picture.height) == (300, 200)
        return np.asarray(picture.read())
