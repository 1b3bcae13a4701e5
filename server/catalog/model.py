# SPDX-License-Identifier: MIT
"""The model of a layer file (`layers/<group>/<layer>.yml`), of groups and of code lists.

One layer file is one layer everywhere: table, checks, form, WFS schema, OGC API schema, legend, search, popup, export,
metadata, rights and loader mapping derive from it. Nothing here knows SQL, HTTP or XML.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

GeometryType = Literal["point", "multipoint", "line", "multiline", "polygon", "multipolygon", "none", "raster"]
FieldType = Literal["text", "integer", "number", "boolean", "date", "datetime"]
Role = Literal["public", "viewer", "editor", "reviewer", "publisher", "admin"]
NAME = r"^[a-z][a-z0-9_]{0,46}$"
# fmt: off
RESERVED_FIELDS = frozenset({
    "id", "geom", "geom_3857", "geojson", "gml", "search", "version", "review_state", "valid_from", "valid_to", "created_at",
    "created_by", "updated_at", "updated_by", "load_id", "band", "history_id", "action", "changed_at", "changed_by", "protocol",
    "change_set", "layer",
})
# fmt: on
RESERVED_LAYERS = frozenset({"catalogue", "map", "items", "collections", "search"})


class Part(BaseModel):
    """Root of every part of a layer file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Part):
    """One text in Vietnamese and English."""

    vi: str
    en: str

    def text(self, language: str) -> str:
        """The text in `language` ('vi' or 'en'; anything else is Vietnamese)."""
        return self.en if language == "en" else self.vi


class LayerField(Part):
    """One attribute of a layer.

    `codes` names a code list (the column holds the code); `link` names another layer (the column holds that feature's id).
    """

    type: FieldType = "text"
    vi: str
    en: str
    help: Text | None = None
    unit: str | None = None
    required: bool = False
    unique: bool = False
    codes: str | None = Field(default=None, pattern=NAME)
    link: str | None = Field(default=None, pattern=NAME)
    fill: Literal["contains"] | None = Field(default=None, description="Fill an empty link by the feature that contains the geometry.")
    min: float | str | None = None
    max: float | str | None = None
    pattern: str | None = None
    max_length: int | None = Field(default=None, ge=1, le=100_000)
    default: str | float | int | bool | None = None
    computed: Literal["area_ha", "length_km", "lon", "lat"] | None = None
    read_only: bool = False
    public: bool = True
    search: int = Field(default=0, ge=0, le=10, description="Weight in search; 0 = not searched.")
    title: bool = Field(default=False, description="The field that names the object.")

    @model_validator(mode="after")
    def _agree(self) -> LayerField:
        if self.codes and self.link:
            raise ValueError("a field has codes or a link, not both")
        if (self.codes or self.link) and self.type != "text":
            raise ValueError("codes and link decide the type; leave `type` out")
        if self.fill and not self.link:
            raise ValueError("`fill` needs a `link`")
        if isinstance(self.min, str) and self.min != "today" and self.type not in ("date", "datetime"):
            raise ValueError("`min` of this type is a number")
        if isinstance(self.max, str) and self.max != "today" and self.type not in ("date", "datetime"):
            raise ValueError("`max` of this type is a number")
        return self

    def label(self, language: str) -> str:
        """The label in `language`."""
        return self.en if language == "en" else self.vi


class Rule(Part):
    """A rule across fields: where `when` (CQL2 text) holds, `require` fields must be filled and `check` (CQL2 text) must hold."""

    when: str | None = None
    require: tuple[str, ...] = ()
    check: str | None = None
    vi: str
    en: str


class Section(Part):
    """A block of fields in popup, form and object page."""

    vi: str
    en: str
    fields: tuple[str, ...]


class Scale(Part):
    """Scale denominators (0.28 mm pixels) between which the layer is drawn."""

    min: float | None = Field(default=None, gt=0)
    max: float | None = Field(default=None, gt=0)


class Time(Part):
    """The field(s) that place a feature in time."""

    begin: str
    end: str | None = None


class PublishRights(Part):
    """Which changes an editor publishes at once and which wait for review."""

    auto: tuple[str, ...] = ()
    review: tuple[str, ...] = ("geometry", "delete")


class Rights(Part):
    """Roles per task."""

    read: Role = "public"
    edit: Role = "editor"
    review: Role = "reviewer"
    publish: PublishRights = PublishRights()


class Load(Part):
    """How loaders map a source onto the layer: other names of fields, cleaning steps, the key that decides same or new."""

    key: str | None = None
    aliases: dict[str, tuple[str, ...]] = {}
    clean: dict[str, tuple[str | dict[str, str], ...]] = {}


class Source(Part):
    """Where the data come from and under which licence; shown wherever the data are."""

    vi: str
    en: str
    licence: str
    attribution: str | None = None
    url: str | None = None
    updated: Literal["continual", "daily", "weekly", "monthly", "quarterly", "annually", "as_needed", "not_planned", "unknown"] = "unknown"


class Raster(Part):
    """A GeoTIFF layer: values of one band and what they mean."""

    band: int = Field(default=1, ge=1)
    unit: str | None = None
    codes: str | None = Field(default=None, pattern=NAME)


class Layer(Part):
    """One layer file."""

    id: str = Field(pattern=NAME)
    group: str = Field(pattern=NAME)
    title: Text
    abstract: Text
    keywords: tuple[Text, ...] = ()
    geometry: GeometryType
    storage_crs: int = Field(default=4326, description="EPSG code the official store keeps the geometry in.")
    fields: dict[str, LayerField] = {}
    rules: tuple[Rule, ...] = ()
    sections: tuple[Section, ...] = ()
    popup: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    scale: Scale = Scale()
    time: Time | None = None
    validity: bool = Field(default=False, description="Objects have valid_from and valid_to (dates, inclusive).")
    attachments: bool = False
    rights: Rights = Rights()
    source: Source
    load: Load = Load()
    raster: Raster | None = None
    illustrative: bool = Field(default=False, description="The data are made up to show the layer; said in every service and on screen.")
    base_map: bool = Field(default=False, description="Part of the base map: drawn under everything, not in the layer tree.")
    visible: bool = Field(default=False, description="Switched on when the viewer opens.")
    queryable: bool = True
    search_weight: float = Field(default=1.0, ge=0, le=10)

    @field_validator("fields")
    @classmethod
    def _field_names(cls, fields: dict[str, LayerField]) -> dict[str, LayerField]:
        for name in fields:
            if not re.match(NAME, name):
                raise ValueError(f"field name {name!r} must be lower case letters, digits and _")
            if name in RESERVED_FIELDS or name.endswith("_title"):
                raise ValueError(f"field name {name!r} is reserved")
        return fields

    @model_validator(mode="after")
    def _agree(self) -> Layer:
        if self.id in RESERVED_LAYERS:
            raise ValueError(f"layer id {self.id!r} is reserved")
        if self.geometry == "raster" and self.fields:
            raise ValueError("a raster layer has no fields")
        if self.geometry != "raster" and not self.fields:
            raise ValueError("a layer needs fields")
        if sum(field.title for field in self.fields.values()) > 1:
            raise ValueError("only one field can be the title")
        named = [name for section in self.sections for name in section.fields] + list(self.popup)
        named += [name for rule in self.rules for name in rule.require]
        named += [name for name in (self.load.key, *self.load.aliases, *self.load.clean) if name]
        named += [
            name for name in ((self.time.begin, self.time.end) if self.time else ()) if name and name not in ("valid_from", "valid_to")
        ]
        unknown = sorted({name for name in named if name not in self.fields})
        if unknown:
            raise ValueError(f"there is no field {', '.join(unknown)}")
        return self

    @property
    def has_table(self) -> bool:
        """True for vector layers and plain records: they have tables, feature types and collections."""
        return self.geometry != "raster"

    @property
    def has_geometry(self) -> bool:
        """True when features carry a geometry."""
        return self.geometry not in ("none", "raster")

    @property
    def is_mapped(self) -> bool:
        """True when the layer can be drawn."""
        return self.geometry != "none"

    @property
    def title_field(self) -> str | None:
        """Name of the field that names the object, or None."""
        return next((name for name, field in self.fields.items() if field.title), None)


class Group(Part):
    """A group of layers in the tree (membership and order are configuration)."""

    id: str = Field(pattern=NAME)
    title: Text
    colour: str = Field(default="#4a625c", pattern=r"^#[0-9a-f]{6}$")


class Code(Part):
    """One entry of a code list; validity dates are inclusive ISO dates."""

    code: str
    vi: str
    en: str
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    colour: str | None = None
    source: str
    status: str


class CodeList(Part):
    """A shared code list (danh mục dùng chung), `layers/codes/<id>.csv`."""

    id: str
    codes: tuple[Code, ...]

    def title(self, code: str, language: str) -> str:
        """Title of a code in `language`; the code itself when it is unknown."""
        return next((c.en if language == "en" else c.vi for c in self.codes if c.code == code), code)
