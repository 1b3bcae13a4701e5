# SPDX-License-Identifier: MIT
"""The columns the database works out for a style: values that depend on the feature, conditions the map engine cannot test."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.errors import ConfigError
from server.filter.tree import Calculation, Formula, Node

# PostgreSQL ends at 1664 columns; nobody draws so many.
_MOST_COLUMNS = 400


@dataclass
class Columns:
    """Columns that are worked out for one layer of one map; the same formula twice is one column."""

    known: dict[Calculation | Node, str] = field(default_factory=dict)

    def name(self, formula: Calculation | Node) -> str:
        """The column of a formula or condition. Raises ConfigError for more than a table can have."""
        if formula not in self.known:
            if len(self.known) >= _MOST_COLUMNS:
                raise ConfigError(f"A style works out more than {_MOST_COLUMNS} values.")
            self.known[formula] = f"_c{len(self.known)}"
        return self.known[formula]

    @property
    def computed(self) -> tuple[tuple[str, Formula | Node], ...]:
        """Name and formula of each, in the order they were met."""
        return tuple((name, formula) for formula, name in self.known.items())
