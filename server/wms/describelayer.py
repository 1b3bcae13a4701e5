# SPDX-License-Identifier: MIT
"""DescribeLayer (02-070 6.3 with WMS 1.1.1, 05-078r4 9 with WMS 1.3.0): which feature type of which service a layer draws."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response

from server.catalog.model import Layer
from server.errors import InvalidParameter
from server.ows.kvp import require
from server.wms.frame import split_names
from server.wms.layers import LayerBook
from server.xmlio.namespaces import Namespace
from server.xmlio.write import Node, element, write_document

_SCHEMA = "http://schemas.opengis.net/sld/1.1.0/DescribeLayer.xsd"
_DOCTYPE = b'<!DOCTYPE WMS_DescribeLayerResponse SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_DescribeLayerResponse.dtd">\n'
_PREFIX = "xanh"


def answer_description(parameters: Mapping[str, str], version: str, book: LayerBook, address: str) -> Response:
    """The feature types of the layers in LAYERS; `address` is where WFS answers.

    No service has the data of rasters: with WMS 1.1.1 they are described without one, with 1.3.0, whose schema has no word for that, they
    are left out. Raises MissingParameter, LayerNotDefined, InvalidParameter where nothing is left to describe.
    """
    names = split_names(require(parameters, "LAYERS"))
    found = [layer for name in dict.fromkeys(names) for layer in book.find_layers(name, "LAYERS")]
    tables = [layer for layer in found if layer.has_table]
    if version != "1.1.1" and not tables:
        raise InvalidParameter(f"The layer {found[0].id!r} is a picture; no feature service has it.", locator="LAYERS")
    document = _write_older(found, address) if version == "1.1.1" else _write(tables, address)
    response = Response(document, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _type_name(layer: Layer) -> str:
    return f"{layer.names.prefix or _PREFIX}:{layer.wfs_name}"


def _write(layers: list[Layer], address: str) -> bytes:
    def describe(layer: Layer) -> Node:
        return element(
            "LayerDescription",
            element("owsType", "wfs"),
            element("se:OnlineResource", attributes={"xlink:type": "simple", "xlink:href": f"{address}?"}),
            element("TypeName", element("se:FeatureTypeName", _type_name(layer))),
        )

    root = element("DescribeLayerResponse", element("Version", "1.1.0"), *(describe(layer) for layer in layers))
    prefixes = {"": Namespace.SLD, "se": Namespace.SE, "xlink": Namespace.XLINK, **_own_prefixes(layers)}
    return write_document(root, prefixes, schema_locations={Namespace.SLD: _SCHEMA})


def _own_prefixes(layers: list[Layer]) -> dict[str, Namespace | str]:
    return {layer.names.prefix or _PREFIX: layer.names.namespace or Namespace.XANH for layer in layers}


def _write_older(layers: list[Layer], address: str) -> bytes:
    def describe(layer: Layer) -> Node:
        if not layer.has_table:
            return element("LayerDescription", attributes={"name": layer.wms_name})
        where = f"{address}?"
        query = element("Query", attributes={"typeName": _type_name(layer)})
        return element("LayerDescription", query, attributes={"name": layer.wms_name, "wfs": where, "owsURL": where, "owsType": "WFS"})

    root = element("WMS_DescribeLayerResponse", *(describe(layer) for layer in layers), attributes={"version": "1.1.1"})
    head, newline, rest = write_document(root, {}).partition(b"\n")
    return head + newline + _DOCTYPE + rest
