# SPDX-License-Identifier: MIT
"""`xanh down`."""

from __future__ import annotations

from server.commands.screen import say
from server.config import load_settings
from server.db.cluster import open_cluster
from server.process import stop_server
from server.state import StateDir


def run_down() -> int:
    """Stop the web server and the cluster of this state directory, and nothing else. Returns the exit status."""
    settings = load_settings()
    state = StateDir(settings.var)
    if not state.root.exists():
        say("không có gì đang chạy · nothing runs here")
        return 0
    stopped = stop_server(state)
    stopped = stop_server(state, name="worker") or stopped
    if not settings.database.url:
        cluster = open_cluster(state)
        stopped = cluster.stop() or stopped
    say("đã dừng · stopped" if stopped else "không có gì đang chạy · nothing runs here")
    return 0
