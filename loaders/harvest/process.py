# SPDX-License-Identifier: MIT
"""A process that runs one harvest for the worker: `python -m loaders.harvest.process NAME`. What the run costs ends with it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time

from loaders.harvest.run import Harvester
from server.catalog.harvests import read_harvests
from server.catalog.read import read_catalog
from server.config import load_settings
from server.db.pool import Database
from server.db.store import find_logins
from server.errors import XanhError

_WATCH_S = 1.0
_LOG = logging.getLogger("xanh.harvest")


def main(name: str) -> int:
    """Run a harvest; the exit status is 1 when nothing was loaded. The outcome is noted in the store and in the log."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _end_with(os.getppid())
    settings = load_settings()
    catalog = read_catalog(settings)
    database = Database(find_logins(settings), settings.database)
    try:
        report, _ = Harvester(database, catalog, settings).run(name, read_harvests(settings.layers_dir, catalog)[name])
    except XanhError as error:
        _LOG.warning("harvest %s: %s", name, error.message)
        return 1
    finally:
        database.close()
    _LOG.info("harvest %s: load %d, %d read, %d rejected", name, report.load_id, report.result.read, report.result.rejected)
    return 0


def _end_with(keeper: int) -> None:
    """Stop once the worker is gone; the database rolls back what was begun."""

    def watch() -> None:
        while os.getppid() == keeper:
            time.sleep(_WATCH_S)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
