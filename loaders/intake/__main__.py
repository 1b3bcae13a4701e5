# SPDX-License-Identifier: MIT
"""The process of one step. It ends with the one that started it; what it was doing in the database is rolled back then."""

from __future__ import annotations

import os
import sys
import threading
import time

from loaders.intake.steps import STEPS, do_step
from server.accesslog import start_log
from server.catalog.read import read_catalog
from server.config import load_settings
from server.context import Context
from server.db.pool import Database
from server.db.store import find_logins

_WATCH_S = 1.0


def main(words: list[str]) -> int:
    """Do the step; 2 for wrong use."""
    if len(words) != 2 or words[0] not in STEPS:
        sys.stderr.write("usage: python -m loaders.intake STEP ID\n")
        return 2
    start_log()
    _end_with(os.getppid())
    settings = load_settings()
    context = Context(settings, read_catalog(settings), Database(find_logins(settings), settings.database))
    try:
        do_step(context, words[0], words[1])
    finally:
        context.database.close()
    return 0


def _end_with(keeper: int) -> None:
    def watch() -> None:
        while os.getppid() == keeper:
            time.sleep(_WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
