# SPDX-License-Identifier: MIT
"""Bodies of WFS 1.0.0, as older clients send them, answered in kind: GML 2, x before y whatever the name of the system."""

from __future__ import annotations

from xml.etree import ElementTree

from tests.protocol.wfs.conftest import NAMES
from tests.protocol.wfs.transaction.conftest import URN, Sender, Store, delete, insert, post_element, put, update


def gml2(x: float, y: float, srs: str) -> str:
    """A GML 2 point."""
    return f'<gml:Point srsName="{srs}"><gml:coordinates cs="," ts=" ">{x},{y}</gml:coordinates></gml:Point>'


def test_success_names_ids_by_insert(reviewer: Sender, stores: Store) -> None:
    inside = (
        insert(post_element("M1", place=gml2(105.5, 10.5, "EPSG:4326")), post_element("M2"), attributes='handle="a"')
        + insert(post_element("M3", place=gml2(105.5, 10.5, URN)))
        + insert(post_element("M4", place=gml2(105.5, 10.5, "http://www.opengis.net/gml/srs/epsg.xml#4326")))
        + update("wells", put("depth", "77"), "wells.1")
        + delete("wells", "wells.3")
    )
    answer = reviewer.post(inside, version="1.0.0")
    root = ElementTree.fromstring(answer.data)
    assert (answer.status_code, root.tag, root.attrib["version"]) == (200, f"{{{NAMES['wfs']}}}WFS_TransactionResponse", "1.0.0")
    assert root.find("wfs:TransactionResult/wfs:Status/wfs:SUCCESS", NAMES) is not None
    found = [
        (result.attrib.get("handle"), [one.attrib["fid"] for one in result.findall("ogc:FeatureId", NAMES)])
        for result in root.findall("wfs:InsertResult", NAMES)
    ]
    ids = dict(stores.rows("SELECT code, 'posts.' || id FROM official.posts"))
    assert found == [("a", [ids["M1"], ids["M2"]]), (None, [ids["M3"], ids["M4"]])]
    places = stores.rows("SELECT DISTINCT ST_AsText(geom) FROM official.posts WHERE geom IS NOT NULL")
    assert places == [("POINT(105.5 10.5)",)]
    assert stores.rows("SELECT id, depth FROM official.wells ORDER BY id") == [(1, 77.0), (2, 20.0)]


def test_a_refusal_is_a_service_exception_with_the_handle(reviewer: Sender, stores: Store) -> None:
    inside = insert(post_element("M8")) + update("wells", put("kind", "x"), "wells.1", attributes='handle="u"')
    answer = reviewer.post(inside, version="1.0.0")
    root = ElementTree.fromstring(answer.data)
    assert (answer.status_code, root.tag) == (200, f"{{{NAMES['ogc']}}}ServiceExceptionReport")
    exception = root.find("ogc:ServiceException", NAMES)
    assert exception is not None
    assert exception.attrib == {"code": "InvalidParameterValue", "locator": "u"}
    assert "không có trong danh mục" in (exception.text or "")
    assert stores.value("SELECT count(*) FROM official.posts WHERE code = 'M8'") == 0
