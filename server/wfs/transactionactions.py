# SPDX-License-Identifier: MIT
"""The actions of a Transaction - Insert, Update, Replace, Delete, Native - in the words of each version of WFS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.errors import InvalidParameter, MissingParameter, OperationNotSupported, XanhError
from server.xmlio.namespaces import Namespace
from server.xmlio.parse import Element, attribute, children, first_child, local_name, namespace, text_of

_FORMATS = frozenset(
    {
        "",
        "text/xml",
        "application/xml",
        "text/xml; subtype=gml/3.1.1",
        "text/xml; subtype=gml/3.2",
        "text/xml; subtype=gml/2.1.2",
        "application/gml+xml; version=3.2",
        "gml32",
        "gml3",
        "gml2",
    }
)
_LONGEST_HANDLE = 200
_GML = (Namespace.GML, Namespace.GML32)
# What GML puts into every feature and no layer keeps.
_GML_ONLY = frozenset({"boundedBy", "metaDataProperty"})


@dataclass(frozen=True)
class Insert:
    """One new feature, as written."""

    feature: Element
    srs_name: str | None
    handle: str | None

    @property
    def type_name(self) -> str:
        """The name of its type."""
        return local_name(self.feature)

    @property
    def properties(self) -> tuple[tuple[str, Element], ...]:
        """Its property elements by name."""
        return _read_feature(self.feature)


@dataclass(frozen=True)
class Update:
    """New values of properties (None: no value) for the features of a filter (None: all of them)."""

    type_name: str
    properties: tuple[tuple[str, Element | None], ...]
    filter: Element | None
    srs_name: str | None
    handle: str | None


@dataclass(frozen=True)
class Replace:
    """One feature as a whole in the place of those a filter matches: what it leaves out becomes empty."""

    type_name: str
    properties: tuple[tuple[str, Element], ...]
    filter: Element
    srs_name: str | None
    handle: str | None


@dataclass(frozen=True)
class Delete:
    """The features of a filter go."""

    type_name: str
    filter: Element
    handle: str | None


Action = Insert | Update | Replace | Delete


@dataclass(frozen=True)
class ActionReading:
    """What the Transaction says of all its actions: version, the namespace of their elements, the CRS of those that name none."""

    version: str
    namespace: str
    srs_name: str | None = None


def read_actions(element: Element, reading: ActionReading) -> Iterator[Action]:
    """The actions one element of a Transaction asks for. Raises InvalidParameter, MissingParameter, OperationNotSupported."""
    name = local_name(element)
    reader = _READERS.get(name) if namespace(element) == reading.namespace else None
    if reader is None or (name in _ONLY_NEW and reading.version != "2.0.0"):
        raise InvalidParameter(f"A Transaction holds Insert, Update, Replace (2.0.0) and Delete, not {_shown(name)}.", locator=_shown(name))
    return reader(element, reading)


def read_single(element: Element, reading: ActionReading) -> Action | None:
    """The action of an element that asks for one; None for one that asks for several, and for what is wrong: `read_actions` tells what."""
    try:
        actions = list(read_actions(element, reading))
    except XanhError:
        return None
    return actions[0] if len(actions) == 1 else None


def read_handle(element: Element) -> str | None:
    """The client's name for an action or the whole, None where it gives none."""
    handle = (attribute(element, "handle") or "").strip()
    return handle[:_LONGEST_HANDLE] or None


def read_value(element: Element) -> str | None:
    """The text of a property, None for none (empty or xsi:nil). Raises InvalidParameter when there are elements inside."""
    if len(element):
        raise InvalidParameter(
            "The property takes text, not elements.",
            locator=local_name(element),
            message_vi="Thuộc tính nhận văn bản, không nhận phần tử con.",
        )
    return (element.text or "").strip() or None


def _read_insert(element: Element, reading: ActionReading) -> Iterator[Action]:
    _refuse_unless_offered(element, reading)
    srs_name, handle = attribute(element, "srsName") or reading.srs_name, read_handle(element)
    features = list(_list_features(element))
    if not features:
        raise MissingParameter("An Insert holds features.", locator="Insert", message_vi="Insert phải chứa đối tượng.")
    for feature in features:
        yield Insert(feature, srs_name, handle)


def _list_features(element: Element) -> Iterator[Element]:
    """The features inside an Insert, also those in a collection of any version."""
    for child in children(element):
        if local_name(child) != "FeatureCollection":
            yield child
            continue
        for holder in children(child):
            if local_name(holder) in ("featureMember", "featureMembers", "member"):
                yield from children(holder)


def _read_feature(feature: Element) -> tuple[tuple[str, Element], ...]:
    """The properties of a feature by name. One of GML itself is none of ours, whatever its local name."""
    found = []
    for child in children(feature):
        name = property_name(child)
        if name is not None:
            found.append((name, child))
    return tuple(found)


def property_name(element: Element) -> str | None:
    """The name of the property an element of a feature gives; None for what GML puts into every feature."""
    name = local_name(element)
    if namespace(element) not in _GML:
        return name
    return None if name in _GML_ONLY else f"gml:{name}"


def _refuse_unless_offered(element: Element, reading: ActionReading) -> None:
    """`idgen` is of 1.1.0 alone (04-094 12.2.4); ids are never the client's."""
    idgen = (attribute(element, "idgen") if reading.version == "1.1.0" else None) or "GenerateNew"
    if idgen in ("UseExisting", "ReplaceDuplicate"):
        raise OperationNotSupported(
            "Ids are given by the server: idgen is GenerateNew.", locator="idgen", message_vi="Máy chủ tự cấp mã: idgen là GenerateNew."
        )
    if idgen != "GenerateNew":
        raise InvalidParameter("idgen is GenerateNew.", locator="idgen")
    _check_format(element)


def _check_format(element: Element) -> None:
    if (attribute(element, "inputFormat") or "").strip().lower() not in _FORMATS:
        raise InvalidParameter("inputFormat is GML: text/xml; subtype=gml/3.2, 3.1.1 or 2.1.2.", locator="inputFormat")


def _read_update(element: Element, reading: ActionReading) -> Iterator[Action]:
    _check_format(element)
    properties = tuple(_read_property(child, reading) for child in children(element, "Property"))
    if not properties:
        raise MissingParameter("An Update holds a Property.", locator="Property", message_vi="Update phải chứa Property.")
    yield Update(
        type_name=_read_type_name(element),
        properties=properties,
        filter=first_child(element, "Filter"),
        srs_name=attribute(element, "srsName") or reading.srs_name,
        handle=read_handle(element),
    )


def _read_property(element: Element, reading: ActionReading) -> tuple[str, Element | None]:
    tag = "ValueReference" if reading.version == "2.0.0" else "Name"
    name = first_child(element, tag)
    if name is None or not text_of(name):
        raise MissingParameter(f"A Property has a {tag}.", locator=tag, message_vi=f"Property phải có {tag}.")
    return text_of(name), None if _removes(name) else first_child(element, "Value")


def _removes(name: Element) -> bool:
    """Whether the `action` of a ValueReference (09-025r2 15.2.5.2.1) empties the property. Every property holds one value at most, so
    there is nothing before or after which another could stand.
    """
    action = (attribute(name, "action") or "replace").strip()
    if action in ("insertBefore", "insertAfter"):
        raise OperationNotSupported(
            "A property holds one value: action is replace or remove.",
            locator="action",
            message_vi="Mỗi thuộc tính có một giá trị: action là replace hoặc remove.",
        )
    if action not in ("replace", "remove"):
        raise InvalidParameter("action is replace or remove.", locator="action")
    return action == "remove"


def _read_replace(element: Element, reading: ActionReading) -> Iterator[Action]:
    _check_format(element)
    features = [child for child in children(element) if local_name(child) != "Filter"]
    if len(features) != 1:
        raise MissingParameter("A Replace holds one feature.", locator="Replace", message_vi="Replace phải chứa một đối tượng.")
    yield Replace(
        type_name=local_name(features[0]),
        properties=_read_feature(features[0]),
        filter=_read_filter(element, "Replace"),
        srs_name=attribute(element, "srsName") or reading.srs_name,
        handle=read_handle(element),
    )


def _read_delete(element: Element, reading: ActionReading) -> Iterator[Action]:
    del reading
    yield Delete(_read_type_name(element), _read_filter(element, "Delete"), read_handle(element))


def _read_filter(element: Element, name: str) -> Element:
    found = first_child(element, "Filter")
    if found is None:
        raise MissingParameter(f"A {name} needs a Filter.", locator="Filter", message_vi=f"{name} phải có Filter.")
    return found


def _read_native(element: Element, reading: ActionReading) -> Iterator[Action]:
    """Native commands are not run; one that may be ignored is (04-094 12.2.7, 09-025r2 15.2.8)."""
    if (attribute(element, "safeToIgnore") or "").strip().lower() not in ("true", "1"):
        refusal = OperationNotSupported if reading.version == "2.0.0" else InvalidParameter
        raise refusal("Native commands are not offered.", locator="Native", message_vi="Không hỗ trợ lệnh Native.")
    yield from ()


def _pass_over(element: Element, reading: ActionReading) -> Iterator[Action]:
    """The lock stands among the actions in 1.1.0; `transactionxml` reads it."""
    del element, reading
    yield from ()


_READERS: dict[str, Callable[[Element, ActionReading], Iterator[Action]]] = {
    "Insert": _read_insert,
    "Update": _read_update,
    "Replace": _read_replace,
    "Delete": _read_delete,
    "Native": _read_native,
    "LockId": _pass_over,
}
_ONLY_NEW = ("Replace",)


def _read_type_name(element: Element) -> str:
    name = attribute(element, "typeName")
    if not name:
        raise MissingParameter("typeName is missing.", locator="typeName", message_vi="Thiếu typeName.")
    return name


def _shown(text: str) -> str:
    """A stranger's word, short and printable."""
    return "".join(character if character.isprintable() else "?" for character in text[:60])
