# SPDX-License-Identifier: MIT
"""A plan as its page shows it: fields beside columns, choices for the coordinate system, and rows and candidates drawn on pictures."""

from __future__ import annotations

from typing import Any

from server.catalog.background import background
from server.catalog.display import show_number
from server.catalog.model import Layer
from server.context import Context
from server.crs.definitions import all_crs
from server.query.uploads import MODES, ON_ERROR, REPAIRS, Upload
from server.uploads.wishes import BY_ITSELF
from viewer.describe import Extent
from viewer.pages.picture import Frame, fit_box, picture_address, project
from viewer.staff.cleaning_words import name_step

ENCODINGS = ("utf-8", "tcvn3", "vni", "cp1258", "cp1252", "latin-1", "utf-16")
_FRAME, _SMALL = Frame(720, 440), Frame(360, 240)
# So many features are drawn on the picture of readers without script; the map shows all.
_DRAWN = 400
_FEW = 5
_RANK = {"accepted": 0, "repaired": 1, "rejected": 2}


class LoadView:
    """Describes the plan of one upload in one language."""

    def __init__(self, context: Context, layer: Layer, upload: Upload, language: str) -> None:
        self._context, self._layer, self._upload, self._language = context, layer, upload, language

    def describe(self, plan: dict[str, Any] | None, preview: dict[str, Any] | None) -> dict[str, Any]:
        """Everything the template needs; a file that was never looked at has no source."""
        found = plan or {"source": None, "mapping": {}, "choices": [], "rehearsal": None}
        return {
            "source": found["source"],
            "told": found["rehearsal"],
            "is_raster": self._layer.raster is not None,
            "is_series": self._layer.raster is not None and self._layer.raster.series,
            "raster": self._rasters(found["raster"]) if found.get("raster") else None,
            "rasters": self._rasters,
            "fields": self._fields(found),
            "changes": self._changes(found["rehearsal"]),
            "choices": self._choices(found["choices"]),
            "systems": self._systems(found["choices"]),
            "keys": [(name, self._title(name)) for name, field in self._layer.fields.items() if not (field.link or field.geometry)],
            "modes": MODES,
            "repairs": REPAIRS,
            "on_error": ON_ERROR,
            "encodings": ENCODINGS,
            "has_geometry": self._layer.has_geometry,
            "map": self._map(preview),
            "text": lambda english, vietnamese: english if self._language == "en" else (vietnamese or english),
            "half": self._half,
            "title": self._title,
            "step": lambda name: name_step(name, self._language),
        }

    def _rasters(self, told: dict[str, Any]) -> dict[str, Any]:
        """Rasters with their numbers as people of the language write them."""

        def show(value: float, digits: int = 6) -> str:
            return show_number(float(f"{value:.{digits}g}"), self._language)

        shown = [
            {
                **one,
                "size": f"{show(one['width'], 12)} × {show(one['height'], 12)}",
                "pixel_size": " × ".join(show(size) for size in one["pixel"] or ()),
                "span": None if one["minimum"] is None else f"{show(one['minimum'])} … {show(one['maximum'])}",
                "place": "; ".join(show(value) for value in one["extent"]),
            }
            for one in told["rasters"]
        ]
        return {**told, "rasters": shown}

    def _half(self, text: str) -> str:
        """The reader's half of a sentence in both languages."""
        english, _, vietnamese = text.partition(" · ")
        return english if self._language == "en" or not vietnamese else vietnamese

    def _title(self, name: str | None) -> str:
        """A field as people call it."""
        fixed = {
            "geometry": ("Vị trí, hình dạng", "Place and shape"),
            "valid_from": ("Hiệu lực từ", "Valid from"),
            "valid_to": ("Hiệu lực đến", "Valid to"),
        }
        if name in fixed:
            return fixed[name][self._language == "en"]
        field = self._layer.fields.get(name or "")
        return (field.en if self._language == "en" else field.vi) if field else (name or "")

    def _fields(self, found: dict[str, Any]) -> list[dict[str, Any]]:
        """The fields of the layer a column can fill, each with the column that does."""
        columns = {one["name"]: one for one in (found["source"] or {}).get("columns", ())}
        wished, values = self._upload.wishes.fields, self._upload.wishes.values
        mapping = found["rehearsal"]["mapping"] if found["rehearsal"] else {**found["mapping"], **wished}
        names = [name for name, field in self._layer.fields.items() if not field.computed]
        names += ["valid_from", "valid_to"] if self._layer.validity else []
        rows = []
        for name in names:
            field = self._layer.fields.get(name)
            column = mapping.get(name, "")
            rows.append(
                {
                    "name": name,
                    "title": self._title(name),
                    "required": bool(field and field.required and field.default is None),
                    "column": column if column in columns else "",
                    "wished": wished.get(name, BY_ITSELF) if wished.get(name, "") in ("", *columns) else BY_ITSELF,
                    "is_shown": bool(column or name in wished or name in values or (field and field.required)),
                    "value": values.get(name, ""),
                    "about": columns.get(column),
                }
            )
        return rows

    def _changes(self, told: dict[str, Any] | None) -> list[dict[str, Any]]:
        return told["changes"] if told else []

    def _systems(self, choices: list[dict[str, Any]]) -> list[tuple[int, str]]:
        """The coordinate systems offered, the candidates first."""
        first = [(int(one["code"]), str(one["name"])) for one in choices if isinstance(one["code"], int)]
        known = {code for code, _ in first}
        return first + [(crs.code, crs.name) for crs in all_crs() if crs.code not in known and crs.code != 84]

    def _choices(self, choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Candidates, each with a picture of where the data would lie; all of one frame, so that they can be compared."""
        placed = [[(float(lon), float(lat)) for lon, lat in one["places"]] for one in choices]
        box = _box([place for places in placed for place in _middle(places)])
        return [
            {**one, "picture": self._picture(box, _SMALL, [(place, "accepted", "") for place in places])}
            for one, places in zip(choices, placed, strict=True)
        ]

    def _map(self, preview: dict[str, Any] | None) -> dict[str, Any] | None:
        """The rows on a picture, and what the map needs to take its place."""
        features = preview["features"] if preview else []
        if not features:
            return None
        marks = [(_first_place(one["geometry"]), one["properties"]["sort"], _tell(one, self._language)) for one in features]
        counts = {sort: sum(mark[1] == sort for mark in marks) for sort in _RANK}
        shown = sorted(sorted(marks, key=lambda mark: -_RANK[mark[1]])[:_DRAWN], key=lambda mark: _RANK[mark[1]])
        corners = [place for one in features if (b := one.get("bbox")) for place in ((b[0], b[1]), (b[2], b[3]))]
        box = _box([*(place for place, _, _ in marks), *corners])
        footprints = self._picture(box, _FRAME, [(place, "", "") for place in corners])["marks"]
        under = background(self._context.catalog.layers.values())
        return {
            **self._picture(box, _FRAME, [] if corners else shown),
            "footprints": list(zip(footprints[::2], footprints[1::2], strict=True)),
            "counts": counts,
            "box": " ".join(f"{value:.6f}" for value in box),
            "layers": ",".join(layer.wms_name for layer, _ in under),
            "styles": ",".join(style for _, style in under),
        }

    def _picture(self, box: Extent, frame: Frame, marks: list[tuple[tuple[float, float], str, str]]) -> dict[str, Any]:
        catalog = self._context.catalog
        west, south, east, north = fit_box(box, frame)
        drawn = []
        for (lon, lat), sort, text in marks:
            x, y = project(lon, lat)
            across, down = (x - west) / (east - west) * frame.width, (north - y) / (north - south) * frame.height
            drawn.append({"x": round(across, 1), "y": round(down, 1), "sort": sort, "text": text})
        has_base = bool(background(catalog.layers.values()))
        return {
            "width": frame.width,
            "height": frame.height,
            "picture": picture_address(catalog, [], box, frame) if has_base else None,
            "marks": drawn,
        }


def _tell(feature: dict[str, Any], language: str) -> str:
    told = feature["properties"]
    return f"{told['row']}: {told['text' if language == 'en' else 'text_vi']}" if told["text"] else str(told["row"])


def _first_place(geometry: dict[str, Any]) -> tuple[float, float]:
    at: Any = geometry["coordinates"]
    while isinstance(at[0], list):
        at = at[0]
    return float(at[0]), float(at[1])


def _middle(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Places without the few that lie farthest away: one wrong row shall not make the frame a map of the country."""
    if len(places) < _FEW:
        return places
    middle = (sorted(lon for lon, _ in places)[len(places) // 2], sorted(lat for _, lat in places)[len(places) // 2])
    near = sorted(places, key=lambda place: (place[0] - middle[0]) ** 2 + (place[1] - middle[1]) ** 2)
    return near[: len(near) - max(1, len(near) // 10)]


def _box(places: list[tuple[float, float]]) -> Extent:
    if not places:
        return 102.0, 8.0, 110.0, 23.5
    lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
    return min(lons), min(lats), max(lons), max(lats)
