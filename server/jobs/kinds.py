# SPDX-License-Identifier: MIT
"""Every kind of job there is."""

from __future__ import annotations

from server.jobs import export, harvest, intake, process, seed, tidy, webhook

KINDS = (export, harvest, intake, process, seed, tidy, webhook)
