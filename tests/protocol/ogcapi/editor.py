# SPDX-License-Identifier: MIT
"""Somebody who sends changes to the editing province."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.context import Context
from tests.editing_province import PASSWORD

TYPES = {"POST": "application/geo+json", "PUT": "application/geo+json", "PATCH": "application/merge-patch+json"}


@dataclass(frozen=True)
class Editor:
    """A client with the account `name`, or without any."""

    client: FlaskClient
    context: Context
    name: str | None = None

    @property
    def authorization(self) -> str:
        """The credentials of the account as a header."""
        return "Basic " + base64.b64encode(f"{self.name}:{PASSWORD}".encode()).decode()

    def get(self, path: str) -> TestResponse:
        """GET a path."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """Any request; `body` is sent as it is when it is bytes, else as JSON of the type the method wants."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.name is not None:
            given["Authorization"] = self.authorization
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        content_type = given.pop("Content-Type", TYPES.get(method))
        return self.client.open(path, method=method, data=data, headers=given, content_type=content_type)

    def make(self, path: str, body: dict[str, Any], **headers: str) -> str:
        """The path of a new feature."""
        made = self.send("POST", path, body, **headers)
        assert made.status_code in (201, 202), made.text
        return made.headers["Location"].removeprefix("http://localhost")
