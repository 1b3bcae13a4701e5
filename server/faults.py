# SPDX-License-Identifier: MIT
"""Our own mistakes: one trace in the log under an id; the client sees the id and nothing else."""

from __future__ import annotations

import logging
import secrets

_LOG = logging.getLogger("xanh.fault")


def log_fault(error: BaseException) -> str:
    """Write the trace of an unexpected error once and return the id that may be shown to the client."""
    fault_id = secrets.token_hex(4)
    _LOG.error("fault %s", fault_id, exc_info=error)
    return fault_id
