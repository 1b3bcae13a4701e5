# SPDX-License-Identifier: MIT
"""Asking the WMS of the demo province in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import mapnik
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# Around Cao Lãnh and Mỹ Tho, EPSG:3857.
BOX_3857 = "11740000,1145000,11860000,1215000"


@dataclass(frozen=True)
class Wms:
    """A client of the service. A parameter whose value is "-" is left out."""

    client: FlaskClient

    def get(self, **parameters: str | int) -> TestResponse:
        """A request; SERVICE and VERSION are filled in unless given."""
        query = {"SERVICE": "WMS", "VERSION": "1.3.0", **{name: str(value) for name, value in parameters.items()}}
        return self.client.get("/wms", query_string={name: value for name, value in query.items() if value != "-"})

    def map(self, **parameters: str | int) -> TestResponse:
        """A GetMap of stations in web mercator, 300 times 175 pixels, unless told otherwise."""
        usual: dict[str, str | int] = {
            "REQUEST": "GetMap",
            "LAYERS": "stations",
            "STYLES": "",
            "CRS": "EPSG:3857",
            "BBOX": BOX_3857,
            "WIDTH": 300,
            "HEIGHT": 175,
            "FORMAT": "image/png",
        }
        return self.get(**{**usual, **parameters})

    def picture(self, **parameters: str | int) -> mapnik.Image:
        """The image of a GetMap that must succeed."""
        answer = self.map(**parameters)
        assert answer.status_code == 200, answer.text
        return mapnik.Image.from_string(answer.data)


def read_json(answer: TestResponse) -> Any:
    """The JSON of an answer that must succeed."""
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def read_exception(answer: TestResponse) -> tuple[str | None, str | None, str]:
    """Code, locator and text of a service exception."""
    root = ElementTree.fromstring(answer.data)
    assert root.tag.rpartition("}")[2] == "ServiceExceptionReport", answer.text
    exception = root[0]
    return exception.get("code"), exception.get("locator"), exception.text or ""


@pytest.fixture
def wms(client: FlaskClient) -> Wms:
    """The service of the demo province."""
    return Wms(client)
