# SPDX-License-Identifier: MIT
"""`xanh publish --geoserver URL`: the public layers with their styles to a GeoServer. Accounts come from the environment."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from server.access import ANONYMOUS, may_read
from server.catalog.model import Layer
from server.catalog.read import read_catalog
from server.commands.screen import complain, say
from server.config import Settings, load_settings
from server.db.store import open_store
from server.errors import ConfigError
from server.geoserver.client import GeoserverClient, GeoserverLogin, StoreLogin
from server.geoserver.send import Shipment, send

USER, PASSWORD, DATABASE = "XANH_GEOSERVER_USER", "XANH_GEOSERVER_PASSWORD", "XANH_GEOSERVER_DATABASE"


def run_publish_geoserver(url: str, workspace: str, layer_id: str | None) -> int:
    """Send one layer or all public ones. Returns the exit status; 1 when something is missing or refused."""
    settings = load_settings()
    try:
        login = GeoserverLogin(url, _read(USER), _read(PASSWORD))
        shipment = Shipment(_choose(settings, layer_id), settings.styles_dir, workspace)
        send(shipment, GeoserverClient(login), _read_store(settings), say)
    except ConfigError as error:
        complain(error.message)
        return 1
    return 0


def _choose(settings: Settings, layer_id: str | None) -> tuple[Layer, ...]:
    """Layers that have a table and a map, and that everybody may read: GeoServer would show them to everybody."""
    catalog = read_catalog(settings)
    if layer_id is not None:
        catalog.layer(layer_id)
    layers = [layer for layer in catalog.mapped_layers() if layer.has_table and may_read(ANONYMOUS, layer)]
    chosen = tuple(layer for layer in layers if layer_id in (None, layer.id))
    if not chosen:
        raise ConfigError(f"The layer {layer_id!r} is not one that everybody may see on a map.")
    return chosen


def _read(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ConfigError(f"Set {name} in the environment.")
    return value


def _read_store(settings: Settings) -> StoreLogin:
    """The reader's way into the database as the GeoServer sees it."""
    address = os.environ.get(DATABASE, "")
    if address:
        return _parse(address)
    if settings.database.url:
        with open_store(settings, say) as store:
            login = store.database.reader_login()
        if not login.host.startswith("/"):
            return StoreLogin(login.host, login.port, login.dbname, login.user, login.password)
    raise ConfigError(f"GeoServer cannot reach this database: set {DATABASE} to postgresql://reader:password@host:port/database.")


def _parse(address: str) -> StoreLogin:
    try:
        parts = urlsplit(address)
        port = parts.port or 5432
    except ValueError:
        raise ConfigError(f"{DATABASE} is not an address.") from None
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or not parts.username or not name:
        raise ConfigError(f"{DATABASE} must look like postgresql://reader:password@host:port/database.")
    return StoreLogin(parts.hostname, port, name, unquote(parts.username), unquote(parts.password or ""))
