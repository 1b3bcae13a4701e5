# SPDX-License-Identifier: MIT
"""Every kind of answer of the WFS is valid by the official XML schemas, and features by the schema DescribeFeatureType gives out."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.catalog.read import read_catalog_in
from server.config import ROOT
from server.wfs.describefeaturetype import write_schema
from tests.schemas import find_faults

XANH = "urn:xanh:layers"
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
CAPABILITIES = {"1.0.0": "wfs 1.0.0 capabilities", "1.1.0": "wfs 1.1.0", "2.0.0": "wfs 2.0.0"}
EXCEPTIONS = {"1.0.0": "wfs 1.0.0 exceptions", "1.1.0": "ows 1.0.0", "2.0.0": "ows 1.1.0"}
# Points, lines, polygons, records without geometry; links, codes, dates, numbers.
TYPES = ("stations", "communes", "provinces", "discharge_permits")


def ask(client: FlaskClient, version: str, request: str, **parameters: str) -> bytes:
    """The body of an answer to a key-value request."""
    return bytes(client.get("/wfs", query_string={"SERVICE": "WFS", "VERSION": version, "REQUEST": request, **parameters}).data)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("version", VERSIONS)
def test_capabilities_are_valid(client: FlaskClient, version: str, language: str) -> None:
    assert find_faults(ask(client, version, "GetCapabilities", LANGUAGE=language), CAPABILITIES[version]) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_all_feature_types_and_some_of_their_features_are_valid(client: FlaskClient, version: str) -> None:
    schema = ask(client, version, "DescribeFeatureType")
    names = [name for name in TYPES if f'name="{name}"'.encode() in schema]
    assert len(names) > 2
    for name in names:
        features = ask(client, version, "GetFeature", TYPENAME=f"xanh:{name}", TYPENAMES=f"xanh:{name}", COUNT="40", MAXFEATURES="40")
        assert b"<xanh:" + name.encode() in features
        assert find_faults(features, f"wfs {version}", {XANH: schema}) == []


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0"])
@pytest.mark.parametrize("result", ["hits", "results"])
def test_answers_without_features_and_for_several_types_are_valid(client: FlaskClient, version: str, result: str) -> None:
    names = "(xanh:stations)(xanh:communes)" if version == "2.0.0" else "xanh:stations,xanh:communes"
    schema = ask(client, version, "DescribeFeatureType")
    for box in ("0,0,1,1", "9,105,11,107"):
        answer = ask(
            client, version, "GetFeature", TYPENAME=names, TYPENAMES=names, BBOX=box, RESULTTYPE=result, COUNT="5", MAXFEATURES="5"
        )
        assert find_faults(answer, f"wfs {version}", {XANH: schema}) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("request_name", ["GetFeature", "Nonsense", "Transaction", "LockFeature"])
def test_exceptions_are_valid(client: FlaskClient, version: str, request_name: str) -> None:
    answer = ask(client, version, request_name, TYPENAME="xanh:nothing", TYPENAMES="xanh:nothing")
    assert b"Exception" in answer
    assert find_faults(answer, EXCEPTIONS[version]) == []


def test_a_schema_of_several_geometries_with_accents_and_dots_is_one() -> None:
    catalog = read_catalog_in(ROOT / "tests" / "cite" / "layers" / "wfs")
    schema = write_schema(catalog, tuple(catalog.layers.values()), "http://localhost/wfs")
    for name in ("attribut.Géométrie", "surfaceProperty", "curveProperty", "multiSurfaceProperty"):
        assert f'name="{name}"'.encode() in schema
    assert find_faults(b"<a/>", "wfs 1.1.0", {"http://cite.opengeospatial.org/gmlsf": schema}) == [
        "1: Element 'a': No matching global declaration available for the validation root."
    ]
