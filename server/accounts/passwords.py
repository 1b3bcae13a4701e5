# SPDX-License-Identifier: MIT
"""Passwords: the rule they must keep, and their hashes (argon2id, RFC 9106). The only module that imports argon2."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.config import Passwords
from server.errors import AccountRefused

LONGEST = 200
# Some 20 ms and 19 MiB each: enough to make guessing dear, little enough for eight threads at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_password(rule: Passwords, name: str, password: str) -> None:
    """Raises AccountRefused unless the password keeps the rule of config.yml: long, or of many kinds of characters; not the name."""
    if len(password) > LONGEST or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in password):
        raise AccountRefused(
            f"A password has at most {LONGEST} characters and no control characters.",
            message_vi=f"Mật khẩu dài tối đa {LONGEST} ký tự, không có ký tự điều khiển.",
        )
    is_long = len(password) >= rule.long_length
    is_mixed = len(password) >= rule.min_length and _count_kinds(password) >= rule.min_kinds
    if not (is_long or is_mixed) or len(set(password)) < 4 or password.lower() == name.lower():
        raise AccountRefused(
            f"The password is too weak: {rule.min_length} characters with {rule.min_kinds} of capital letters, small letters, digits and"
            f" other signs, or {rule.long_length} characters of any kind.",
            message_vi=f"Mật khẩu quá yếu: {rule.min_length} ký tự với {rule.min_kinds} loại trong chữ hoa, chữ thường, chữ số, ký tự khác;"
            f" hoặc {rule.long_length} ký tự bất kỳ.",
        )


def hash_password(password: str) -> str:
    """The hash to keep, with its salt and cost."""
    return _HASHER.hash(_normal(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash. Without a hash the answer is no, after the same time."""
    try:
        right = _HASHER.verify(password_hash or _no_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


@lru_cache(maxsize=1)
def _no_hash() -> str:
    """What is compared when there is no account: nobody knows the password behind it."""
    return _HASHER.hash(_HASHER.hash(""))


def _normal(password: str) -> bytes:
    """The same bytes however the keyboard composes its accents (RFC 8265 4.2)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


def _count_kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum())
    return sum(any(test(sign) for sign in password) for test in tests)
