# SPDX-License-Identifier: MIT
"""The rule passwords keep, and their hashes."""

from __future__ import annotations

import unicodedata

import pytest

from server.accounts.passwords import check_password, hash_password, verify_password
from server.config import Passwords
from server.errors import AccountRefused


@pytest.mark.parametrize("password", ["Aa1!Aa1?", "Đồng8Tháp!", "correct horse battery", "mười bốn ký tự", "a" * 10 + "bcd9"])
def test_mixed_or_long_passwords_are_taken(password: str) -> None:
    check_password(Passwords(), "lan", password)


@pytest.mark.parametrize(
    "password",
    ["", "Aa1!Aa1", "aaaa1111!!!!", "abcdefghijklm", "aaaaaaaaaaaaaaaaaa", "x" * 201, "Aa1!Aa1!\n", "Aa1!\0Aa1!", "Aa1!Aa1!\ud800"],
)
def test_short_plain_endless_or_broken_passwords_are_refused(password: str) -> None:
    with pytest.raises(AccountRefused):
        check_password(Passwords(), "lan", password)


def test_the_rule_is_a_setting() -> None:
    with pytest.raises(AccountRefused, match="20 characters"):
        check_password(Passwords(min_length=20, long_length=30), "lan", "Aa1!Aa1!Aa1!")
    check_password(Passwords(min_kinds=2), "lan", "abcd1234")


def test_a_name_is_no_password() -> None:
    with pytest.raises(AccountRefused):
        check_password(Passwords(), "so-nong-nghiep-82", "So-Nong-Nghiep-82")


def test_a_hash_tells_its_password_from_others() -> None:
    kept = hash_password("Aa1!Aa1!")
    assert "Aa1!" not in kept
    assert kept.startswith("$argon2id$")
    assert hash_password("Aa1!Aa1!") != kept
    assert verify_password(kept, "Aa1!Aa1!")
    assert not verify_password(kept, "Aa1!Aa1?")


def test_accents_may_be_composed_either_way() -> None:
    kept = hash_password(unicodedata.normalize("NFD", "Đồng8Tháp!"))
    assert verify_password(kept, unicodedata.normalize("NFC", "Đồng8Tháp!"))


@pytest.mark.parametrize("kept", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_without_a_hash_no_password_is_right(kept: str | None) -> None:
    assert not verify_password(kept, "")
    assert not verify_password(kept, "Aa1!Aa1!")
