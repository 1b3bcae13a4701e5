# SPDX-License-Identifier: MIT
"""Reports of the public as staff see them: all of them by state, each with words, contact, picture and place, and the answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from server.access import may_answer_reports
from server.catalog.display import VIETNAM_TIME
from server.context import Context
from server.errors import AccessDenied, FeatureNotFound, InvalidParameter, LayerNotDefined, VersionConflict, XanhError
from server.feedback.reports import decide_report, follow_report, list_reports, report_photo
from server.query.reports import STATES, Report, ReportState
from viewer.figures import find_layer
from viewer.pages.objects import describe_object, object_address
from viewer.pages.picture import Frame, picture_address
from viewer.pages.readings import place_zone, write_places
from viewer.staff.door import HOME, Staff, StaffDoor, redirect_to, words_of

REPORTS = f"{HOME}/phan-anh"
_OPEN: tuple[ReportState, ...] = ("received", "working")
_LISTED = 200
_BESIDE = Frame(560, 320)


def add_reports(room: Blueprint, context: Context, door: StaffDoor) -> None:
    """Register the pages of reports on the viewer's blueprint."""
    pages = _Reports(context, door)
    room.add_url_rule(REPORTS, "staff_reports", door.page(pages.list))
    room.add_url_rule(f"{REPORTS}/<number>", "staff_report", door.page(pages.show))
    room.add_url_rule(f"{REPORTS}/<number>", "decide_report", door.form(pages.decide), methods=["POST"])
    room.add_url_rule(f"{REPORTS}/<number>/anh.jpg", "staff_report_photo", door.page(pages.photo))


class _Reports:
    def __init__(self, context: Context, door: StaffDoor) -> None:
        self._context, self._door = context, door
        self._zone = place_zone(context.settings)

    def list(self, staff: Staff) -> Response:
        """Reports in a state; those that are not finished, when none is asked for."""
        _require_reviewer(staff)
        asked = request.args.get("trang-thai", "")
        states: tuple[ReportState, ...] = tuple(state for state in STATES if state == asked) or _OPEN
        found = list_reports(self._context, states, _LISTED)
        rows = [{"report": one, "at": _moment(one.created_at), "place": self._place(one)} for one in found]
        asked = asked if asked in STATES else ""
        return self._door.render("reports", staff, reports=rows, states=STATES, asked=asked, most=_LISTED, at_reports=True)

    def show(self, staff: Staff, number: str) -> Response:
        """One report with everything that is known of it."""
        _require_reviewer(staff)
        return self._page(staff, follow_report(self._context, number), None)

    def photo(self, staff: Staff, number: str) -> Response:
        """Its picture, also before anybody has looked at it."""
        _require_reviewer(staff)
        return Response(report_photo(self._context, number), content_type="image/jpeg")

    def decide(self, staff: Staff, number: str) -> Response:
        """What is done about it, and what its sender reads; refused when somebody else decided meanwhile."""
        _require_reviewer(staff)
        report, given = follow_report(self._context, number), request.form
        try:
            if given.get("seen", "") != report.updated_at.isoformat():
                raise VersionConflict(
                    "Somebody else has dealt with this report since the page was shown; look at it again.",
                    message_vi="Có người khác vừa xử lý phản ánh này; hãy xem lại rồi quyết định.",
                )
            same_as = given.get("same_as", "").strip().upper() or None
            decide_report(self._context, number, given.get("state", ""), given.get("answer", ""), same_as)
        except (InvalidParameter, VersionConflict, FeatureNotFound) as error:
            answer = self._page(staff, report, error)
            answer.status_code = 409 if isinstance(error, VersionConflict) else 400
            return answer
        return redirect_to(f"{REPORTS}/{number}{staff.lang_query}")

    def _page(self, staff: Staff, report: Report, error: XanhError | None) -> Response:
        given: dict[str, Any] = dict(request.form) if error else {}
        return self._door.render(
            "report",
            staff,
            report=report,
            address=f"{REPORTS}/{report.number}",
            states=STATES,
            given=given,
            complaint=words_of(error, staff.language) if error else "",
            seen=report.updated_at.isoformat(),
            sent_at=_moment(report.created_at),
            changed_at=_moment(report.updated_at),
            subject=self._subject(report, staff.language),
            most=self._context.settings.feedback.text_letters,
            at_reports=True,
            **self._where(report, staff.language),
        )

    def _where(self, report: Report, language: str) -> dict[str, Any]:
        if report.point is None:
            return {"picture": None, "places": []}
        catalog, extent = self._context.catalog, (*report.point, *report.point)
        lon, lat = report.point
        return {
            "picture": (picture_address(catalog, [], extent, _BESIDE), picture_address(catalog, [], extent, _BESIDE, 2)),
            "places": write_places(report.point, self._zone, language),
            "map": f"/map?at={lat:.5f},{lon:.5f},16z",
        }

    def _subject(self, report: Report, language: str) -> dict[str, str] | None:
        if report.subject is None:
            return None
        try:
            layer = find_layer(self._context.catalog, report.subject[0])
            page = describe_object(self._context, layer, report.subject[1], language)
        except (LayerNotDefined, FeatureNotFound):
            return None
        return {"title": page.title, "layer": layer.title.text(language), "address": object_address(layer, page.id, page.title, language)}

    def _place(self, report: Report) -> str:
        if report.point is not None:
            return f"{report.point[1]:.5f}, {report.point[0]:.5f}"
        return ".".join(map(str, report.subject)) if report.subject else ""


def _require_reviewer(staff: Staff) -> None:
    if not may_answer_reports(staff.session.identity):
        raise AccessDenied("Reports of the public are for reviewers.", message_vi="Phản ánh của người dân dành cho người duyệt.")


def _moment(at: Any) -> str:
    return f"{at.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M}"
