# SPDX-License-Identifier: MIT
"""Lost updates: the version of a feature as a strong entity tag, and If-Match (RFC 9110 8.8.3, 13.1.1; RFC 6585 3 for 428)."""

from __future__ import annotations

from flask import request

from server.errors import VersionConflict, VersionRequired
from server.signin import keep_version_tag

_BROWSERS = ("HTTP_SEC_FETCH_MODE", "HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_DEST")
_MOST_SHOWN = 40


def is_browser() -> bool:
    """Whether this request comes from a page in a browser."""
    return any(name in request.environ for name in _BROWSERS)


def write_version_tag(version: int) -> str:
    """The entity tag of a feature as its editors see it, for this answer. Strong: whoever changes the feature raises the version."""
    keep_version_tag()
    return _tag(version)


def _tag(version: int) -> str:
    return f'"v{version}"'


def check_if_match(feature: str, version: int) -> int | None:
    """The version a change must meet, or None when the client does not mind; `feature` is its name in messages, `version` the present one.

    Browsers must send If-Match, because people look long at forms; QGIS and scripts may. Raises VersionRequired, VersionConflict.
    """
    given = request.environ.get("HTTP_IF_MATCH")
    if given is None:
        if is_browser():
            raise VersionRequired(
                "Say with If-Match which version of the feature the change is made for (its ETag).",
                locator="If-Match",
                message_vi="Cần gửi If-Match để cho biết sửa từ phiên bản nào của đối tượng (ETag).",
            )
        return None
    tags = [tag.strip() for tag in given.split(",")]
    if "*" in tags or _tag(version) in tags:
        return version
    raise conflict(feature, version, given)


def conflict(feature: str, current: int, yours: str) -> VersionConflict:
    """The error for a change made for another version than the present one; both are named."""
    shown = yours.strip('"') if len(yours) <= _MOST_SHOWN and yours.isprintable() else "…"
    error = VersionConflict(
        f"Feature {feature} was changed by somebody else: it is version {current}, not {shown}.",
        locator=feature,
        message_vi=f"Đối tượng {feature} đã được người khác sửa (phiên bản {current}, không phải {shown}).",
    )
    return error.naming(current, shown)
