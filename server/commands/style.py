# SPDX-License-Identifier: MIT
"""`xanh style check`: what of an SLD file would be lost when it is drawn, with lines and places. `xanh style support`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.table import Table

from server.commands.screen import SCREEN, complain
from server.config import load_settings
from server.errors import ConfigError
from server.style.elements import Loss
from server.style.fields import list_graphics
from server.style.model import ExternalGraphic, Style
from server.style.read import list_losses, load_style
from server.style.support import SUPPORT, VENDOR_OPTIONS, Support

KEPT, LOST, UNREADABLE = 0, 1, 2


def run_style_check(paths: list[Path]) -> int:
    """Check each file and print what would be lost. Returns 0 = drawn as written, 1 = something is lost, 2 = a file cannot be read."""
    return max((_check(path) for path in paths), default=KEPT)


def run_style_support() -> int:
    """Print the tables of docs/styles.md. Returns 0."""
    SCREEN.print(write_support(), markup=False, soft_wrap=True)
    return KEPT


def write_support() -> str:
    """What is drawn of every element and option, as Markdown tables."""
    tables = (("element", SUPPORT), ("VendorOption", VENDOR_OPTIONS))
    return "\n\n".join(_write_table(head, table) for head, table in tables)


def _write_table(head: str, table: Mapping[str, Support]) -> str:
    rows = [f"| `{name}` | {support.level} | {support.note} |" for name, support in table.items()]
    return "\n".join((f"| {head} | drawn | |", "| --- | --- | --- |", *rows))


def _check(path: Path) -> int:
    try:
        losses = list_losses(path)
    except ConfigError as error:
        complain(error.message)
        return UNREADABLE
    losses += _list_missing(load_style(path))
    if not losses:
        SCREEN.print(f"{path.name}: vẽ đúng như đã viết · drawn as written", style="green", markup=False, soft_wrap=True)
        return KEPT
    SCREEN.print(f"{path.name}: mất {len(losses)} chỗ · {len(losses)} losses", style="bold yellow", markup=False, soft_wrap=True)
    SCREEN.print(_draw_table(losses))
    return LOST


def _list_missing(style: Style) -> list[Loss]:
    """Pictures the style names that are not among the installation's."""
    assets = load_settings().styles_dir / "assets"
    names = sorted({graphic.symbol.path for graphic in list_graphics(style) if isinstance(graphic.symbol, ExternalGraphic)})
    return [Loss(0, "ExternalGraphic", f"there is no styles/assets/{name}") for name in names if not (assets / name).is_file()]


def _draw_table(losses: list[Loss]) -> Table:
    table = Table("dòng · line", "chỗ · place", "mất gì · what is lost", box=None, header_style="bold", pad_edge=False)
    table.columns[0].justify = "right"
    for loss in losses:
        # no markup: the texts come from the file
        table.add_row(*(_plain(text) for text in (str(loss.line or "-"), loss.place, loss.sentence)))
    return table


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text).replace("[", "\\[")
