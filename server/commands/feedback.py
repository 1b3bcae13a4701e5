# SPDX-License-Identifier: MIT
"""`xanh feedback list | show | set`: what people reported, and what is done about it."""

from __future__ import annotations

from pathlib import Path

from rich.markup import escape
from rich.table import Column, Table

from server.catalog.display import VIETNAM_TIME
from server.catalog.read import read_catalog
from server.commands.screen import SCREEN, say
from server.config import load_settings
from server.context import Context
from server.db.store import open_store
from server.feedback.reports import decide_report, follow_report, list_reports, report_photo
from server.query.reports import STATES, ReportState

_OPEN: tuple[ReportState, ...] = ("received", "working")


def show_reports(every: bool, limit: int) -> int:
    """Show the unfinished reports (or all) as a table, the newest first. Returns the exit status. Raises ServerFault."""
    settings = load_settings()
    with open_store(settings, say) as store:
        found = list_reports(Context(settings, read_catalog(settings), store.database), STATES if every else _OPEN, limit)
    table = Table(Column("number", no_wrap=True), "sent (+07)", "kind", "state", "place", "others", "text")
    for one in found:
        place = f"{one.point[1]:.5f}, {one.point[0]:.5f}" if one.point else (".".join(map(str, one.subject)) if one.subject else "")
        sent = f"{one.created_at.astimezone(VIETNAM_TIME):%Y-%m-%d %H:%M}"
        table.add_row(one.number, sent, one.kind, one.state, place, str(one.supporters or ""), escape(_plain(one.text)[:80]))
    SCREEN.print(table if found else "  · chưa có phản ánh · there is no report")
    return 0


def show_report(number: str, photo: Path | None) -> int:
    """Show one report with its contact; `photo` is where its picture is written. Returns the exit status. Raises FeatureNotFound."""
    settings = load_settings()
    with open_store(settings, say) as store:
        context = Context(settings, read_catalog(settings), store.database)
        one = follow_report(context, number)
        picture = report_photo(context, number) if photo is not None else b""
    say(f"{one.number} · {one.kind} · {one.state}")
    for label, value in (
        ("text", one.text),
        ("place", f"{one.point[1]:.6f}, {one.point[0]:.6f}" if one.point else ""),
        ("object", ".".join(map(str, one.subject)) if one.subject else ""),
        ("contact", one.contact),
        ("picture", "yes" if one.has_photo else ""),
        ("answer", one.answer),
        ("same as", one.same_as or ""),
    ):
        if value:
            say(f"{label}: {_plain(value)}")
    if photo is not None:
        photo.write_bytes(picture)
    return 0


def set_report(number: str, state: str, answer: str, same_as: str | None) -> int:
    """Decide about a report. Returns the exit status. Raises InvalidParameter, FeatureNotFound, ServerFault."""
    settings = load_settings()
    with open_store(settings, say) as store:
        decide_report(Context(settings, read_catalog(settings), store.database), number, state, answer, same_as)
    say(f"{number}: {state}")
    return 0


def _plain(text: str) -> str:
    """What a stranger wrote on one line."""
    return " ".join(text.split())
