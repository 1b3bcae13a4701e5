# SPDX-License-Identifier: MIT
"""Pixels: maps, legends, symbols. The only room that knows Mapnik."""

import os

# Importing Mapnik's package points PROJ_LIB and GDAL_DATA at folders of its own (the first without proj.db), which blinds rasterio and
# pyproj in the same process. Mapnik itself needs neither: it gets full PROJ strings. So both are put back.
_kept = {name: os.environ.get(name) for name in ("PROJ_LIB", "GDAL_DATA")}

import mapnik  # noqa: E402, F401

for _name, _value in _kept.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value
