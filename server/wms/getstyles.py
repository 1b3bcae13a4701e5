# SPDX-License-Identifier: MIT
"""GetStyles (02-070 9): the styles of layers as they were written, in one StyledLayerDescriptor that may be sent back with a request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Response

from server.catalog.model import Layer
from server.errors import ServerFault
from server.ows.kvp import require
from server.style.newer import write_newer
from server.wms.frame import split_names
from server.wms.layers import LayerBook
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, first_child, parse_xml, text_form
from server.xmlio.write import DECLARATION, escape_text

_MEDIA_TYPE = "application/vnd.ogc.sld+xml; charset=utf-8"
_MAX_BYTES, _MAX_DEPTH = 2_000_000, 64


def answer_styles(parameters: Mapping[str, str], book: LayerBook, directory: Path) -> Response:
    """Every style of the layers in LAYERS, the default first; `directory` holds the style files.

    Where they are written in both versions of SLD, all are given in the newer one. Raises MissingParameter, LayerNotDefined.
    """
    names = split_names(require(parameters, "LAYERS"))
    layers = list({layer.id: layer for name in names for layer in book.find_layers(name, "LAYERS")}.values())
    roots = {name: _read(directory / f"{name}.sld") for layer in layers for name in layer.styles}
    versions = {_version(root) for root in roots.values()}
    version = next(iter(versions)) if len(versions) == 1 else "1.1.0"
    named = b"".join(_write_layer(layer, roots, version) for layer in layers)
    head = f'{DECLARATION}<StyledLayerDescriptor xmlns="{Namespace.SLD}" xmlns:se="{Namespace.SE}" version="{version}">'
    response = Response(head.encode() + named + b"</StyledLayerDescriptor>\n", content_type=_MEDIA_TYPE)
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return response


def _version(root: Element) -> str:
    return attribute(root, "version") or "1.0.0"


def _read(path: Path) -> Element:
    try:
        return parse_xml(path.read_bytes(), _MAX_BYTES, _MAX_DEPTH)
    except OSError as error:
        raise ServerFault("A style file cannot be read.") from error


def _write_layer(layer: Layer, roots: Mapping[str, Element], version: str) -> bytes:
    tag = "se:Name" if version == "1.1.0" else "Name"
    written = [f"<NamedLayer><{tag}>{escape_text(layer.wms_name)}</{tag}>".encode()]
    for position, name in enumerate(layer.styles):
        found = next((style for one in children(roots[name], "NamedLayer") for style in children(one, "UserStyle")), None)
        if found is not None:
            if _version(roots[name]) != version:
                found = write_newer(found)
            written.append(text_form(_rename(found, name, is_default=position == 0)))
    return b"".join((*written, b"</NamedLayer>"))


def _rename(style: Element, name: str, *, is_default: bool) -> Element:
    """The style under the name requests know it by, saying whether it is the default where the file says anything of that."""
    written, default = first_child(style, "Name"), first_child(style, "IsDefault")
    if written is not None:
        written.text = name
    if default is not None:
        default.text = "1" if is_default else "0"
    return style
