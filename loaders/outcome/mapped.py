# SPDX-License-Identifier: MIT
"""A map of a load to look at: accepted, repaired and rejected rows, clustered; one file that fetches nothing.

At most 5 000 features: all that were rejected or repaired first, then accepted ones evenly from the whole file. (Only importer of folium.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import branca.element
import folium
import folium.plugins
import numpy
import shapely

from loaders.batches import SourceBatch
from loaders.plan import Plan
from loaders.repair import Repair
from server.crs.definitions import WGS84, Crs
from server.crs.transform import transform_coordinates
from server.features.bulk import Rejected

MOST = 5000
_ASSETS = Path(__file__).parent / "assets"
_SORTS = (
    ("rejected", "Bị loại · rejected", "#c0262d"),
    ("repaired", "Đã sửa · repaired", "#d98a00"),
    ("accepted", "Được nhận · accepted", "#1d7f4e"),
)
# What people see of a row is text, never markup.
_MARKER = """
    function (row) {
        var told = document.createElement('div');
        told.textContent = row[3];
        return L.circleMarker(new L.LatLng(row[0], row[1]), {radius: 6, weight: 1, color: '#fff', fillColor: row[2], fillOpacity: 0.9})
            .bindPopup(told);
    }
"""


def write_map(path: Path, plan: Plan, reasons: Sequence[Rejected], repairs: Sequence[Repair] = ()) -> int:
    """Write the page; answers how many features it shows. Rows without a place, or with none that can be drawn, are left out."""
    crs = plan.info.crs
    if crs is None:
        return 0
    told = {item.number: ("rejected", f"{item.reason_vi} · {item.reason}") for item in reasons}
    told |= {one.number: ("repaired", one.text()) for one in repairs if one.done and one.number not in told}
    marked = dict(list(told.items())[:MOST])
    shown: dict[str, list[list[Any]]] = {sort: [] for sort, _, _ in _SORTS}
    step = max(1, -(-plan.info.row_count // max(1, MOST - len(marked))))
    for batch in plan.source.batches(()):
        _collect(batch, crs, (marked, told, step), shown)
    _save(path, plan, shown)
    return sum(map(len, shown.values()))


def _collect(
    batch: SourceBatch,
    crs: Crs,
    wanted: tuple[Mapping[int, tuple[str, str]], Mapping[int, tuple[str, str]], int],
    shown: dict[str, list[list[Any]]],
) -> None:
    marked, told, step = wanted
    chosen = [i for i, number in enumerate(batch.numbers) if number in marked or (number % step == 0 and number not in told)]
    shapes = shapely.from_wkb(numpy.array([(batch.shapes or ())[i] for i in chosen], dtype=object), on_invalid="ignore")
    places = transform_coordinates(shapely.get_coordinates(shapely.point_on_surface(shapely.force_2d(shapes))), crs, WGS84)
    seen = numpy.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)).tolist()
    if len(seen) != len(places):
        return
    colours = {sort: colour for sort, _, colour in _SORTS}
    for index, (lon, lat) in zip(seen, places.tolist(), strict=True):
        number = batch.numbers[chosen[index]]
        sort, text = marked.get(number, ("accepted", ""))
        if abs(lat) <= 90 and abs(lon) <= 360:
            shown[sort].append([round(lat, 6), round(lon, 6), colours[sort], f"Dòng · row {number}" + (f": {text}" if text else "")])


def _save(path: Path, plan: Plan, shown: Mapping[str, list[list[Any]]]) -> None:
    page = folium.Map(tiles=None, control_scale=True)
    page.options["maxZoom"] = 20
    page.default_js, page.default_css = [], []
    places = [row for rows in shown.values() for row in rows]
    if places:
        page.fit_bounds([[min(r[0] for r in places), min(r[1] for r in places)], [max(r[0] for r in places), max(r[1] for r in places)]])
    for sort, name, _ in _SORTS:
        cluster: Any = folium.plugins.FastMarkerCluster(  # type: ignore[no-untyped-call]
            shown[sort], callback=_MARKER, name=f"{name} ({len(shown[sort])})"
        )
        cluster.default_js, cluster.default_css = [], []
        cluster.add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    figure: Any = page.get_root()
    figure.title = f"{plan.request.layer.title.vi} - {plan.info.name}"
    embed_scripts(figure)
    page.save(str(path))


def embed_scripts(figure: Any) -> None:
    """Put Leaflet into a page itself: it needs no network."""
    for name in ("leaflet.css", "markercluster.css"):
        figure.header.add_child(branca.element.Element(f"<style>{_read(name)}</style>"), name=name)
    for name in ("leaflet.js", "leaflet.markercluster.js"):
        figure.header.add_child(branca.element.Element(f"<script>{_read(name)}</script>"), name=name)


def _read(name: str) -> str:
    # braces of the files are none of a template
    return "{% raw %}" + (_ASSETS / name).read_text(encoding="utf-8") + "{% endraw %}"
