# SPDX-License-Identifier: MIT
"""Name and password, or a key, become an identity.

Every question reads the account (one indexed row), so that a removed or locked account and an old password end at once; only the
costly hash is spared for a password this process has verified before. Unknown names take the time of known ones.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import cast

from server.access import Identity, StaffRole
from server.accounts.keys import KEY, identify_key
from server.accounts.manage import NAME
from server.accounts.passwords import LONGEST, verify_password
from server.context import Context
from server.db.accounts import AccountRow, Lockout, clear_failures, note_failure, read_account
from server.db.addresses import is_blocked, note_address_failure
from server.db.key_use import KeyUse
from server.db.pool import Database
from server.errors import NotAuthenticated, TooManyRequests

_LOG = logging.getLogger("xanh.accounts")
_REMEMBERED = 500


class _Verified:
    """Passwords found right, by account: a keyed digest (the key lives and dies with this process) and the moment the password was set."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[str, tuple[bytes, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, row: AccountRow, password: str) -> bool:
        with self._lock:
            digest, changed_at = self._known.get(row.name, (b"", None))
        return changed_at == row.password_changed_at and hmac.compare_digest(digest, self._digest(row, password))

    def add(self, row: AccountRow, password: str) -> None:
        with self._lock:
            self._known[row.name] = (self._digest(row, password), row.password_changed_at)
            self._known.move_to_end(row.name)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def _digest(self, row: AccountRow, password: str) -> bytes:
        text = f"{row.password_hash}\0{password}".encode("utf-8", "replace")
        return hashlib.blake2b(text, key=self._key, digest_size=32).digest()


_verified = _Verified()


@dataclass(frozen=True)
class Credentials:
    """What a client sent: a name (None: a key alone) with a password or key, the address it sent it from, the layer it asks for if one."""

    name: str | None
    password: str
    address: str = ""
    layer: str = ""


def authenticate(context: Context, given: Credentials) -> Identity:
    """The identity behind a name and a password, or behind a key.

    Raises TooManyRequests for a key beyond its quota, NotAuthenticated (unknown, removed or locked account, wrong password: all the same
    to the client; or too many wrong ones from the address), ServerFault.
    """
    if given.name is None or KEY.fullmatch(given.password):
        return _authenticate_key(context, given)
    database, name, password = context.database, given.name, given.password
    known_form = NAME.fullmatch(name) is not None and len(password) <= LONGEST
    row = _read(database, name if known_form else "")
    usable = row is not None and row.active and not row.is_locked
    if row is not None and usable and _verified.has(row, password):
        return _identity(row)
    _refuse_blocked(database, given.address)
    is_right = verify_password(row.password_hash if row is not None and usable else None, password if known_form else "")
    if row is None or not is_right:
        _count_failure(context, row.name if row is not None and usable else "", given.address)
        raise _refusal()
    if row.failures:
        with database.writer() as connection:
            clear_failures(connection, row.name)
    _verified.add(row, password)
    return _identity(row)


def _read(database: Database, name: str) -> AccountRow | None:
    with database.writer() as connection:
        return read_account(connection, name)


def _authenticate_key(context: Context, given: Credentials) -> Identity:
    """Keys are too long to be guessed, so that wrong ones lock nobody; the address they come from is counted."""
    found = identify_key(context.database, given.password, given.name, given.layer)
    if found is None:
        _refuse_blocked(context.database, given.address)
        _count_failure(context, "", given.address)
        raise _refusal()
    identity, use = found
    _refuse_excess(context, use)
    return identity


def _refuse_excess(context: Context, use: KeyUse) -> None:
    limits = context.settings.limits
    for asked, ceiling, seconds, vi, en in (
        (use.day, limits.key_day, use.day_left_s, "ngày", "day"),
        (use.minute, limits.key_minute, use.minute_left_s, "phút", "minute"),
    ):
        if asked > ceiling:
            raise TooManyRequests(
                f"This key may ask {ceiling} times in a {en}.", message_vi=f"Khóa này chỉ được gửi {ceiling} yêu cầu mỗi {vi}."
            ).in_seconds(seconds)


def _refuse_blocked(database: Database, address: str) -> None:
    """Before the costly hash: an address that guesses shall not keep us busy either."""
    with database.writer() as connection:
        blocked = is_blocked(connection, _network_of(address))
    if blocked:
        raise NotAuthenticated(
            "Too many wrong passwords from this address; try again later.",
            message_vi="Quá nhiều mật khẩu sai từ địa chỉ này; hãy thử lại sau.",
        )


def _count_failure(context: Context, name: str, address: str) -> None:
    """Also for nobody (""): the database is asked the same, so that the time tells nothing."""
    limits = context.settings.limits
    seconds = limits.lockout_minutes * 60
    with context.database.writer() as connection:
        locked = note_failure(connection, name, Lockout(limits.login_failures, seconds))
        blocked = note_address_failure(connection, _network_of(address), Lockout(limits.address_failures, seconds))
    if locked:
        _LOG.warning("account %s is locked after %d wrong passwords", name, limits.login_failures)
    if blocked:
        _LOG.warning("address %s is blocked after %d wrong passwords", address, limits.address_failures)


def _network_of(address: str) -> str:
    """The address, or for IPv6 the network of 64 bits it belongs to: one customer has all of those."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


def _identity(row: AccountRow) -> Identity:
    layers = frozenset(row.layers) if row.layers is not None else None
    return Identity(row.name, frozenset({cast(StaffRole, row.role)}), layers)


def _refusal() -> NotAuthenticated:
    return NotAuthenticated(
        "Name or password is wrong, or the account is locked.", message_vi="Sai tên hoặc mật khẩu, hoặc tài khoản đang bị khóa."
    )
