# SPDX-License-Identifier: MIT
"""The layers and styles of the conformance runs fit each other and answer to the names the suite asks for."""

from __future__ import annotations

from server.catalog.check import check_catalog
from server.catalog.projection import published_shapes
from server.catalog.read import read_catalog_in
from server.config import ROOT
from server.style.shelf import load_styles

CITE = ROOT / "tests" / "cite"
WANTED = {
    "BasicPolygons",
    "Bridges",
    "Buildings",
    "DividedRoutes",
    "Forests",
    "Lakes",
    "MapNeatline",
    "NamedPlaces",
    "Ponds",
    "RoadSegments",
}


def test_layers_and_styles_fit_and_carry_the_names_the_suite_expects() -> None:
    catalog = read_catalog_in(CITE / "layers" / "wms13")
    assert check_catalog(catalog, load_styles(CITE / "styles").keys(), None) == []
    names = {layer.wms_name for layer in catalog.layers.values()}
    assert names >= WANTED | {"Streams"}
    assert all(layer.title.en == f"cite:{layer.wms_name}" for layer in catalog.layers.values())


def test_the_feature_types_of_the_wfs_suites_have_their_names_geometries_and_namespace() -> None:
    catalog = read_catalog_in(CITE / "layers" / "wfs")
    assert check_catalog(catalog, load_styles(CITE / "styles").keys(), None) == []
    shapes = {layer.wfs_name: (layer.geometry_name, *(one.name for one in published_shapes(layer))) for layer in catalog.layers.values()}
    assert shapes == {
        "PrimitiveGeoFeature": ("surfaceProperty", "pointProperty", "curveProperty"),
        "AggregateGeoFeature": ("multiPointProperty", "multiCurveProperty", "multiSurfaceProperty"),
        "EntitéGénérique": ("attribut.Géométrie",),
    }
    assert {layer.names.namespace for layer in catalog.layers.values()} == {"http://cite.opengeospatial.org/gmlsf"}
