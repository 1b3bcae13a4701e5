# SPDX-License-Identifier: MIT
"""Every kind of job there is."""

from __future__ import annotations

from server.jobs import export, process, seed, tidy, webhook

KINDS = (export, process, seed, tidy, webhook)
