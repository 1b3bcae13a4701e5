# SPDX-License-Identifier: MIT
"""What the operator sees: short sentences in both languages."""

from __future__ import annotations

from rich.console import Console

SCREEN = Console(highlight=False)
ERRORS = Console(stderr=True, highlight=False)


def say(message: str) -> None:
    """One line of progress; the text is shown as it is (no markup)."""
    SCREEN.print(f"  · {message}", markup=False, soft_wrap=True)


def complain(message: str) -> None:
    """One error for the operator."""
    ERRORS.print(f"xanh: {message}", style="bold red", markup=False, soft_wrap=True)


def show_addresses(base: str) -> None:
    """The addresses of viewer and services."""
    SCREEN.print("Xanh sẵn sàng · ready", style="bold green")
    for vi, en, path in (
        ("Bản đồ", "map viewer", "/map"),
        ("WMS 1.3.0", "maps", "/wms?service=WMS&request=GetCapabilities"),
        ("WMTS 1.0.0", "tiles", "/wmts?service=WMTS&request=GetCapabilities"),
        ("WFS 1.1.0", "features", "/wfs?service=WFS&request=GetCapabilities"),
        ("OGC API", "features", "/ogcapi"),
    ):
        SCREEN.print(f"  {vi:<10} {en:<11} {base}{path}", markup=False, soft_wrap=True)
