# SPDX-License-Identifier: MIT
"""API keys: what a desktop program or script signs in with instead of a password.

A key is made of chance, so one fast digest guards it where a password needs a slow one; it bears its public half in front
(`xanh_1a2b3c4d_...`), by which it is found, listed and revoked. It can do what its account can, in fewer layers or a lower role if wished.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from server.access import Identity, StaffRole, lesser_role
from server.catalog.catalog import Catalog
from server.db.key_use import KeyUse, UseRow, count_use, read_use
from server.db.keys import KeyInUse, KeyRow, insert_key, read_key_in_use, read_keys, revoke_key
from server.db.pool import Database
from server.errors import AccountRefused

KEY = re.compile(r"xanh_([0-9a-f]{8})_([A-Za-z0-9_-]{43})", re.ASCII)
_LONGEST_NOTE = 200


@dataclass(frozen=True)
class NewKey:
    """What a key shall be: of which account, in which layers and role at most (None: those of the account), for how long."""

    account: str
    layers: tuple[str, ...] | None = None
    role: StaffRole | None = None
    days: int | None = None
    note: str = ""


def add_key(database: Database, catalog: Catalog, wanted: NewKey) -> str:
    """Make a key and answer it; it is told this once and kept as a digest only.

    Raises AccountRefused when there is no such account, LayerNotDefined, ServerFault.
    """
    for layer_id in wanted.layers or ():
        catalog.layer(layer_id)
    if len(wanted.note) > _LONGEST_NOTE or not wanted.note.isprintable():
        raise AccountRefused(
            f"A note has at most {_LONGEST_NOTE} characters on one line.", message_vi=f"Ghi chú dài tối đa {_LONGEST_NOTE} ký tự, một dòng."
        )
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    expires = now + timedelta(days=wanted.days) if wanted.days is not None else None
    row = KeyRow(key_id, wanted.account, wanted.role, wanted.layers, wanted.note, now, expires, None)
    with database.writer() as connection:
        if not insert_key(connection, row, _digest(secret)):
            raise AccountRefused("There is no account of that name.", message_vi="Không có tài khoản mang tên này.")
    return f"xanh_{key_id}_{secret}"


def list_keys(database: Database) -> list[KeyRow]:
    """The keys that were not revoked. Raises ServerFault."""
    with database.writer() as connection:
        return read_keys(connection)


def end_key(database: Database, key_id: str) -> None:
    """Revoke a key at once, by its public half (with or without `xanh_` in front). Raises AccountRefused, ServerFault."""
    with database.writer() as connection:
        if not revoke_key(connection, key_id.removeprefix("xanh_")[:8]):
            raise AccountRefused("There is no key of that name.", message_vi="Không có khóa mang tên này.")


def list_use(database: Database, days: int) -> list[UseRow]:
    """What keys asked for in the last so many days. Raises ServerFault."""
    with database.writer() as connection:
        return read_use(connection, days)


def identify_key(database: Database, text: str, name: str | None, layer: str) -> tuple[Identity, KeyUse] | None:
    """Who a key stands for and how much it asked; None when it opens nothing. Raises ServerFault.

    `name`: the account it was sent with, which must be its own. The request is counted for `layer`.
    """
    form = KEY.fullmatch(text)
    if form is None:
        return None
    with database.writer() as connection:
        found = read_key_in_use(connection, form[1])
        is_right = hmac.compare_digest(found.digest if found else b"", _digest(form[2]))
        if found is None or not is_right or name not in (None, found.key.account):
            return None
        use = count_use(connection, found.key.id, layer)
    return _identity(found), use


def _identity(found: KeyInUse) -> Identity:
    role = lesser_role(cast(StaffRole, found.account_role), cast(StaffRole | None, found.key.role))
    parts = [frozenset(layers) for layers in (found.account_layers, found.key.layers) if layers is not None]
    return Identity(found.key.account, frozenset({role}), frozenset.intersection(*parts) if parts else None)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("ascii")).digest()
