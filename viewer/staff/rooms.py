# SPDX-License-Identifier: MIT
"""Everything below `/can-bo`, put together."""

from __future__ import annotations

from flask import Blueprint

from server.context import Context
from viewer.pages.shell import Shell
from viewer.staff.door import StaffDoor, add_door
from viewer.staff.loads import add_loads
from viewer.staff.reports import add_reports


def add_staff(room: Blueprint, context: Context, shell: Shell) -> None:
    """Register the pages of staff on the viewer's blueprint; `shell` renders pages nobody may frame."""
    door = StaffDoor(context, shell)
    add_door(room, door)
    add_loads(room, context, door)
    add_reports(room, context, door)
