# SPDX-License-Identifier: MIT
"""The model of a layer file (`layers/<group>/<layer>.yml`), of groups and of code lists.

One layer file is one layer everywhere: table, checks, form, WFS schema, OGC API schema, legend, search, popup, export,
metadata, rights and loader mapping derive from it. Nothing here knows SQL, HTTP or XML.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from server.catalog.cleaning import Cleaning

ShapeType = Literal["point", "multipoint", "line", "multiline", "polygon", "multipolygon", "any"]
GeometryType = Literal[ShapeType, "none", "raster"]
FieldType = Literal["text", "integer", "number", "boolean", "date", "datetime", "geometry"]
Role = Literal["public", "viewer", "editor", "reviewer", "publisher", "admin"]
CodeStatus = Literal["verified", "unverified", "proposal"]
NAME = r"^[a-z][a-z0-9_]{0,46}$"
# What is a name in XML (without colon), in a URL and in JSON alike: Latin letters with their accents, digits, _ and dots.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
WRITTEN_NAME = rf"^[{_LETTER}][{_LETTER}0-9_.]{{0,46}}$"
_LONGEST_NAME_BYTES = 47  # of 63 in an identifier of the database, which also holds a prefix
# fmt: off
RESERVED_FIELDS = frozenset({
    "id", "geom", "geom_3857", "geojson", "gml", "search", "version", "review_state", "valid_from", "valid_to", "created_at",
    "created_by", "updated_at", "updated_by", "load_id", "band", "history_id", "action", "changed_at", "changed_by", "protocol",
    "change_set", "layer",
    "row_no", "source_row", "target", "new_id", "wkb", "fault", "fault_field", "fault_detail",
})
# fmt: on
RESERVED_LAYERS = frozenset({"catalogue", "raster_file", "change", "map", "items", "collections", "search"})
_STEP = r"^P(\d{1,3}D|T\d{1,3}[HMS])$"
COLOUR = r"^#[0-9a-f]{6}$"


def _check_field_name(name: str) -> str:
    if not re.fullmatch(WRITTEN_NAME, name) or "\n" in name or len(name.encode()) > _LONGEST_NAME_BYTES or name.endswith("."):
        raise ValueError(f"field name {name[:60]!r} must be letters, digits, _ and dots, begin with a letter, 47 bytes at most")
    if not unicodedata.is_normalized("NFC", name):
        raise ValueError(f"field name {name[:60]!r} must be written with composed letters (Unicode NFC)")
    if name.lower() in RESERVED_FIELDS or name.endswith("_title"):
        raise ValueError(f"field name {name!r} is reserved")
    return name


def _check_filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


FieldName = Annotated[str, AfterValidator(_check_field_name)]
Name = Annotated[str, StringConstraints(pattern=NAME)]
Words = Annotated[str, AfterValidator(_check_filled)]


class Part(BaseModel):
    """Root of every part of a layer file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Part):
    """One text in Vietnamese and English."""

    vi: Words
    en: Words

    def text(self, language: str) -> str:
        """The text in `language` ('vi' or 'en'; anything else is Vietnamese)."""
        return self.en if language == "en" else self.vi


class LayerField(Part):
    """One attribute of a layer.

    `codes` names a code list (the column holds the code); `link` names another layer (the column holds that feature's id).
    """

    type: FieldType = Field(default="text", description="Left out for text, and where `codes` or `link` decides it.")
    geometry: ShapeType | None = Field(default=None, description="Of a field with `type: geometry`: what shapes it holds.")
    gml: bool = Field(default=False, description="In GML it is gml:name, gml:description or (3.2) gml:identifier; for fields called so.")
    vi: Words
    en: Words
    help: Text | None = Field(default=None, description="A sentence under the field in forms.")
    unit: str | None = Field(default=None, description="Unit as people write it: mg/L, ha, m³/ngày đêm.")
    required: bool = Field(default=False, description="Must be filled.")
    unique: bool = Field(default=False, description="No two objects have the same value.")
    codes: Name | None = Field(default=None, description="A code list of layers/codes; the column holds the code.")
    link: Name | None = Field(default=None, description="Another layer; the column holds the id of its object.")
    fill: Literal["contains"] | None = Field(default=None, description="Fill an empty link by the feature that contains the geometry.")
    min: float | str | None = Field(default=None, description="Smallest number, or earliest date (ISO, or today).")
    max: float | str | None = Field(default=None, description="Largest number, or latest date (ISO, or today).")
    pattern: str | None = Field(default=None, max_length=500, description="Regular expression the text must match.")
    max_length: int | None = Field(default=None, ge=1, le=100_000, description="Longest text, in characters.")
    default: bool | int | float | str | None = Field(default=None, description="Value of a new object.")
    computed: Literal["area_ha", "length_km", "lon", "lat"] | None = Field(default=None, description="Worked out from the geometry.")
    read_only: bool = Field(default=False, description="Shown in forms, changed by loaders only.")
    public: bool = Field(default=True, description="false: staff only, never published.")
    search: int = Field(default=0, ge=0, le=10, description="Weight in search; 0 = not searched.")
    title: bool = Field(default=False, description="The field that names the object.")

    @model_validator(mode="after")
    def _agree(self) -> LayerField:
        if self.codes and self.link:
            raise ValueError("a field has codes or a link, not both")
        if (self.codes or self.link) and self.type != "text":
            raise ValueError("codes and link decide the type; leave `type` out")
        if (self.type == "geometry") != (self.geometry is not None):
            raise ValueError("`type: geometry` and `geometry` go together")
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

    when: str | None = Field(default=None, description="CQL2 text; without it the rule always applies.")
    require: tuple[str, ...] = Field(default=(), description="Fields that must then be filled.")
    check: str | None = Field(default=None, description="CQL2 text that must then hold.")
    vi: Words
    en: Words


class Section(Part):
    """A block of fields in popup, form and object page."""

    vi: Words
    en: Words
    fields: tuple[str, ...]


class Scale(Part):
    """Scale denominators (0.28 mm pixels) between which the layer is drawn."""

    min: float | None = Field(default=None, gt=0)
    max: float | None = Field(default=None, gt=0)


class Time(Part):
    """The field(s) that place a feature in time."""

    begin: str
    end: str | None = None
    step: str | None = Field(default=None, pattern=_STEP, description="Between two moments, such as P1D, PT1H, PT5S; without it days.")
    nearest: bool = Field(default=False, description="A map of a moment between two steps is the one of the nearest.")


class Elevation(Part):
    """The field that tells at which height a feature lies, in metres above sea level (CRS:88), and the heights there are."""

    field: str
    values: tuple[float, ...] = Field(min_length=1, max_length=1000)
    default: float = Field(description="Shown when a client names no height.")
    multiple: bool = Field(default=False, description="A client may ask for several heights or a range.")
    nearest: bool = Field(default=False, description="A height that does not exist means the nearest.")

    @model_validator(mode="after")
    def _agree(self) -> Elevation:
        if self.default not in self.values:
            raise ValueError("`default` must be one of `values`")
        return self


class PublishRights(Part):
    """Which changes an editor publishes at once and which wait for review."""

    auto: tuple[str, ...] = Field(default=(), description="Fields an editor publishes at once; also: geometry, insert, delete.")
    review: tuple[str, ...] = Field(default=("geometry", "delete"), description="What waits for a reviewer.")


class Rights(Part):
    """Roles per task."""

    read: Role = "public"
    edit: Role = "editor"
    review: Role = "reviewer"
    publish: PublishRights = PublishRights()


class Load(Part):
    """How loaders map a source onto the layer: other names of fields, cleaning steps, the key that decides same or new."""

    key: str | None = Field(default=None, description="The field that tells whether an object is already there.")
    aliases: dict[str, tuple[str, ...]] = Field(default={}, description="Other names of a field in source files.")
    clean: dict[str, tuple[Cleaning, ...]] = Field(default={}, description="Cleaning steps per field.")
    heights: str | None = Field(default=None, description="The field that keeps heights (Z) of shapes; without it they are dropped.")
    measures: str | None = Field(default=None, description="The field that keeps measures (M) of shapes; without it they are dropped.")


class Source(Part):
    """Where the data come from and under which licence; shown wherever the data are."""

    vi: Words
    en: Words
    licence: Words = Field(description="Identifier of the licence: MIT, CC-BY-4.0, CC0-1.0, public domain.")
    attribution: str | None = Field(default=None, description="Whom to name.")
    url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    updated: Literal["continual", "daily", "weekly", "monthly", "quarterly", "annually", "as_needed", "not_planned", "unknown"] = "unknown"


class Raster(Part):
    """A GeoTIFF layer: values of one band and what they mean."""

    band: int = Field(default=1, ge=1)
    unit: str | None = None
    codes: Name | None = Field(default=None, description="Code list that says what the values mean.")
    series: bool = Field(default=False, description="Several GeoTIFFs, each of a day its file name tells: the layer changes in time.")
    nearest: bool = Field(default=False, description="A map of a day without a raster is the one of the nearest day.")


class Names(Part):
    """What a service calls the layer where clients expect another name than the id."""

    wfs: str | None = Field(default=None, pattern=WRITTEN_NAME, description="Name of the feature type in WFS, without prefix.")
    geometry: FieldName | None = Field(default=None, description="Name of the layer's geometry in WFS; without it geom.")
    prefix: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9]{0,9}$", description="Prefix of `namespace`.")
    namespace: str | None = Field(
        default=None,
        pattern=r"^(https?://|urn:)[A-Za-z0-9._~:/#-]{1,200}$",
        description="XML namespace of the feature type, where not ours.",
    )
    wms: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9_:.-]{0,60}$", description="Name of the layer in WMS requests.")


class Layer(Part):
    """One layer file."""

    id: Name = Field(description="Name of the layer everywhere; equals the file name.")
    group: Name = Field(description="Group of the layer tree; equals the folder.")
    page: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", description="First part of the address of an object's page; else the id."
    )
    names: Names = Field(default=Names(), description="Outside names; left out where the id will do.")
    title: Text
    abstract: Text
    keywords: tuple[Text, ...] = ()
    geometry: GeometryType = Field(description="none: records without a place; raster: a GeoTIFF.")
    storage_crs: int = Field(default=4326, description="EPSG code the official store keeps the geometry in.")
    grid: float | None = Field(
        default=None,
        gt=0,
        le=1000,
        description="Vertices are put on a grid of this width, in the unit of storage_crs; left out: as they came.",
    )
    anywhere: bool = Field(default=False, description="Objects may lie outside Vietnam; otherwise such rows are taken for a wrong CRS.")
    nationwide: bool = Field(default=False, description="Editors may place objects anywhere in Vietnam, not in the province alone.")
    fields: dict[FieldName, LayerField] = Field(default={}, description="Attributes, in the order they are shown.")
    rules: tuple[Rule, ...] = Field(default=(), description="Checks across fields.")
    sections: tuple[Section, ...] = Field(default=(), description="Blocks of the form and the object page.")
    popup: tuple[str, ...] = Field(default=(), description="Fields of the card on the map, in order.")
    subtitle: tuple[str, ...] = Field(
        default=(), description="Fields under the title of a search hit; a coded one in front stands for the layer's title."
    )
    styles: tuple[Name, ...] = Field(default=(), description="Files of styles/ without .sld; the first is the default.")
    scale: Scale = Scale()
    time: Time | None = None
    elevation: Elevation | None = None
    validity: bool = Field(default=False, description="Objects have valid_from and valid_to (dates, inclusive).")
    attachments: bool = Field(default=False, description="Files may be attached to objects.")
    rights: Rights = Rights()
    source: Source
    load: Load = Load()
    raster: Raster | None = None
    illustrative: bool = Field(default=False, description="The data are made up to show the layer; said in every service and on screen.")
    base_map: bool = Field(default=False, description="Part of the base map: drawn under everything, not in the layer tree.")
    visible: bool = Field(default=False, description="Switched on when the viewer opens.")
    cluster: float | None = Field(
        default=None,
        ge=1,
        description="From this scale denominator up, the map joins points that lie together into one sign.",
    )
    queryable: bool = Field(default=True, description="Answers a click on the map.")
    search_weight: float = Field(default=1.0, ge=0, le=10, description="How high its hits stand in the search box.")

    @model_validator(mode="after")
    def _name_apart(self) -> Layer:
        if (self.names.prefix is None) != (self.names.namespace is None):
            raise ValueError("`names` has a prefix and a namespace, or neither")
        if self.names.geometry in self.fields:
            raise ValueError("`names.geometry` is the name of a field")
        if len({name.lower() for name in self.fields}) < len(self.fields):
            raise ValueError("two fields differ in upper and lower case only")
        return self

    @field_validator("id")
    @classmethod
    def _free_name(cls, name: str) -> str:
        if name in RESERVED_LAYERS or name.endswith("_pyramid"):
            raise ValueError(f"layer id {name!r} is reserved")
        return name

    @property
    def page_name(self) -> str:
        """First part of the address of the pages of the layer's objects."""
        return self.page or self.id.replace("_", "-")

    @property
    def wms_name(self) -> str:
        """What WMS requests call the layer."""
        return self.names.wms or self.id

    @property
    def wfs_name(self) -> str:
        """What WFS requests call the feature type, without prefix."""
        return self.names.wfs or self.id

    @property
    def geometry_name(self) -> str:
        """What WFS calls the layer's geometry."""
        return self.names.geometry or "geom"

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
    """A group of layers in the tree (membership and order are configuration); `parent` names the group it lies in."""

    id: Name
    title: Text
    parent: Name | None = None
    colour: str = Field(default="#4a625c", pattern=COLOUR)
    layers: tuple[Name, ...] = Field(default=(), description="Order inside the group; layers not named come last.")


class Code(Part):
    """One entry of a code list; validity dates are inclusive ISO dates (YYYY-MM-DD)."""

    code: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")
    vi: Words
    en: Words
    aliases: tuple[str, ...] = ()
    valid_from: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    valid_to: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    colour: str | None = Field(default=None, pattern=COLOUR)
    source: Words
    status: CodeStatus


class CodeList(Part):
    """A shared code list (danh mục dùng chung), `layers/codes/<id>.csv`."""

    id: str
    codes: tuple[Code, ...]

    def title(self, code: str, language: str) -> str:
        """Title of a code in `language`; the code itself when it is unknown."""
        found = self.find(code)
        return code if found is None else found.en if language == "en" else found.vi

    def find(self, code: str) -> Code | None:
        """The entry of that code, or None."""
        return next((entry for entry in self.codes if entry.code == code), None)
