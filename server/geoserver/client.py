# SPDX-License-Identifier: MIT
"""GeoServer's REST interface through geoserver-rest: whatever exists is updated, whatever is refused becomes one clear error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from geo.Geoserver import Geoserver, GeoserverException
from requests import RequestException, Response

from server.errors import ConfigError

_TIMEOUT_S = 30
_MISSING, _REFUSED = 404, (401, 403)
_SLD_TYPES = {"1.0.0": "application/vnd.ogc.sld+xml", "1.1.0": "application/vnd.ogc.se+xml"}


@dataclass(frozen=True)
class GeoserverLogin:
    """Address of a GeoServer (`https://host/geoserver`) and an account that may change it."""

    url: str
    user: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ConfigError("The address of a GeoServer must look like https://host/geoserver, without user and password.")


@dataclass(frozen=True)
class StoreLogin:
    """How GeoServer reaches the database: the role that reads `published` and nothing else."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    schema: str = "published"


class GeoserverClient:
    """One GeoServer. Every method raises ConfigError when it cannot be reached, refuses the account or what it is sent."""

    def __init__(self, login: GeoserverLogin) -> None:
        self._url = login.url.rstrip("/")
        options = {"timeout": _TIMEOUT_S, "allow_redirects": False}
        # as bytes: texts would have to be Latin-1
        user, password = login.user.encode(), login.password.encode()
        self._server = Geoserver(self._url, username=user, password=password, request_options=options)

    def put_workspace(self, workspace: str) -> bool:
        """Make a workspace unless it is there; whether it was made."""
        if self._exists(f"workspaces/{workspace}.json"):
            return False
        with _clear_errors(f"workspace {workspace}"):
            self._server.create_workspace(workspace)
        return True

    def put_store(self, workspace: str, name: str, login: StoreLogin) -> None:
        """Make or update the PostGIS store."""
        there = self._exists(f"workspaces/{workspace}/datastores/{name}.json")
        with _clear_errors(f"store {name}"):
            self._server.create_featurestore(
                store_name=name,
                workspace=workspace,
                db=escape(login.database),
                host=escape(login.host),
                port=login.port,
                schema=login.schema,
                pg_user=escape(login.user),
                pg_password=escape(login.password),
                overwrite=there,
                expose_primary_keys="true",
                description="Xanh",
                # a filter GeoServer cannot hand over would be worked out row by row
                encode_functions="true",
            )

    def put_layer(self, workspace: str, store: str, table: str, title: str, abstract: str) -> bool:
        """Offer a table as a layer unless it is there; whether it was made."""
        if self._exists(f"workspaces/{workspace}/datastores/{store}/featuretypes/{table}.json"):
            return False
        with _clear_errors(f"layer {table}"):
            self._server.publish_featurestore(store, table, workspace, title=escape(title), abstract=escape(abstract))
        return True

    def put_style(self, workspace: str, path: Path, version: str) -> None:
        """Make or update a style from an SLD file of `version` 1.0.0 or 1.1.0."""
        there = self._exists(f"workspaces/{workspace}/styles/{path.stem}.json")
        with _clear_errors(f"style {path.stem}"):
            if not there:
                self._server.upload_style(str(path), path.stem, workspace, sld_version=version)
                return
        self._put(f"workspaces/{workspace}/styles/{path.stem}", path.read_bytes(), _SLD_TYPES[version])

    def put_picture(self, workspace: str, name: str, content: bytes) -> None:
        """Put a picture where the styles of the workspace look for it (`assets/symbols/leaf.svg`)."""
        kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
        self._put(f"resource/workspaces/{workspace}/styles/{quote(name)}", content, kind)

    def set_styles(self, workspace: str, layer: str, styles: tuple[str, ...]) -> None:
        """The looks of a layer, the default first."""
        with _clear_errors(f"styles of {layer}"):
            self._server.publish_style(layer_name=layer, style_name=f"{workspace}:{styles[0]}", workspace=workspace)
        others = "".join(f"<style><name>{workspace}:{name}</name></style>" for name in styles[1:])
        if others:
            self._put(f"layers/{workspace}:{layer}", f"<layer><styles>{others}</styles></layer>".encode(), "text/xml")

    def _exists(self, path: str) -> bool:
        with _clear_errors(path):
            answer = self._ask("get", path)
        if answer.status_code == _MISSING:
            return False
        _check(answer, path)
        return True

    def _put(self, path: str, content: bytes, content_type: str) -> None:
        with _clear_errors(path):
            answer = self._ask("put", path, data=content, headers={"content-type": content_type})
        _check(answer, path)

    def _ask(self, method: str, path: str, **options: object) -> Response:
        # The library has no public way for requests it does not know.
        answer: Response = self._server._requests(method, f"{self._url}/rest/{path}", **options)
        return answer


def _check(answer: Response, what: str) -> None:
    if answer.status_code >= 300:
        raise ConfigError(_describe(answer.status_code, what))


@contextmanager
def _clear_errors(what: str) -> Iterator[None]:
    """The library's errors as one of ours; bodies of answers are not shown, they may hold anything."""
    try:
        yield
    except GeoserverException as error:
        raise ConfigError(_describe(int(error.status), what)) from None
    except RequestException as error:
        raise ConfigError(f"GeoServer cannot be reached ({type(error).__name__}).") from None


def _describe(status: int, what: str) -> str:
    if status in _REFUSED:
        return f"GeoServer refuses the account (status {status})."
    return f"GeoServer answered {status} to: {what}."
