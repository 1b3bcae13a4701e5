# SPDX-License-Identifier: MIT
"""A raster layer of several days: loaded from a folder, drawn, asked and described day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy
import pytest
import rasterio
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from rasterio.transform import from_origin

from loaders.rasterload import load_raster
from loaders.rasterpublish import republish_raster
from server.catalog.catalog import Catalog
from server.catalog.model import Group, Layer, Raster
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.errors import SourceRefused
from server.guards import install_guards
from server.mapsource import make_map_source
from server.render.map import MapRenderer
from server.style.read import load_style
from server.tiles.desk import build_desk
from server.wms.routes import blueprint, map_door
from server.wmts.routes import blueprint as wmts_room

_TEXT = {"vi": "Thử", "en": "Test"}
LAYER = Layer.model_validate(
    {
        "id": "chlorophyll",
        "group": "g",
        "title": _TEXT,
        "abstract": _TEXT,
        "geometry": "raster",
        "raster": {"series": True, "unit": "mg/m³"},
        "styles": ["days"],
        "source": {**_TEXT, "licence": "MIT"},
    }
)
STYLE = """<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld"><NamedLayer><Name>x</Name><UserStyle><FeatureTypeStyle>
<Rule><RasterSymbolizer><ColorMap type="values"><ColorMapEntry color="#ff0000" quantity="1"/><ColorMapEntry color="#00ff00" quantity="2"/>
<ColorMapEntry color="#0000ff" quantity="3"/></ColorMap></RasterSymbolizer></Rule></FeatureTypeStyle></UserStyle></NamedLayer>
</StyledLayerDescriptor>"""
FRAME = "layers=chlorophyll&styles=&crs=EPSG:4326&bbox=10,105,11,106&width=64&height=64&format=image/png"
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
Ask = Callable[[Layer], FlaskClient]


def write_days(folder: Path, days: dict[str, int]) -> Path:
    """A folder of rasters of 1 degree, all of one value but for a corner without data in the north-west."""
    folder.mkdir(exist_ok=True)
    for day, value in days.items():
        pixels = numpy.full((50, 50), value, "uint8")
        pixels[:10, :10] = 255
        options = {"width": 50, "height": 50, "count": 1, "dtype": "uint8", "nodata": 255, "crs": "EPSG:4326"}
        with rasterio.open(folder / f"chl_{day}.tif", "w", driver="GTiff", transform=from_origin(105, 11, 0.02, 0.02), **options) as out:
            out.write(pixels, 1)
    return folder


@pytest.fixture
def ask(database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A service of the layer with the rasters of three days: red, green, blue."""
    monkeypatch.setenv("XANH_VAR", str(tmp_path))
    with database.writer() as connection:
        connection.execute("DELETE FROM published.raster_file")
    days = {"2024-03-05": 1, "2024-03-10": 2, "20240401": 3}
    load_raster(database, settings, LAYER, write_days(tmp_path / "in", days))
    (tmp_path / "days.sld").write_text(STYLE, encoding="utf-8")

    def serve(layer: Layer) -> FlaskClient:
        context = Context(settings, Catalog((Group.model_validate({"id": "g", "title": _TEXT}),), {layer.id: layer}, {}), database)
        source = replace(make_map_source(context), styles={"days": load_style(tmp_path / "days.sld")})
        app = Flask("raster_test", static_folder=None)
        install_guards(app, settings)
        desk = build_desk(context, MapRenderer(source))
        app.register_blueprint(blueprint(context, desk))
        app.register_blueprint(wmts_room(context, desk, map_door(context, desk)))
        return app.test_client()

    return serve


def picture(client: FlaskClient, when: str) -> tuple[Image.Image, list[str]]:
    answer = client.get(f"/wms?service=WMS&version=1.3.0&request=GetMap&{FRAME}&transparent=true{when}")
    assert answer.content_type == "image/png", answer.text
    return Image.open(BytesIO(answer.data)).convert("RGBA"), answer.headers.getlist("Warning")


def colour(client: FlaskClient, when: str) -> tuple[int, ...]:
    return tuple(picture(client, when)[0].getpixel((40, 40)))[:3]  # type: ignore[arg-type]


def test_without_time_the_last_day_is_drawn_and_the_answer_says_so(ask: Ask) -> None:
    drawn, told = picture(ask(LAYER), "")
    assert drawn.getpixel((40, 40)) == (*BLUE, 255)
    assert told == ["99 Default value used: time=2024-04-01 ISO8601"]


def test_no_data_is_transparent(ask: Ask) -> None:
    assert picture(ask(LAYER), "")[0].getpixel((5, 5))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    ("when", "seen"),
    [("2024-03-05", RED), ("2024-03-10", GREEN), ("current", BLUE), ("2024-03", GREEN), ("2024-03-05,2024-03-06/2024-03-11", GREEN)],
)
def test_days_months_periods_and_lists_are_drawn_the_latest_on_top(ask: Ask, when: str, seen: tuple[int, int, int]) -> None:
    assert colour(ask(LAYER), f"&time={when}") == seen


def test_a_day_without_a_raster_is_refused_or_means_the_nearest_day(ask: Ask) -> None:
    assert "InvalidDimensionValue" in ask(LAYER).get(f"/wms?service=WMS&version=1.3.0&request=GetMap&{FRAME}&time=2024-03-08").text
    assert LAYER.raster is not None
    patient = LAYER.model_copy(update={"raster": LAYER.raster.model_copy(update={"nearest": True})})
    drawn, told = picture(ask(patient), "&time=2024-03-08")
    assert drawn.getpixel((40, 40)) == (*GREEN, 255)
    assert told == ["99 Nearest value used: time=2024-03-10 ISO8601"]


@pytest.mark.parametrize(
    "wrong", ["x", "2024-13", "2024-03-10/2024-03-05", "2024/2025/P1D/x", ",", "';DROP TABLE x", "../..", "2024-03-05" + ",x" * 200]
)
def test_times_that_are_none_are_refused(ask: Ask, wrong: str) -> None:
    answer = ask(LAYER).get("/wms", query_string=f"service=WMS&version=1.3.0&request=GetMap&{FRAME}&time={wrong}")
    assert "InvalidDimensionValue" in answer.text


def test_the_value_under_a_pixel_is_that_of_the_day(ask: Ask) -> None:
    client = ask(LAYER)
    question = (
        f"/wms?service=WMS&version=1.3.0&request=GetFeatureInfo&{FRAME}&query_layers=chlorophyll&i=40&j=40&info_format=application/json"
    )
    assert client.get(f"{question}&time=2024-03-05").get_json()["features"][0]["properties"] == {"value": 1}
    assert client.get(question).get_json()["features"][0]["properties"] == {"value": 3}


@pytest.mark.parametrize(("when", "seen"), [("", BLUE), ("&time=2024-03-05", RED), ("&time=2024-03-10", GREEN)])
def test_tiles_know_the_days_too(ask: Ask, when: str, seen: tuple[int, int, int]) -> None:
    place = "tilematrixset=WebMercatorQuad&tilematrix=8&tilerow=120&tilecol=203"
    answer = ask(LAYER).get(f"/wmts?service=WMTS&version=1.0.0&request=GetTile&layer=chlorophyll&style=days&format=image/png&{place}{when}")
    assert answer.content_type == "image/png", answer.text
    assert Image.open(BytesIO(answer.data)).convert("RGBA").getpixel((20, 128)) == (*seen, 255)


def test_the_capabilities_of_tiles_list_the_days(ask: Ask) -> None:
    document = ask(LAYER).get("/wmts?service=WMTS&version=1.0.0&request=GetCapabilities").text
    assert all(f"<Value>{day}</Value>" in document for day in ("default", "2024-03-05", "2024-03-10", "2024-04-01"))


def test_capabilities_list_the_days(ask: Ask) -> None:
    document = ask(LAYER).get("/wms?service=WMS&version=1.3.0&request=GetCapabilities").text
    assert ">2024-03-05,2024-03-10,2024-04-01</Dimension>" in document
    assert 'default="2024-04-01"' in document


def test_a_day_loaded_again_takes_the_place_of_the_old_one_and_the_others_stay(
    ask: Ask, database: Database, settings: Settings, tmp_path: Path
) -> None:
    assert colour(ask(LAYER), "&time=2024-03-10") == GREEN
    load_raster(database, settings, LAYER, write_days(tmp_path / "again", {"2024-03-10": 3}) / "chl_2024-03-10.tif")
    client = ask(LAYER)
    assert colour(client, "&time=2024-03-10") == BLUE
    assert colour(client, "&time=2024-03-05") == RED
    assert len(list((settings.var / "rasters" / "chlorophyll").glob("*"))) == 3


@pytest.mark.parametrize("name", ["chl.tif", "chl_2024-13-01.tif", "chl_2024-03-05_b.tif"])
def test_names_that_tell_no_day_or_a_day_twice_are_refused(
    ask: Ask, database: Database, settings: Settings, tmp_path: Path, name: str
) -> None:
    folder = write_days(tmp_path / "wrong", {"2024-03-05": 1})
    (folder / name).write_bytes((folder / "chl_2024-03-05.tif").read_bytes())
    with pytest.raises(SourceRefused):
        load_raster(database, settings, LAYER, folder)
    assert colour(ask(LAYER), "&time=2024-03-05") == RED


def test_what_is_known_of_a_raster_stands_in_the_database(ask: Ask, database: Database) -> None:
    with database.reader() as connection:
        row = connection.execute(
            "SELECT width, pixel_type, no_data, minimum, maximum, ST_XMin(footprint), ST_YMax(footprint) FROM published.raster_file"
            " WHERE moment = '2024-03-10+00'"
        ).fetchone()
    assert row == (50, "uint8", 255, 2, 2, 105, 11)


def test_rasters_are_published_again_from_their_files(ask: Ask, database: Database, settings: Settings) -> None:
    with database.writer() as connection:
        before = connection.execute("SELECT r.* FROM published.raster_file r ORDER BY moment").fetchall()
        connection.execute("DELETE FROM published.raster_file")
        connection.execute("DELETE FROM published.catalogue WHERE layer = 'chlorophyll'")
    state = republish_raster(database, settings, LAYER)
    assert state is not None
    assert [moment[:10] for moment in state.moments] == ["2024-03-05", "2024-03-10", "2024-04-01"]
    with database.writer() as connection:
        assert connection.execute("SELECT r.* FROM published.raster_file r ORDER BY moment").fetchall() == before
    assert colour(ask(LAYER), "&time=2024-03-10") == GREEN
    next((settings.var / "rasters" / "chlorophyll").glob("2024-03-10.*")).unlink()
    state = republish_raster(database, settings, LAYER)
    assert state is not None
    assert len(state.moments) == 2


def test_a_raster_that_was_never_loaded_is_not_published(
    database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XANH_VAR", str(tmp_path / "nothing"))
    assert republish_raster(database, settings, LAYER) is None
    assert republish_raster(database, settings, LAYER.model_copy(update={"id": "still", "raster": Raster()})) is None
