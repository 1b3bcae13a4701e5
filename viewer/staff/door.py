# SPDX-License-Identifier: MIT
"""Signing in in a browser, and what every page of staff asks first: who is it, and does a form come from one of our pages.

The cookie is sent to `/can-bo` alone, so that no public page knows who is signed in and none of them is kept apart for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, request

from server.access import may_answer_reports
from server.accounts.authenticate import Credentials
from server.accounts.sessions import Session, end_session, find_session, is_form_token, open_session
from server.context import Context
from server.errors import AccessDenied, NotAuthenticated, ServerFault, TooManyRequests, XanhError
from server.faults import log_fault
from viewer.pages.shell import Shell, asked_language

HOME = "/can-bo"
_COOKIE = "xanh_staff"
_SIGN_IN = f"{HOME}/dang-nhap"
_LONGEST_PATH = 300
View = Callable[..., Response]


@dataclass(frozen=True)
class Staff:
    """Who asks, and in which language."""

    session: Session
    language: str

    @property
    def lang_query(self) -> str:
        """What addresses of this language end with."""
        return "?lang=en" if self.language == "en" else ""


class StaffDoor:
    """Lets signed-in staff in and shows all others where to sign in."""

    def __init__(self, context: Context, shell: Shell) -> None:
        self._context, self._shell = context, shell

    def page(self, view: Callable[..., Response]) -> View:
        """A page for staff. `view` gets Staff, then what the address holds."""

        def show(**parts: str) -> Response:
            language = asked_language()
            try:
                staff = self.whoever(language)
                return keep_private(view(staff, **parts) if staff else self._ask_to_sign_in(language))
            except XanhError as error:
                return keep_private(self.apologise(error, language))

        return show

    def form(self, view: Callable[..., Response]) -> View:
        """What a form of such a page does: it must bring the token of its session, and come from this site."""

        def act(staff: Staff, **parts: str) -> Response:
            require_own_site()
            require_form_token(staff.session, request.form.get("token", ""))
            return view(staff, **parts)

        return self.page(act)

    def whoever(self, language: str) -> Staff | None:
        """Who is signed in, if somebody is. Raises ServerFault."""
        session = find_session(self._context, request.cookies.get(_COOKIE, ""))
        return Staff(session, language) if session else None

    def render(self, name: str, staff: Staff, **values: Any) -> Response:
        """A page of `templates/staff`."""
        identity = staff.session.identity
        known = {"account": identity.account, "token": staff.session.form_token, "answers": may_answer_reports(identity)}
        return self._shell.render(f"staff/{name}", staff.language, **known, **values)

    def apologise(self, error: XanhError, language: str) -> Response:
        """Any error of a page of staff, as a page in words."""
        if isinstance(error, AccessDenied):
            answer = self._shell.render("staff/refused", language, complaint=words_of(error, language))
            answer.status_code = 403
            return answer
        return self._shell.apologise(error, language)

    def sign_in_page(self) -> Response:
        """The form; whoever is signed in goes on."""
        language = asked_language()
        try:
            if self.whoever(language):
                return keep_private(redirect_to(_next_page(language)))
        except ServerFault as error:
            return self._shell.apologise(error, language)
        return keep_private(self._sign_in_form(language, None))

    def sign_in(self) -> Response:
        """Name and password make a session; wrong ones are said, never which of them is wrong."""
        language = asked_language()
        try:
            require_own_site()
            given = Credentials(request.form.get("account", "").strip(), request.form.get("password", ""), request.remote_addr or "")
            token = open_session(self._context, given)
        except (NotAuthenticated, AccessDenied, TooManyRequests) as error:
            answer = self._sign_in_form(language, error)
            answer.status_code = 429 if isinstance(error, TooManyRequests) else 403
            return keep_private(answer)
        except ServerFault as error:
            return self._shell.apologise(error, language)
        answer = redirect_to(_next_page(language))
        answer.set_cookie(_COOKIE, token, path=HOME, secure=request.is_secure, httponly=True, samesite="Lax")
        return keep_private(answer)

    def sign_out(self, staff: Staff) -> Response:
        """End the session here and in the browser."""
        end_session(self._context, request.cookies.get(_COOKIE, ""))
        answer = redirect_to(f"{_SIGN_IN}{staff.lang_query}")
        answer.delete_cookie(_COOKIE, path=HOME)
        return answer

    def _ask_to_sign_in(self, language: str) -> Response:
        """To the form and back again; what a form had sent is not kept, so it leads to the page the form was on."""
        was_form = request.method == "POST"
        page = urlsplit(request.referrer or "").path if was_form else request.path
        query = {"tiep": page if page.startswith(HOME) else HOME, **({"het": "1"} if was_form or request.cookies.get(_COOKIE) else {})}
        return redirect_to(f"{_SIGN_IN}?{urlencode({**query, **({'lang': 'en'} if language == 'en' else {})})}")

    def _sign_in_form(self, language: str, error: XanhError | None) -> Response:
        return self._shell.render(
            "staff/sign_in",
            language,
            complaint=words_of(error, language) if error else "",
            given_name=request.form.get("account", "")[:80],
            next_page=request.values.get("tiep", "")[:_LONGEST_PATH],
            is_over="het" in request.args and error is None,
        )


def add_door(room: Blueprint, door: StaffDoor) -> None:
    """Register sign-in and sign-out."""
    room.add_url_rule(_SIGN_IN, "staff_sign_in", door.sign_in_page)
    room.add_url_rule(_SIGN_IN, "staff_sign_in_form", door.sign_in, methods=["POST"])
    room.add_url_rule(f"{HOME}/dang-xuat", "staff_sign_out", door.form(door.sign_out), methods=["POST"])


def require_own_site() -> None:
    """Raises AccessDenied when a browser says that a page of another site sent this."""
    site, origin = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Origin", "")
    if site in ("cross-site", "same-site") or (not site and origin and urlsplit(origin).netloc != request.host):
        raise AccessDenied("This was sent from a page of another site.", message_vi="Yêu cầu được gửi từ một trang khác.")


def require_form_token(session: Session, given: str) -> None:
    """Raises AccessDenied for a form that was not made for this session."""
    if not is_form_token(session, given):
        raise AccessDenied(
            "This form is of another session; open the page again.", message_vi="Biểu mẫu thuộc phiên làm việc khác; hãy mở lại trang."
        )


def keep_private(answer: Response) -> Response:
    """For this person alone: nobody keeps it, no search engine lists it, no other site is told its address."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.vary.add("Cookie")
    return answer


def redirect_to(address: str) -> Response:
    """See other."""
    return Response(status=303, headers={"Location": address})


def words_of(error: XanhError, language: str) -> str:
    """What is wrong, in the reader's language."""
    if not error.is_client_fault:
        log_fault(error)
    return error.message if language == "en" else (error.message_vi or error.message)


def _next_page(language: str) -> str:
    """Where to go after signing in: a page of staff, whatever was asked."""
    asked = request.values.get("tiep", "")[:_LONGEST_PATH]
    plain = asked.isascii() and asked.isprintable() and (asked == HOME or asked.startswith(f"{HOME}/")) and "\\" not in asked
    page = asked if plain and not asked.startswith(_SIGN_IN) and "?" not in asked else HOME
    return f"{page}{'?lang=en' if language == 'en' else ''}"
