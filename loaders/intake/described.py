# SPDX-License-Identifier: MIT
"""A plan as the object of `plan.json`: everything the page shows, in both languages, made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from loaders.crschoice import CrsChoice, choose_among
from loaders.outcome.document import describe_look, describe_outcome
from loaders.plan import LoadRequest, Plan
from loaders.rehearse import Rehearsal
from loaders.repair import SMALL
from loaders.source import Source, open_source
from server.catalog.model import Layer
from server.context import Context

_SAMPLES, _LISTED = 10, 200
_LONGEST = 200


def describe_source(source: Source) -> dict[str, Any]:
    """What the file says of itself: columns with samples and encodings, shape, CRS, rows, notes."""
    info = source.info
    return {
        "format": info.format,
        "rows": info.row_count,
        "geometry": info.geometry,
        "crs": {"code": info.crs.code, "name": info.crs.name} if info.crs else None,
        "columns": [
            {
                "name": name,
                "encoding": info.encodings.get(name, ("", 0.0))[0],
                "certainty": round(100 * info.encodings.get(name, ("", 0.0))[1]),
                "samples": [str(text)[:_LONGEST] for text in info.samples.get(name, ())[:_SAMPLES]],
            }
            for name in info.fields
        ],
        "notes": list(info.notes),
    }


def describe_choices(context: Context, request: LoadRequest, source: Source) -> list[dict[str, Any]]:
    """Candidates for the coordinate system, where there is something to choose - also after a person chose one."""
    asked = request if request.options.crs is None else replace(request, options=replace(request.options, crs=None))
    seen = source if asked is request else open_source(asked.path, asked.options)
    return [_describe_choice(one) for one in choose_among(context.database, context.catalog, asked, seen)]


def _describe_choice(one: CrsChoice) -> dict[str, Any]:
    return {
        "letter": one.letter,
        "code": one.crs.code,
        "name": one.crs.name,
        "score": one.score,
        "reason": one.reason,
        "reason_vi": one.reason_vi,
        "places": [list(place) for place in one.places],
    }


def describe_rehearsal(plan: Plan, done: Rehearsal) -> dict[str, Any]:
    """What a load would do: the parts of its report, and the changes feature by feature."""
    told = describe_outcome(plan, done.result, None, done.repairs.found) | describe_look(done.look)
    return {
        **told,
        "unfilled": list(plan.unfilled),
        "invalid": done.repairs.invalid,
        "repairable": sum(one.change is not None and one.change <= SMALL for one in done.repairs.found),
        "rejected": told["rejected"][:_LISTED],
        "repairs": told["repairs"][:_LISTED],
        "doubts": told["doubts"][:_LISTED],
        "mapping": dict(plan.field_map),
        "changes": [_shorten(plan.request.layer, asdict(one)) for one in done.changes],
    }


def _shorten(layer: Layer, change: dict[str, Any]) -> dict[str, Any]:
    def text(value: object) -> str | None:
        return None if value is None else str(value)[:_LONGEST]

    fields: Sequence[tuple[str, Any, Any]] = change["fields"]
    return {**change, "fields": [[name, text(old), text(new)] for name, old, new in fields if name in layer.fields]}
