# SPDX-License-Identifier: MIT
"""Everything that stays of a load, written into its folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from loaders.outcome.document import describe_look, describe_outcome, write_documents
from loaders.plan import Plan
from loaders.rejects import write_rejects
from loaders.repair import Repair
from loaders.shapelook import ShapeLook
from server.features.bulk import BulkResult

MAP = "map.html"


@dataclass(frozen=True)
class Outcome:
    """What became of a load; `load_id` is None when nothing was loaded."""

    result: BulkResult
    load_id: int | None = None
    repairs: tuple[Repair, ...] = ()
    look: ShapeLook = field(default_factory=ShapeLook)


def keep_outcome(folder: Path, plan: Plan, outcome: Outcome) -> tuple[Path, ...]:
    """Write report (HTML and JSON), map and, where rows were rejected, the files to mend. Raises OSError."""
    from loaders.outcome.mapped import write_map  # slow to import, and not wanted where many small files are loaded

    folder.mkdir(parents=True, exist_ok=True)
    others: list[Path] = []
    reasons = outcome.result.reasons
    if plan.info.geometry is not None and write_map(folder / MAP, plan, reasons, outcome.repairs):
        others.append(folder / MAP)
    if reasons:
        others += write_rejects(folder, plan, reasons)
    told = describe_outcome(plan, outcome.result, outcome.load_id, outcome.repairs) | describe_look(outcome.look)
    return (*write_documents(folder, plan, told, [file.name for file in others]), *others)
