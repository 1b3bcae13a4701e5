# SPDX-License-Identifier: MIT
"""Reports of the public: `/phan-anh` asks where and what, offers what was reported near, takes the report, and shows how it stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from server.catalog.display import VIETNAM_TIME
from server.context import Context
from server.errors import FeatureNotFound, InvalidParameter, LayerNotDefined, TooManyRequests, XanhError
from server.feedback.reports import Draft, follow_report, report_photo, reports_near, require_kind, send_report, support_report
from server.query.reports import KINDS
from viewer.figures import find_layer
from viewer.pages.objects import describe_object, object_address
from viewer.pages.picture import Frame, picture_address
from viewer.pages.places import Point, read_place
from viewer.pages.readings import place_zone, write_places
from viewer.pages.shell import Shell, asked_language, write_distance

_BESIDE = Frame(560, 320)
# A field people do not see and programs fill in.
_TRAP = "website"


def add_feedback(room: Blueprint, context: Context, shell: Shell) -> None:
    """Register the pages of reports on the viewer's blueprint."""
    pages = _Feedback(context, shell)
    room.add_url_rule("/phan-anh", "report", pages.ask)
    room.add_url_rule("/phan-anh", "send_report", pages.send, methods=["POST"])
    room.add_url_rule("/phan-anh/<number>", "follow_report", pages.follow)
    room.add_url_rule("/phan-anh/<number>/cung-thay", "support_report", pages.support, methods=["POST"])
    room.add_url_rule("/phan-anh/<number>/anh.jpg", "report_photo", pages.show_photo)


class _Feedback:
    def __init__(self, context: Context, shell: Shell) -> None:
        self._context, self._shell = context, shell
        self._zone = place_zone(context.settings)

    def ask(self) -> Response:
        """First what and where; then, with what is known near, the words and the picture. `so` leads to a report that was sent."""
        language = asked_language()
        try:
            if request.args.get("so"):
                return _redirect(_address(request.args["so"].strip().upper(), language))
            return self._form(dict(request.args), language, None)
        except XanhError as error:
            return self._shell.apologise(error, language)

    def send(self) -> Response:
        """Take a report; what cannot be taken comes back filled in, with what is wrong."""
        language, given = asked_language(), dict(request.form)
        try:
            if given.get(_TRAP):
                raise InvalidParameter("This field stays empty.", locator="text", message_vi="Ô này để trống.")
            photo = request.files.get("photo")
            draft = Draft(
                given.get("kind", ""),
                given.get("text", ""),
                self._read_place(given),
                self._read_subject(given),
                given.get("contact", ""),
                photo.read() if photo else b"",
                request.remote_addr or "",
            )
            return _redirect(_address(send_report(self._context, draft), language, sent=True))
        except (InvalidParameter, TooManyRequests) as error:
            answer = self._form(given, language, error)
            answer.status_code = 429 if isinstance(error, TooManyRequests) else 400
            return answer
        except XanhError as error:
            return self._shell.apologise(error, language)

    def follow(self, number: str) -> Response:
        """How a report stands, for whoever knows its number."""
        language = asked_language()
        try:
            report = follow_report(self._context, number)
            answer = self._shell.render(
                "report",
                language,
                report=report,
                sent="moi" in request.args,
                subject=self._describe_subject(report.subject, language),
                sent_at=f"{report.created_at.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M}",
                changed_at=f"{report.updated_at.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M}",
                same_as=_address(report.same_as, language) if report.same_as else None,
                **self._where(report.point, language),
            )
            answer.headers["Referrer-Policy"] = "no-referrer"
            return answer
        except XanhError as error:
            return self._shell.apologise(error, language)

    def support(self, number: str) -> Response:
        """One more person who sees the same."""
        language = asked_language()
        try:
            support_report(self._context, number, request.remote_addr or "")
        except TooManyRequests as error:
            answer = self._form({}, language, error)
            answer.status_code = 429
            return answer
        except XanhError as error:
            return self._shell.apologise(error, language)
        return _redirect(_address(number, language, sent=True))

    def show_photo(self, number: str) -> Response:
        """The picture of a report, once staff have looked at it. Raises FeatureNotFound, ServerFault."""
        if not follow_report(self._context, number).is_seen:
            raise FeatureNotFound("There is no such picture.", message_vi="Không có ảnh này.")
        answer = Response(report_photo(self._context, number), content_type="image/jpeg")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _form(self, given: dict[str, str], language: str, error: XanhError | None) -> Response:
        point, subject = self._try_place(given), self._try_subject(given)
        kind = given.get("kind", "data" if subject else "")
        known = kind if kind in KINDS else ""
        if point is None and subject is not None and not given.get("place"):
            point = describe_object(self._context, find_layer(self._context.catalog, subject[0]), subject[1], language).point
        ready = bool(known) and (point is not None or subject is not None or (given.get("place", "") == "" and "kind" in given))
        return self._shell.render(
            "report_form",
            language,
            given=given,
            kinds=KINDS,
            kind=known,
            ready=ready,
            wrong_place=bool(given.get("place", "").strip()) and point is None,
            complaint=_words_of(error, language),
            fault=error.locator if error else None,
            subject=self._describe_subject(subject, language),
            place_text=given.get("place") or (f"{point[1]:.5f}, {point[0]:.5f}" if point else ""),
            near=reports_near(self._context, require_kind(known), point) if ready and point else [],
            near_text=lambda metres: write_distance(metres, language),
            near_day=lambda report: f"{report.created_at.astimezone(VIETNAM_TIME):%d/%m/%Y}",
            limits=self._context.settings.feedback,
            trap=_TRAP,
            **self._where(point, language),
        )

    def _where(self, point: Point | None, language: str) -> dict[str, Any]:
        if point is None:
            return {"picture": None, "places": []}
        catalog, extent = self._context.catalog, (*point, *point)
        return {
            "picture": (picture_address(catalog, [], extent, _BESIDE), picture_address(catalog, [], extent, _BESIDE, 2)),
            "places": write_places(point, self._zone, language),
        }

    def _read_place(self, given: dict[str, str]) -> Point | None:
        """Raises InvalidParameter for words that are no place in Vietnam."""
        text = given.get("place", "").strip()[:200]
        point = read_place(text, self._zone) if text else None
        if text and point is None:
            raise InvalidParameter("These are no coordinates in Vietnam.", locator="place", message_vi="Không đọc được toạ độ này.")
        return point

    def _try_place(self, given: dict[str, str]) -> Point | None:
        return read_place(given.get("place", "").strip()[:200], self._zone)

    def _read_subject(self, given: dict[str, str]) -> tuple[str, int] | None:
        """`layer.id` of an object that is there. Raises InvalidParameter."""
        text = given.get("object", "")
        subject = self._try_subject(given)
        if text and subject is None:
            raise InvalidParameter("There is no such object.", locator="object", message_vi="Không có đối tượng này.")
        return subject

    def _try_subject(self, given: dict[str, str]) -> tuple[str, int] | None:
        name, _, number = given.get("object", "").rpartition(".")
        if not name or not (number.isascii() and number.isdigit() and len(number) <= 18):
            return None
        try:
            layer = find_layer(self._context.catalog, name)
            describe_object(self._context, layer, int(number), "vi")
        except (LayerNotDefined, FeatureNotFound):
            return None
        return name, int(number)

    def _describe_subject(self, subject: tuple[str, int] | None, language: str) -> dict[str, str] | None:
        if subject is None:
            return None
        try:
            layer = find_layer(self._context.catalog, subject[0])
            page = describe_object(self._context, layer, subject[1], language)
        except (LayerNotDefined, FeatureNotFound):
            return None
        address = object_address(layer, page.id, page.title, language)
        return {"text": f"{subject[0]}.{subject[1]}", "title": page.title, "layer": layer.title.text(language), "address": address}


def _words_of(error: XanhError | None, language: str) -> str:
    if error is None:
        return ""
    return error.message if language == "en" else (error.message_vi or error.message)


def _address(number: str, language: str, sent: bool = False) -> str:
    query = "&".join([*(["moi=1"] if sent else []), *(["lang=en"] if language == "en" else [])])
    return f"/phan-anh/{number}{f'?{query}' if query else ''}"


def _redirect(address: str) -> Response:
    return Response(status=303, headers={"Location": address})
