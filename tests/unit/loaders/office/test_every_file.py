# SPDX-License-Identifier: MIT
"""Every file of the folder: rows, kind of shape and coordinate system as found, or why it is refused. None is forgotten."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from loaders.rasterchild import RasterReader
from loaders.source import SourceOptions, open_source
from server.config import Loading
from server.errors import SourceRefused

READ = {
    "admin/map_before_to_2025.csv.gz": (10602, None, None),
    "admin/units_2025.csv.gz": (3321, None, None),
    "admin/units_before_2025.csv.gz": (10040, None, None),
    "admin/vn_provinces_34_2025.gpkg.zip": (34, "MultiPolygon", 4326),
    "admin/vn_wards_2025_26prov_s20m.gpkg.zip": (2567, "MultiPolygon", 4326),
    "admin/vn_wards_2025_raw_da_nang.geojson.gz": (94, "MultiPolygon", 4326),
    "admin/vn_wards_2025_raw_gia_lai.geojson.gz": (135, "MultiPolygon", 4326),
    "admin/vn_wards_2025_raw_ho_chi_minh.geojson.gz": (168, "MultiPolygon", 4326),
    "admin/vn_wards_2025_raw_lang_son.geojson.gz": (65, "MultiPolygon", 4326),
    "admin/vn_wards_2025_raw_tay_ninh.geojson.gz": (96, "MultiPolygon", 4326),
    "derived/danang_xa_tcvn3_tm3_107_45.zip": (93, "Polygon", 5899),
    "derived/gialai_xa_vni_tm3_108_30.zip": (135, "Polygon", 9218),
    "derived/langson_xa_cp1258_tm3_107_15.zip": (65, "Polygon", 9215),
    "env/geonames_vn_places.csv.gz": (893, "Point", 4326),
    "env/gppd_vietnam_coordinates_fixed.csv": (303, "Point", 4326),
    "env/gppd_vietnam_raw_wri.csv": (304, "Point", 4326),
    "env/hydropower_vn.geojson.gz": (197, "MultiPoint", 4326),
    "env/main_roads_vn.geojson.gz": (458, "MultiLineString", 4326),
    "env/protected_areas_international_vn.geojson.gz": (14, "MultiPolygon", 4326),
    "env/watersupply_mekong.csv.gz": (3642, "Point", 4326),
    "env/wqi_stations_mekong_latest.csv": (339, "Point", 4326),
    "large/codepoint_open_gb_2014.csv.gz": (1684769, "Point", None),
    "large/geonames_cities500.csv.gz": (234908, "Point", 4326),
    "large/gshhg_h_world_polygons.gpkg.zip": (153123, "Polygon", 4326),
    "shp_dirty/pyshp_samples.zip": (10, "LineString", None),
    "timeseries/imhen_meteo_monthly_1961_2017.csv.gz": (29256, None, None),
    "timeseries/imhen_meteo_province_monthly_2008_2017.csv.gz": (7560, None, None),
    "timeseries/wqi_mekong_2016_2022.csv.gz": (2062, "Point", 4326),
}
REFUSED = {
    "admin/units_2025_names_vi_en.json.gz": "damaged or not what its name claims",
    "admin/vn_districts_pre2025_gso.gpkg.zip": "holds 2 layers.*provinces_63",
    "env/gshhg_vn_rivers_shore.gpkg.zip": "holds 2 layers.*rivers, land_lakes",
    "ogc_cite/cite_wfs110_data.zip": "holds no data set",
    "ogc_cite/cite_wms130_data.zip": "holds 27 data sets",
    "shp_dirty/geopackage_edge_cases.zip": "holds 8 data sets",
    "shp_dirty/mapserver_msautotest.zip": "holds 53 data sets",
    "shp_dirty/mapshaper_dbf_only.zip": "holds 11 data sets",
    "shp_dirty/mapshaper_testdata.zip": "holds 26 data sets",
    "shp_dirty/qgis_testdata.zip": "holds 33 data sets",
    "shp_dirty/rsf_samples.zip": "holds 3 data sets",
    "shp_vn/bentre_thuaduc_comokit.zip": "holds 6 data sets",
    "shp_vn/cantho_roads_gama.zip": "holds 2 data sets",
    "shp_vn/hanoi_escape_no_dbf.zip": "holds 3 data sets",
    "shp_vn/hanoi_hoankiem_air.zip": "holds 6 data sets",
    "shp_vn/hanoi_redriver_flood_gama.zip": "holds 2 data sets",
    "shp_vn/quangnam_vgtb_geo403.zip": "holds 6 data sets",
    "shp_vn/vinhphuc_melinh_comokit.zip": "holds 5 data sets",
    "timeseries/airnow_hanoi_pm25_hourly.zip": "holds 4 data sets",
    "timeseries/imhen_stations.txt": "holds no data set",
    "timeseries/imhen_stations_dictionary.txt": "holds no data set",
    "timeseries/prsa_beijing_8stations.zip": "holds 8 data sets",
}
# Rasters of a file that can be loaded as they are, and those that are refused.
RASTERS = {
    "rasters/geotiff_samples.zip": (1, 3),
    "rasters/malformed_tiff_pillow.zip": (0, 17),
    "rasters/mapserver_rasters.zip": (5, 22),
    "rasters/qgis_dem_3600_int16_overviews.zip": (1, 0),
    "rasters/qgis_rasters.zip": (9, 16),
    "rasters/r_rasters.zip": (2, 3),
    "rasters/rasterio_tests.zip": (5, 11),
    "rasters/vn_cropland_hyde2016_10km_4326.tif": (1, 0),
    "rasters/vn_cropland_hyde2016_vn2000_utm48_3405.tif": (1, 0),
    "rasters/vn_geoid_egm96_15min_4326.tif": (1, 0),
    "rasters/vn_landmask_globe_1km_4326_cog.tif": (1, 0),
    "rasters/vn_landmask_globe_1km_utm48n_1bit.tif": (1, 0),
    "rasters/vn_redriver_dem50_customtm.tif": (0, 1),
    "rasters/vn_redriver_dem50_gama.zip": (0, 1),
}
ABOUT = {"INVENTORY.csv", "README.md"}


@pytest.mark.parametrize("file", READ)
def test_a_file_is_read(files: Path, file: str) -> None:
    info = open_source(files / file, SourceOptions()).info
    assert (info.row_count, info.geometry, info.crs.code if info.crs else None) == READ[file]


@pytest.mark.parametrize("file", REFUSED)
def test_a_file_is_refused_with_its_reason_in_both_languages(files: Path, file: str) -> None:
    with pytest.raises(SourceRefused, match=REFUSED[file]) as caught:
        open_source(files / file, SourceOptions())
    assert caught.value.message_vi


@pytest.mark.parametrize("file", RASTERS)
def test_rasters_are_taken_or_refused_and_none_ends_anything(files: Path, tmp_path: Path, file: str) -> None:
    path, reasons, taken = files / file, [], 0
    inside = [path]
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path)
        inside = sorted(one for one in tmp_path.rglob("*") if one.suffix.lower() in (".tif", ".tiff", ".asc"))
    reader = RasterReader(path, Loading())
    for one in inside:
        try:
            reader.plan(one, 1, None)
            taken += 1
        except SourceRefused as error:
            reasons.append(error.message)
    assert (taken, len(reasons)) == RASTERS[file]
    known = ("coordinate system missing", "is not georeferenced", "is not a readable GeoTIFF")
    assert all(any(words in reason for words in known) for reason in reasons), reasons


def test_a_raster_on_a_home_made_zone_is_told_to_lack_the_datum_shift(files: Path) -> None:
    path = files / "rasters/vn_redriver_dem50_customtm.tif"
    with pytest.raises(SourceRefused, match="225 m") as caught:
        RasterReader(path, Loading()).plan(path, 1, None)
    assert "225 m" in (caught.value.message_vi or "")


def test_no_file_is_forgotten(files: Path) -> None:
    there = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
    assert there - {*READ, *REFUSED, *RASTERS} == ABOUT
