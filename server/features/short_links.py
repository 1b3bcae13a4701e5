# SPDX-License-Identifier: MIT
"""Short addresses of views of the map: `/s/<code>` leads to `/map?...` of this site and nowhere else."""

from __future__ import annotations

import re
import secrets

from server.context import Context
from server.db import short_links as store
from server.errors import FeatureNotFound, InvalidParameter, TooManyRequests

# Letters and digits nobody confuses, also read aloud: all small.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 8
_CODE = re.compile(rf"[{_SIGNS}]{{{_LENGTH}}}", re.ASCII)
_OWN = re.compile(r"/map(\?[!-\[\]-~]*)?", re.ASCII)


def shorten(context: Context, path: str, address: str) -> str:
    """The code of a view (`/map?...` as the browser shows it, percent-encoded); the same view has the same code.

    `address` is where the wish comes from. Raises InvalidParameter for any other path, or one too long; TooManyRequests, ServerFault.
    """
    rules = context.settings.links
    if not _OWN.fullmatch(path) or len(path) > rules.max_letters:
        raise InvalidParameter(
            f"A short link leads to an address that begins with /map and has at most {rules.max_letters} letters.",
            locator="to",
            message_vi=f"Liên kết ngắn chỉ dẫn tới địa chỉ bắt đầu bằng /map, dài nhất {rules.max_letters} ký tự.",
        )
    ceilings = store.LinkCeilings(rules.per_address_hour, rules.per_address_day, rules.max_links, rules.keep_days)
    with context.database.writer() as connection:
        known = store.find_code(connection, path)
        if known is not None:
            return known
        if not store.take_link_turn(connection, address, ceilings):
            message = "Many short links were asked for; please try again later, or send the long one."
            raise TooManyRequests(message, message_vi="Đã có nhiều liên kết ngắn; xin thử lại sau, hoặc gửi liên kết dài.").in_seconds(3600)
        # Somebody may have asked for the same view while this one waited for its turn.
        known = store.find_code(connection, path)
        if known is not None:
            return known
        code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
        store.insert_link(connection, code, path, address)
    return code


def follow_link(context: Context, code: str) -> str:
    """The path a code leads to. Raises FeatureNotFound for one that is not there (any more), ServerFault."""
    found = None
    if is_code(code):
        with context.database.writer() as connection:
            found = store.open_link(connection, code, context.settings.links.keep_days)
    if found is None:
        raise FeatureNotFound("There is no such short link.", message_vi="Không có liên kết ngắn này.")
    return found


def is_code(text: str) -> bool:
    """Whether this can be the code of a short link."""
    return _CODE.fullmatch(text) is not None
