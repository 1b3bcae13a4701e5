# SPDX-License-Identifier: MIT
"""Where the data would lie in each coordinate system that fits, as one page that needs no network: a person says which is right."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import branca.element
import folium

from loaders.crschoice import CrsChoice
from loaders.outcome.mapped import embed_scripts

# Eight colours that colour-blind eyes tell apart (Okabe and Ito 2008), without the yellow nobody sees on white.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#6b4600")
_ROW = (
    "<tr><td style='color:{colour}'><b>{letter}</b></td><td>EPSG:{code} {name}</td><td>{score}/100</td>"
    "<td>{vi}<br><small>{en}</small></td></tr>"
)
_TABLE = (
    "<div style='font:15px/1.5 sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem'><h1>{title}</h1>"
    "<p>Chọn hệ đúng, rồi chạy lại với --crs MÃ. · Choose the right system and run again with --crs CODE.</p><table>{rows}</table></div>"
)
_STYLE = (
    "<style>html,body{height:auto;overflow:auto}.folium-map{position:relative!important;height:70vh!important}"
    "table{border-collapse:collapse}td{border:1px solid #cbd5d1;padding:.25rem .6rem;vertical-align:top}</style>"
)


def write_where(path: Path, title: str, choices: Sequence[CrsChoice], outlines: str | None) -> None:
    """Write the page; `outlines` (GeoJSON) shows the provinces, so that one sees where the points are. Raises OSError."""
    page = folium.Map(tiles=None, control_scale=True)
    page.options["maxZoom"] = 20
    page.default_js, page.default_css = [], []
    if outlines is not None:
        folium.GeoJson(
            json.loads(outlines),
            name="Tỉnh · provinces",
            style_function=lambda _: {"color": "#8f8576", "weight": 1, "fillColor": "#f6f3ec", "fillOpacity": 0.9},
            interactive=False,
        ).add_to(page)
    for at, one in enumerate(choices):
        group = folium.FeatureGroup(name=html.escape(f"{one.letter} · EPSG:{one.crs.code} {one.crs.name} · {one.score}/100"), show=at == 0)
        for lon, lat in one.places:
            folium.CircleMarker((lat, lon), radius=5, weight=1, color="#fff", fill=True, fill_color=_COLOURS[at], fill_opacity=0.9).add_to(
                group
            )
        group.add_to(page)
    places = choices[0].places if choices else ()
    if places:
        lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
        page.fit_bounds([[min(lats), min(lons)], [max(lats), max(lons)]])
    folium.LayerControl(collapsed=False).add_to(page)
    figure: Any = page.get_root()
    figure.title = title
    embed_scripts(figure)
    figure.header.add_child(branca.element.Element(_STYLE), name="whole")
    figure.html.add_child(branca.element.Element(_raw(_tell(title, choices))), name="told", index=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(str(path))


def _tell(title: str, choices: Sequence[CrsChoice]) -> str:
    rows = [
        _ROW.format(
            colour=_COLOURS[at],
            letter=one.letter,
            code=one.crs.code,
            name=html.escape(one.crs.name),
            score=one.score,
            vi=html.escape(one.reason_vi),
            en=html.escape(one.reason),
        )
        for at, one in enumerate(choices)
    ]
    return _TABLE.format(title=html.escape(title), rows="".join(rows))


def _raw(text: str) -> str:
    # braces of a file's name are none of a template
    return "{% raw %}" + text.replace("{% endraw", "{ % endraw") + "{% endraw %}"
