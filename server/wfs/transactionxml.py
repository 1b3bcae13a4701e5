# SPDX-License-Identifier: MIT
"""Transaction documents of WFS 1.1.0 (04-094 12) and 1.0.0 (02-058 11), read into values still in the client's words.

Nothing is looked up in the catalogue here; `server.wfs.edits` does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.errors import InvalidParameter, LimitExceeded, MissingParameter, OperationNotSupported, blame
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, first_child, local_name, namespace, text_of

VERSIONS = ("1.1.0", "1.0.0")
_FORMATS = ("", "text/xml", "application/xml", "text/xml; subtype=gml/3.1.1", "text/xml; subtype=gml/2.1.2", "gml3", "gml2")
_LONGEST_HANDLE = 200
# What GML puts into every feature and no layer keeps.
_GML_ONLY = frozenset({"boundedBy", "metaDataProperty"})


@dataclass(frozen=True)
class Insert:
    """One new feature: its property elements by name, as written."""

    type_name: str
    properties: tuple[tuple[str, Element], ...]
    srs_name: str | None
    handle: str | None


@dataclass(frozen=True)
class Update:
    """New values of properties (None: no value) for the features of a filter (None: all of them)."""

    type_name: str
    properties: tuple[tuple[str, Element | None], ...]
    filter: Element | None
    srs_name: str | None
    handle: str | None


@dataclass(frozen=True)
class Delete:
    """The features of a filter go."""

    type_name: str
    filter: Element
    handle: str | None


Action = Insert | Update | Delete


@dataclass(frozen=True)
class Transaction:
    """The version the client speaks (and is answered in) and its actions in document order; an Insert of several features is several.

    `lock_id` is the lock it holds; `releases_all` whether that ends afterwards, or only for the features changed.
    """

    version: str
    actions: tuple[Action, ...]
    lock_id: str | None = None
    releases_all: bool = True


def read_transaction(root: Element, max_actions: int) -> Transaction:
    """A wfs:Transaction document.

    Raises InvalidParameter, MissingParameter, OperationNotSupported for what is not offered (Native, idgen), LimitExceeded for
    more than `max_actions` actions. Errors carry the handle of their element.
    """
    version = attribute(root, "version") or VERSIONS[0]
    if version not in VERSIONS or namespace(root) != Namespace.WFS:
        raise InvalidParameter(
            f"Transactions are taken in the versions {' and '.join(VERSIONS)}.",
            locator="version",
            message_vi=f"Giao dịch nhận phiên bản {' và '.join(VERSIONS)}.",
        )
    release = (attribute(root, "releaseAction") or "ALL").strip().upper()
    if release not in ("ALL", "SOME"):
        raise InvalidParameter("releaseAction is ALL or SOME.", locator="releaseAction")
    actions: list[Action] = []
    for element in children(root):
        with blame(_read_handle(element)):
            for action in _read_actions(element):
                if len(actions) == max_actions:
                    raise LimitExceeded(
                        f"One transaction has at most {max_actions} actions.",
                        locator="Transaction",
                        message_vi=f"Một giao dịch có nhiều nhất {max_actions} thao tác.",
                    )
                actions.append(action)
    lock = first_child(root, "LockId")
    return Transaction(version, tuple(actions), (text_of(lock) or None) if lock is not None else None, release == "ALL")


def read_value(element: Element) -> str | None:
    """The text of a property, None for none (empty or xsi:nil). Raises InvalidParameter when there are elements inside."""
    if children(element):
        raise InvalidParameter(
            "The property takes text, not elements.",
            locator=local_name(element),
            message_vi="Thuộc tính nhận văn bản, không nhận phần tử con.",
        )
    return text_of(element) or None


def _read_actions(element: Element) -> Iterator[Action]:
    name = local_name(element)
    reader = _READERS.get(name) if namespace(element) == Namespace.WFS else None
    if reader is None:
        raise InvalidParameter(f"A Transaction holds Insert, Update and Delete, not {_shown(name)}.", locator=_shown(name))
    return reader(element)


def _read_insert(element: Element) -> Iterator[Action]:
    _refuse_unless_offered(element)
    features = list(_list_features(element))
    if not features:
        raise MissingParameter("An Insert holds features.", locator="Insert", message_vi="Insert phải chứa đối tượng.")
    for feature in features:
        properties = [child for child in children(feature) if not (namespace(child) == Namespace.GML and local_name(child) in _GML_ONLY)]
        yield Insert(
            type_name=local_name(feature),
            properties=tuple((_property_name(child), child) for child in properties),
            srs_name=attribute(element, "srsName"),
            handle=_read_handle(element),
        )


def _list_features(element: Element) -> Iterator[Element]:
    """The features inside an Insert, also those in a collection."""
    for child in children(element):
        if local_name(child) != "FeatureCollection":
            yield child
            continue
        for holder in children(child):
            if local_name(holder) in ("featureMember", "featureMembers"):
                yield from children(holder)


def _property_name(element: Element) -> str:
    """A property of GML itself is none of ours, whatever its local name."""
    return f"gml:{local_name(element)}" if namespace(element) == Namespace.GML else local_name(element)


def _refuse_unless_offered(element: Element) -> None:
    idgen = attribute(element, "idgen") or "GenerateNew"
    if idgen in ("UseExisting", "ReplaceDuplicate"):
        raise OperationNotSupported(
            "Ids are given by the server: idgen is GenerateNew.", locator="idgen", message_vi="Máy chủ tự cấp mã: idgen là GenerateNew."
        )
    if idgen != "GenerateNew":
        raise InvalidParameter("idgen is GenerateNew.", locator="idgen")
    _check_format(element)


def _check_format(element: Element) -> None:
    if (attribute(element, "inputFormat") or "").strip().lower() not in _FORMATS:
        raise InvalidParameter("inputFormat is text/xml; subtype=gml/3.1.1.", locator="inputFormat")


def _read_update(element: Element) -> Iterator[Action]:
    _check_format(element)
    properties = tuple(_read_property(child) for child in children(element, "Property"))
    if not properties:
        raise MissingParameter("An Update holds a Property.", locator="Property", message_vi="Update phải chứa Property.")
    yield Update(
        type_name=_read_type_name(element),
        properties=properties,
        filter=first_child(element, "Filter"),
        srs_name=attribute(element, "srsName"),
        handle=_read_handle(element),
    )


def _read_property(element: Element) -> tuple[str, Element | None]:
    name = first_child(element, "Name")
    if name is None or not text_of(name):
        raise MissingParameter("A Property has a Name.", locator="Name", message_vi="Property phải có Name.")
    return text_of(name), first_child(element, "Value")


def _read_delete(element: Element) -> Iterator[Action]:
    found = first_child(element, "Filter")
    if found is None:
        raise MissingParameter("A Delete needs a Filter.", locator="Filter", message_vi="Delete phải có Filter.")
    yield Delete(_read_type_name(element), found, _read_handle(element))


def _read_native(element: Element) -> Iterator[Action]:
    """Native commands are not run; one that may be ignored is (04-094 12.2.7)."""
    if (attribute(element, "safeToIgnore") or "").strip().lower() not in ("true", "1"):
        raise OperationNotSupported("Native commands are not offered.", locator="Native", message_vi="Không hỗ trợ lệnh Native.")
    yield from ()


_READERS: dict[str, Callable[[Element], Iterator[Action]]] = {
    "Insert": _read_insert,
    "Update": _read_update,
    "Delete": _read_delete,
    "Native": _read_native,
    "LockId": lambda _: iter(()),
}


def _read_type_name(element: Element) -> str:
    name = attribute(element, "typeName")
    if not name:
        raise MissingParameter("typeName is missing.", locator="typeName", message_vi="Thiếu typeName.")
    return name


def _read_handle(element: Element) -> str | None:
    handle = (attribute(element, "handle") or "").strip()
    return handle[:_LONGEST_HANDLE] or None


def _shown(text: str) -> str:
    """A stranger's word, short and printable."""
    return "".join(character if character.isprintable() else "?" for character in text[:60])
