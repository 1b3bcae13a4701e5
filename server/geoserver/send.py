# SPDX-License-Identifier: MIT
"""What a GeoServer is sent: a workspace, the store of `published`, pictures, styles, layers, and which style goes with which layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from server.catalog.model import Layer
from server.errors import ConfigError
from server.geoserver.client import GeoserverClient, StoreLogin

STORE = "xanh"
_VERSION = re.compile(rb'<(?:\w+:)?StyledLayerDescriptor\b[^>]*\bversion="(1\.[01]\.0)"')
_WORKSPACE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}", re.ASCII)


@dataclass(frozen=True)
class Shipment:
    """What is sent: layers with tables and geometry, the directory of styles (with `assets/`), the language of titles."""

    layers: tuple[Layer, ...]
    styles_dir: Path
    workspace: str = "xanh"
    language: str = "vi"

    def __post_init__(self) -> None:
        if not _WORKSPACE.fullmatch(self.workspace):
            raise ConfigError("A workspace is named with letters, digits, - and _.")


def send(shipment: Shipment, client: GeoserverClient, login: StoreLogin, tell: Callable[[str], None]) -> None:
    """Send everything; what is there is updated, so it may be done again at any time. Raises ConfigError."""
    workspace = shipment.workspace
    made = client.put_workspace(workspace)
    tell(f"workspace {workspace}: {'made' if made else 'already there'}")
    client.put_store(workspace, STORE, login)
    tell(f"store {STORE}: {login.host}:{login.port}/{login.database}, schema {login.schema}")
    pictures = list(_list_pictures(shipment.styles_dir))
    for path in pictures:
        client.put_picture(workspace, path.relative_to(shipment.styles_dir).as_posix(), path.read_bytes())
    tell(f"pictures of styles: {len(pictures)}")
    styles = sorted({name for layer in shipment.layers for name in layer.styles})
    for name in styles:
        path = shipment.styles_dir / f"{name}.sld"
        client.put_style(workspace, path, read_version(path))
    tell(f"styles: {len(styles)}")
    for layer in shipment.layers:
        title, abstract = (getattr(text, shipment.language, text.vi) for text in (layer.title, layer.abstract))
        client.put_layer(workspace, STORE, layer.id, title, abstract)
        if layer.styles:
            client.set_styles(workspace, layer.id, tuple(layer.styles))
        tell(f"layer {workspace}:{layer.id}: {', '.join(layer.styles)}")


def read_version(path: Path) -> str:
    """The version an SLD file says it has, 1.0.0 where it says none. Raises ConfigError when it cannot be read."""
    try:
        head = path.read_bytes()[:4000]
    except OSError as error:
        raise ConfigError(f"The style file {path.name} cannot be read.", locator=path.name) from error
    match = _VERSION.search(head)
    return match[1].decode() if match else "1.0.0"


def _list_pictures(styles_dir: Path) -> Iterable[Path]:
    return (path for path in sorted((styles_dir / "assets").rglob("*")) if path.suffix in (".svg", ".png"))
