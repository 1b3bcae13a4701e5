# SPDX-License-Identifier: MIT
"""Which version of a service answers (OWS Common 05-008 7.3.2: the client's list in its order of preference)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.errors import VersionNegotiationFailed


def negotiate_version(accepted: Iterable[str], offered: Sequence[str]) -> str:
    """The first version of the client's list that is offered; the newest offered (the first) when the list is empty.

    Raises VersionNegotiationFailed naming what is offered.
    """
    wanted = [version.strip() for version in accepted if version.strip()]
    if not wanted:
        return offered[0]
    for version in wanted:
        if version in offered:
            return version
    raise VersionNegotiationFailed(
        f"None of the versions asked for is served. Served: {', '.join(offered)}.",
        locator="AcceptVersions",
        message_vi=f"Máy chủ phục vụ phiên bản: {', '.join(offered)}.",
    )
