# SPDX-License-Identifier: MIT
"""Domain errors: a code, a locator and a message that is safe to show. No HTTP, no XML.

The codes are spelled as the standards spell them (OWS Common 1.1 table 25, WMS 1.3.0 table E.1); every face
(WMS, WFS, OGC API, viewer, command line) translates them once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class XanhError(Exception):
    """Root of every error Xanh raises on purpose.

    `code` is the standard's exception code, `locator` names the parameter or element at fault (or None),
    the message is safe to show to a stranger. `message_vi` is the same in Vietnamese where there is one.
    """

    code = "NoApplicableCode"
    is_client_fault = True
    problem_type: str | None = None
    """The address that names this kind of problem (RFC 9457 3.1.1), where a standard has given it one."""
    handle: str | None = None
    """The name the client gave to the part of its request at fault (WFS 04-094 7.6), filled in by whoever knows the part."""

    def __init__(self, message: str, *, locator: str | None = None, message_vi: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.message_vi = message_vi
        self.locator = locator


@contextmanager
def blame(handle: str | None) -> Iterator[None]:
    """Say of an error raised inside which part of the request it concerns, unless that is known already."""
    try:
        yield
    except XanhError as error:
        error.handle = error.handle or handle
        raise


class MissingParameter(XanhError):
    """A mandatory parameter is absent."""

    code = "MissingParameterValue"


class InvalidParameter(XanhError):
    """A parameter or element has a value the operation cannot take."""

    code = "InvalidParameterValue"


class NotComparable(InvalidParameter):
    """A filter compares what has no order or equality, such as a geometry with `<` (09-026r2 8.3)."""

    code = "OperationProcessingFailed"


class UnreadableRequest(InvalidParameter):
    """A request as a whole cannot be parsed. WFS 2.0 has a code for it (09-025r2 table 3), older services call it an invalid value."""


class OperationNotSupported(XanhError):
    """The operation (or a part of it) is not offered."""

    code = "OperationNotSupported"


class VersionNegotiationFailed(XanhError):
    """No version the client accepts is served."""

    code = "VersionNegotiationFailed"


class InvalidUpdateSequence(XanhError):
    """The client's update sequence is newer than ours."""

    code = "InvalidUpdateSequence"


class LayerNotDefined(XanhError):
    """The layer, feature type or collection does not exist (or is not visible to this reader)."""

    code = "LayerNotDefined"


class StyleNotDefined(XanhError):
    """The layer has no style of that name."""

    code = "StyleNotDefined"


class LayerNotQueryable(XanhError):
    """The layer does not answer GetFeatureInfo."""

    code = "LayerNotQueryable"


class InvalidCrs(XanhError):
    """The CRS is unknown or not offered."""

    code = "InvalidCRS"


class InvalidFormat(XanhError):
    """The output format is not offered."""

    code = "InvalidFormat"


class InvalidPoint(XanhError):
    """I or J lies outside the map of a GetFeatureInfo request."""

    code = "InvalidPoint"


class FeatureNotFound(XanhError):
    """No feature has that id."""

    code = "NotFound"


class RecordForgotten(XanhError):
    """The record of what was published does not reach so far; whoever follows it must begin anew."""

    code = "NotFound"


class TooManyRequests(XanhError):
    """The key has asked more than it may; `retry_after_s` seconds later it may again."""

    code = "TooManyRequests"
    retry_after_s: int = 60

    def in_seconds(self, seconds: int) -> Self:
        """The error itself, saying how long to wait."""
        self.retry_after_s = max(1, seconds)
        return self


class LimitExceeded(XanhError):
    """The request is valid but larger than a ceiling of config.yml."""

    code = "InvalidParameterValue"


class AccessDenied(XanhError):
    """The identity may not do that."""

    code = "AccessDenied"


class NotAuthenticated(XanhError):
    """Name and password do not open an account. The message never says which of them is wrong."""

    code = "AccessDenied"


class AccountRefused(XanhError):
    """An account cannot be made or changed like that: a name taken or unknown, a password too weak."""

    code = "AccountRefused"


class EditRefused(XanhError):
    """A change breaks a rule of the layer; `locator` names the field or element."""

    code = "InvalidValue"


class VersionConflict(XanhError):
    """The feature was changed by somebody else since it was read: it is version `current` now, the change was made for `yours`.

    Both are None when somebody else is changing it at this moment.
    """

    code = "VersionConflict"
    current: int | None = None
    yours: str | None = None
    states: dict[str, object] | None = None
    """The feature as it was (`base`), as the client wants it (`yours`) and as it is now (`theirs`), where a face has found out."""

    def naming(self, current: int, yours: str) -> Self:
        """The error itself, with both versions."""
        self.current, self.yours = current, yours
        return self


class Contention(VersionConflict):
    """Somebody else changes the same features at this moment; nothing was done, and the same request may be made again at once."""


class FeatureLocked(VersionConflict):
    """Somebody else has locked the feature."""

    @classmethod
    def of(cls, layer: str, feature_id: int) -> Self:
        """The error for one feature."""
        return cls(
            f"Somebody else has locked feature {feature_id} of {layer!r}.",
            locator=f"{layer}.{feature_id}",
            message_vi=f"Đối tượng {feature_id} của {layer!r} đang bị người khác khóa.",
        )


class LockUnknown(XanhError):
    """The client holds no lock of that id."""

    code = "InvalidLockId"


class LockExpired(XanhError):
    """The lock of the client has run out."""

    code = "LockHasExpired"


class VersionRequired(XanhError):
    """A change must say which version of the feature it is made for."""

    code = "VersionRequired"


class ConfigError(XanhError):
    """A configuration, layer, code list or style file is wrong; `locator` is `file:line`."""

    code = "InvalidConfiguration"


class SourceRefused(XanhError):
    """A file handed to a loader is not what it claims or cannot be loaded; nothing was loaded."""

    code = "SourceRefused"


class MigrationRefused(XanhError):
    """A schema change would lose data and was not named."""

    code = "MigrationRefused"


class SetupRefused(XanhError):
    """The machine is not ready: a package, account, port or directory; the message says what to do."""

    code = "SetupRefused"


class ServerFault(XanhError):
    """Our own mistake, or something we depend on is away. Carries no detail; the log does."""

    code = "NoApplicableCode"
    is_client_fault = False
