# SPDX-License-Identifier: MIT
"""Pictures of SLD styles drawn by QGIS Server (python3-qgis). Run as a program: a JSON list of drawings on standard input.

A drawing names `data` (GeoJSON in EPSG:3857), `sld`, `size` (pixels, one per metre from 0, 0) and `out` (PNG). Projects are written beside
the data; the styles travel as SLD_BODY of a GetMap.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlencode

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.server import QgsBufferServerRequest, QgsBufferServerResponse, QgsServer

# Pixels of 0.28 mm.
DPI = 25.4 / 0.28


def write_project(data):
    """A project of one layer, `probe`, over a file. Returns where it is."""
    path = Path(data).with_suffix(".qgs")
    if not path.exists():
        layer = QgsVectorLayer(data, "probe", "ogr")
        layer.setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
        project = QgsProject()
        project.setCrs(layer.crs())
        project.addMapLayer(layer)
        project.write(str(path))
    return str(path)


def draw(server, asked):
    """One picture."""
    query = {
        "MAP": write_project(asked["data"]),
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetMap",
        "LAYERS": "probe",
        "STYLES": "",
        "SLD_BODY": Path(asked["sld"]).read_text(encoding="utf-8"),
        "CRS": "EPSG:3857",
        "BBOX": f"0,0,{asked['size']},{asked['size']}",
        "WIDTH": asked["size"],
        "HEIGHT": asked["size"],
        "FORMAT": "image/png",
        "BGCOLOR": "0xFFFFFF",
        "DPI": f"{DPI:.3f}",
    }
    response = QgsBufferServerResponse()
    server.handleRequest(QgsBufferServerRequest(f"http://127.0.0.1/?{urlencode(query)}"), response)
    body = bytes(response.body())
    if not body.startswith(b"\x89PNG"):
        raise SystemExit(body.decode("utf-8", "replace")[:2000])
    Path(asked["out"]).write_bytes(body)


application = QgsApplication([], False)
application.initQgis()
maps = QgsServer()
for one in json.load(sys.stdin):
    draw(maps, one)
sys.stdout.flush()
# the libraries of QGIS may crash while they are taken down; everything is written
os._exit(0)
