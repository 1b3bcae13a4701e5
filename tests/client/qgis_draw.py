# SPDX-License-Identifier: MIT
"""Pictures of SLD styles drawn by QGIS (python3-qgis). Run as a program: a JSON list of drawings on standard input.

A drawing names `data` (GeoJSON in EPSG:3857), `sld`, `size` (pixels, one per metre from 0, 0) and `out` (PNG).
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

# Pixels of 0.28 mm.
DPI = 25.4 / 0.28


def draw(asked):
    """One picture."""
    layer = QgsVectorLayer(asked["data"], "probe", "ogr")
    web = QgsCoordinateReferenceSystem("EPSG:3857")
    layer.setCrs(web)
    message, fine = layer.loadSldStyle(asked["sld"])
    if not fine:
        raise SystemExit(message)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(web)
    settings.setBackgroundColor(QColor("#ffffff"))
    settings.setOutputSize(QSize(asked["size"], asked["size"]))
    settings.setOutputDpi(DPI)
    settings.setExtent(QgsRectangle(0, 0, asked["size"], asked["size"]))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(asked["out"])


application = QgsApplication([], False)
application.initQgis()
for one in json.load(sys.stdin):
    draw(one)
sys.stdout.flush()
# the libraries of QGIS may crash while they are taken down; everything is written
os._exit(0)
