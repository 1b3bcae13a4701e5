# SPDX-License-Identifier: MIT
"""`xanh layer new`: the files it writes are complete, pass every check as they stand, and say what was found."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
import rasterio
from rasterio.transform import from_origin

from loaders.source import SourceOptions
from loaders.wizard.make import NewLayer, Wanted, draft_layer, write_new_layer
from loaders.wizard.names import write_name
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.catalog.read import read_catalog_in
from server.config import ROOT
from server.errors import SourceRefused
from server.strictyaml import read_model
from server.style.fields import used_fields
from server.style.read import check_style, load_style

WELLS = "Mã giếng,Tên giếng,Loại,Độ sâu,Ngày khoan,id,Kinh độ,Vĩ độ\n" + "".join(
    f'0{n},Giếng số {n},{("khoan", "đào")[n % 2]},"{n},5",{n + 1:02d}/07/2024,{n},106.{n},10.{n}\n' for n in range(1, 13)
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog_in(ROOT / "layers")


def make(catalog: Catalog, folder: Path, wanted: Wanted) -> tuple[NewLayer, Layer]:
    new = draft_layer(catalog, wanted, folder / "layers", folder / "styles")
    files = write_new_layer(new)
    layer = read_model(files[0], Layer)
    if new.style_file is not None:
        assert check_style(new.style_file) == []
        assert set(used_fields(load_style(new.style_file))) <= set(layer.fields)
    return new, layer


def test_a_table_becomes_a_layer_with_types_key_title_and_remarks(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "Giếng khoan.csv"
    path.write_text(WELLS, encoding="utf-8")
    new, layer = make(catalog, tmp_path, Wanted(path, group="sources"))
    assert (layer.id, layer.group, layer.geometry, layer.load.key) == ("gieng_khoan", "sources", "point", "ma_gieng")
    types = {name: field.type for name, field in layer.fields.items()}
    assert types == {"ma_gieng": "text", "ten_gieng": "text", "loai": "text", "do_sau": "number", "ngay_khoan": "date", "id_1": "integer"}
    assert layer.title_field == "ten_gieng"
    assert layer.load.aliases["ma_gieng"] == ("Mã giếng",)
    assert "khoan | đào" in new.layer_text or "đào | khoan" in new.layer_text
    assert "1.5 to 12.5" in new.layer_text


def test_a_shapefile_of_communes_becomes_a_layer_of_areas(catalog: Catalog, tmp_path: Path) -> None:
    path = ROOT / "demo" / "data" / "admin" / "dong_thap_xa_tcvn3_tm3.zip"
    _, layer = make(catalog, tmp_path, Wanted(path, "xa_moi", "base"))
    assert (layer.geometry, layer.load.key, layer.title_field) == ("multipolygon", "ma_xa", "ten_xa")
    assert not layer.anywhere
    assert layer.fields["ma_xa"].type == "text", "digits of a code are no number"


def test_records_without_places_need_no_style(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text("so,noi_dung\n1,một\n2,hai\n", encoding="utf-8")
    new, layer = make(catalog, tmp_path, Wanted(path))
    assert (layer.geometry, new.style_file, layer.styles) == ("none", None, ())


def test_a_raster_gets_colours_from_its_values(catalog: Catalog, tmp_path: Path) -> None:
    path, place = tmp_path / "dem.tif", from_origin(105, 11, 0.1, 0.1)
    with rasterio.open(path, "w", driver="GTiff", width=4, height=3, count=1, dtype="float32", crs="EPSG:4326", transform=place) as out:
        out.write(numpy.arange(12, dtype="float32").reshape(3, 4), 1)
    new, layer = make(catalog, tmp_path, Wanted(path))
    assert layer.geometry == "raster"
    assert "<se:Data>11</se:Data>" in new.style_text


def test_data_of_other_countries_may_lie_there(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "paris.csv"
    path.write_text("name,lon,lat\nParis,2.35,48.85\n", encoding="utf-8")
    assert make(catalog, tmp_path, Wanted(path))[1].anywhere


def test_hostile_headings_become_names_and_stay_text(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        '"a: {b}","#c","1=1; DROP","id","geom","<b>&amp;","A","true"\n"- x","*y","&z","1","2","|","!t","no"\n', encoding="utf-8"
    )
    new, layer = make(catalog, tmp_path, Wanted(path, "hostile"))
    assert list(layer.fields) == ["a_b", "c", "f_1_1_drop", "id_1", "geom_1", "b_amp", "a", "true_1"]
    assert layer.fields["a_b"].vi == "A: {b}"
    assert new.layer_text.count("\nfields:") == 1


def test_nothing_is_written_over_and_mistakes_are_named(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(SourceRefused, match="already"):
        make(catalog, tmp_path, Wanted(path))
    with pytest.raises(SourceRefused, match="no group 'nowhere'"):
        make(catalog, tmp_path, Wanted(path, "other", "nowhere"))
    with pytest.raises(SourceRefused, match="no such file"):
        make(catalog, tmp_path, Wanted(tmp_path / "none.csv", "other"))
    make(catalog, tmp_path, Wanted(path, "other"))
    with pytest.raises(SourceRefused, match="already"):
        make(catalog, tmp_path, Wanted(path, "other", options=SourceOptions()))
    path.write_text("a\n", encoding="utf-8")
    with pytest.raises(SourceRefused, match="no rows"):
        make(catalog, tmp_path, Wanted(path, "empty"))


def test_names_are_never_reserved_nor_taken() -> None:
    assert write_name("Đường đi", ["duong_di"]) == "duong_di_2"
    assert write_name("search", of_layer=True) == "search_1"
    assert write_name("!!!") == "field"
