# SPDX-License-Identifier: MIT
"""Locking features for somebody who is going to change them; the write door lets nobody else change them meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.access import Identity, require_edit
from server.db.edit import explain_contention, lock_versions
from server.db.locks import Lock, is_expired, prolong_locks, take_locks
from server.db.pool import Connection, Database
from server.db.select import find_ids
from server.errors import FeatureLocked, LimitExceeded, LockExpired, LockUnknown
from server.query.features import FeatureQuery


@dataclass(frozen=True)
class LockTerms:
    """How long (minutes), whether all or none (else: those that are free), and how many features at most."""

    minutes: float
    all_or_none: bool
    most: int


@dataclass(frozen=True)
class Locked:
    """The name of the lock, and per question the features it holds and those somebody else does, by id."""

    id: str
    held: tuple[tuple[int, ...], ...]
    refused: tuple[tuple[int, ...], ...]


def lock_features(database: Database, identity: Identity, queries: Sequence[FeatureQuery], terms: LockTerms) -> Locked:
    """Lock what the questions find, in one transaction. The layers come as the identity sees them.

    Raises AccessDenied, FeatureLocked (`all_or_none` and somebody else holds one), LimitExceeded, InvalidParameter, ServerFault.
    """
    for query in queries:
        require_edit(identity, query.layer)
    lock = Lock(secrets.token_hex(16), identity.account, terms.minutes * 60)
    held: list[tuple[int, ...]] = []
    refused: list[tuple[int, ...]] = []
    with database.writer() as connection:
        for query in queries:
            found = find_ids(connection, replace(query, limit=min(query.limit or terms.most + 1, terms.most + 1)))
            if sum(map(len, held)) + len(found) > terms.most:
                raise LimitExceeded(
                    f"One request locks at most {terms.most} features.",
                    locator="Filter",
                    message_vi=f"Một yêu cầu khóa nhiều nhất {terms.most} đối tượng.",
                )
            with explain_contention(query.layer):
                there = sorted(lock_versions(connection, query.layer, found))
                taken = take_locks(connection, query.layer.id, there, lock)
            held.append(tuple(taken))
            refused.append(tuple(sorted(set(there) - set(taken))))
            if refused[-1] and terms.all_or_none:
                raise FeatureLocked.of(query.layer.id, refused[-1][0])
    return Locked(lock.id, tuple(held), tuple(refused))


def hold_anew(database: Database, identity: Identity, lock_id: str, minutes: float) -> Locked:
    """Let a lock of the identity hold for so many minutes from now. Raises LockUnknown, LockExpired, ServerFault."""
    with database.writer() as connection:
        require_lock(connection, identity, lock_id)
        prolong_locks(connection, Lock(lock_id, identity.account, minutes * 60))
    return Locked(lock_id, (), ())


def require_lock(connection: Connection, identity: Identity, lock_id: str) -> None:
    """Raises LockUnknown, LockExpired when the identity does not hold this lock (any more)."""
    expired = is_expired(connection, lock_id, identity.account)
    if expired is None:
        raise LockUnknown("There is no lock of this id.", locator="LockId", message_vi="Không có khóa mang mã này.")
    if expired:
        raise LockExpired("The lock has expired.", locator="LockId", message_vi="Khóa đã hết hạn.")
