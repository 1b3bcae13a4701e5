# SPDX-License-Identifier: MIT
"""What every maker of illustrative rows is given, and what it gives back."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from shapely.geometry.base import BaseGeometry

from loaders.illustrative.terrain import Commune
from server.crs.definitions import Crs

TODAY = date(2026, 11, 20)
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Row:
    """One object: its values by field name and its geometry (degrees, x longitude, y latitude; None for records without a place)."""

    values: dict[str, Value]
    shape: BaseGeometry | None = None

    def text(self, field: str) -> str:
        """The value of a field that is text. Raises TypeError when it is not."""
        value = self.values[field]
        if not isinstance(value, str):
            raise TypeError(f"{field} is not text")
        return value


@dataclass(frozen=True)
class Kit:
    """The province (two-digit code), its communes with those near towns first, its VN-2000 zone and the seeded random numbers."""

    province: str
    communes: tuple[Commune, ...]
    zone: Crs
    rng: random.Random

    def commune(self, code: str) -> Commune:
        """The commune of that code. Raises KeyError when the province has none."""
        for commune in self.communes:
            if commune.code == code:
                return commune
        raise KeyError(code)

    def pick_commune(self) -> Commune:
        """A commune, one near a town twice as likely."""
        near = self.communes[: max(1, len(self.communes) // 2)]
        return self.rng.choice(near if self.rng.random() < 0.67 else self.communes)

    def pick_day(self, first: date, last: date) -> date:
        """A working day between the two days, both inclusive."""
        day = first + timedelta(days=self.rng.randrange((last - first).days + 1))
        return day - timedelta(days=max(0, day.weekday() - 4)) if day.weekday() > 4 and day - timedelta(days=2) >= first else day

    def chance(self, share: float) -> bool:
        """True in about `share` of the calls (0 to 1)."""
        return self.rng.random() < share

    def code(self, prefix: str, number: int) -> str:
        """A code such as CS82-007."""
        return f"{prefix}{self.province}-{number:03d}"
