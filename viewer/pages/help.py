# SPDX-License-Identifier: MIT
"""Help: `/tro-giup` lists every tool in a sentence, `/tro-giup/<tool>` says how to use it, step by step."""

from __future__ import annotations

from flask import Blueprint, Response

from server.errors import FeatureNotFound
from viewer.pages.help_words import HELP
from viewer.pages.shell import Shell, asked_language


def add_help(room: Blueprint, shell: Shell) -> None:
    """Register the help pages on the viewer's blueprint."""

    def show_all() -> Response:
        return _show(shell, None)

    def show_one(tool: str) -> Response:
        if tool not in HELP:
            missing = FeatureNotFound("There is no such page.", message_vi="Không có trang này.")
            return shell.apologise(missing, asked_language())
        return _show(shell, tool)

    room.add_url_rule("/tro-giup", "help", show_all)
    room.add_url_rule("/tro-giup/<tool>", "help_tool", show_one)


def _show(shell: Shell, tool: str | None) -> Response:
    language = asked_language()
    at = 1 if language == "en" else 0
    told = {name: (title[at], steps[at]) for name, (title, steps) in HELP.items()}
    return shell.render("help", language, told=told, tool=tool)
