# SPDX-License-Identifier: MIT
"""OGC API - Coverages: values of rasters cut to place, time and fields, in a size of one's own; no data stays no data."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy
import pytest
import rasterio
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

from loaders.rasterload import load_raster
from server.catalog.catalog import Catalog
from server.catalog.model import Code, CodeList, Group, Layer
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.guards import install_guards
from server.mapsource import make_map_source
from server.ogcapi.around import blueprints as around_ogcapi
from server.ogcapi.routes import blueprint
from server.render.map import MapRenderer
from server.tiles.desk import build_desk
from tests.protocol.wms.test_raster_time import write_days

_TEXT = {"vi": "Thử", "en": "Test"}
_COMMON: dict[str, Any] = {"group": "g", "abstract": _TEXT, "geometry": "raster", "source": {**_TEXT, "licence": "MIT"}}
HEIGHTS = Layer.model_validate(
    {**_COMMON, "id": "heights", "title": {"vi": "Độ cao", "en": "Heights"}, "storage_crs": 9210, "raster": {"unit": "m"}}
)
COVER = Layer.model_validate({**_COMMON, "id": "cover", "title": _TEXT, "raster": {"series": True, "codes": "cover"}})
BANDS = Layer.model_validate({**_COMMON, "id": "bands", "title": {"vi": "Ảnh", "en": "Picture"}, "raster": {"band": 2, "unit": "%"}})
HIDDEN = Layer.model_validate({**_COMMON, "id": "hidden", "title": _TEXT, "rights": {"read": "editor"}, "raster": {}})
START = "/ogcapi/collections/heights"
SHAPE = (80, 100)


def write_heights(path: Path) -> Path:
    """Heights that say where they are: thousand times the row from the top plus the column; a hole without data in the north-west."""
    rows, columns = numpy.indices(SHAPE)
    values = (rows * 1000 + columns).astype("float32")
    values[:10, :10] = -9999
    place = from_origin(550000, 1150000, 100, 100)
    options = {"width": SHAPE[1], "height": SHAPE[0], "count": 1, "dtype": "float32", "nodata": -9999, "crs": "EPSG:9210"}
    with rasterio.open(path, "w", driver="GTiff", transform=place, **options) as out:
        out.write(values, 1)
    return path


def write_bands(path: Path) -> Path:
    """Two bands of whole numbers in degrees: 1 everywhere, 2 everywhere."""
    options = {"width": 20, "height": 10, "count": 2, "dtype": "int16", "crs": "EPSG:4326"}
    with rasterio.open(path, "w", driver="GTiff", transform=from_origin(105, 11, 0.1, 0.1), **options) as out:
        for band in (1, 2):
            out.write(numpy.full((10, 20), band, "int16"), band)
    return path


@pytest.fixture(scope="module")
def rasters(database: Database, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A service of heights in VN-2000, of a cover of two days in degrees, and of a layer nobody may see."""
    folder = tmp_path_factory.mktemp("rasters")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XANH_VAR", str(folder))
        limits = settings.limits.model_copy(update={"max_coverage_cells": 9000, "max_coverage_values": 2000})
        small = settings.model_copy(update={"limits": limits})
        load_raster(database, small, HEIGHTS, write_heights(folder / "heights.tif"))
        load_raster(database, small, HIDDEN, write_heights(folder / "hidden.tif"))
        load_raster(database, small, COVER, write_days(folder / "in", {"2024-03-05": 1, "2024-03-10": 2}))
        load_raster(database, small, BANDS, write_bands(folder / "bands.tif"))
        code = Code(code="1", vi="Lúa", en="Rice", source="t", status="verified")
        layers = {layer.id: layer for layer in (HEIGHTS, COVER, BANDS, HIDDEN)}
        groups = (Group.model_validate({"id": "g", "title": _TEXT}),)
        catalog = Catalog(groups, layers, {"cover": CodeList(id="cover", codes=(code,))})
        context = Context(small, catalog, database)
        app = Flask("coverages_test", static_folder=None)
        app.url_map.strict_slashes = False
        install_guards(app, small)
        app.register_blueprint(blueprint(context))
        for room in around_ogcapi(build_desk(context, MapRenderer(make_map_source(context)))):
            app.register_blueprint(room)
        yield app.test_client()


def read(rasters: FlaskClient, query: str, start: str = START) -> tuple[numpy.ndarray[Any, Any], Any]:
    """Values and profile of a GeoTIFF."""
    answer = rasters.get(f"{start}/coverage?f=geotiff&{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "image/tiff; application=geotiff"
    with MemoryFile(BytesIO(answer.data)) as memory, memory.open() as file:
        return file.read(1), file.profile


def test_the_whole_comes_as_it_was_loaded(rasters: FlaskClient) -> None:
    values, profile = read(rasters, "")
    assert values.shape == SHAPE
    assert (profile["nodata"], profile["dtype"]) == (-9999, "float32")
    assert profile["transform"][:6] == (100, 0, 550000, 0, -100, 1150000)
    assert values[0, 0] == -9999
    assert values[79, 99] == 79099


def test_a_subset_in_the_coordinates_of_the_storage_is_cut_to_whole_cells(rasters: FlaskClient) -> None:
    values, profile = read(rasters, "subset=E(551000:551500),N(1148000:1148300)")
    assert values.tolist() == [[(17 + row) * 1000 + 10 + column for column in range(5)] for row in range(3)]
    assert (profile["transform"].c, profile["transform"].f) == (551000, 1148300)
    single, _ = read(rasters, "subset=E(551050),N(1148050)")
    assert single.tolist() == [[19010]]
    open_ended, _ = read(rasters, "subset=E(559000:*),N(*:1142100)")
    assert open_ended.shape == (1, 10)


def test_a_box_in_degrees_cuts_the_same_place(rasters: FlaskClient) -> None:
    box = rasters.get(START).get_json()["extent"]["spatial"]["bbox"][0]
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    values, _ = read(rasters, f"bbox={middle[0]},{middle[1]},{middle[0] + 0.001},{middle[1] + 0.001}")
    assert abs(int(values[-1, 0]) - 40050) <= 2002
    assert rasters.get(f"{START}/coverage?bbox=0,0,1,1").status_code == 204


def test_sizes_are_made_smaller_and_holes_stay_holes(rasters: FlaskClient) -> None:
    half, profile = read(rasters, "scale-factor=2")
    assert half.shape == (40, 50)
    assert profile["transform"].a == 200
    assert (half[:5, :5] == -9999).all()
    sized, _ = read(rasters, "scale-size=E(20)")
    assert sized.shape == (16, 20)
    stretched, _ = read(rasters, "scale-axes=N(4),E(2)")
    assert stretched.shape == (20, 50)


def test_coverage_json_says_the_same_values_with_null_for_no_data(rasters: FlaskClient) -> None:
    document = rasters.get(f"{START}/coverage?f=covjson&subset=E(550800:551200),N(1148900:1149200)&lang=en").get_json(force=True)
    ranges, axes = document["ranges"]["band1"], document["domain"]["axes"]
    assert (ranges["shape"], ranges["axisNames"]) == ([3, 4], ["y", "x"])
    assert ranges["values"][:4] == [None, None, 8010, 8011]
    assert axes["x"] == {"start": 550850, "stop": 551150, "num": 4}
    assert axes["y"] == {"start": 1149150, "stop": 1148950, "num": 3}
    assert document["domain"]["referencing"][0]["system"]["id"].endswith("/EPSG/0/9210")
    assert document["parameters"]["band1"]["unit"] == {"symbol": "m"}


def test_an_answer_too_large_is_made_smaller_unless_its_size_was_asked_for(rasters: FlaskClient) -> None:
    shape = rasters.get(f"{START}/coverage?f=covjson").get_json(force=True)["ranges"]["band1"]["shape"]
    assert shape[0] * shape[1] <= 2000
    assert shape == [40, 50]
    refused = rasters.get(f"{START}/coverage?f=covjson&scale-factor=1")
    assert (refused.status_code, refused.get_json()["locator"]) == (400, "scale-factor")
    assert rasters.get(f"{START}/coverage?scale-size=E(100000),N(100000)").status_code == 400


def test_fields_are_chosen_and_keep_their_names(rasters: FlaskClient) -> None:
    start = "/ogcapi/collections/bands"
    fields = rasters.get(f"{start}/schema?lang=en").get_json(force=True)["properties"]
    assert {name: field.get("x-ogc-unit") for name, field in fields.items()} == {"band1": None, "band2": "%"}
    second, profile = read(rasters, "properties=band2", start)
    assert (profile["count"], profile["dtype"], set(second.ravel().tolist())) == (1, "int16", {2})
    ranges = rasters.get(f"{start}/coverage?f=covjson&properties=band2,band1&subset=Lat(10.5)").get_json(force=True)["ranges"]
    assert {name: (each["shape"], set(each["values"])) for name, each in ranges.items()} == {
        "band2": ([1, 20], {2}),
        "band1": ([1, 20], {1}),
    }


def test_of_rasters_of_several_days_one_is_given(rasters: FlaskClient) -> None:
    start = "/ogcapi/collections/cover"
    for query, value in (("", 2), ("datetime=2024-03-05", 1), ('subset=time("2024-03-01":"2024-03-06")', 1), ("datetime=../2024-03-10", 2)):
        values, profile = read(rasters, query, start)
        assert (values[-1, -1], values[0, 0], profile["nodata"]) == (value, 255, 255), query
    assert rasters.get(f"{start}/coverage?datetime=2020-01-01").status_code == 204
    document = rasters.get(f"{start}/coverage?f=covjson&datetime=2024-03-05&scale-size=Lon(5)").get_json(force=True)
    assert document["ranges"]["band1"]["shape"] == [1, 5, 5]
    assert document["ranges"]["band1"]["values"][0] is None
    assert document["domain"]["axes"]["t"]["values"][0].startswith("2024-03-0")
    fields = rasters.get(f"{start}/schema?lang=en").get_json(force=True)["properties"]
    assert fields["band1"]["oneOf"] == [{"const": 1, "title": "Rice"}]


def test_rasters_are_collections_with_links_that_answer(rasters: FlaskClient) -> None:
    collections = {each["id"]: each for each in rasters.get("/ogcapi/collections").get_json()["collections"]}
    assert set(collections) == {"heights", "cover", "bands", "catalogue"}
    document = rasters.get(f"{START}?lang=en").get_json()
    assert (document["title"], document["extent"]["spatial"]["grid"][0]) == ("Heights", {"cellsCount": 100, "resolution": 100})
    for link in [*document["links"], *collections["heights"]["links"]]:
        if link["href"].startswith("http://localhost/ogcapi"):
            answer = rasters.get(link["href"].removeprefix("http://localhost"))
            assert answer.status_code == 200, link
            assert answer.content_type.split(";")[0] == link["type"].split(";")[0], link
    assert "<h1>Độ cao</h1>" in rasters.get(f"{START}?f=html").text
    record = rasters.get("/ogcapi/collections/catalogue/items/heights").get_json(force=True)
    assert {"GeoTIFF", "CoverageJSON"} == {each["name"] for each in record["properties"]["formats"]}


def test_the_openapi_document_describes_coverages_and_is_valid(rasters: FlaskClient) -> None:
    document = rasters.get("/ogcapi/openapi?f=json").get_json(force=True)
    validate(document)
    assert "/collections/heights/coverage" in document["paths"]
    assert "/collections/hidden/coverage" not in document["paths"]


def test_an_unchanged_coverage_is_not_sent_twice(rasters: FlaskClient) -> None:
    tag = rasters.get(f"{START}/coverage?scale-factor=4").headers["ETag"]
    assert rasters.get(f"{START}/coverage?scale-factor=4", headers={"If-None-Match": tag}).status_code == 304
    assert rasters.get(f"{START}/coverage?scale-factor=8", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("query", "locator"),
    [
        ("subset=Lat(1:2)", "subset"),
        ("subset=E(1:2),E(3:4)", "subset"),
        ("subset=E(2:1)", "subset"),
        ("subset=E(nan:1)", "subset"),
        ("subset=E(1:2", "subset"),
        ("subset=" + "E(" * 500, "subset"),
        ("subset=time(yesterday)", "datetime"),
        ("datetime=2024-13-01", "datetime"),
        ("datetime=2024-01-01&subset=time(2024)", "datetime"),
        ("properties=band2", "properties"),
        ("properties=band1,band1", "properties"),
        ("scale-factor=0", "scale-factor"),
        ("scale-factor=-1", "scale-factor"),
        ("scale-factor=inf", "scale-factor"),
        ("scale-size=E(0)", "scale-size"),
        ("scale-size=E(1.5)", "scale-size"),
        ("scale-size=X(2)", "scale-size"),
        ("scale-axes=E(0)", "scale-axes"),
        ("scale-axes=E()", "scale-axes"),
        ("scale-factor=2&scale-size=E(2)", "scale-size"),
        ("bbox=1,2,3", "bbox"),
        ("bbox-crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84", "bbox-crs"),
        ("f=png", "f"),
        ("crs=EPSG:3857", "crs"),
    ],
)
def test_what_cannot_be_answered_names_the_parameter_at_fault(query: str, locator: str, rasters: FlaskClient) -> None:
    answer = rasters.get(f"{START}/coverage?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), answer.text
    assert answer.get_json()["locator"] == locator


@pytest.mark.parametrize("path", ["hidden", "hidden/coverage", "hidden/schema", "heights/items", "heights/queryables", "nothing/coverage"])
def test_what_is_not_there_is_404(path: str, rasters: FlaskClient) -> None:
    assert rasters.get(f"/ogcapi/collections/{path}").status_code == 404
