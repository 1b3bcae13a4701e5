# SPDX-License-Identifier: MIT
"""The web application, put together: the composition root of everything that answers HTTP."""

from __future__ import annotations

import gc

from flask import Blueprint, Flask, Response, jsonify

from server.accesslog import start_log
from server.catalog.read import read_catalog
from server.config import ROOT, Settings, load_settings
from server.context import Context
from server.db.health import read_health
from server.db.pool import Database
from server.db.store import find_logins
from server.downloads.routes import blueprint as downloads_room
from server.errors import LimitExceeded, ServerFault
from server.faults import log_fault
from server.guards import install_guards
from server.mapsource import make_map_source
from server.ogcapi.agency import blueprint as agency_room
from server.ogcapi.around import blueprints as around_ogcapi
from server.ogcapi.lane import ItemsLane
from server.ogcapi.routes import blueprint as ogcapi_room
from server.ogcapi.service import build_service
from server.render.map import MapRenderer
from server.signin import install_signin
from server.tiles.desk import build_desk
from server.wfs.lane import FeaturesLane
from server.wfs.questions import Questions
from server.wfs.routes import blueprint as wfs_room
from server.wms.routes import blueprint as wms_room
from server.wms.routes import map_door
from server.wmts.lane import TilesLane
from server.wmts.routes import blueprint as wmts_room
from viewer.app import blueprint as viewer_room

# Python looks for cycles after every 700 new objects. A request of ten thousand features makes some hundred thousand, nearly none of them
# in cycles: looking that often takes a third of its time.
_COLLECT_AFTER = (50_000, 20, 50)


def create_app(settings: Settings) -> Flask:
    """Read the catalogue, open the door to the database (no connection yet) and register every room with routes.

    Raises ConfigError when a layer file is wrong, SetupRefused when this installation was never set up.
    """
    context = Context(settings, read_catalog(settings), Database(find_logins(settings), settings.database))
    app = Flask("xanh", static_folder=None, template_folder=None, root_path=str(ROOT))
    app.url_map.strict_slashes = False
    app.extensions["xanh"] = context
    desk = build_desk(context, MapRenderer(make_map_source(context)))
    questions = Questions()
    app.wsgi_app = TilesLane(ItemsLane(FeaturesLane(app.wsgi_app, context, questions), build_service(context)), desk)  # type: ignore[method-assign]
    install_guards(app, settings)
    install_signin(app, context)
    app.register_blueprint(_health_room(context))
    for room in (ogcapi_room, agency_room, downloads_room, viewer_room):
        app.register_blueprint(room(context))
    app.register_blueprint(wfs_room(context, questions))
    app.register_blueprint(wms_room(context, desk))
    app.register_blueprint(wmts_room(context, desk, map_door(context, desk)))
    for beside in around_ogcapi(desk):
        app.register_blueprint(beside)
    return app


def create_server_app() -> Flask:
    """The application as a gunicorn worker wants it: settings from config.yml and the environment, one log line per event on stderr."""
    start_log()
    gc.set_threshold(*_COLLECT_AFTER)
    return create_app(load_settings())


def _health_room(context: Context) -> Blueprint:
    room = Blueprint("health", __name__)

    @room.get("/healthz")
    def healthz() -> tuple[Response, int]:
        try:
            health = read_health(context.database)
        except (ServerFault, LimitExceeded) as error:
            return jsonify(status="unavailable", fault=log_fault(error)), 503
        return jsonify(status="ok", revision=health.revision, layers=health.layers), 200

    return room
