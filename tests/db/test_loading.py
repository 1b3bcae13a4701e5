# SPDX-License-Identifier: MIT
"""Files become published features through the loaders: legacy text, VN-2000, updates, refusals, rasters."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy
import pytest
import rasterio
from rasterio.transform import from_origin

from loaders.cli import load_file
from loaders.load import run_load
from loaders.plan import LoadRequest, plan_load
from loaders.rasterload import load_raster
from loaders.source import SourceOptions
from server.catalog.catalog import Catalog
from server.catalog.read import read_catalog
from server.config import ROOT, Settings
from server.crs.definitions import WGS84, find_crs
from server.crs.transform import transform_points
from server.db.pool import Database
from server.errors import SourceRefused
from server.publish.migrate import migrate

ADMIN = ROOT / "demo" / "data" / "admin"


@pytest.fixture(scope="module")
def catalog(database: Database, settings: Settings) -> Catalog:
    made = read_catalog(settings)
    with database.owner() as connection:
        migrate(connection, made)
    return made


def write_points(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["code,name,lon,lat", *rows]) + "\n", encoding="utf-8")
    return path


def request(catalog: Catalog, path: Path, layer: str = "places", **options: object) -> LoadRequest:
    return LoadRequest(path, catalog.layer(layer), **options)  # type: ignore[arg-type]


def test_a_vn2000_shapefile_with_a_tcvn3_table_is_published_as_its_truth(database: Database, catalog: Catalog) -> None:
    asked = {"MA_XA": "code", "TEN_XA": "full_name", "TEN_NGAN": "name", "TEN_ANH": "name_en", "LOAI": "kind", "DIENTICH": "area_km2"}
    loading = request(
        catalog,
        ADMIN / "dong_thap_xa_tcvn3_tm3.zip",
        "communes",
        asked_map=asked,
        defaults={"province_code": "82", "valid_from": "2025-07-01"},
    )
    plan = plan_load(catalog, loading)
    assert plan.info.crs is not None
    assert plan.info.crs.code == 5897
    assert plan.info.encodings["TEN_XA"][0] == "tcvn3"
    report = run_load(database, catalog, plan, stop_on_error=True)
    assert (report.result.inserted, report.state.feature_count) == (102, 102)
    with (ADMIN / "dong_thap_xa_tcvn3_tm3_truth.csv").open(encoding="utf-8") as file:
        truth = {row["MA_XA"]: row["TEN_XA"] for row in csv.DictReader(file)}
    with database.reader() as connection:
        found = {str(code): str(name) for code, name in connection.execute("SELECT code, full_name FROM published.communes").fetchall()}
        place = connection.execute(
            "SELECT full_name FROM published.communes WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(106.36, 10.36), 4326))"
        ).fetchone()
    assert found == truth
    assert place is not None


def test_a_plan_tells_every_row_keeps_its_report_and_changes_nothing(
    database: Database, catalog: Catalog, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_points(tmp_path / "places.csv", "P8,Gò Công,106.67,10.36", "P9,,106.12,10.41")
    load_file(database, catalog, settings, request(catalog, path), only_plan=True, stop=False)
    told = capsys.readouterr().out
    assert "1 thêm · new" in told
    assert "dòng 2" in told
    kept = sorted(settings.var.joinpath("loads").glob("places-*-plan"))[-1]
    assert {file.name for file in kept.iterdir()} >= {"report.html", "report.json", "map.html", "rejected.xlsx"}
    with database.owner() as connection:
        assert connection.execute("SELECT count(*) FROM official.places WHERE code IN ('P8', 'P9')").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM xanh.load WHERE source_name = 'places.csv' AND state <> 'done'").fetchone() == (0,)


def test_systems_that_fit_are_scored_and_drawn_before_the_plan_is_refused(
    database: Database, catalog: Catalog, settings: Settings, tmp_path: Path
) -> None:
    known = write_points(tmp_path / "known.csv", "K1,Một,106.36,10.36", "K2,Hai,106.37,10.37")
    run_load(database, catalog, plan_load(catalog, request(catalog, known)))
    x, y = transform_points([106.36, 106.37], [10.36, 10.37], WGS84, find_crs(9210))
    path = tmp_path / "unknown.csv"
    path.write_text("code,name,X,Y\n" + "".join(f"U{i},Tên,{n},{e}\n" for i, (n, e) in enumerate(zip(y, x, strict=True))), encoding="utf-8")
    with pytest.raises(SourceRefused, match="crs"):
        load_file(database, catalog, settings, request(catalog, path, near=(104, 9, 108, 12)), only_plan=True, stop=False)
    page = max(settings.var.joinpath("loads").glob("places-*-plan/crs.html"), key=lambda file: file.stat().st_mtime).read_text("utf-8")
    first = page.index("EPSG:9210")
    assert all(first <= page.index(other) for other in ("EPSG:9209", "EPSG:32648") if other in page), (
        "the one near known places comes first"
    )
    assert "100% lie within 100 m of what the layer holds" in page
    assert "away from A" in page
    assert 'src="http' not in page, "nothing is fetched"


def test_links_filled_by_place_are_counted_among_what_was_cleaned(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    asked = {"MA_XA": "code", "TEN_XA": "full_name", "LOAI": "kind"}
    told = {"province_code": "82", "valid_from": "2025-07-01"}
    communes = request(catalog, ADMIN / "dong_thap_xa_tcvn3_tm3.zip", "communes", asked_map=asked, defaults=told)
    run_load(database, catalog, plan_load(catalog, communes))
    path = write_points(tmp_path / "places.csv", "F1,Trong tỉnh,106.36,10.36", "F2,Ngoài tỉnh,105.0,20.0")
    report = run_load(database, catalog, plan_load(catalog, request(catalog, path)))
    assert {"field": "commune", "step": "filled by place", "count": 1, "examples": []} in report.cleaned


def test_a_second_load_of_the_same_file_changes_nothing(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    path = write_points(tmp_path / "places.csv", "P1,Gò Công,106.67,10.36", "P2,Cai Lậy,106.12,10.41")
    first = run_load(database, catalog, plan_load(catalog, request(catalog, path)))
    again = run_load(database, catalog, plan_load(catalog, request(catalog, path)))
    assert (first.result.inserted, again.result.inserted, again.result.unchanged) == (2, 0, 2)
    assert again.state.revision == first.state.revision


def test_a_changed_row_is_updated_and_its_former_self_kept(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    run_load(database, catalog, plan_load(catalog, request(catalog, write_points(tmp_path / "a.csv", "P9,Tên cũ,106.1,10.4"))))
    report = run_load(database, catalog, plan_load(catalog, request(catalog, write_points(tmp_path / "b.csv", "P9,Tên mới,106.1,10.4"))))
    assert report.result.updated == 1
    with database.owner() as connection:
        names = connection.execute("SELECT name FROM history.places WHERE code = 'P9' ORDER BY history_id").fetchall()
    assert names == [("Tên cũ",), ("Tên mới",)]


def test_a_bad_row_stops_everything_when_asked(database: Database, catalog: Catalog, tmp_path: Path) -> None:
    path = write_points(tmp_path / "places.csv", "S1,Đúng,106.1,10.4", "S2,Ngoài Việt Nam,2.35,48.85")
    with pytest.raises(SourceRefused, match="Row 2"):
        run_load(database, catalog, plan_load(catalog, request(catalog, path)), stop_on_error=True)
    with database.reader() as connection:
        assert connection.execute("SELECT count(*) FROM published.places WHERE code LIKE 'S_'").fetchone() == (0,)


def test_a_plan_names_what_does_not_fit_before_anything_is_written(catalog: Catalog, tmp_path: Path) -> None:
    path = write_points(tmp_path / "places.csv", "P1,Gò Công,106.67,10.36")
    with pytest.raises(SourceRefused, match="no field 'nothing'"):
        plan_load(catalog, request(catalog, path, asked_map={"nothing": "name"}))
    with pytest.raises(SourceRefused, match="no field 'colour'"):
        plan_load(catalog, request(catalog, path, asked_map={"name": "colour"}))
    with pytest.raises(SourceRefused, match="holds"):
        plan_load(catalog, request(catalog, ADMIN / "dong_thap_xa_tcvn3_tm3.zip", "places", options=SourceOptions(crs=5897)))


@pytest.fixture
def own_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A state directory for rasters of this test: other tests serve those of the demo province under the same names."""
    monkeypatch.setenv("XANH_VAR", str(tmp_path / "var"))


@pytest.mark.usefixtures("own_state")
def test_a_geotiff_is_stored_and_its_extent_published(database: Database, catalog: Catalog, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mask.tif"
    with rasterio.open(
        *(path, "w", "GTiff", 40, 30, 1, "EPSG:4326", from_origin(105, 11, 0.1, 0.1), "float32"),
        nodata=numpy.nan,
    ) as out:
        out.write(numpy.ones((30, 40), dtype="float32"), 1)
    plan, state = load_raster(database, settings, catalog.layer("landmask"), path)
    assert (plan.minimum, plan.maximum) == (1, 1)
    assert state.extent == pytest.approx((105, 8, 109, 11))
    assert (settings.var / "rasters" / "landmask.tif").exists()
    with database.writer() as connection:
        told = connection.execute("SELECT report FROM xanh.load WHERE layer = 'landmask' ORDER BY id DESC LIMIT 1").fetchone()
    assert told is not None
    assert (told[0]["width"], told[0]["maximum"], told[0]["nodata"], told[0]["crs"]) == (40, 1.0, "nan", 4326)


@pytest.mark.usefixtures("own_state")
def test_a_raster_by_command_is_told_doubted_and_reported(
    database: Database, catalog: Catalog, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "far.tif"
    with rasterio.open(path, "w", "GTiff", 20, 10, 1, "EPSG:4326", from_origin(2, 51, 0.1, 0.1), "uint8") as out:
        out.write(numpy.full((10, 20), 7, dtype="uint8"), 1)
    layer = catalog.layer("landmask").model_copy(update={"anywhere": False})
    for only_plan in (True, False):
        load_file(database, catalog, settings, LoadRequest(path, layer), only_plan=only_plan, stop=False)
        told = capsys.readouterr().out
        assert "20 x 10 pixels" in told
        assert "is the coordinate system right? ·" in told
        assert (settings.var / "rasters" / "landmask.tif").exists() != only_plan
    (kept,) = settings.var.joinpath("loads").glob("landmask-*")
    report = json.loads((kept / "report.json").read_text("utf-8"))
    assert (report["source"], report["rasters"][0]["width"], report["rasters"][0]["extent"]) == ("far.tif", 20, [2, 50, 4, 51])
    assert "far.tif" in (kept / "report.html").read_text("utf-8")


@pytest.mark.usefixtures("own_state")
def test_a_folder_of_tiles_is_published_as_one_raster(database: Database, catalog: Catalog, settings: Settings, tmp_path: Path) -> None:
    options = {"driver": "GTiff", "width": 20, "height": 20, "count": 1, "dtype": "uint8", "crs": "EPSG:4326"}
    (tmp_path / "tiles").mkdir()
    for west in (105, 107):
        with rasterio.open(tmp_path / "tiles" / f"{west}.tif", "w", transform=from_origin(west, 11, 0.1, 0.1), **options) as out:
            out.write(numpy.ones((20, 20), dtype="uint8"), 1)
    plan, state = load_raster(database, settings, catalog.layer("landmask"), tmp_path / "tiles")
    assert (plan.width, plan.height) == (40, 20)
    assert state.extent == pytest.approx((105, 9, 109, 11))


def test_a_raster_that_is_none_is_refused(database: Database, catalog: Catalog, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "mask.tif"
    path.write_bytes(b"GIF89a")
    with pytest.raises(SourceRefused, match="not a readable GeoTIFF"):
        load_raster(database, settings, catalog.layer("landmask"), path)
