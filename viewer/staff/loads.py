# SPDX-License-Identifier: MIT
"""Loading files: `/can-bo/nap` takes one, its page shows the plan, lets it be changed and carried out, then the report and the way back."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Blueprint, Response, request, send_from_directory

from server.access import may_load, may_review
from server.catalog.display import VIETNAM_TIME, show_number
from server.context import Context
from server.errors import AccessDenied, FeatureNotFound, InvalidParameter, LayerNotDefined, LimitExceeded, VersionConflict, XanhError
from server.jobs.intake_folder import DOWNLOADS, PLAN, PREVIEW, choose_suffix, folder_of, kinds_of, outcome_of, read_document, remove_folder
from server.query.uploads import BUSY, NewUpload, Upload
from server.uploads.desk import (
    call_off,
    discard,
    find_upload,
    list_uploads,
    order_load,
    order_undo,
    plan_again,
    require_target,
    take_in,
)
from server.uploads.wishes import read_wishes
from viewer.staff.door import HOME, Staff, StaffDoor, redirect_to, require_form_token, require_own_site, words_of
from viewer.staff.loadview import LoadView
from viewer.staff.receive import Received, receive_file

LOADS = f"{HOME}/nap"
# The map of a report is a page with its own script; it runs in a box of its own, without cookies and without a way out.
_BOXED = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def add_loads(room: Blueprint, context: Context, door: StaffDoor) -> None:
    """Register the pages of loads on the viewer's blueprint."""
    pages = _Loads(context, door)
    room.add_url_rule(HOME, "staff_home", door.page(pages.home))
    room.add_url_rule(LOADS, "loads", door.page(pages.home))
    room.add_url_rule(LOADS, "send_load", door.page(pages.send), methods=["POST"])
    one = f"{LOADS}/<number>"
    room.add_url_rule(one, "load", door.page(pages.show))
    room.add_url_rule(f"{one}/tien-do.json", "load_progress", door.page(pages.progress))
    room.add_url_rule(f"{one}/xem-truoc.json", "load_preview", door.page(pages.preview))
    room.add_url_rule(f"{one}/tep/<name>", "load_file", door.page(pages.file))
    room.add_url_rule(f"{one}/hoan-tac", "ask_undo", door.page(pages.ask_undo))
    for path, act in (
        ("ke-hoach", pages.change),
        ("nap-vao", pages.load),
        ("dung", pages.stop),
        ("bo", pages.drop),
        ("hoan-tac", pages.undo),
    ):
        room.add_url_rule(f"{one}/{path}", f"load_{path}", door.form(act), methods=["POST"])


class _Loads:
    def __init__(self, context: Context, door: StaffDoor) -> None:
        self._context, self._door = context, door

    def home(self, staff: Staff) -> Response:
        """The form, and the person's own loads."""
        return self._list(staff, None)

    def send(self, staff: Staff) -> Response:
        """Take a file; what cannot be taken is said on the form."""
        try:
            require_own_site()
            received = receive_file(self._context.settings, request)
            return redirect_to(f"{LOADS}/{self._take(staff, received)}{staff.lang_query}")
        except (InvalidParameter, LimitExceeded, LayerNotDefined, AccessDenied) as error:
            answer = self._list(staff, error)
            answer.status_code = 413 if isinstance(error, LimitExceeded) else 400
            return answer

    def _take(self, staff: Staff, received: Received) -> str:
        settings = self._context.settings
        try:
            require_form_token(staff.session, received.fields.get("token", ""))
            layer = require_target(self._context, staff.session.identity, received.fields.get("layer", ""))
            choose_suffix(kinds_of(settings, layer), received.name)
            ticket = received.fields.get("ticket", "")[:64] or secrets.token_urlsafe(12)
            new = NewUpload(
                received.id,
                staff.session.identity.account,
                layer.id,
                received.name,
                received.suffix,
                received.bytes,
                ticket,
                settings.uploads.keep_hours * 3600,
            )
            return take_in(self._context, new)
        except XanhError:
            remove_folder(settings, received.id)
            raise

    def _list(self, staff: Staff, error: XanhError | None) -> Response:
        catalog, identity = self._context.catalog, staff.session.identity
        layers = [layer for layer in catalog.layers.values() if may_load(identity, layer)]
        groups = [(group, [layer for layer in layers if layer.group == group.id]) for group in catalog.groups]
        uploads = self._context.settings.uploads
        return self._door.render(
            "loads",
            staff,
            groups=[(group, members) for group, members in groups if members],
            chosen=request.args.get("lop", ""),
            ticket=secrets.token_urlsafe(12),
            complaint=words_of(error, staff.language) if error else "",
            uploads=[self._describe(one, staff.language) for one in list_uploads(self._context, identity)],
            kinds=uploads.kinds,
            raster_kinds=uploads.raster_kinds if any(layer.raster for layer in layers) else (),
            most_bytes=uploads.max_bytes,
            most_text=f"{uploads.max_bytes / 1_000_000:g} MB",
            keep_hours=f"{uploads.keep_hours:g}",
        )

    def _describe(self, upload: Upload, language: str) -> dict[str, Any]:
        layer = self._context.catalog.layers.get(upload.layer)
        return {
            "upload": upload,
            "layer": layer.title.text(language) if layer else upload.layer,
            "at": f"{upload.created_at.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M}",
            "size": f"{show_number(round(upload.bytes / 1_000_000, 1), language)} MB"
            if upload.bytes >= 950_000
            else f"{max(1, round(upload.bytes / 1000))} kB",
        }

    def show(self, staff: Staff, number: str) -> Response:
        """How an upload stands: being worked on, its plan, or its report."""
        return self._page(staff, find_upload(self._context, staff.session.identity, number), None)

    def _page(self, staff: Staff, upload: Upload, error: XanhError | None) -> Response:
        settings, language = self._context.settings, staff.language
        layer = self._context.catalog.layers.get(upload.layer)
        if layer is None:
            raise LayerNotDefined("The layer is not there any more.", message_vi="Lớp dữ liệu không còn.")
        folder, outcome = folder_of(settings, upload.id), outcome_of(settings, upload)
        is_over = upload.state in ("done", "undone", "undoing")
        view = LoadView(self._context, layer, upload, language)
        return self._door.render(
            "load",
            staff,
            **self._describe(upload, language),
            view=view.describe(read_document(folder / PLAN), None if is_over else read_document(folder / PREVIEW)),
            report=read_document(outcome / "report.json") if is_over or upload.state == "failed" else None,
            files=[name for name in DOWNLOADS if (outcome / name).is_file()],
            complaint=words_of(error, language) if error else "",
            message=(upload.message if language == "en" else upload.message_vi or upload.message),
            address=f"{LOADS}/{upload.id}",
            busy=upload.state in BUSY,
            waits_for_review=not may_review(staff.session.identity, layer),
            at_loads=True,
            expires=f"{upload.expires_at.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M}",
        )

    def progress(self, staff: Staff, number: str) -> Response:
        """State and rows, for the page to ask now and then."""
        upload = find_upload(self._context, staff.session.identity, number)
        text = json.dumps({"state": upload.state, "done": upload.rows[0], "total": upload.rows[1]})
        return Response(text, content_type="application/json")

    def preview(self, staff: Staff, number: str) -> Response:
        """The rows of the plan as GeoJSON."""
        upload = find_upload(self._context, staff.session.identity, number)
        path = folder_of(self._context.settings, upload.id) / PREVIEW
        if not path.is_file():
            raise FeatureNotFound("There is no map.", message_vi="Không có bản đồ.")
        return Response(path.read_bytes(), content_type="application/geo+json")

    def file(self, staff: Staff, number: str, name: str) -> Response:
        """A file of the report."""
        upload = find_upload(self._context, staff.session.identity, number)
        folder = outcome_of(self._context.settings, upload)
        if name not in DOWNLOADS or not (folder / name).is_file():
            raise FeatureNotFound("There is no such file.", message_vi="Không có tệp này.")
        is_page = name.endswith(".html")
        shown = f"{upload.layer}-{upload.load_id or upload.id[:8]}-{name}"
        answer = send_from_directory(folder, name, mimetype=DOWNLOADS[name], as_attachment=not is_page, download_name=shown, max_age=0)
        answer.headers["Content-Security-Policy"] = _BOXED
        return answer

    def change(self, staff: Staff, number: str) -> Response:
        """Another plan, with other wishes."""
        upload = find_upload(self._context, staff.session.identity, number)
        try:
            layer = require_target(self._context, staff.session.identity, upload.layer)
            plan_again(self._context, upload, _seen_plan(), read_wishes(layer, request.form))
        except (InvalidParameter, VersionConflict) as error:
            return self._complain(staff, number, error)
        return self._back(staff, upload)

    def load(self, staff: Staff, number: str) -> Response:
        """Load what was planned and seen."""
        upload = find_upload(self._context, staff.session.identity, number)
        try:
            order_load(self._context, staff.session.identity, upload, _seen_plan())
        except VersionConflict as error:
            now = find_upload(self._context, staff.session.identity, number)
            if now.plan == _seen_plan() and now.state in ("loading", "done"):
                return self._back(staff, upload)  # the button was pressed twice
            return self._complain(staff, number, error)
        return self._back(staff, upload)

    def stop(self, staff: Staff, number: str) -> Response:
        """Call off what is being done."""
        upload = find_upload(self._context, staff.session.identity, number)
        call_off(self._context, upload)
        return self._back(staff, upload)

    def drop(self, staff: Staff, number: str) -> Response:
        """Throw the file away."""
        upload = find_upload(self._context, staff.session.identity, number)
        try:
            discard(self._context, upload, _seen_plan())
        except VersionConflict as error:
            return self._complain(staff, number, error)
        return redirect_to(f"{LOADS}{staff.lang_query}")

    def ask_undo(self, staff: Staff, number: str) -> Response:
        """Ask before a load is taken back, with its name and what that does."""
        upload = find_upload(self._context, staff.session.identity, number)
        layer = self._context.catalog.layers.get(upload.layer)
        if upload.state != "done" or (layer is not None and layer.raster is not None):
            return self._back(staff, upload)
        report = read_document(outcome_of(self._context.settings, upload) / "report.json")
        message = upload.message if staff.language == "en" else upload.message_vi or upload.message
        address = f"{LOADS}/{upload.id}"
        return self._door.render(
            "undo", staff, **self._describe(upload, staff.language), report=report, message=message, address=address, at_loads=True
        )

    def undo(self, staff: Staff, number: str) -> Response:
        """Take a load back."""
        upload = find_upload(self._context, staff.session.identity, number)
        try:
            order_undo(self._context, staff.session.identity, upload, force=request.form.get("force") == "1")
        except InvalidParameter as error:
            return self._complain(staff, number, error)
        except VersionConflict as error:
            now = find_upload(self._context, staff.session.identity, number)
            return self._back(staff, upload) if now.state in ("undoing", "undone") else self._complain(staff, number, error)
        return self._back(staff, upload)

    def _complain(self, staff: Staff, number: str, error: XanhError) -> Response:
        answer = self._page(staff, find_upload(self._context, staff.session.identity, number), error)
        answer.status_code = 409 if isinstance(error, VersionConflict) else 400
        return answer

    def _back(self, staff: Staff, upload: Upload) -> Response:
        return redirect_to(f"{LOADS}/{upload.id}{staff.lang_query}")


def _seen_plan() -> int:
    """The number of the plan the form was made for; 0, which none has, for anything else."""
    text = request.form.get("plan", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
