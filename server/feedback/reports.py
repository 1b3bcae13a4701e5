# SPDX-License-Identifier: MIT
"""Reports of the public: take one in, follow it, find those near it, decide about it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.config import Feedback
from server.context import Context
from server.db import reports as store
from server.errors import FeatureNotFound, InvalidParameter, TooManyRequests
from server.feedback.photo import read_photo
from server.query.reports import KINDS, STATES, NearReport, NewReport, Report, ReportCeilings, ReportKind, ReportState

# Letters and digits nobody confuses.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 8
_NUMBER = re.compile(rf"PA-[{_SIGNS}]{{{_LENGTH}}}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_CONTACT = 200


@dataclass(frozen=True)
class Draft:
    """What somebody filled in; nothing of it is trusted. `point` is lon/lat; `address` is where it comes from."""

    kind: str
    text: str
    point: tuple[float, float] | None
    subject: tuple[str, int] | None = None
    contact: str = ""
    photo: bytes = b""
    address: str = ""


def send_report(context: Context, draft: Draft) -> str:
    """Take a report in and return its number. Without a point the position of the picture counts.

    Raises InvalidParameter naming the field at fault, TooManyRequests, ServerFault.
    """
    rules = context.settings.feedback
    kind, text = require_kind(draft.kind), _clean(draft.text, rules.text_letters)
    if not text:
        raise InvalidParameter("Say in a few words what is wrong.", locator="text", message_vi="Hãy viết vài chữ về sự việc.")
    photo = read_photo(draft.photo, rules.photo_pixels, rules.photo_side) if draft.photo else None
    point = draft.point or (photo.point if photo else None)
    if point is None and draft.subject is None:
        raise InvalidParameter(
            "Say where it is: coordinates, or a picture that knows its position.",
            locator="place",
            message_vi="Hãy cho biết nơi xảy ra: toạ độ, hoặc ảnh có ghi vị trí.",
        )
    new = NewReport(
        f"PA-{''.join(secrets.choice(_SIGNS) for _ in range(_LENGTH))}",
        kind,
        text,
        point,
        draft.subject,
        _clean(draft.contact, _MOST_CONTACT),
        photo.jpeg if photo else None,
        draft.address,
    )
    with context.database.writer() as connection:
        if not store.take_turn(connection, draft.address, _ceilings(rules)):
            raise _too_many()
        store.insert_report(connection, new)
    return new.number


def support_report(context: Context, number: str, address: str) -> None:
    """Count one more person who sees the same. Raises FeatureNotFound, TooManyRequests, ServerFault."""
    require_number(number)
    with context.database.writer() as connection:
        if not store.take_turn(connection, address, _ceilings(context.settings.feedback)):
            raise _too_many()
        if not store.add_supporter(connection, number):
            raise _gone()


def follow_report(context: Context, number: str) -> Report:
    """The report with this number. Raises FeatureNotFound, ServerFault."""
    require_number(number)
    with context.database.writer() as connection:
        found = store.read_report(connection, number)
    if found is None:
        raise _gone()
    return found


def report_photo(context: Context, number: str) -> bytes:
    """The picture of a report (JPEG). Raises FeatureNotFound, ServerFault."""
    require_number(number)
    with context.database.writer() as connection:
        found = store.read_photo(connection, number)
    if found is None:
        raise _gone()
    return found


def list_reports(context: Context, states: Sequence[ReportState], limit: int) -> list[Report]:
    """Reports in these states, the newest first, for staff. Raises ServerFault."""
    with context.database.writer() as connection:
        return store.read_reports(connection, states, limit)


def reports_near(context: Context, kind: str, point: tuple[float, float]) -> list[NearReport]:
    """Unfinished reports of the kind around `point` (lon/lat), to be asked whether it is one of them; unseen words are left out.

    Raises InvalidParameter, ServerFault.
    """
    rules = context.settings.feedback
    with context.database.writer() as connection:
        found = store.find_near(connection, require_kind(kind), point, rules.near_metres, rules.near_days)
    return [one if one.report.is_seen else replace(one, report=replace(one.report, text="", has_photo=False)) for one in found]


def decide_report(context: Context, number: str, state: str, answer: str, same_as: str | None = None) -> None:
    """What staff decided; `answer` is shown to everybody who knows the number. Raises InvalidParameter, FeatureNotFound, ServerFault."""
    chosen = next((one for one in STATES if one == state), None)
    if chosen is None:
        raise InvalidParameter(f"States are {', '.join(STATES)}.", locator="state", message_vi="Hãy chọn một tình trạng.")
    if (same_as is not None) != (chosen == "duplicate") or same_as == number:
        raise InvalidParameter(
            "A duplicate names the report it repeats, nothing else does.",
            locator="same_as",
            message_vi="Phản ánh trùng phải ghi mã của phản ánh kia; tình trạng khác thì để trống ô mã.",
        )
    require_number(number)
    with context.database.writer() as connection:
        if same_as is not None and store.read_report(connection, same_as) is None:
            raise _gone()
        if not store.update_report(connection, number, chosen, _clean(answer, context.settings.feedback.text_letters), same_as):
            raise _gone()


def require_kind(text: str) -> ReportKind:
    """The kind of this name. Raises InvalidParameter."""
    found = next((kind for kind in KINDS if kind == text), None)
    if found is None:
        raise InvalidParameter("Choose what it is about.", locator="kind", message_vi="Hãy chọn loại sự việc.")
    return found


def require_number(text: str) -> None:
    """Raises FeatureNotFound for what cannot be a number of a report."""
    if not _NUMBER.fullmatch(text):
        raise _gone()


def _ceilings(rules: Feedback) -> ReportCeilings:
    return ReportCeilings(rules.per_address_hour, rules.per_address_day, rules.per_day)


def _clean(text: str, most: int) -> str:
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n")).strip()[:most].encode("utf-8", "replace").decode()


def _gone() -> FeatureNotFound:
    return FeatureNotFound("There is no report with this number.", message_vi="Không có phản ánh mang số này.")


def _too_many() -> TooManyRequests:
    message = "There were many reports from your network; please try again later."
    return TooManyRequests(message, message_vi="Mạng của bạn đã gửi nhiều phản ánh; xin thử lại sau.").in_seconds(3600)
