# SPDX-License-Identifier: MIT
"""What a person does in QGIS, for the Python of QGIS (python3-qgis): adds a layer of features and edits it. Run as a program.

Standard input: {"address", "user", "password", "version", "layers": [{"name", "key", "system", "steps"}]}; a step is one editing
session, a layer is opened in a coordinate reference system and answered under its key (or name). The version of features is that of the
WFS, or OGC API. Layers with "told" (a field) are opened
afresh in the end, and their geometries told by the values of that field.
Standard output, last line: {key: {"count", "add", "change", "delete", "steps": [{"saved", "errors"}], "shapes": {value: WKT}}}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (
    NULL,
    QgsApplication,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsVectorDataProvider,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)


def open_layer(asked: dict[str, Any], name: str, system: str) -> QgsVectorLayer:
    """A layer as the connection dialog adds it."""
    uri, is_api = QgsDataSourceUri(), asked["version"] == "OGC API"
    uri.setParam("url", f"{asked['address']}/{'ogcapi' if is_api else 'wfs'}")
    uri.setParam("typename", name if is_api else f"xanh:{name}")
    if not is_api:
        uri.setParam("version", asked["version"])
    uri.setParam("srsname", system)
    if asked.get("user"):
        uri.setUsername(asked["user"])
        uri.setPassword(asked["password"])
    layer = QgsVectorLayer(uri.uri(False), name, "OAPIF" if is_api else "WFS")
    if not layer.isValid():
        raise SystemExit(f"QGIS cannot open {name}: {layer.error().message()}")
    return layer


def find(layer: QgsVectorLayer, condition: str) -> list[QgsFeature]:
    """The features an expression of QGIS chooses."""
    return list(layer.getFeatures(QgsFeatureRequest().setFilterExpression(condition)))


def run_step(layer: QgsVectorLayer, step: dict[str, Any]) -> dict[str, Any]:
    """One editing session: begin, change, save; what could not be saved is rolled back."""
    if not layer.startEditing():
        return {"saved": False, "errors": ["the layer cannot be edited"]}
    for new in step.get("add", ()):
        values = {layer.fields().indexOf(name): value for name, value in new["values"].items()}
        shape = QgsGeometry.fromWkt(new["wkt"]) if new.get("wkt") else QgsGeometry()
        layer.addFeature(QgsVectorLayerUtils.createFeature(layer, shape, values))
    for change in step.get("change", ()):
        for feature in find(layer, change["where"]):
            for name, value in change.get("values", {}).items():
                layer.changeAttributeValue(feature.id(), layer.fields().indexOf(name), NULL if value is None else value)
            if change.get("wkt"):
                layer.changeGeometry(feature.id(), QgsGeometry.fromWkt(change["wkt"]))
    for condition in step.get("delete", ()):
        layer.deleteFeatures([feature.id() for feature in find(layer, condition)])
    saved = layer.commitChanges()
    errors = [*layer.commitErrors(), *layer.dataProvider().errors()]
    layer.dataProvider().clearErrors()
    if not saved:
        layer.rollBack()
    return {"saved": saved, "errors": errors}


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Every layer asked for: what its pencil may do, then its steps."""
    answers: dict[str, Any] = {}
    for part in asked["layers"]:
        layer = open_layer(asked, part["name"], part.get("system", "EPSG:4326"))
        able = layer.dataProvider().capabilities()
        answers[part.get("key", part["name"])] = {
            "count": len(list(layer.getFeatures())),
            "add": bool(able & QgsVectorDataProvider.AddFeatures),
            "change": bool(able & QgsVectorDataProvider.ChangeAttributeValues),
            "delete": bool(able & QgsVectorDataProvider.DeleteFeatures),
            "steps": [run_step(layer, step) for step in part["steps"]],
        }
    for part in asked["layers"]:
        if part.get("told"):
            layer = open_layer(asked, part["name"], part.get("system", "EPSG:4326"))
            shapes = {feature[part["told"]]: feature.geometry().asWkt(10) for feature in layer.getFeatures()}
            answers[part.get("key", part["name"])]["shapes"] = shapes
    return answers


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    sys.stdout.write(json.dumps(run(json.load(sys.stdin))) + "\n")
    sys.stdout.flush()
    application.exitQgis()
