# SPDX-License-Identifier: MIT
"""Changes are carried out once, however often a client that heard no answer sends them; and again where another writer undid them."""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from server.access import Identity
from server.db.pool import Database
from server.db.replies import ReplyRow, claim_reply, keep_reply, read_reply
from server.errors import Contention, InvalidParameter
from server.features.write import WriteDoor

LOCATOR = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_TRIES = 4


@dataclass(frozen=True)
class Reply:
    """An answer: HTTP status, headers, body. `is_repeated`: it was given before, and nothing was done for it now."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_repeated: bool = False


@dataclass(frozen=True)
class NamedRequest:
    """A request that bears a name, and a digest of all that makes it this request and no other."""

    key: str
    digest: bytes


def name_request(key: str | None, parts: Iterable[bytes]) -> NamedRequest | None:
    """The request under its name, None without one. Raises InvalidParameter for a name that is no 1 to 200 visible ASCII characters."""
    if key is None:
        return None
    bare = key.strip().removeprefix('"').removesuffix('"')
    if not _KEY.fullmatch(bare):
        raise InvalidParameter(
            f"{LOCATOR} takes 1 to 200 visible ASCII characters.", locator=LOCATOR, message_vi=f"{LOCATOR} gồm 1 đến 200 ký tự ASCII."
        )
    return NamedRequest(bare, hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).digest())


def carry_out(database: Database, identity: Identity, named: NamedRequest | None, act: Callable[[], Reply]) -> Reply:
    """Do it and answer, or answer as before when it was done under this name already.

    `act` opens the write door, claims the name there and keeps its answer there, so that both or neither are stored. It is done again
    when another writer stood in the way and the database undid it. Raises InvalidParameter when the name was given to another request,
    Contention after some tries, and what `act` raises.
    """
    for _ in range(_TRIES - 1):
        try:
            return _recall(database, identity, named) or act()
        except Contention:
            time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - so that the two do not meet again
    return _recall(database, identity, named) or act()


def claim(door: WriteDoor, named: NamedRequest | None) -> None:
    """Reserve the name before anything is changed. Raises Contention when the same request was carried out at this moment."""
    if named is not None and not claim_reply(door.connection, door.identity.account, named.key, named.digest):
        raise Contention("The same request is being carried out.", locator=LOCATOR, message_vi="Yêu cầu này đang được thực hiện.")


def keep(door: WriteDoor, named: NamedRequest | None, reply: Reply, hours: float) -> Reply:
    """Store the answer with the changes it tells of; answers it."""
    if named is not None:
        row = ReplyRow(named.digest, reply.status, reply.headers, reply.body)
        keep_reply(door.connection, door.identity.account, named.key, row, hours)
    return reply


def _recall(database: Database, identity: Identity, named: NamedRequest | None) -> Reply | None:
    if named is None:
        return None
    with database.writer() as connection:
        found = read_reply(connection, identity.account, named.key)
    if found is None:
        return None
    if found.digest != named.digest:
        raise InvalidParameter(
            f"This {LOCATOR} was given to another request.", locator=LOCATOR, message_vi=f"{LOCATOR} này đã dùng cho một yêu cầu khác."
        )
    return Reply(found.status, {**found.headers, "Idempotent-Replayed": "true"}, found.body, is_repeated=True)
