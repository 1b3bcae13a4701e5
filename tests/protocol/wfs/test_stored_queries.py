# SPDX-License-Identifier: MIT
"""Stored queries of WFS 2.0.0: GetFeatureById, query files, and what becomes of parameters nobody meant."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from server.catalog.queries import read_stored_queries
from server.catalog.read import read_catalog_in
from server.config import ROOT
from server.context import Context
from server.errors import XanhError
from server.filter.tree import And, GeometryLiteral, Spatial
from server.strictyaml import ConfigProblems
from server.wfs.requests import StoredQueryCall
from server.wfs.storedqueries import GET_FEATURE_BY_ID, check_queries, expand, prepare_queries
from tests.protocol.wfs.conftest import NAMES, Truth, Wfs20, read_exception20, without_time

ID = f"{{{NAMES['gml2']}}}id"
GOOD = """
id: {name}
title: {{vi: a, en: b}}
layer: stations
parameters:
  kind: {{type: text, vi: a, en: b}}
where: {where}
"""


@pytest.mark.parametrize("name", [GET_FEATURE_BY_ID, "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"])
def test_a_feature_by_its_id_is_a_document_of_its_own(wfs20: Wfs20, name: str) -> None:
    answer = wfs20.get(REQUEST="GetFeature", STOREDQUERY_ID=name, ID="stations.3")
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{{{NAMES['xanh']}}}stations"
    assert root.attrib[ID] == "stations.3"
    posted = wfs20.post("GetFeature", f'<wfs:StoredQuery id="{name}"><wfs:Parameter name="ID">stations.3</wfs:Parameter></wfs:StoredQuery>')
    assert posted.data == answer.data


@pytest.mark.parametrize("wrong", ["stations.999999999", "nothing.3", "stations", "stations.3; DROP TABLE x", "'", "stations.3.4"])
def test_an_id_of_no_feature_is_not_found(wfs20: Wfs20, wrong: str) -> None:
    answer = wfs20.get(REQUEST="GetFeature", STOREDQUERY_ID=GET_FEATURE_BY_ID, ID=wrong)
    assert read_exception20(answer)[:2] == (404, "NotFound")


def test_a_query_file_is_run_with_its_parameters_by_get_and_post(wfs20: Wfs20, truth: Truth) -> None:
    got = wfs20.get(REQUEST="GetFeature", STOREDQUERY_ID="stations_below_wqi", wqi="42.5")
    root = ElementTree.fromstring(got.data)
    assert root.attrib["numberMatched"] == str(truth.count("stations", "wqi <= 42.5"))
    values = [float(found.text or "") for found in root.iter(f"{{{NAMES['xanh']}}}wqi")]
    assert values == sorted(values)
    posted = wfs20.post(
        "GetFeature", '<wfs:StoredQuery id="stations_below_wqi"><wfs:Parameter name="wqi">42.5</wfs:Parameter></wfs:StoredQuery>'
    )
    assert without_time(posted) == without_time(got)


def test_a_parameter_left_out_takes_its_default(wfs20: Wfs20, truth: Truth) -> None:
    root = wfs20.collection(STOREDQUERY_ID="stations_below_wqi", RESULTTYPE="hits")
    assert root.attrib["numberMatched"] == str(truth.count("stations", "wqi <= 50"))


def test_texts_are_found_without_regard_to_case_and_accents(wfs20: Wfs20, truth: Truth) -> None:
    root = wfs20.collection(STOREDQUERY_ID="facilities_named", name="%BENH vien%", RESULTTYPE="hits")
    expected = truth.count("facilities", "xanh.fold(name) LIKE '%benh vien%'")
    assert expected > 0
    assert root.attrib["numberMatched"] == str(expected)


@pytest.mark.parametrize(
    ("parameters", "code", "locator"),
    [
        ({"STOREDQUERY_ID": "nothing"}, "InvalidParameterValue", "STOREDQUERY_ID"),
        ({"STOREDQUERY_ID": GET_FEATURE_BY_ID}, "MissingParameterValue", "ID"),
        ({"STOREDQUERY_ID": "facilities_named"}, "MissingParameterValue", "name"),
        ({"STOREDQUERY_ID": "stations_below_wqi", "wqi": "much"}, "InvalidParameterValue", "wqi"),
        ({"STOREDQUERY_ID": "stations_below_wqi", "wqi": "nan"}, "InvalidParameterValue", "wqi"),
        ({"STOREDQUERY_ID": "stations_below_wqi", "wqi": "50 OR 1=1"}, "InvalidParameterValue", "wqi"),
        ({"STOREDQUERY_ID": "stations_below_wqi", "kind": "auto"}, "InvalidParameterValue", "kind"),
    ],
)
def test_what_does_not_fit_is_refused(wfs20: Wfs20, parameters: dict[str, str], code: str, locator: str) -> None:
    assert read_exception20(wfs20.get(REQUEST="GetFeature", **parameters)) == (400, code, locator)


def test_values_are_values_and_never_filters(wfs20: Wfs20) -> None:
    for text in ("' OR '1'='1", "x') OR TRUE --", ":name", "%s", "\\"):
        answer = wfs20.get(REQUEST="GetFeature", STOREDQUERY_ID="facilities_named", name=text, RESULTTYPE="hits")
        assert answer.status_code in (200, 400)
        if answer.status_code == 200:
            assert ElementTree.fromstring(answer.data).attrib["numberMatched"] == "0"


def test_queries_are_listed_and_described_in_both_languages(wfs20: Wfs20) -> None:
    listed = ElementTree.fromstring(wfs20.get(REQUEST="ListStoredQueries", LANGUAGE="en").data)
    titles = {found.attrib["id"]: found.findtext("wfs2:Title", namespaces=NAMES) for found in listed}
    assert titles["stations_below_wqi"] == "Stations with a WQI not above a value"
    assert GET_FEATURE_BY_ID in titles
    described = ElementTree.fromstring(wfs20.get(REQUEST="DescribeStoredQueries", STOREDQUERY_ID="stations_below_wqi").data)
    parameter = described.find("wfs2:StoredQueryDescription/wfs2:Parameter", NAMES)
    assert parameter is not None
    assert parameter.attrib == {"name": "wqi", "type": "xs:double"}
    assert len(ElementTree.fromstring(wfs20.post("DescribeStoredQueries").data)) == len(listed)
    answer = wfs20.post("DescribeStoredQueries", "<wfs:StoredQueryId>nothing</wfs:StoredQueryId>")
    assert read_exception20(answer) == (400, "InvalidParameterValue", "STOREDQUERY_ID")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.format(name="good", where="kind = :kynd"), "kynd"),
        (GOOD.format(name="good", where="name = 'a'"), "not used"),
        (GOOD.format(name="other", where="kind = :kind"), "other.yml"),
        (GOOD.format(name="good", where="kind = :kind") + "sorting: [name]\n", "did you mean 'sort'"),
    ],
)
def test_mistakes_in_a_query_file_are_told_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "good.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigProblems, match=r"queries/good.yml:\d+: .*" + told):
        read_stored_queries(tmp_path)


def test_conditions_nobody_can_read_and_layers_nobody_has_are_found_by_the_check(tmp_path: Path, wfs20: Wfs20) -> None:
    context: Context = wfs20.client.application.extensions["xanh"]
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "a.yml").write_text(GOOD.format(name="a", where="kind ==== :kind"), encoding="utf-8")
    (tmp_path / "queries" / "b.yml").write_text(
        GOOD.format(name="b", where="kind = :kind").replace("stations", "statoins"), encoding="utf-8"
    )
    problems = check_queries(read_stored_queries(tmp_path), context.catalog)
    assert len(problems) == 2
    assert "did you mean 'stations'" in problems[0]
    assert problems[1].startswith("queries/a.yml: where: ")


def test_a_box_is_a_parameter_and_follows_the_order_of_axes_of_its_system(wfs20: Wfs20, truth: Truth) -> None:
    inside = truth.count("facilities", "geom && ST_MakeEnvelope(105.5, 10.2, 106.2, 10.8, 4326)")
    assert inside
    for area in ("10.2,105.5,10.8,106.2", "105.5,10.2,106.2,10.8,EPSG:4326"):
        found = wfs20.collection(STOREDQUERY_ID="facilities_within", area=area, RESULTTYPE="hits")
        assert found.attrib["numberMatched"] == str(inside)


@pytest.mark.parametrize("area", ["1,2,3", "a,b,c,d", "10.2,105.5,10.8,106.2,EPSG:99999", "10.2,105.5,10.8,106.2); DROP TABLE x", ""])
def test_a_box_that_is_none_is_refused(wfs20: Wfs20, area: str) -> None:
    status, code, locator = read_exception20(wfs20.get(REQUEST="GetFeature", STOREDQUERY_ID="facilities_within", area=area))
    assert (status, code) == (400, "InvalidParameterValue")
    assert locator == "area"


def test_a_geometry_takes_its_place_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    where = "S_INTERSECTS(geom, :place) AND kind = 'x'"
    text = GOOD.format(name="near", where=f'"{where}"').replace("kind: {type: text", "place: {type: geometry")
    (tmp_path / "queries" / "near.yml").write_text(text, encoding="utf-8")
    known = prepare_queries(read_stored_queries(tmp_path), read_catalog_in(ROOT / "layers"))
    asked = expand(StoredQueryCall("near", {"place": "POINT(105 10)"}), known, None, "2.0.0")
    assert isinstance(asked.where, And)
    first = asked.where.parts[0]
    assert isinstance(first, Spatial)
    assert isinstance(first.geometry, GeometryLiteral)
    assert list(first.geometry.geojson["coordinates"]) == [105, 10]
    for hostile in ("POINT(1 1)) OR (kind = kind", "POINT(1 1)) AND S_INTERSECTS(geom, POINT(2 2)", "geom", "kind", "", "POINT(1)"):
        with pytest.raises(XanhError):
            expand(StoredQueryCall("near", {"place": hostile}), known, None, "2.0.0")


def test_a_client_is_shown_what_a_query_asks(wfs20: Wfs20) -> None:
    root = ElementTree.fromstring(wfs20.get(REQUEST="DescribeStoredQueries").data)
    texts = {one.attrib["id"]: one.find("wfs2:QueryExpressionText", NAMES) for one in root.findall("wfs2:StoredQueryDescription", NAMES)}
    assert all(text is not None and text.attrib["isPrivate"] == "false" for text in texts.values())
    shown = texts["stations_below_wqi"]
    assert shown is not None
    assert shown.text == "wqi <= :wqi"
