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


@pytest.mark.parametrize("reference", ["name", "geom", "sampled_at", "@gml:id"])
@pytest.mark.parametrize("result", ["hits", "results"])
def test_values_are_valid(client: FlaskClient, reference: str, result: str) -> None:
    schema = ask(client, "2.0.0", "DescribeFeatureType", TYPENAMES="xanh:stations")
    values = ask(client, "2.0.0", "GetPropertyValue", TYPENAMES="xanh:stations", VALUEREFERENCE=reference, COUNT="9", RESULTTYPE=result)
    assert b"ValueCollection" in values
    assert find_faults(values, "wfs 2.0.0", {XANH: schema}) == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("request_name", ["ListStoredQueries", "DescribeStoredQueries"])
def test_stored_queries_are_told_validly(client: FlaskClient, request_name: str, language: str) -> None:
    answer = ask(client, "2.0.0", request_name, LANGUAGE=language)
    assert b"GetFeatureById" in answer
    assert find_faults(answer, "wfs 2.0.0") == []


def test_one_feature_alone_is_valid(client: FlaskClient) -> None:
    by_id = {"STOREDQUERY_ID": "urn:ogc:def:query:OGC-WFS::GetFeatureById", "ID": "stations.3"}
    new = ask(client, "2.0.0", "GetFeature", **by_id)
    old = ask(client, "1.1.0", "GetGmlObject", GMLOBJECTID="stations.3", TRAVERSEXLINKDEPTH="0")
    for version, feature in (("2.0.0", new), ("1.1.0", old)):
        assert b"<xanh:stations" in feature
        schema = ask(client, version, "DescribeFeatureType", TYPENAME="xanh:stations", TYPENAMES="xanh:stations")
        assert find_faults(feature, f"wfs {version}", {XANH: schema}) == []


def test_a_schema_of_several_geometries_with_accents_and_dots_is_one() -> None:
    catalog = read_catalog_in(ROOT / "tests" / "cite" / "layers" / "wfs")
    schema = write_schema(catalog, tuple(catalog.layers.values()), "http://localhost/wfs")
    for name in ("attribut.Géométrie", "surfaceProperty", "curveProperty", "multiSurfaceProperty"):
        assert f'name="{name}"'.encode() in schema
    assert find_faults(b"<a/>", "wfs 1.1.0", {"http://cite.opengeospatial.org/gmlsf": schema}) == [
        "1: Element 'a': No matching global declaration available for the validation root."
    ]
