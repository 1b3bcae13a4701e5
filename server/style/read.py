# SPDX-License-Identifier: MIT
"""SLD 1.0 and SE 1.1 documents as styles. Titles carry both languages as `tiếng Việt | English`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from server.errors import ConfigError, InvalidParameter, LimitExceeded
from server.filter.tree import Node
from server.style.colours import read_raster, split_title
from server.style.elements import (
    Loss,
    Losses,
    Unreadable,
    find_child,
    read_fixed,
    read_numbers,
    read_text,
    read_vendor_options,
    report_others,
)
from server.style.filters import read_filter
from server.style.labels import read_label
from server.style.model import FeatureTypeStyle, Graphic, Rule, Style, Symbolizer, TextSymbolizer, Title
from server.style.symbolizers import read_line, read_point, read_polygon
from server.style.symbols import read_graphic
from server.xmlio.parse import Element, children, local_name, parse_xml

MAX_BYTES = 2_000_000
_PLACEHOLDER = re.compile(rb"<!--\s*(?:Parser Error|(SE Export for))")
MAX_DEPTH = 64

_SYMBOLIZERS: dict[str, Callable[[Element, Losses], Symbolizer | None]] = {
    "PointSymbolizer": read_point,
    "LineSymbolizer": read_line,
    "PolygonSymbolizer": read_polygon,
    "TextSymbolizer": read_label,
    "RasterSymbolizer": read_raster,
}
_RULE_PARTS = (
    "Name",
    "Title",
    "Abstract",
    "Description",
    "Filter",
    "ElseFilter",
    "MinScaleDenominator",
    "MaxScaleDenominator",
    "LegendGraphic",
    "VendorOption",
)
_BLENDS = ("multiply", "screen", "overlay", "darken", "lighten", "color-dodge", "color-burn", "hard-light", "soft-light", "difference")
_ALPHAS = ("source-over", "source-in", "source-out", "source-atop", "destination-over", "destination-in", "destination-out", "xor")
_COMPOSITES = (*_BLENDS, "exclusion", *_ALPHAS, "destination-atop")
_PASS_PARTS = (
    "Name",
    "Title",
    "Abstract",
    "Description",
    "FeatureTypeName",
    "CoverageName",
    "SemanticTypeIdentifier",
    "Rule",
    "VendorOption",
)


def load_style(path: Path) -> Style:
    """The style in `path`; its name is the file's. What cannot be drawn is left out (`check_style` lists it).

    Raises ConfigError when the file is not a readable SLD or nothing of it can be drawn.
    """
    return _load(path, Losses())


def check_style(path: Path) -> list[str]:
    """Every part of the file that would be lost when it is drawn, each with line and place; [] = drawn as written.

    Raises ConfigError as `load_style` does.
    """
    return [str(loss) for loss in list_losses(path)]


def list_losses(path: Path) -> list[Loss]:
    """What would be lost, in the order of the file. Raises ConfigError as `load_style` does."""
    losses = Losses()
    _load(path, losses)
    losses.entries += _list_placeholders(path.read_bytes())
    return sorted(losses.entries, key=lambda loss: loss.line)


def _list_placeholders(content: bytes) -> list[Loss]:
    """Where QGIS says in a comment what it could not write: the rule then has no filter, the label is the word Placeholder."""
    found: list[Loss] = []
    for match in _PLACEHOLDER.finditer(content):
        line = content.count(b"\n", 0, match.start()) + 1
        sentence = (
            "the program that wrote the file could not write a label" if match[1] else "the program that wrote the file lost a filter"
        )
        found.append(Loss(line, "comment", f"{sentence}: write it by hand"))
    return found


def _load(path: Path, losses: Losses) -> Style:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"The style file {path.name} cannot be read.", locator=path.name) from error
    return read_style(content, path.stem, losses)


def read_style(content: bytes, name: str, losses: Losses) -> Style:
    """The style in an SLD document; losses are added to `losses`. Raises ConfigError."""
    locator = f"{name}.sld"
    try:
        root = parse_xml(content, MAX_BYTES, MAX_DEPTH)
    except (InvalidParameter, LimitExceeded) as error:
        raise ConfigError(f"{locator}: {error.message}", locator=locator) from error
    if local_name(root) != "StyledLayerDescriptor":
        raise ConfigError(f"{locator} is not a StyledLayerDescriptor", locator=locator)
    user_style = find_child(root, "NamedLayer", "UserStyle")
    if user_style is None:
        raise ConfigError(f"{locator} has no NamedLayer with a UserStyle", locator=locator)
    _report_outer(root, losses)
    return read_user_style(user_style, name, hashlib.sha256(content).hexdigest()[:16], losses)


def read_user_style(element: Element, name: str, fingerprint: str, losses: Losses) -> Style:
    """The style of one UserStyle element of a document already read; losses are added to `losses`.

    Raises ConfigError when nothing of it can be drawn.
    """
    passes = tuple(_read_pass(child, losses) for child in children(element) if local_name(child) in ("FeatureTypeStyle", "CoverageStyle"))
    if not any(one.rules for one in passes):
        raise ConfigError(f"{name}.sld has no rule that can be drawn", locator=f"{name}.sld")
    return Style(name, _read_title(element, name), passes, fingerprint)


def _report_outer(root: Element, losses: Losses) -> None:
    report_others(root, ("Name", "Title", "Abstract", "Description", "NamedLayer"), losses)
    layers = [child for child in children(root) if local_name(child) == "NamedLayer"]
    for extra in layers[1:]:
        losses.add(extra, "only the first NamedLayer of a file is its style")
    report_others(layers[0], ("Name", "Description", "UserStyle"), losses)
    styles = [child for child in children(layers[0]) if local_name(child) == "UserStyle"]
    for extra in styles[1:]:
        losses.add(extra, "only the first UserStyle of a layer is its style")
    report_others(styles[0], ("Name", "Title", "Abstract", "Description", "IsDefault", "FeatureTypeStyle", "CoverageStyle"), losses)


def _read_title(element: Element, default: str) -> Title:
    described = find_child(element, "Description", "Title")
    text = read_text(described if described is not None else find_child(element, "Title"))
    return split_title(text or default)


def _read_pass(element: Element, losses: Losses) -> FeatureTypeStyle:
    report_others(element, _PASS_PARTS, losses)
    options = read_vendor_options(element)
    for name in options.keys() - {"sortBy", "ruleEvaluation", "composite"}:
        losses.add(element, f"VendorOption {name!r} has no effect in a FeatureTypeStyle")
    rules = (_read_rule(child, losses) for child in children(element) if local_name(child) == "Rule")
    composite, opacity = _read_composite(element, options.get("composite", ""), losses)
    return FeatureTypeStyle(
        rules=tuple(rule for rule in rules if rule is not None),
        sort_by=_read_order(element, options.get("sortBy", ""), losses),
        first_only=options.get("ruleEvaluation") == "first",
        composite=composite,
        opacity=opacity,
    )


def _read_order(element: Element, text: str, losses: Losses) -> tuple[tuple[str, bool], ...]:
    """`class A, population D` as GeoServer writes it; without a letter a field ascends."""
    found: list[tuple[str, bool]] = []
    for part in text.split(",") if text.strip() else ():
        words = part.split()
        if not words or len(words) > 2 or (len(words) == 2 and words[1] not in ("A", "D")):
            losses.add(element, "sortBy must be fields with A or D behind them and commas between them; the order is left to chance")
            return ()
        found.append((words[0], words[1:] == ["D"]))
    return tuple(found)


def _read_composite(element: Element, text: str, losses: Losses) -> tuple[str, float]:
    """`multiply` or `multiply, 0.5`, as GeoServer writes it."""
    name, _, share = (part.strip() for part in text.partition(","))
    opacity = read_numbers(share or "1")
    if (name and name not in _COMPOSITES) or not opacity or not 0 <= opacity[0] <= 1:
        losses.add(element, f"composite {text[:40]!r} is not known; the pass is drawn over what is below")
        return "", 1.0
    return ("" if name == "source-over" else name), opacity[0]


def _read_rule(element: Element, losses: Losses) -> Rule | None:
    """A rule; None (reported) when its filter cannot be kept whole or nothing of it can be drawn."""
    report_others(element, (*_RULE_PARTS, *_SYMBOLIZERS), losses)
    try:
        where = _read_where(element)
    except Unreadable as problem:
        losses.add(problem.element, f"{problem}; the rule is left out")
        return None
    symbolizers = _read_symbolizers(element, losses)
    if not symbolizers:
        losses.add(element, "the rule draws nothing and is left out")
        return None
    options = read_vendor_options(element)
    for name in options.keys() - {"inclusion"}:
        losses.add(element, f"VendorOption {name!r} has no effect in a Rule")
    name = read_text(find_child(element, "Name"))
    low, high = _read_scale(element, "MinScaleDenominator", losses), _read_scale(element, "MaxScaleDenominator", losses)
    if low is not None and high is not None and low >= high:
        losses.add(element, "MinScaleDenominator is not smaller than MaxScaleDenominator; the rule is never drawn")
    return Rule(
        name=name,
        title=_read_title(element, name),
        symbolizers=symbolizers,
        where=where,
        is_else=find_child(element, "ElseFilter") is not None,
        min_scale=low,
        max_scale=high,
        in_legend=options.get("inclusion") != "mapOnly" and any(not isinstance(one, TextSymbolizer) for one in symbolizers),
        on_map=options.get("inclusion") != "legendOnly",
        legend=_read_legend(element, losses),
    )


def _read_legend(element: Element, losses: Losses) -> Graphic | None:
    graphic = find_child(element, "LegendGraphic", "Graphic")
    return read_graphic(graphic, losses, tile=True) if graphic is not None else None


def _read_where(element: Element) -> Node | None:
    found = find_child(element, "Filter")
    return read_filter(found) if found is not None else None


def _read_symbolizers(element: Element, losses: Losses) -> tuple[Symbolizer, ...]:
    found: list[Symbolizer] = []
    for child in children(element):
        reader = _SYMBOLIZERS.get(local_name(child))
        symbolizer = reader(child, losses) if reader else None
        if symbolizer is not None:
            found.append(symbolizer)
    return tuple(found)


def _read_scale(element: Element, name: str, losses: Losses) -> float | None:
    found = find_child(element, name)
    if found is None:
        return None
    number = read_fixed(found, -1.0, losses)
    return number if number > 0 else None
