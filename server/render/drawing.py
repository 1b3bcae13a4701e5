# SPDX-License-Identifier: MIT
"""What writing symbolizers needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.errors import ConfigError
from server.filter.tree import Calculation, Formula, Property
from server.render.columns import Columns
from server.render.expressions import FieldTypes, write_field
from server.render.symbols import SymbolStore
from server.style.model import Driven


@dataclass(frozen=True)
class Drawing:
    """The layer's field types, the symbols, pixels per 0.28 mm (1 = normal), and the columns asked for so far."""

    types: FieldTypes
    symbols: SymbolStore
    ratio: float = 1.0
    columns: Columns = field(default_factory=Columns)

    def value(self, formula: Formula) -> str:
        """A field or a column worked out, in Mapnik's language. Raises ConfigError for a field the layer does not have."""
        if isinstance(formula, Property):
            return write_field(formula.name, self.types)
        if isinstance(formula, Calculation):
            return f"[{self.columns.name(formula)}]"
        raise ConfigError("A constant is not worked out.")

    def values(self, driven: Driven) -> dict[str, str]:
        """What drives each parameter."""
        return {name: self.value(formula) for name, formula in driven}
