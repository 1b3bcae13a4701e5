# SPDX-License-Identifier: MIT
"""The corpus of conditions in both languages of CQL2, on the fields of the small province's wells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

PAIRS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "data" / "cql2_pairs.yml").read_text(encoding="utf-8"))
