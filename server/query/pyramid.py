# SPDX-License-Identifier: MIT
"""Which band of a layer's render pyramid serves a map (contract: server/publish/README.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence

_BAND_0 = 156543.03392804097  # metres of EPSG:3857 per pixel when the world is one tile of 256 pixels


def pick_band(bands: Sequence[int], resolution: float) -> int | None:
    """The coarsest band no coarser than a map of `resolution` metres (EPSG:3857) per pixel; None = the layer itself.

    `bands` is LayerState.pyramid_bands, ascending.
    """
    if not bands or not resolution > 0:
        return None
    wanted = math.ceil(math.log2(_BAND_0 / resolution) - 1e-6)
    return next((band for band in bands if band >= wanted), None)
