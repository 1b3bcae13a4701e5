# SPDX-License-Identifier: MIT
"""Styles as QGIS saves them ("Save style as SLD"), for the Python of QGIS (python3-qgis).

Run as a program: argument 1 = folder to write to.

Every symbology is made through QGIS's own classes, so the documents are QGIS's, whatever its version.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsPointPatternFillSymbolLayer,
    QgsRendererCategory,
    QgsRendererRange,
    QgsRuleBasedRenderer,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor, QFont

# where labels lie; older releases keep the names elsewhere
PLACEMENT = getattr(Qgis, "LabelPlacement", QgsPalLayerSettings)
FIELDS = "field=name:string&field=kind:string&field=wqi:double&field=length_km:double"


def make_layer(kind):
    """An empty layer of a kind."""
    return QgsVectorLayer(f"{kind}?crs=EPSG:4326&{FIELDS}", "probe", "memory")


def save(layer, name):
    """Write the layer's style as SLD."""
    message, fine = layer.saveSldStyle(str(Path(sys.argv[1]) / f"{name}.sld"))
    if not fine:
        raise SystemExit(message)


def save_symbol(kind, symbol, name):
    """Write a style of one symbol."""
    layer = make_layer(kind)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    save(layer, name)


def save_points():
    """Single symbols: every shape of simple markers, in one file each; sizes in millimetres and map units."""
    # listing them by availableShapes() kills the Python of newer releases
    for shape in Qgis.MarkerShape if hasattr(Qgis, "MarkerShape") else QgsSimpleMarkerSymbolLayer.availableShapes():
        name = QgsSimpleMarkerSymbolLayer.encodeShape(shape)
        symbol = QgsMarkerSymbol.createSimple({"name": name, "color": "#1a6fb5", "outline_color": "#ffffff", "size": "4", "angle": "30"})
        save_symbol("Point", symbol, f"mark_{name}")
    symbol = QgsMarkerSymbol.createSimple({"name": "circle", "color": "#00aa00", "size": "500"})
    symbol.setSizeUnit(QgsUnitTypes.RenderMetersInMapUnits)
    save_symbol("Point", symbol, "map_units")


def save_classes():
    """Categories with one for all other values, classes of a number, rules with scales and an else."""
    marks = [QgsMarkerSymbol.createSimple({"color": colour}) for colour in ("#ff0000", "#00ff00", "#0000ff")]
    layer = make_layer("Point")
    categories = [QgsRendererCategory("auto", marks[0].clone(), "Auto"), QgsRendererCategory("it's", marks[1].clone(), "Quoted")]
    categories.append(QgsRendererCategory(None, marks[2].clone(), "Other"))
    layer.setRenderer(QgsCategorizedSymbolRenderer("kind", categories))
    save(layer, "categorized")
    layer = make_layer("Point")
    ranges = [QgsRendererRange(0, 50, marks[0].clone(), "Low"), QgsRendererRange(50, 100, marks[1].clone(), "High")]
    layer.setRenderer(QgsGraduatedSymbolRenderer("wqi", ranges))
    save(layer, "graduated")
    save_rules(marks)


def save_rules(marks):
    """Filters as people write them in QGIS."""
    filters = (
        '"kind" = \'auto\' AND "wqi" >= 50',
        "\"kind\" IN ('a', 'b') OR \"name\" LIKE 'KCN%'",
        '"name" IS NULL',
        '"wqi" BETWEEN 10 AND 20',
        "NOT (\"name\" ILIKE '%sông%')",
        "upper(\"name\") = 'A'",
        'length("name") > 5',
        '"wqi" + "length_km" > 3',
    )
    root = QgsRuleBasedRenderer.Rule(None)
    for number, text in enumerate(filters):
        root.appendChild(QgsRuleBasedRenderer.Rule(marks[number % 3].clone(), 1000, 250000, text, f"rule {number}"))
    root.appendChild(QgsRuleBasedRenderer.Rule(marks[0].clone(), 0, 0, "ELSE", "else"))
    layer = make_layer("Point")
    layer.setRenderer(QgsRuleBasedRenderer(root))
    save(layer, "rules")


def save_lines():
    """Dashes, caps, joins, an offset; markers along a line."""
    style = {"line_color": "#d84315", "line_width": "1", "use_custom_dash": "1", "customdash": "5;2", "capstyle": "round"}
    save_symbol("LineString", QgsLineSymbol.createSimple({**style, "joinstyle": "round", "offset": "1.5"}), "line")
    symbol = QgsLineSymbol.createSimple({"line_color": "#333333"})
    markers = QgsMarkerLineSymbolLayer(True, 8)
    markers.setSubSymbol(QgsMarkerSymbol.createSimple({"name": "triangle", "color": "#b71c1c", "size": "3"}))
    symbol.appendSymbolLayer(markers)
    save_symbol("LineString", symbol, "marker_line")


def save_areas():
    """A plain fill, brush patterns, hatches of an angle, marks in rows."""
    save_symbol("Polygon", QgsFillSymbol.createSimple({"color": "200,220,180,128", "outline_style": "dash"}), "area")
    for brush in ("b_diagonal", "f_diagonal", "cross", "diagonal_x", "horizontal", "vertical", "dense4"):
        save_symbol("Polygon", QgsFillSymbol.createSimple({"style": brush, "color": "#455a64"}), f"brush_{brush}")
    hatch = QgsLinePatternFillSymbolLayer()
    hatch.setLineAngle(30)
    hatch.setDistance(3)
    hatch.setSubSymbol(QgsLineSymbol.createSimple({"line_color": "#2e7d32", "line_width": "0.4"}))
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, hatch)
    save_symbol("Polygon", symbol, "hatch")
    rows = QgsPointPatternFillSymbolLayer()
    rows.setSubSymbol(QgsMarkerSymbol.createSimple({"name": "star", "color": "#ef6c00", "size": "2"}))
    symbol = QgsFillSymbol()
    symbol.changeSymbolLayer(0, rows)
    save_symbol("Polygon", symbol, "point_pattern")


def save_labels():
    """Labels around points and along lines, with a buffer, from a field and from an expression."""
    for name, kind, field, expression in (
        ("labels", "Point", "name", False),
        ("labels_expression", "Point", "upper(\"name\") || ' (' || \"wqi\" || ')'", True),
        ("labels_line", "LineString", "name", False),
    ):
        layer = make_layer(kind)
        layer.setRenderer(QgsSingleSymbolRenderer(QgsMarkerSymbol() if kind == "Point" else QgsLineSymbol()))
        settings = QgsPalLayerSettings()
        settings.fieldName, settings.isExpression = field, expression
        settings.placement = PLACEMENT.Line if kind == "LineString" else PLACEMENT.OverPoint
        settings.angleOffset, settings.xOffset = 15, 2
        form = QgsTextFormat()
        form.setFont(QFont("Be Vietnam Pro"))
        form.setSize(9)
        form.setColor(QColor("#174a78"))
        buffer = QgsTextBufferSettings()
        buffer.setEnabled(True)
        buffer.setSize(0.6)
        form.setBuffer(buffer)
        settings.setFormat(form)
        layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
        layer.setLabelsEnabled(True)
        save(layer, name)


def main():
    """Write all styles."""
    application = QgsApplication([], False)
    application.initQgis()
    for write in (save_points, save_classes, save_lines, save_areas, save_labels):
        write()
    # the libraries of QGIS may crash while they are taken down; everything is written
    sys.stdout.flush()
    os._exit(0)


main()
