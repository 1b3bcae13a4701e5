# SPDX-License-Identifier: MIT
"""`services.strict_wfs`: what clients are otherwise helped with is refused, as the standard has it."""

from __future__ import annotations

from server.wfs.versions import negotiate


def test_capabilities_without_version_are_the_default_or_to_the_letter_the_newest() -> None:
    assert negotiate({}) == "1.1.0"
    assert negotiate({}, newest=True) == "2.0.0"
    assert negotiate({"VERSION": "1.1.0"}, newest=True) == "1.1.0"
    assert negotiate({"ACCEPTVERSIONS": "1.1.0"}, newest=True) == "1.1.0"
