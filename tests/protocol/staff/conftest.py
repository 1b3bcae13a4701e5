# SPDX-License-Identifier: MIT
"""The editing province with the pages of staff; what the queue holds is done in this process, one step at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loaders.intake.steps import do_step
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.guards import install_guards
from server.signin import install_signin
from tests.editing_province import PASSWORD, open_province
from viewer.app import blueprint as viewer_room

BOUNDARY = "a-boundary-of-tests"


def write_form(form: dict[str, str], name: str, content: bytes) -> bytes:
    """A form with a file as a browser sends it (RFC 7578)."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in form.items()]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/x\r\n\r\n'
    return b"".join([*parts, head.encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()])


@dataclass
class Staff:
    """Somebody with a browser: cookies, and the token the pages put into their forms."""

    client: FlaskClient
    context: Context
    name: str

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        """Send the form of the sign-in page."""
        return self.client.post("/can-bo/dang-nhap", data={"account": self.name, "password": password})

    def get(self, path: str) -> TestResponse:
        """GET a page or file, whole."""
        answer = self.client.get(path)
        answer.get_data()
        answer.close()
        return answer

    def token(self, page: str = "/can-bo/nap") -> str:
        """The token of the forms of a page."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.get(page).text)
        assert found is not None
        return found[1]

    def post(self, path: str, **given: str) -> TestResponse:
        """Send a form with its token."""
        return self.client.post(path, data={"token": self.token(), **given})

    def send(self, layer: str, name: str, content: bytes | str, **given: str) -> TestResponse:
        """Send a file."""
        data = content.encode() if isinstance(content, str) else content
        form = {"token": self.token(), "layer": layer, "ticket": "", **given}
        return self.client.post("/can-bo/nap", data=write_form(form, name, data), content_type=f"multipart/form-data; boundary={BOUNDARY}")

    def upload(self, layer: str, name: str, content: bytes | str) -> str:
        """Send a file and have it planned; answers the address of its page."""
        address = address_of(self.send(layer, name, content))
        self.work(address, "plan")
        return address

    def work(self, address: str, step: str) -> None:
        """Do what the queue would do."""
        do_step(self.context, step, address.rsplit("/", 1)[1])

    def plan_of(self, address: str) -> str:
        """The number of the plan the page shows."""
        found = re.search(r'name="plan" value="(\d+)"', self.get(address).text)
        return found[1] if found else "0"


def address_of(answer: TestResponse) -> str:
    """Where a form leads to."""
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].partition("?")[0]


@pytest.fixture(scope="module")
def context(database: Database, settings: Settings) -> Context:
    """The editing province; files of 1 MB at most, three of an account that are not loaded."""
    uploads = settings.uploads.model_copy(update={"max_bytes": 1_000_000, "max_per_account": 50})
    patient = settings.limits.model_copy(update={"address_failures": 100_000})
    return open_province(database, settings.model_copy(update={"uploads": uploads, "limits": patient}))


@pytest.fixture(scope="module")
def app(context: Context) -> Flask:
    """The viewer of the editing province."""
    app = Flask("staff_test", static_folder=None)
    app.url_map.strict_slashes = False
    install_guards(app, context.settings)
    install_signin(app, context)
    app.register_blueprint(viewer_room(context))
    return app


@pytest.fixture
def staff(app: Flask, context: Context) -> Callable[[str], Staff]:
    """Somebody signed in."""

    def start(name: str) -> Staff:
        somebody = Staff(app.test_client(), context, name)
        assert somebody.sign_in().status_code == 303
        return somebody

    return start
