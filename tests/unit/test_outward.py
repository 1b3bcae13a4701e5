# SPDX-License-Identifier: MIT
"""Which hosts this server connects to."""

from __future__ import annotations

import pytest

from server.errors import AccessDenied
from server.outward import find_address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "224.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
    ],
)
def test_private_addresses_in_any_spelling_are_refused(address: str) -> None:
    with pytest.raises(AccessDenied):
        find_address(address, 443, ())


def test_public_addresses_and_allowed_networks_are_taken() -> None:
    assert find_address("1.1.1.1", 443, ()) == "1.1.1.1"
    assert find_address("10.1.2.3", 443, ("10.1.0.0/16",)) == "10.1.2.3"
    with pytest.raises(AccessDenied):
        find_address("10.2.2.3", 443, ("10.1.0.0/16",))
