# SPDX-License-Identifier: MIT
"""A province to edit: every kind of geometry, a layer an editor may publish parts of, accounts of every role, and the services on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask

from server.access import SYSTEM
from server.accounts.manage import NewAccount, add_account
from server.catalog.catalog import Catalog
from server.catalog.model import Layer
from server.config import Settings
from server.context import Context
from server.db.pool import Database
from server.guards import install_guards
from server.ogcapi.agency import blueprint as agency_room
from server.ogcapi.routes import blueprint as ogcapi_room
from server.publish.migrate import migrate
from server.query.edits import Edit
from server.signin import install_signin
from server.wfs.routes import blueprint as wfs_room
from tests.edits import apply_edits
from tests.small_province import make_catalog

PASSWORD = "Sua-ban-do-9"  # QGIS sends credentials as Latin-1: no Vietnamese letters
ZONE: dict[str, Any] = {"type": "MultiPolygon", "coordinates": [[[[105, 10], [106, 10], [106, 11], [105, 11], [105, 10]]]]}


def make_editing_catalog() -> Catalog:
    """The small catalogue with `canals` (multilines in VN-2000) and `posts` (points; an editor publishes new ones and their notes)."""
    source = {"vi": "Thử", "en": "Test", "licence": "MIT"}
    canals = {
        "id": "canals",
        "group": "g",
        "title": {"vi": "Kênh", "en": "Canals"},
        "abstract": {"vi": "Kênh", "en": "Canals"},
        "geometry": "multiline",
        "storage_crs": 9210,
        "source": source,
        "fields": {
            "name": {"vi": "Tên", "en": "Name", "title": True, "required": True},
            "length": {"type": "number", "computed": "length_km", "vi": "Dài", "en": "Length"},
        },
    }
    posts = {
        "id": "posts",
        "group": "g",
        "title": {"vi": "Mốc", "en": "Posts"},
        "abstract": {"vi": "Mốc", "en": "Posts"},
        "geometry": "point",
        "source": source,
        "rights": {"publish": {"auto": ["insert", "geometry", "code", "note", "delete"], "review": []}},
        "fields": {
            "code": {"vi": "Mã", "en": "Code", "required": True, "unique": True, "pattern": "M\\d+"},
            "note": {"vi": "Ghi chú", "en": "Note", "max_length": 50},
            "height": {"type": "number", "min": 0, "max": 100, "default": 1.5, "vi": "Cao", "en": "Height"},
        },
        "rules": [{"check": "note IS NULL OR note <> 'sai'", "vi": "Ghi chú không được là sai", "en": "The note must not be sai"}],
    }
    catalog = make_catalog()
    added = {layer.id: layer for layer in map(Layer.model_validate, (canals, posts))}
    return replace(catalog, layers={**catalog.layers, **added})


def open_province(database: Database, settings: Settings, catalog: Catalog | None = None) -> Context:
    """Tables, three zones, three wells and a canal (published), and an account per role."""
    catalog = catalog or make_editing_catalog()
    with database.owner() as connection:
        migrate(connection, catalog)
    wells = [
        Edit(
            "insert",
            catalog.layer("wells"),
            values={"code": f"G{number}", "name": f"Giếng {number}", "depth": 10.0 * number, "kind": "auto"},
            geometry={"type": "Point", "coordinates": [105.5 + number / 100, 10.5]},
        )
        for number in (1, 2, 3)
    ]
    zones = [Edit("insert", catalog.layer("zones"), values={"name": f"Khu {number}"}, geometry=ZONE) for number in (1, 2, 3)]
    canal = Edit(
        "insert",
        catalog.layer("canals"),
        values={"name": "Kênh xáng"},
        geometry={"type": "LineString", "coordinates": [[105.5, 10.4], [105.6, 10.5]]},
    )
    apply_edits(database, catalog, SYSTEM, [*zones, *wells, canal], "test")
    for wanted in (
        NewAccount("sua", "editor", ("wells", "zones", "canals", "posts")),
        NewAccount("duyet", "reviewer"),
        NewAccount("quan", "admin"),
        NewAccount("xem", "viewer"),
    ):
        add_account(database, settings.passwords, wanted, PASSWORD)
    return Context(settings, catalog, database)


def make_app(context: Context) -> Flask:
    """WFS, OGC API and /api/v1 of the province, with guards and sign-in."""
    app = Flask("editing_test", static_folder=None)
    app.url_map.strict_slashes = False
    install_guards(app, context.settings)
    install_signin(app, context)
    for room in (ogcapi_room, agency_room, wfs_room):
        app.register_blueprint(room(context))
    return app
