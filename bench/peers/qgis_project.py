# SPDX-License-Identifier: MIT
"""Writes the QGIS project of the benchmark. Runs in Debian's Python with PyQGIS, not in ours:
`qgis_project.py HOST PORT DATABASE USER PASSWORD FILE`."""

import sys

from PyQt5.QtGui import QColor
from qgis.core import (
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsMarkerSymbol,
    QgsFillSymbol,
    QgsProject,
    QgsRendererCategory,
    QgsVectorLayer,
)


def add_layer(project, login, name, geometry):
    uri = QgsDataSourceUri()
    uri.setConnection(*login)
    uri.setDataSource("bench", name, geometry, "", "id")
    uri.setSrid("4326" if geometry == "geom" else "3857")
    layer = QgsVectorLayer(uri.uri(False), name, "postgres")
    if not layer.isValid():
        sys.exit(f"layer {name} is not valid")
    layer.setShortName(name)
    project.addMapLayer(layer)
    return layer


def colour(layer, field, classes, make):
    categories = [QgsRendererCategory(value, make(fill), value or "other") for value, fill in classes]
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))


def circle(fill):
    return QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "size": "7",
            "size_unit": "Pixel",
            "color": fill,
            "outline_color": "#ffffff",
            "outline_width": "1",
            "outline_width_unit": "Pixel",
        }
    )


def area(fill):
    return QgsFillSymbol.createSimple(
        {"color": QColor(fill).name(), "outline_color": "#0a5028", "outline_width": "1", "outline_width_unit": "Pixel"}
    )


def main(host, port, database, user, password, path):
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    login = (host, port, database, user, password)
    features = add_layer(project, login, "bench_points", "geom")
    zones = add_layer(project, login, "map_zones", "geom_3857")
    points = add_layer(project, login, "map_points", "geom_3857")
    colour(zones, "kind", [("vqg", "#1ea050"), ("", "#78c878")], area)
    for layer in (points, add_layer(project, login, "map_many", "geom_3857")):
        colour(layer, "sector", [("thuy_san", "#1e78c8"), ("det_may", "#c8781e"), ("", "#14a050")], circle)
    project.writeEntry("WFSLayers", "/", [features.id()])
    project.writeEntry("WFSLayersPrecision", "/" + features.id(), 8)
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    if not project.write(path):
        sys.exit("the project cannot be written")


main(*sys.argv[1:])
