# SPDX-License-Identifier: MIT
"""The viewer's pages and the three questions its front end asks: configuration, search, files."""

from __future__ import annotations

import json

from flask import Blueprint, Response, jsonify, render_template, request

from server.catalog.display import show_number
from server.context import Context
from server.errors import ServerFault
from viewer.assets import asset_address
from viewer.describe import NATIONAL_CENTRE, describe_map, name_province
from viewer.outside import Outside, fetch_outside
from viewer.packing import pack, send_file
from viewer.pages.dashboard import add_dashboard
from viewer.pages.feedback import add_feedback
from viewer.pages.help import add_help
from viewer.pages.readings import place_zone
from viewer.pages.routes import add_pages
from viewer.pages.shell import Shell, asked_language
from viewer.pages.short_links import add_short_links
from viewer.pages.words import say
from viewer.printing import credits_of, grid_of, ground_of, legends_of, picture_of, printed_on, read_sheet, scale_bar
from viewer.published import PublishedReader
from viewer.search import answer_search
from viewer.sharing import draw_qr, frame_ancestors
from viewer.staff.rooms import add_staff
from viewer.styles import StyleTitles
from viewer.words import words_of

# Stricter than the rest of the site: neither inline code nor inline looks, and nothing from anywhere else.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)
_A_YEAR = 365 * 24 * 3600


def blueprint(context: Context) -> Blueprint:
    """The viewer: the pages of `viewer/pages`, `/map`, `/map/config.json`, `/map/search` and `/static/...`."""
    room = Blueprint("viewer", __name__, template_folder="templates")
    published = PublishedReader(context)
    titles = StyleTitles(context.settings.styles_dir)

    policy = _POLICY + frame_ancestors(context.settings.server)
    shell = Shell(context, published, lambda html: pack(_page(html, policy)))
    add_pages(room, context, published, shell)
    add_dashboard(room, context, published, shell)
    add_feedback(room, context, shell)
    add_help(room, shell)
    add_short_links(room, context, shell)
    add_staff(room, context, Shell(context, published, lambda html: _page(html, f"{_POLICY}'none'")))

    @room.get("/map", endpoint="map_page")
    def show_map() -> Response:
        language = asked_language()
        page = render_template(
            "map.html",
            language=language,
            words=words_of(language),
            province=name_province(context.settings, _full_name(published), language),
            asset=asset_address,
            embedded="embed" in request.args,
        )
        return pack(_page(page, policy))

    @room.get("/map/print")
    def print_page() -> Response:
        return pack(_page(_render_sheet(context, published), policy))

    @room.get("/map/qr.svg")
    def qr() -> Response:
        root = context.settings.server.public_url or request.url_root
        return Response(draw_qr(request.args.get("to", ""), root.rstrip("/")), content_type="image/svg+xml")

    @room.get("/map/config.json")
    def config() -> Response:
        described = describe_map(context.settings, context.catalog, published.read(), asked_language(), titles.title)
        # Fields and codes stand in the order of the layer files, which jsonify would sort away.
        answer = Response(json.dumps(described, ensure_ascii=False, separators=(",", ":")), content_type="application/json")
        answer.headers["Cache-Control"] = "no-cache"
        return pack(answer)

    @room.get("/map/outside")
    def outside() -> Response:
        return _pass_on(fetch_outside(context.settings.external, request.args.get("to", "")))

    @room.get("/map/search")
    def search() -> Response:
        return jsonify(hits=answer_search(context, request.args.get("q", ""), asked_language(), request.args.get("limit", "")))

    @room.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        is_fingerprinted = "v" in request.args or name.startswith("build/fonts/")
        return send_file(name, _A_YEAR if is_fingerprinted else 0)

    return room


def _pass_on(found: Outside) -> Response:
    answer = Response(found.body, content_type=found.content_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _full_name(published: PublishedReader) -> str | None:
    """The name of the province, when the database answers: the page's shell stands without it, and then says what is wrong."""
    try:
        return published.read().province
    except ServerFault:
        return None


def _render_sheet(context: Context, published: PublishedReader) -> str:
    """The print page; it stands without the database, whose pictures it then lacks."""
    language, province = asked_language(), name_province(context.settings, _full_name(published), asked_language())
    sheet = read_sheet(request.args, context.catalog, NATIONAL_CENTRE, place_zone(context.settings))
    bar_text, bar_mm = scale_bar(sheet.scale, language)
    degrees, minutes = divmod(round((sheet.zone.central_meridian or 0) * 60), 60)
    return render_template(
        "print.html",
        language=language,
        say=lambda word, **inner: say(language, word, **inner),
        asset=asset_address,
        sheet=sheet,
        title=sheet.title or say(language, "map_title", province=province),
        place=say(language, "place", province=province),
        picture=picture_of(sheet, context.catalog, language),
        legends=legends_of(sheet, language),
        grid=grid_of(sheet, language),
        ground=ground_of(sheet),
        proj4=sheet.zone.proj4,
        scale=show_number(sheet.scale, language),
        bar_text=bar_text,
        bar_mm=bar_mm,
        zone=f"VN-2000 {degrees}°{minutes:02d}′ (EPSG:{sheet.zone.code})",
        credits=credits_of(sheet, context.catalog, language),
        day=printed_on(),
    )


def _page(html: str, policy: str) -> Response:
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-cache"
    return response
