# SPDX-License-Identifier: MIT
"""Sessions of staff in a browser: a random token in a cookie, of which the database holds a digest.

The token that guards forms follows from it, so that there is nothing more to keep. Every question reads the account: a removed account and
a new password end its sessions at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import cast

from server.access import Identity, StaffRole
from server.accounts.authenticate import Credentials, authenticate
from server.accounts.keys import KEY
from server.context import Context
from server.db.accounts import read_account
from server.db.sessions import delete_session, insert_session, read_session
from server.errors import NotAuthenticated

_LONGEST = 100


@dataclass(frozen=True)
class Session:
    """Somebody signed in in a browser; `form_token` must come back with every form."""

    identity: Identity
    form_token: str = field(repr=False)


def open_session(context: Context, given: Credentials) -> str:
    """The token of a new session for a name and password. Keys of programs open none. Raises NotAuthenticated, ServerFault."""
    if given.name is None or KEY.fullmatch(given.password):
        raise NotAuthenticated("Sign in with your password, not with a key.", message_vi="Hãy đăng nhập bằng mật khẩu, không phải khóa.")
    identity = authenticate(context, given)
    token = secrets.token_urlsafe(32)
    with context.database.writer() as connection:
        row = read_account(connection, identity.account)
        if row is None or not row.active:
            raise NotAuthenticated("This account is closed.", message_vi="Tài khoản đã đóng.")
        insert_session(connection, _digest(token), row.name, row.password_changed_at, context.settings.sessions.hours * 3600)
    return token


def find_session(context: Context, token: str) -> Session | None:
    """The session of a token; None when there is none (any more). Raises ServerFault."""
    if not token or len(token) > _LONGEST:
        return None
    with context.database.writer() as connection:
        row = read_session(connection, _digest(token), context.settings.sessions.idle_minutes * 60)
    if row is None:
        return None
    layers = frozenset(row.layers) if row.layers is not None else None
    return Session(Identity(row.account, frozenset({cast(StaffRole, row.role)}), layers), _form_token(token))


def end_session(context: Context, token: str) -> None:
    """Sign out. Raises ServerFault."""
    with context.database.writer() as connection:
        delete_session(connection, _digest(token))


def is_form_token(session: Session, given: str) -> bool:
    """Whether a form was made for this session."""
    return hmac.compare_digest(session.form_token.encode(), given.encode("utf-8", "replace"))


def identity_of(context: Context, account: str) -> Identity:
    """What an account may do now, for work done in its name later. Raises NotAuthenticated when it was removed."""
    with context.database.writer() as connection:
        row = read_account(connection, account)
    if row is None or not row.active:
        raise NotAuthenticated(f"The account {account} is closed.", message_vi=f"Tài khoản {account} đã đóng.")
    return Identity(row.name, frozenset({cast(StaffRole, row.role)}), frozenset(row.layers) if row.layers is not None else None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _form_token(token: str) -> str:
    return hmac.new(token.encode("utf-8", "replace"), b"form", hashlib.sha256).hexdigest()
