# SPDX-License-Identifier: MIT
"""The versions of WFS that are spoken here, and which of them a request speaks."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, request

from server.errors import InvalidParameter
from server.ows.kvp import split_list
from server.ows.negotiation import negotiate_version
from server.query.features import RowFormat

DEFAULT = "1.1.0"
VERSIONS = (DEFAULT, "2.0.0", "1.0.0")
"""The one for clients that name none first."""
GML_FORMATS: dict[str, RowFormat] = {"1.0.0": "gml2", "1.1.0": "gml31", "2.0.0": "gml32"}
"""What features are written as when nothing else is asked for."""
# 2.0.2 is 2.0.0 with its corrections; the documents of both say 2.0.0.
_SAME = {"2.0.2": "2.0.0", "2.0": "2.0.0", "1.1": "1.1.0", "1.0": "1.0.0"}


def require_version(parameters: Mapping[str, str]) -> str:
    """The version of a request that is not GetCapabilities. Raises InvalidParameter for one that is not spoken."""
    given = parameters.get("VERSION") or DEFAULT
    version = _SAME.get(given, given)
    if version not in VERSIONS:
        offered = ", ".join(VERSIONS)
        raise InvalidParameter(
            f"This service speaks the versions {offered}.", locator="VERSION", message_vi=f"Dịch vụ hỗ trợ các phiên bản {offered}."
        )
    return version


def negotiate(parameters: Mapping[str, str], *, newest: bool = False) -> str:
    """The version capabilities are written in.

    The client's list decides (05-008 7.3.2); older clients name one VERSION, and the next lower one answers, or the lowest there is
    (02-058 6.2.4). Clients that name none get the default, or with `newest` the newest, as the standard has it.
    Raises VersionNegotiationFailed.
    """
    accepted = [_SAME.get(text, text) for text in split_list(parameters.get("ACCEPTVERSIONS") or "")]
    if accepted:
        return negotiate_version(accepted, VERSIONS)
    given = parameters.get("VERSION") or (max(VERSIONS) if newest else DEFAULT)
    version = _SAME.get(given, given)
    return next((spoken for spoken in sorted(VERSIONS, reverse=True) if spoken <= version), min(VERSIONS))


def guess_version(parameters: Mapping[str, str], *, newest: bool = False) -> str:
    """The version a request seems to speak, before anything else of it is looked at; `newest` for one that names none."""
    given = parameters.get("VERSION") or (max(VERSIONS) if newest else DEFAULT)
    return _SAME.get(given, given) if _SAME.get(given, given) in VERSIONS else DEFAULT


def remember_version(version: str) -> None:
    """Keep the version of the request at hand: exceptions are written in it."""
    g.wfs_version = version


def version_of_request() -> str:
    """The version the request at hand speaks, as far as it was understood; of one that could not be read, what its address says."""
    known = g.get("wfs_version")
    return str(known) if known else guess_version({name.upper(): value for name, value in request.args.items()})
