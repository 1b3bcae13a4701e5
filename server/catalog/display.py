# SPDX-License-Identifier: MIT
"""How people see fields and values: labels with units, texts of codes, Vietnamese and English numbers and dates, cards and sections."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from server.catalog.catalog import Catalog
from server.catalog.model import Layer, LayerField, Section
from server.catalog.projection import PublishedField

VIETNAM_TIME = timezone(timedelta(hours=7))
CARD_FIELDS = 8
# Whole numbers without a unit below this are years and counts: 2016, not 2.016.
UNGROUPED_BELOW = 10_000


def popup_fields(layer: Layer) -> tuple[str, ...]:
    """Names of the public fields on the card of an object: those the layer file names, else the title and the next ones."""
    public = [name for name, field in layer.fields.items() if field.public and not field.geometry]
    if layer.popup:
        return tuple(name for name in layer.popup if name in public or name in ("valid_from", "valid_to"))
    first = [layer.title_field] if layer.title_field in public else []
    return tuple([name for name in first if name] + [name for name in public if name not in first])[:CARD_FIELDS]


def form_sections(layer: Layer) -> tuple[Section, ...]:
    """Sections of the form, every field once: those of the layer file, then the fields they leave out."""
    named = {name for section in layer.sections for name in section.fields}
    rest = tuple(name for name, field in layer.fields.items() if name not in named and not field.geometry)
    if not rest:
        return layer.sections
    if not layer.sections:
        return (Section(vi="Thông tin chung", en="General", fields=rest),)
    return (*layer.sections, Section(vi="Thông tin khác", en="Other", fields=rest))


def public_sections(layer: Layer) -> tuple[Section, ...]:
    """Sections of the object page: those of the form without the fields that are not public and without empty sections."""
    shown = []
    for section in form_sections(layer):
        fields = tuple(name for name in section.fields if name not in layer.fields or layer.fields[name].public)
        if fields:
            shown.append(section.model_copy(update={"fields": fields}))
    return tuple(shown)


def field_label(field: LayerField, language: str) -> str:
    """Label with the unit: `Diện tích (ha)`."""
    label = field.label(language)
    return f"{label} ({field.unit})" if field.unit else label


def show_value(catalog: Catalog, field: LayerField | PublishedField, value: Any, language: str) -> str:
    """A value as text for people: titles of codes, có/không, 1.234,5 (vi) or 1,234.5 (en), 08/06/2022 09:40 at UTC+7; '' when empty."""
    if value is None:
        return ""
    if field.codes and field.codes in catalog.code_lists:
        return catalog.code_lists[field.codes].title(str(value), language)
    if isinstance(value, bool):
        return {"vi": ("Không", "Có"), "en": ("No", "Yes")}["en" if language == "en" else "vi"][value]
    if isinstance(value, int) and field.unit is None and abs(value) < UNGROUPED_BELOW:
        return str(value)
    if isinstance(value, int | float):
        return show_number(value, language)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(VIETNAM_TIME).strftime("%d/%m/%Y %H:%M")
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)


def show_number(value: float, language: str) -> str:
    """A number with grouped thousands and at most six digits after the sign: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
