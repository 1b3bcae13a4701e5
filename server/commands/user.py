# SPDX-License-Identifier: MIT
"""`xanh user add | list | remove | password`: the accounts of staff. A password never stands on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getpass import getpass

from rich.table import Table

from server.accounts.manage import (
    ROLES,
    NewAccount,
    add_account,
    check_account,
    list_accounts,
    remove_account,
    require_account,
    set_password,
)
from server.accounts.passwords import check_password
from server.catalog.read import read_catalog
from server.commands.screen import SCREEN, say
from server.config import Settings, load_settings
from server.db.store import open_store
from server.errors import AccountRefused


def add_user(name: str, role: str, layers: Sequence[str]) -> int:
    """Make an account. Returns the exit status. Raises AccountRefused, LayerNotDefined, ServerFault."""
    settings = load_settings()
    if role not in ROLES:
        raise AccountRefused(f"Roles are {', '.join(ROLES)}.", locator="--role")
    wanted = NewAccount(name, role, tuple(dict.fromkeys(layers)) or None)
    check_account(read_catalog(settings), wanted)
    password = _ask_password(settings, name)
    with open_store(settings, say) as store:
        add_account(store.database, settings.passwords, wanted, password)
    say(f"đã tạo tài khoản · made the account {name}")
    return 0


def list_users() -> int:
    """Show the accounts as a table. Returns the exit status."""
    with open_store(load_settings(), say) as store:
        accounts = list_accounts(store.database)
    table = Table("name", "role", "layers", "password of", "locked until")
    for account in accounts:
        table.add_row(
            account.name,
            account.role,
            ", ".join(account.layers) if account.layers is not None else "*",
            account.password_changed_at.date().isoformat(),
            f"{account.locked_until:%Y-%m-%d %H:%M} UTC" if account.locked_until else "",
        )
    SCREEN.print(table if accounts else "  · chưa có tài khoản · there is no account")
    return 0


def remove_user(name: str) -> int:
    """End an account. Returns the exit status. Raises AccountRefused, ServerFault."""
    with open_store(load_settings(), say) as store:
        remove_account(store.database, name)
    say(f"đã xóa tài khoản · removed the account {name}")
    return 0


def change_password(name: str) -> int:
    """Give an account another password. Returns the exit status. Raises AccountRefused, ServerFault."""
    settings = load_settings()
    with open_store(settings, say) as store:
        require_account(store.database, name)
        set_password(store.database, settings.passwords, name, _ask_password(settings, name))
    say(f"đã đổi mật khẩu · changed the password of {name}")
    return 0


def _ask_password(settings: Settings, name: str) -> str:
    """Twice from a terminal, without showing it; one line where the input comes from elsewhere. Raises AccountRefused when it is weak."""
    if sys.stdin.isatty():
        password = getpass("Mật khẩu · Password: ")
        check_password(settings.passwords, name, password)
        if getpass("Nhập lại · Again: ") != password:
            raise AccountRefused("The two passwords differ.", message_vi="Hai lần nhập không giống nhau.")
        return password
    password = sys.stdin.readline().rstrip("\r\n")
    check_password(settings.passwords, name, password)
    return password
