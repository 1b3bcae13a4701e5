# SPDX-License-Identifier: MIT
"""Features in every format, asked for by `f` and by Accept; JSON-FG as its standard (21-045r1) has it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.encode.formats import DOWNLOADS

WELLS, ZONES, PERMITS = (f"/ogcapi/collections/{name}/items" for name in ("wells", "zones", "permits"))
FG = "application/vnd.ogc.fg+json"
GML = "application/gml+xml"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BY_NAME = {"json": "application/geo+json", "html": "text/html", "json-fg": FG, "gml": GML} | {
    each.short: each.media_type.partition(";")[0] for each in DOWNLOADS
}


@pytest.mark.parametrize(
    ("name", "media_type"), [*BY_NAME.items(), ("geojson", "application/geo+json"), ("jsonfg", FG), ("flatgeobuf", BY_NAME["fgb"])]
)
def test_a_page_and_one_feature_come_in_the_same_format_by_f_and_by_accept(name: str, media_type: str, api: FlaskClient) -> None:
    for path in (f"{WELLS}?limit=2", f"{WELLS}/2"):
        by_name = api.get(f"{path}{'&' if '?' in path else '?'}f={name}")
        by_accept = api.get(path, headers={"Accept": media_type})
        for answer in (by_name, by_accept):
            assert (answer.status_code, answer.mimetype) == (200, media_type), path
            assert answer.data, "nothing was sent"
            answer.close()
        assert by_name.headers["ETag"] == by_accept.headers["ETag"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("image/png", "application/geo+json"),
        ("nonsense;;q=,", "application/geo+json"),
        ("", "application/geo+json"),
        (FIREFOX, "text/html"),
        ("text/html;q=0.2, text/csv;q=0.9", "text/csv"),
        (f"{FG};q=0.5, */*;q=0.1", FG),
        (f"{GML}; version=3.2", GML),
        (f'{GML};version=3.2;profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf2"', GML),
        ("text/csv," * 200, "application/geo+json"),
    ],
)
def test_accept_is_weighed_and_what_nobody_can_answer_gives_geojson(accept: str, expected: str, api: FlaskClient) -> None:
    assert api.get(f"{WELLS}?limit=1", headers={"Accept": accept}).mimetype == expected
    assert api.get(f"{WELLS}?limit=1&f=json", headers={"Accept": accept}).mimetype == "application/geo+json"


def test_one_feature_that_is_not_there_is_in_no_format(api: FlaskClient) -> None:
    for name in BY_NAME:
        assert api.get(f"{WELLS}/999999?f={name}").status_code == 404, name


def test_one_feature_alone_is_in_the_file(api: FlaskClient) -> None:
    lines = api.get(f"{WELLS}/7?f=csv").text.strip().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("7,")


def test_json_fg_says_what_the_features_are_and_when(api: FlaskClient) -> None:
    page = api.get(f"{WELLS}?limit=2&f=json-fg").get_json()
    assert page["conformsTo"][0] == "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
    assert (page["type"], page["featureType"], page["geometryDimension"]) == ("FeatureCollection", "wells", 0)
    assert "coordRefSys" not in page
    first, second = page["features"]
    assert first["time"] == {"interval": ["2020-01-02", ".."]}
    assert second["time"] == {"interval": ["2020-01-03", "2024-01-03"]}
    plain = api.get(f"{WELLS}?limit=2").get_json()
    assert [{**each, "time": None, "place": None} for each in plain["features"]] == [{**each, "time": None} for each in page["features"]]
    assert (page["numberMatched"], page["numberReturned"]) == (plain["numberMatched"], 2)
    following = next(link for link in page["links"] if link["rel"] == "next")
    assert following["type"] == FG
    assert api.get(following["href"].removeprefix("http://localhost")).get_json()["features"][0]["id"] == 3


@pytest.mark.parametrize(("code", "first"), [("EPSG/0/4326", (9.9, 105.31)), ("EPSG/0/3857", (11723055.6, 1107588.0))])
def test_json_fg_puts_other_crss_into_place(code: str, first: tuple[float, float], api: FlaskClient) -> None:
    crs = f"http://www.opengis.net/def/crs/{code}"
    for path in (f"{WELLS}?limit=1&", f"{WELLS}/1?"):
        answer = api.get(f"{path}f=json-fg&crs={crs}")
        document = answer.get_json()
        feature = document["features"][0] if "features" in document else document
        assert document["coordRefSys"] == crs
        assert feature["geometry"] is None
        assert feature["place"]["coordinates"] == pytest.approx(first, abs=0.2)
        assert answer.headers["Content-Crs"] == f"<{crs}>"


def test_json_fg_of_one_feature_of_areas_and_of_records(api: FlaskClient) -> None:
    area = api.get(f"{ZONES}/1", headers={"Accept": FG}).get_json()
    assert (area["featureType"], area["geometryDimension"], area["geometry"]["type"], area["time"]) == ("zones", 2, "MultiPolygon", None)
    record = api.get(f"{PERMITS}?limit=1&f=json-fg&crs=http://www.opengis.net/def/crs/EPSG/0/3857").get_json()
    assert "coordRefSys" not in record
    assert (record["features"][0]["geometry"], record["features"][0]["place"]) == (None, None)


def test_json_fg_with_chosen_fields_still_bears_the_time(api: FlaskClient) -> None:
    feature = api.get(f"{WELLS}?limit=1&properties=rank&skipGeometry=true&f=json-fg").get_json()["features"][0]
    assert feature["properties"] == {"rank": 1}
    assert (feature["geometry"], feature["place"], feature["time"]) == (None, None, {"interval": ["2020-01-02", ".."]})


def test_many_features_flow_as_json_fg(api: FlaskClient) -> None:
    page = api.get(f"{WELLS}?limit=1200&f=json-fg").get_json()
    assert (len(page["features"]), page["features"][-1]["id"], page["numberReturned"]) == (1200, 1200, 1200)
