# SPDX-License-Identifier: MIT
"""The text of a layer file for a raster."""

from __future__ import annotations

import json

from loaders.geotiff import RasterPlan


def write_raster_file(place: tuple[str, str], titles: tuple[str, str], source: str, plan: RasterPlan) -> str:
    """The YAML of a raster layer; `place` is its id and group."""
    layer_id, group = place
    told = f"{plan.width} x {plan.height} pixels, {plan.dtype}, EPSG:{plan.crs.code}"
    span = "no valid pixel" if plan.minimum is None else f"{plan.minimum:g} to {plan.maximum:g}"
    both = f"{{vi: {_text(titles[0])}, en: {_text(titles[1])}}}"
    return "\n".join(
        [
            "# SPDX-License-Identifier: MIT",
            "# yaml-language-server: $schema=../layer.schema.json",
            f"# Made from a raster of {told}, values {span}. Look at every line; docs/layers.md tells what it means.",
            f"id: {layer_id}",
            f"group: {group}  # the folder this file lies in; groups: layers/groups.yml",
            f"title:    {both}",
            f"abstract: {both}  # one or two sentences for catalogues",
            "geometry: raster",
            "raster: {band: 1}  # unit: m; codes: LIST where values are classes; series: true for a folder of dated files",
            f"styles: [{layer_id}]  # styles/{layer_id}.sld: colours from the smallest to the largest value",
            f"source: {{vi: {_text(source)}, en: {_text(source)}, licence: unknown, updated: unknown}}  # whose data?",
            "",
        ]
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
