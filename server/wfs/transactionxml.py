# SPDX-License-Identifier: MIT
"""Transaction documents of WFS 2.0.0 (09-025r2 15), 1.1.0 (04-094 12) and 1.0.0 (02-058 11), in values still in the client's words.

Nothing is looked up in the catalogue here; `server.wfs.edits` does that. The actions themselves are read by `transactionactions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.errors import InvalidParameter, LimitExceeded, XanhError
from server.wfs.transactionactions import Action, ActionReading, read_actions, read_handle
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, first_child, namespace, text_of

NAMESPACES = {"2.0.0": Namespace.WFS20, "1.1.0": Namespace.WFS, "1.0.0": Namespace.WFS}
_OLDER = {"2.0.2": "2.0.0"}
_FIRST = {Namespace.WFS20: "2.0.0", Namespace.WFS: "1.1.0"}
# A handle of this form on the Transaction itself is its name for good: the same one is carried out once (`features.replies`).
_NAME_FOR_GOOD = "urn:uuid:"


@dataclass(frozen=True)
class Transaction:
    """The version the client speaks (and is answered in) and its actions in document order; an Insert of several features is several.

    `actions` are read while they are asked for, once: thousands of elements are never held at the same time. `lock_id` is the lock the
    transaction holds; `releases_all` whether that ends afterwards, or only for the features changed. `key` is the name by which a
    repetition of it is known, where its handle gives one. `reading` is what it says of all its actions.
    """

    version: str
    reading: ActionReading
    actions: Iterator[Action]
    lock_id: str | None = None
    releases_all: bool = True
    key: str | None = None


def version_of(root: Element) -> str:
    """The version a Transaction or LockFeature speaks: its attribute, else by the namespace. Raises InvalidParameter."""
    known = namespace(root)
    version = attribute(root, "version") or next((first for space, first in _FIRST.items() if space == known), "")
    version = _OLDER.get(version, version)
    if NAMESPACES.get(version) != known:
        versions = ", ".join(NAMESPACES)
        raise InvalidParameter(
            f"Transactions are taken in the versions {versions}, each in its own namespace.",
            locator="version",
            message_vi=f"Giao dịch nhận các phiên bản {versions}, mỗi phiên bản với không gian tên của nó.",
        )
    return version


def read_transaction(root: Element, max_actions: int) -> Transaction:
    """A wfs:Transaction document.

    Raises InvalidParameter, MissingParameter, OperationNotSupported for what is not offered (Native, idgen), LimitExceeded for
    more than `max_actions` actions - those of the actions while they are read. Errors carry the handle of their element.
    """
    version = version_of(root)
    release = (attribute(root, "releaseAction") or "ALL").strip().upper()
    if release not in ("ALL", "SOME"):
        raise InvalidParameter("releaseAction is ALL or SOME.", locator="releaseAction")
    reading = ActionReading(version, NAMESPACES[version], attribute(root, "srsName"))
    handle = read_handle(root) or ""
    key = handle if handle.startswith(_NAME_FOR_GOOD) else None
    return Transaction(version, reading, _read_all(root, reading, max_actions), _read_lock_id(root, version), release == "ALL", key)


def _read_all(root: Element, reading: ActionReading, max_actions: int) -> Iterator[Action]:
    count = 0
    for element in root:
        try:
            for action in read_actions(element, reading):
                if count == max_actions:
                    raise LimitExceeded(
                        f"One transaction has at most {max_actions} actions.",
                        locator="Transaction",
                        message_vi=f"Một giao dịch có nhiều nhất {max_actions} thao tác.",
                    )
                count += 1
                yield action
        except XanhError as error:
            error.handle = error.handle or read_handle(element)
            raise


def _read_lock_id(root: Element, version: str) -> str | None:
    """An attribute in 2.0.0, an element before."""
    if version == "2.0.0":
        return (attribute(root, "lockId") or "").strip() or None
    found = first_child(root, "LockId")
    return (text_of(found) or None) if found is not None else None
