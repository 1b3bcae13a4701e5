# SPDX-License-Identifier: MIT
"""Typed settings of `config.yml`, read once at the composition root. Secrets and machine-specific values come from the environment.

Environment: XANH_CONFIG (another config.yml), XANH_DATABASE_URL (owner connection of an existing PostGIS), XANH_VAR (state directory),
XANH_PROVINCE (the province to serve).
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from server.strictyaml import read_model

ROOT = Path(__file__).resolve().parent.parent


def _check_network(text: str) -> str:
    ipaddress.ip_network(text)  # raises ValueError
    return text


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Section):
    """One text in Vietnamese and English."""

    vi: str
    en: str

    def text(self, language: str) -> str:
        """The text in `language` ('vi' or 'en'; anything else is Vietnamese)."""
        return self.en if language == "en" else self.vi


class Province(_Section):
    """Which province this installation serves."""

    code: str = Field(default="82", pattern=r"^\d{2}$", description="Code of the province (statistics office, two digits).")
    box: tuple[float, float, float, float] | None = Field(
        default=None, description="West, south, east, north in degrees; empty = of the object of layer provinces with this code."
    )
    orthophoto: str | None = Field(default=None, description="A raster layer the map offers as base map (an orthophoto of the province).")
    margin_km: float = Field(default=30, ge=0, le=1000, description="How far around that box editors may place objects.")


class Service(_Section):
    """What the capabilities documents say about the service and its owner."""

    title: Bilingual = Bilingual(vi="Dữ liệu môi trường", en="Environmental data")
    abstract: Bilingual = Bilingual(vi="Hệ thống thông tin môi trường cấp tỉnh", en="Environmental information system of a province")
    keywords: tuple[str, ...] = ("environment", "môi trường", "Việt Nam")
    provider: Bilingual = Bilingual(vi="Sở Nông nghiệp và Môi trường", en="Department of Agriculture and Environment")
    contact_email: str | None = None
    contact_phone: str | None = None
    provider_site: str | None = None
    fees: str = "none"
    access_constraints: str = "none"
    authority: str = Field(default="xanh", pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,40}$", description="Who gives layers their identifiers.")
    authority_url: str | None = Field(default=None, description="Address of the authority; empty = this server.")


class Server(_Section):
    """The web server. `public_url` is what links in documents start with; None = taken from the request."""

    port: int = Field(default=8080, ge=1, le=65535)
    host: str = "127.0.0.1"
    workers: int = Field(default=2, ge=1, le=64)
    threads: int = Field(default=4, ge=1, le=64)
    public_url: str | None = None
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="How many proxies in front set X-Forwarded-*.")
    embed_origins: tuple[Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.*-]+(:\d{1,5})?$")], ...] = Field(
        default=(), description="Sites that may show the map in a frame, as https://www.example.vn."
    )


class DatabaseSettings(_Section):
    """Where PostGIS is. Without `url` an embedded cluster under the state directory is used."""

    url: str | None = None
    pool_size: int = Field(default=8, ge=1, le=200, description="Connections per worker process and role.")
    statement_timeout_s: float = Field(default=20, gt=0, le=600, description="Public questions are cancelled after this.")


class Limits(_Section):
    """Ceilings on what a stranger can ask; echoed in the capabilities documents."""

    max_features: int = Field(default=1_000_000, ge=1, description="Rows of one GetFeature answer (streamed).")
    max_file_rows: int = Field(default=50_000, ge=1, description="Rows of a file made at once; larger ones are made in the background.")
    stalled_client_s: float = Field(
        default=5, ge=1, le=600, description="An answer is broken off when its client takes nothing for so long."
    )
    default_items: int = Field(default=1000, ge=1, description="Rows of one OGC API items page when the client does not say.")
    max_items: int = Field(default=100_000, ge=1, description="Rows of one OGC API items page at most.")
    max_map_pixels: int = Field(default=4096, ge=64, description="Width and height of a map at most.")
    max_map_layers: int = Field(default=30, ge=1)
    min_pixel_metres: float = Field(default=0.01, gt=0, description="Finest map: so many metres of ground to a pixel at least.")
    max_map_seconds: float = Field(default=30, gt=0, description="How long a map with filters, times or a style of its own may take.")
    max_info_features: int = Field(default=50, ge=1, description="Features of one GetFeatureInfo answer per layer.")
    max_body_bytes: int = Field(default=10_000_000, ge=1000)
    max_query_bytes: int = Field(default=8000, ge=500)
    max_xml_depth: int = Field(default=64, ge=4)
    max_filter_nodes: int = Field(default=500, ge=1)
    max_sld_bytes: int = Field(default=250_000, ge=1000, description="Size of a StyledLayerDescriptor sent with a request.")
    max_sld_rules: int = Field(default=200, ge=1, description="Rules of a StyledLayerDescriptor sent with a request, all layers together.")
    max_sld_pixels: int = Field(default=256, ge=16, description="Symbols, lines and letters of such a style, in pixels of 0.28 mm.")
    max_time_span_days: int = Field(default=3660, ge=1, description="Days a TIME of WMS may span inside the time a layer has data for.")
    max_filter_depth: int = Field(default=50, ge=5, le=200, description="Levels of nesting of a CQL2 filter.")
    max_ids: int = Field(default=2000, ge=1, description="Feature ids named in one request.")
    max_actions: int = Field(default=20_000, ge=1, description="Inserts, updates and deletes of one Transaction.")
    max_edits: int = Field(default=20_000, ge=1, description="Features one Transaction changes.")
    max_lock_minutes: int = Field(default=60, ge=1, le=10_000, description="How long a client may lock features.")
    max_changes: int = Field(default=1000, ge=1, description="Changes of one answer of the change feed.")
    key_minute: int = Field(default=600, ge=1, description="Requests of one key in a minute.")
    key_day: int = Field(default=200_000, ge=1, description="Requests of one key in a day (UTC).")
    max_summed_features: int = Field(default=500_000, ge=1, description="Features of a layer figures (sums, shares) are made of.")
    max_coverage_cells: int = Field(default=16_000_000, ge=1000, description="Cells (times bands) of a coverage as GeoTIFF.")
    max_coverage_values: int = Field(default=500_000, ge=1000, description="Values of a coverage as CoverageJSON.")
    max_search_hits: int = Field(default=50, ge=1)
    max_sorted_matches: int = Field(default=20_000, ge=1, description="Features of a layer whose matches a search sorts, all of them.")
    search_ms: int = Field(default=60, ge=1, le=60_000, description="How long a search looks for matches in the texts of larger layers.")
    request_timeout_s: int = Field(default=60, ge=1)
    login_failures: int = Field(default=5, ge=1, le=100, description="Wrong passwords in a row that lock an account.")
    address_failures: int = Field(default=30, ge=1, le=100_000, description="Wrong passwords that block the address they come from.")
    lockout_minutes: float = Field(default=15, gt=0, le=10_000, description="How long an account stays locked, an address blocked.")
    idempotency_hours: float = Field(default=24, gt=0, le=10_000, description="How long the answer to a named change is kept.")


class Passwords(_Section):
    """What a password must be like: short ones mix kinds of characters, long ones need not."""

    min_length: int = Field(default=8, ge=8, le=100, description="Characters of a password that mixes kinds of characters.")
    min_kinds: int = Field(default=4, ge=1, le=4, description="Of capital letters, small letters, digits and other signs, so many.")
    long_length: int = Field(default=14, ge=8, le=100, description="From this length on any mixture will do.")


class Tiles(_Section):
    """Map tiles and their cache below the state directory."""

    cache_megabytes: int = Field(default=2000, ge=0, le=10_000_000, description="Size of the tile cache on disk; 0 = no cache.")
    max_level: int = Field(default=20, ge=0, le=24, description="The deepest zoom level offered.")
    fresh_levels: int = Field(default=9, ge=0, le=14, description="So many levels are drawn anew in the background after a publication.")


class Exports(_Section):
    """Files of features made in the background, because they are too large to wait for."""

    workers: int = Field(default=1, ge=1, le=32, description="Jobs of the background process at a time.")
    keep_hours: float = Field(default=24, gt=0, le=10_000, description="How long a file (or the note that it failed) is kept.")
    max_per_client: int = Field(default=3, ge=1, le=1000, description="Unfinished files of one account or address.")
    max_waiting: int = Field(default=50, ge=1, le=10_000, description="Unfinished files of all together.")


class Feedback(_Section):
    """Reports of the public: how many, how large, and which ones near by are offered before another is sent."""

    per_address_hour: int = Field(default=5, ge=0, le=10_000, description="Reports one address may send in an hour; 0 takes none.")
    per_address_day: int = Field(default=15, ge=0, le=100_000, description="Reports one address may send in a day.")
    per_day: int = Field(default=500, ge=0, le=1_000_000, description="Reports of all together in a day.")
    text_letters: int = Field(default=2000, ge=50, le=20_000, description="Letters of a report and of its answer.")
    photo_pixels: int = Field(default=60_000_000, ge=10_000, description="Pixels a picture may have when it is sent.")
    photo_side: int = Field(default=1600, ge=200, le=6000, description="Longer side of the picture that is kept.")
    near_metres: float = Field(default=300, gt=0, le=50_000, description="Reports of the same kind so near are offered.")
    near_days: int = Field(default=60, ge=1, le=3650, description="... when they are not older.")


class Links(_Section):
    """Short links to views of the map (`/s/<code>`)."""

    max_letters: int = Field(default=4000, ge=100, le=8000, description="Letters of the address a short link stands for.")
    per_address_hour: int = Field(default=30, ge=0, le=10_000, description="New links one address may ask for in an hour; 0 makes none.")
    per_address_day: int = Field(default=100, ge=0, le=100_000, description="... and in a day.")
    max_links: int = Field(default=100_000, ge=0, le=10_000_000, description="Links of all together.")
    keep_days: float = Field(default=730, gt=0, le=36_500, description="A link nobody opened for so long is forgotten.")


class Processes(_Section):
    """Processes of the OGC API: at once for few features, as jobs in the background for more."""

    max_features: int = Field(default=100_000, ge=1, description="Features of a layer a process reads.")
    max_sync_features: int = Field(default=2000, ge=1, description="Features of a process that is waited for.")
    max_seconds: float = Field(default=300, gt=0, le=36_000, description="How long a job may work.")
    max_bytes: int = Field(default=500_000_000, ge=1000, description="Size of an answer.")
    keep_hours: float = Field(default=24, gt=0, le=10_000, description="How long a job and its answer are kept.")
    max_per_client: int = Field(default=3, ge=1, le=1000, description="Unfinished jobs of one account or address.")
    max_waiting: int = Field(default=50, ge=1, le=10_000, description="Unfinished jobs of all together.")


class Webhooks(_Section):
    """Changes sent to other systems; administrators alone register addresses (`./xanh webhook`)."""

    allowed_networks: tuple[Annotated[str, AfterValidator(_check_network)], ...] = Field(
        default=(), description="Private networks that may be sent to, as 10.1.0.0/16."
    )
    allow_http: bool = Field(default=False, description="Whether addresses without TLS are taken.")
    timeout_s: float = Field(default=10, gt=0, le=60, description="How long the other side may take for one message.")
    workers: int = Field(default=4, ge=1, le=50, description="How many are sent to at the same time.")
    max_attempts: int = Field(default=7, ge=1, le=12, description="Failures in a row that pause a webhook.")
    max_changes: int = Field(default=500, ge=1, le=10_000, description="Changes of one message.")
    keep_days: float = Field(default=30, gt=0, le=3650, description="How long the log of deliveries is kept.")


class Harvests(_Section):
    """Services of other agencies that are read again and again (`layers/harvest`, `./xanh harvest`); ceilings of one run."""

    allowed_networks: tuple[Annotated[str, AfterValidator(_check_network)], ...] = Field(
        default=(), description="Private networks whose services may be read, as 10.1.0.0/16."
    )
    allow_http: bool = Field(default=True, description="Whether services without TLS are read.")
    page_size: int = Field(default=2000, ge=1, le=100_000, description="Features asked for at a time.")
    max_pages: int = Field(default=1000, ge=1, le=100_000, description="Pages.")
    max_features: int = Field(default=500_000, ge=1, description="Features.")
    max_page_bytes: int = Field(default=200_000_000, ge=1000, description="Bytes of one answer.")
    max_bytes: int = Field(default=2_000_000_000, ge=1000, description="Bytes of all answers together.")
    seconds: float = Field(default=3600, gt=0, description="Time for all answers together.")
    silent_seconds: float = Field(default=60, gt=0, le=600, description="How long a service may say nothing.")


class External(_Section):
    """Map services of others that readers may add to the map; this server asks them, so that browsers meet no stranger."""

    sites: tuple[Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?$")], ...] = Field(
        default=(), description="Sites that may be asked, as https://geoserver.example.vn; none = readers can add files only."
    )
    private_addresses: bool = Field(default=False, description="Whether these sites may lie in a private network.")
    max_bytes: int = Field(default=10_000_000, ge=1000, description="Size of one answer.")
    seconds: float = Field(default=10, gt=0, le=60, description="Time for one answer.")


class Loading(_Section):
    """Ceilings on files handed to the loaders. Foreign formats are read in a process of their own that these limits bind."""

    unpacked_bytes: int = Field(default=8_000_000_000, ge=1000, description="Bytes an archive may unpack to.")
    unpacked_ratio: int = Field(default=500, ge=2, description="How many times its packed size a file of an archive may have.")
    archive_files: int = Field(default=20_000, ge=1, description="Files of an archive or folder.")
    reader_megabytes: int = Field(default=3000, ge=200, description="Memory of the reading process.")
    reader_cpu_seconds: int = Field(default=3600, ge=1, description="Processor time of the reading process.")
    silent_seconds: float = Field(default=120, gt=0, description="How long the reading process may say nothing.")
    max_columns: int = Field(default=500, ge=1, description="Columns of a table.")
    max_cell_characters: int = Field(default=1_000_000, ge=1000, description="Characters of one value.")


class Storage(_Section):
    """Where rasters are put besides `var/rasters`. Credentials come from the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""

    rasters: str | None = Field(
        default=None, pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.-]+)*/?$", description="Bucket and folder: s3://bucket/folder."
    )
    endpoint: str | None = Field(
        default=None, pattern=r"^https?://[\w.-]+(:\d+)?/?$", description="Address of an S3 service; left out: Amazon's."
    )


class Uploads(_Section):
    """Files staff hand in on the page of loads."""

    max_bytes: int = Field(default=500_000_000, ge=1000, description="Size of a file.")
    kinds: tuple[Annotated[str, Field(pattern=r"^\.[a-z0-9]{1,12}$")], ...] = Field(
        default=(
            *(".zip", ".gpkg", ".geojson", ".json", ".csv", ".tsv", ".xlsx", ".kml", ".kmz", ".gml", ".fgb", ".parquet", ".dxf", ".gpx"),
            ".gz",
        ),
        description="Endings of names that are taken for layers of features.",
    )
    raster_kinds: tuple[Annotated[str, Field(pattern=r"^\.[a-z0-9]{1,12}$")], ...] = Field(
        default=(".tif", ".tiff", ".asc", ".zip"), description="... and for layers of rasters."
    )
    raster_pixels: int = Field(default=1_000_000_000, ge=1, le=2_000_000_000, description="Pixels of all rasters of a file.")
    keep_hours: float = Field(default=48, gt=0, le=10_000, description="How long a file is kept.")
    max_per_account: int = Field(default=20, ge=1, le=1000, description="Files of one account that are not loaded yet.")
    preview_features: int = Field(default=5000, ge=10, le=100_000, description="Features on the map of a plan.")


class Sessions(_Section):
    """Staff signed in in a browser."""

    hours: float = Field(default=12, gt=0, le=1000, description="How long somebody stays signed in.")
    idle_minutes: float = Field(default=120, gt=0, le=10_000, description="... and without doing anything.")


class Services(_Section):
    """What the services offer."""

    crs: tuple[str, ...] = (
        *("EPSG:4326", "CRS:84", "EPSG:3857", "EPSG:32648", "EPSG:32649", "EPSG:3405", "EPSG:3406"),
        *(f"EPSG:{code}" for code in range(9205, 9219)),
        *("EPSG:5896", "EPSG:5897", "EPSG:5898", "EPSG:5899", "EPSG:4756"),
    )
    vn2000_zones: tuple[int, ...] = Field(default=(), description="EPSG codes of VN-2000 zones to offer; empty = the province's.")
    languages: tuple[str, ...] = ("vi", "en")
    strict_wfs: bool = Field(default=False, description="WFS to the letter: SERVICE and VERSION required, the newest capabilities.")


class Settings(_Section):
    """All settings. `config.yml` may leave out anything; an unknown key is an error."""

    province: Province = Province()
    service: Service = Service()
    server: Server = Server()
    database: DatabaseSettings = DatabaseSettings()
    limits: Limits = Limits()
    passwords: Passwords = Passwords()
    tiles: Tiles = Tiles()
    exports: Exports = Exports()
    feedback: Feedback = Feedback()
    links: Links = Links()
    external: External = External()
    processes: Processes = Processes()
    webhooks: Webhooks = Webhooks()
    loading: Loading = Loading()
    storage: Storage = Storage()
    uploads: Uploads = Uploads()
    sessions: Sessions = Sessions()
    harvests: Harvests = Harvests()
    services: Services = Services()

    @property
    def var(self) -> Path:
        """Directory that holds everything the running system writes."""
        return Path(os.environ.get("XANH_VAR") or ROOT / "var").resolve()

    @property
    def layers_dir(self) -> Path:
        """Directory of the layer files."""
        return Path(os.environ.get("XANH_LAYERS") or ROOT / "layers").resolve()

    @property
    def styles_dir(self) -> Path:
        """Directory of the SLD files."""
        return Path(os.environ.get("XANH_STYLES") or ROOT / "styles").resolve()


def _another(settings: Settings, code: str) -> dict[str, object]:
    """The province of the environment; a box in config.yml is of the province named there."""
    return {"code": code} if code == settings.province.code else {"code": code, "box": None}


def load_settings(path: Path | None = None) -> Settings:
    """Read `config.yml` (or XANH_CONFIG) and the environment.

    Raises ConfigProblems naming file, line and the nearest valid key.
    """
    path = path or Path(os.environ.get("XANH_CONFIG") or ROOT / "config.yml")
    settings = read_model(path, Settings)
    url = os.environ.get("XANH_DATABASE_URL")
    if url:
        settings = settings.model_copy(update={"database": settings.database.model_copy(update={"url": url})})
    province = os.environ.get("XANH_PROVINCE")
    if province:
        settings = settings.model_copy(update={"province": settings.province.model_copy(update=_another(settings, province))})
    return settings
