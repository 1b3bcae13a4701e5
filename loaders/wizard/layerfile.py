# SPDX-License-Identifier: MIT
"""The text of a new layer file: complete, and with comments that say what was found and what to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.wizard.names import fold_heading, write_labels, write_name
from loaders.wizard.survey import ColumnFacts, Survey

_PLAIN = re.compile(r"[^\W\d_][\w /()-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_SHORTEST_LIMIT, _LONGEST_INDEXED = 40, 500


@dataclass(frozen=True)
class Draft:
    """A layer to be: where it belongs and what it is made from."""

    id: str
    group: str
    titles: tuple[str, str]
    source: str
    survey: Survey


@dataclass(frozen=True)
class DraftField:
    """A field of it, and the column it comes from."""

    name: str
    facts: ColumnFacts


def draft_fields(survey: Survey) -> tuple[DraftField, ...]:
    """The fields, by their names."""
    out: list[DraftField] = []
    for facts in survey.columns:
        out.append(DraftField(write_name(facts.heading, [one.name for one in out]), facts))
    return tuple(out)


def find_title(fields: tuple[DraftField, ...]) -> str | None:
    """The field that names objects: one that is called so, else the first text that is not a handful of values."""
    texts = [one for one in fields if one.facts.type == "text" and one.facts.longest <= _LONGEST_INDEXED]
    called = [one for one in texts if fold_heading(one.facts.heading).startswith(("ten", "name", "hoten", "tieude", "title"))]
    ranked = [*called, *(one for one in texts if not one.facts.few and one.facts.filled), *texts]
    return ranked[0].name if ranked else None


def find_key(fields: tuple[DraftField, ...]) -> str | None:
    """The field whose values are all there and all different; a code rather than a name."""
    keys = [one for one in fields if one.facts.is_key and one.facts.type in ("text", "integer") and one.facts.longest <= _LONGEST_INDEXED]
    coded = [one for one in keys if fold_heading(one.facts.heading).startswith(("ma", "code", "id", "objectid", "key", "sohieu"))]
    return next((one.name for one in [*coded, *keys]), None)


def write_layer_file(draft: Draft) -> str:
    """The YAML. It passes `xanh check` as it stands."""
    fields = draft_fields(draft.survey)
    title, key = find_title(fields), find_key(fields)
    lines = [
        "# SPDX-License-Identifier: MIT",
        "# yaml-language-server: $schema=../layer.schema.json",
        f"# Made from {_comment(draft.source)} ({draft.survey.rows} rows). Look at every line; docs/layers.md tells what it means.",
        f"id: {draft.id}",
        f"group: {draft.group}  # the folder this file lies in; groups: layers/groups.yml",
        f"title:    {_both(draft.titles)}",
        f"abstract: {_both(draft.titles)}  # one or two sentences for catalogues",
        f"geometry: {draft.survey.geometry}",
    ]
    if draft.survey.geometry != "none":
        lines.append("# storage_crs: 9210  # EPSG code the official store keeps the geometry in; without it 4326 (degrees)")
    if draft.survey.is_abroad:
        lines.append("anywhere: true  # most of the file lies outside Vietnam; without this line such rows are taken for a wrong CRS")
    lines += _write_fields(fields, title, key)
    lines += [
        "# rules:  # checks across fields",
        "#   - {when: \"kind = 'drilled'\", require: [depth], vi: ..., en: ...}",
        *_write_popup(fields, title),
        *([f"styles: [{draft.id}]  # styles/{draft.id}.sld"] if draft.survey.geometry != "none" else []),
        "# time: {begin: FIELD}  # the date that places an object in time",
        "rights:",
        "  edit: editor",
        "  review: reviewer",
        "  publish: {auto: [], review: [geometry, delete]}  # what an editor publishes at once, what waits for a reviewer",
        f"source: {{vi: {_text(draft.source)}, en: {_text(draft.source)}, licence: unknown, updated: unknown}}  # whose data?",
        "load:",
        *(
            [f"  key: {key}  # tells whether an object is there already"]
            if key
            else ["  # key: FIELD  # no column has a value of its own in every row"]
        ),
        *_write_aliases(fields),
    ]
    return "\n".join(lines) + "\n"


def _write_fields(fields: tuple[DraftField, ...], title: str | None, key: str | None) -> Iterator[str]:
    if not fields:
        yield "fields: {}"
        return
    yield "fields:"
    for one in fields:
        parts = [] if one.facts.type == "text" else [f"type: {one.facts.type}"]
        vi, en = write_labels(one.facts.heading)
        parts += [f"vi: {_text(vi)}", f"en: {_text(en)}"]
        if one.name == key:
            parts += ["required: true", "unique: true", "search: 3"]
        if one.name == title:
            parts += ["title: true", *([] if one.name == key else ["search: 5"])]
        yield f"  {one.name}: {{{', '.join(parts)}}}{_remark(one.facts)}"


def _remark(facts: ColumnFacts) -> str:
    notes = []
    if not facts.filled:
        notes.append("empty in this file")
    elif facts.filled < facts.rows:
        notes.append(f"filled in {facts.filled} of {facts.rows} rows")
    if facts.type in ("integer", "number") and facts.least is not None:
        notes.append(f"{facts.least:.10g} to {facts.most:.10g}; min: and max: would hold it there")
    elif facts.few:
        notes.append(f"few values, a code list? {_comment(' | '.join(facts.few))}")
    elif facts.type == "text" and facts.longest > _SHORTEST_LIMIT:
        notes.append(f"up to {facts.longest} characters")
    return f"  # {'; '.join(notes)}" if notes else ""


def _write_popup(fields: tuple[DraftField, ...], title: str | None) -> Iterator[str]:
    shown = [one.name for one in fields if one.facts.filled and one.name != title][:5]
    names = [*([title] if title else []), *shown]
    if names:
        yield f"popup: [{', '.join(names)}]  # the card on the map"


def _write_aliases(fields: tuple[DraftField, ...]) -> Iterator[str]:
    named = [f"{one.name}: [{_text(one.facts.heading)}]" for one in fields if one.facts.heading != one.name]
    if named:
        yield "  aliases:  # what files call the fields"
        yield from (f"    {line}" for line in named)
    texts = [one.name for one in fields if one.facts.type == "text"]
    if texts:
        yield f"  clean: {{{', '.join(f'{name}: [squeeze]' for name in texts)}}}"


def _both(titles: tuple[str, str]) -> str:
    return f"{{vi: {_text(titles[0])}, en: {_text(titles[1])}}}"


def _text(text: str) -> str:
    """A text as YAML has it: plain where that is safe, else in double quotes."""
    return text if _PLAIN.fullmatch(text) and text.strip() == text and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return re.sub(r"[^\w .,|()/-]", " ", text)[:200]
