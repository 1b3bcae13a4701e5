# SPDX-License-Identifier: MIT
"""Maps and tiles as QGIS draws them, for the Python of QGIS (python3-qgis). Run as a program.

Standard input: [{"kind": "wms" | "vectortile", "source", "system", "extent", "size": [width, height], "out"}]; a source is what the dialogs
of QGIS make of an address. `out` is a PNG on a transparent ground.
Standard output, last line: [{"levels": how many levels a source of tiles has, "layers": how many parts its style has}].
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsMapLayer,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRasterDataProviderTemporalCapabilities,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor

# the mode "use whole temporal range" of a layer's properties; older releases keep the name elsewhere
WHOLE_RANGE = getattr(Qgis, "TemporalIntervalMatchMethod", QgsRasterDataProviderTemporalCapabilities).MatchUsingWholeRange


def open_layer(asked: dict[str, Any]) -> tuple[QgsMapLayer, dict[str, int]]:
    """A layer as the dialogs of QGIS add it; vector tiles in the style their source names."""
    if asked["kind"] == "wms":
        layer = QgsRasterLayer(asked["source"], "pictures", "wms")
        if not layer.isValid():
            raise SystemExit(f"QGIS cannot open {asked['source']}: {layer.error().message()}")
        return layer, {"levels": len(layer.dataProvider().nativeResolutions()), "layers": 0}
    tiles = QgsVectorTileLayer(asked["source"], "vectors")
    if not tiles.isValid():
        raise SystemExit(f"QGIS cannot open {asked['source']}")
    message, styled = tiles.loadDefaultStyle()
    if not styled:
        raise SystemExit(f"QGIS cannot read the style: {message}")
    return tiles, {"levels": tiles.sourceMaxZoom() + 1, "layers": len(tiles.renderer().styles())}


def draw(asked: dict[str, Any]) -> dict[str, int]:
    """Draw one layer on the extent asked for."""
    layer, told = open_layer(asked)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(asked["system"]))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    settings.setOutputSize(QSize(*asked["size"]))
    settings.setOutputDpi(96)
    settings.setExtent(QgsRectangle(*asked["extent"]))
    if asked.get("time"):
        layer.temporalProperties().setIsActive(True)
        layer.temporalProperties().setIntervalHandlingMethod(WHOLE_RANGE)
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(*(QDateTime.fromString(moment, Qt.ISODate) for moment in asked["time"])))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(asked["out"])
    return told


application = QgsApplication([], False)
application.initQgis()
sys.stdout.write(json.dumps([draw(one) for one in json.load(sys.stdin)]) + "\n")
sys.stdout.flush()
# the libraries of QGIS may crash while they are taken down; everything is written
os._exit(0)
