# SPDX-License-Identifier: MIT
"""Parameters of symbols that may depend on the feature: a constant to start from, and beside it the formula that drives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from server.filter.tree import Calculation, Constant, Formula
from server.style.elements import Losses, Unreadable, is_colour, is_constant, is_number, read_text
from server.style.expressions import read_formula
from server.style.model import Driven
from server.xmlio.parse import Element, attribute

Range = Literal["length", "signed", "share", "angle"]
# A symbol larger than this many pixels is a mistake, and expensive.
_LIMITS: dict[str, tuple[float, float]] = {
    "length": (0.0, 2000.0),
    "signed": (-2000.0, 2000.0),
    "share": (0.0, 1.0),
    "angle": (-36000.0, 36000.0),
}

_GROUND = 1e7


def _limits(element: Element, limits: Range) -> tuple[float, float]:
    """Lengths on the ground may be long: how many pixels they are, only the scale of a map says (server/style/units.py)."""
    unit = next((found for found in (attribute(one, "uom") for one in (element, *element.iterancestors())) if found), "pixel")
    low, high = _LIMITS[limits]
    if limits in ("length", "signed") and not unit.endswith("pixel"):
        return (-_GROUND if low else 0.0), _GROUND
    return low, high


@dataclass
class Drive:
    """Collects what depends on the feature while a symbol is read."""

    losses: Losses
    found: dict[str, Formula] = field(default_factory=dict)

    @property
    def driven(self) -> Driven:
        """The formulas by parameter, in the order they were met."""
        return tuple(self.found.items())

    def number(self, element: Element | None, name: str, default: float, limits: Range = "length") -> float:
        """A constant number; for a formula `default`, and the formula is kept under `name`, always a number within its limits."""
        if element is None:
            return default
        text = read_text(element)
        if is_constant(element) and is_number(text):
            return self._limit(element, float(text), limits)
        formula = self._formula(element)
        if isinstance(formula, Constant) and is_number(str(formula.value).strip()):
            return self._limit(element, float(str(formula.value)), limits)
        if formula is None:
            return default
        if isinstance(formula, Constant):
            self.losses.add(element, f"a number is needed here; {default:g} is used")
            return default
        low, high = _limits(element, limits)
        self.found[name] = Calculation("clamp", (formula, Constant(default), Constant(low), Constant(high)))
        return default

    def colour(self, element: Element | None, name: str, default: str) -> str:
        """A constant colour `#rrggbb`; for a formula `default`, and the formula is kept under `name`."""
        if element is None:
            return default
        text = read_text(element)
        if is_constant(element) and is_colour(text):
            return text.lower()
        formula = self._formula(element)
        if isinstance(formula, Constant) and is_colour(str(formula.value).strip()):
            return str(formula.value).strip().lower()
        if formula is None:
            return default
        if isinstance(formula, Constant):
            self.losses.add(element, f"a colour must be written #rrggbb; {default} is used")
            return default
        self.found[name] = Calculation("colour", (formula, Constant(default)))
        return default

    def _limit(self, element: Element, value: float, limits: Range) -> float:
        low, high = _limits(element, limits)
        if low <= value <= high:
            return value
        kept = min(max(value, low), high)
        self.losses.add(element, f"{value:g} is out of range; {kept:g} is used")
        return kept

    def _formula(self, element: Element) -> Formula | None:
        """None (reported) when it cannot be read."""
        try:
            return read_formula(element)
        except Unreadable as problem:
            self.losses.add(problem.element, f"{problem}; the standard's value is used")
            return None
