# SPDX-License-Identifier: MIT
"""Walking an SLD tree by local names, and the list of what could not be kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from server.style.support import describe_missing
from server.xmlio.parse import Element, attribute, children, first_child, line_of, local_name

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Loss:
    """What the picture will lack: line of the file (0 = not known), place in words, a sentence."""

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}: {self.sentence}"


@dataclass
class Losses:
    """What could not be kept, in the order it was met."""

    entries: list[Loss] = field(default_factory=list)

    def add(self, element: Element, sentence: str) -> None:
        """Note what is lost at `element`."""
        self.entries.append(Loss(line_of(element), describe_place(element), sentence))

    @property
    def found(self) -> list[str]:
        """One sentence each, with line and place."""
        return [str(loss) for loss in self.entries]


class Unreadable(Exception):
    """A filter or an expression that cannot be kept whole. The message says what and `element` where."""

    def __init__(self, element: Element, message: str) -> None:
        super().__init__(message)
        self.element = element


def describe_place(element: Element) -> str:
    """Where an element stands, for people: `Rule 'name' / PointSymbolizer / Graphic`."""
    steps: list[str] = []
    current: Element | None = element
    while current is not None and local_name(current) not in ("FeatureTypeStyle", "CoverageStyle", "UserStyle", "StyledLayerDescriptor"):
        name = first_child(current, "Name") if local_name(current) == "Rule" else None
        steps.append(f"Rule {(name.text or '').strip()!r}" if name is not None else local_name(current))
        current = current.getparent()
    return " / ".join(reversed(steps)) or local_name(element)


def find_child(element: Element, *path: str) -> Element | None:
    """The first child by local name, step by step along `path`."""
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = first_child(found, name)
    return found


def report_others(element: Element, known: Collection[str], losses: Losses) -> None:
    """Report every child whose name is not among `known`."""
    for child in children(element):
        if local_name(child) not in known:
            losses.add(child, describe_missing(local_name(child)))


def read_text(element: Element | None) -> str:
    """The text of an element or of the Literal inside it, stripped; '' when there is none."""
    if element is None:
        return ""
    literal = find_child(element, "Literal")
    return ((literal if literal is not None else element).text or "").strip()


def is_constant(element: Element) -> bool:
    """Whether a parameter value is plain text or one Literal."""
    return all(local_name(child) == "Literal" for child in children(element))


def is_number(text: str) -> bool:
    """Whether the text is a decimal number."""
    return bool(_NUMBER.fullmatch(text))


def is_colour(text: str) -> bool:
    """Whether the text is a colour `#rrggbb`."""
    return bool(_COLOUR.fullmatch(text))


def read_fixed(element: Element | None, default: float, losses: Losses) -> float:
    """A number that cannot depend on the feature; `default` when absent or (reported) anything else."""
    if element is None:
        return default
    text = read_text(element)
    if is_constant(element) and is_number(text):
        return float(text)
    losses.add(element, f"<{local_name(element)}> must be a constant number; {default:g} is used")
    return default


def read_parameters(element: Element, losses: Losses) -> dict[str, Element]:
    """CssParameter (SLD 1.0) or SvgParameter (SE 1.1) children by name."""
    found: dict[str, Element] = {}
    for child in children(element):
        if local_name(child) in ("CssParameter", "SvgParameter"):
            name = attribute(child, "name") or ""
            if name in found:
                losses.add(child, f"parameter {name!r} is given twice; the last one counts")
            found[name] = child
    return found


def read_numbers(text: str) -> tuple[float, ...] | None:
    """Numbers separated by spaces or commas; None when a part is no number."""
    parts = text.replace(",", " ").split()
    if not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return tuple(float(part) for part in parts)


def read_vendor_options(element: Element) -> dict[str, str]:
    """VendorOption children: name to value."""
    return {attribute(child, "name") or "": read_text(child) for child in children(element) if local_name(child) == "VendorOption"}
