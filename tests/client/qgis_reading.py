# SPDX-License-Identifier: MIT
"""What a person looks up in QGIS, for the Python of QGIS (python3-qgis): opens WFS layers, pages, filters and sorts. Run as a program.

Standard input: {"address", "layers": [{"key", "name", "version", "system", "page", "box", "subset", "order", "sum"}], "files": [path]}.
Standard output, last line: {key: {"count", "read", "first", "in_box", "chosen", "ordered", "sum"}, path: [longitude, latitude]}; what
was not asked for is null. Of a file the first point is told where QGIS puts it on a map in EPSG:4326.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDataSourceUri,
    QgsFeatureRequest,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)


def open_layer(address: str, asked: dict[str, Any]) -> QgsVectorLayer:
    """A layer as the connection dialog adds it; `page` asks for pages of that many features. The version of features is OGC API."""
    uri, is_api = QgsDataSourceUri(), asked["version"] == "OGC API"
    uri.setParam("url", f"{address}/{'ogcapi' if is_api else 'wfs'}")
    uri.setParam("typename", asked["name"] if is_api else f"xanh:{asked['name']}")
    if is_api:
        uri.setParam("restrictToRequestBBOX", "1")
    else:
        uri.setParam("version", asked["version"])
        uri.setParam("srsname", asked.get("system", "EPSG:4326"))
    if asked.get("page"):
        uri.setParam("pagingEnabled", "true")
        uri.setParam("pageSize", str(asked["page"]))
    layer = QgsVectorLayer(uri.uri(False), asked["name"], "OAPIF" if is_api else "WFS")
    if not layer.isValid():
        raise SystemExit(f"QGIS cannot open {asked['name']} {asked['version']}: {layer.error().message()}")
    return layer


def look(address: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Everything asked of one layer."""
    layer = open_layer(address, asked)
    features = list(layer.getFeatures())
    found: dict[str, Any] = {"count": layer.featureCount(), "read": len(features), "in_box": None, "chosen": None, "ordered": None}
    found["sum"] = sum(feature[asked["sum"]] for feature in features if feature[asked["sum"]] != NULL) if asked.get("sum") else None
    placed = next((feature.geometry() for feature in features if not feature.geometry().isNull()), None)
    found["first"] = [placed.asPoint().x(), placed.asPoint().y()] if placed is not None and asked.get("points") else None
    if asked["version"] == "OGC API":
        layer = open_layer(address, asked)  # one that has nothing yet, so that the server is asked
    if asked.get("box"):
        found["in_box"] = len(list(layer.getFeatures(QgsFeatureRequest().setFilterRect(QgsRectangle(*asked["box"])))))
    if asked.get("order"):
        layer.setSubsetString(f"SELECT * FROM {asked['name']} ORDER BY {asked['order']} DESC")
        values = [feature[asked["order"]] for feature in layer.getFeatures()]
        found["ordered"] = [value for value in values if value != NULL]
    if asked.get("subset"):
        select = "" if asked["version"] == "OGC API" else f"SELECT * FROM {asked['name']} WHERE "
        layer.setSubsetString(f"{select}{asked['subset']}")
        found["chosen"] = len(list(layer.getFeatures()))
    return found


def place(path: str) -> list[float]:
    """Longitude and latitude of the first point of a file, by the transformation QGIS takes by itself."""
    layer = QgsVectorLayer(path, "file", "ogr")
    if not layer.isValid():
        raise SystemExit(f"QGIS cannot open {path}")
    turn = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance())
    point = turn.transform(next(layer.getFeatures()).geometry().asPoint())
    return [point.x(), point.y()]


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    question = json.load(sys.stdin)
    told: dict[str, Any] = {part["key"]: look(question["address"], part) for part in question["layers"]}
    told |= {path: place(path) for path in question.get("files", ())}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    application.exitQgis()
