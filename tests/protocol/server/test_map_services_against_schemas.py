# SPDX-License-Identifier: MIT
"""Capabilities and exceptions of WMS and WMTS are valid by the official XML schemas."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.schemas import find_faults, find_type_faults

WMS = "/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST="


@pytest.mark.parametrize("language", ["vi", "en"])
def test_capabilities_of_wms_are_valid(client: FlaskClient, language: str) -> None:
    answer = client.get(f"{WMS}GetCapabilities&LANGUAGE={language}").data
    assert b"<Layer" in answer
    assert find_faults(answer, "wms 1.3.0") == []


@pytest.mark.parametrize("request_name", ["GetMap", "GetFeatureInfo", "Nonsense", "GetMap&LAYERS=x&STYLES=&CRS=EPSG:0&BBOX=1,1,1,1"])
def test_exceptions_of_wms_are_valid(client: FlaskClient, request_name: str) -> None:
    answer = client.get(f"{WMS}{request_name}").data
    assert b"ServiceException " in answer
    assert find_faults(answer, "wms 1.3.0 exceptions") == []


@pytest.mark.parametrize(
    ("request_name", "holds"),
    [
        ("GetCapabilities", b"<Extent "),
        ("GetMap", b"ServiceException "),
        ("GetMap&LAYERS=x&STYLES=&SRS=EPSG:0&BBOX=1,1,1,1", b"ServiceException "),
        ("DescribeLayer&LAYERS=stations,communes&SLD_VERSION=1.1.0", b"<Query "),
    ],
)
def test_answers_of_wms_1_1_1_are_valid_by_their_document_types(client: FlaskClient, request_name: str, holds: bytes) -> None:
    answer = client.get(f"/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST={request_name}").data
    assert holds in answer
    assert find_type_faults(answer) == []


@pytest.mark.parametrize("address", ["/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/wmts/1.0.0/WMTSCapabilities.xml"])
def test_capabilities_of_wmts_are_valid(client: FlaskClient, address: str) -> None:
    answer = client.get(address).data
    assert b"TileMatrixSet" in answer
    assert find_faults(answer, "wmts 1.0.0") == []


@pytest.mark.parametrize("request_name", ["GetTile", "Nonsense", "GetTile&LAYER=x&STYLE=&TILEMATRIXSET=y&TILEMATRIX=0&TILEROW=0&TILECOL=0"])
def test_exceptions_of_wmts_are_valid(client: FlaskClient, request_name: str) -> None:
    answer = client.get(f"/wmts?SERVICE=WMTS&VERSION=1.0.0&REQUEST={request_name}").data
    assert b"ExceptionReport" in answer
    assert find_faults(answer, "ows 1.1.0") == []
