# SPDX-License-Identifier: MIT
"""What came over HTTP, as one value: key-value parameters and, for a POST with XML, the root element."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from server.config import Limits
from server.errors import InvalidParameter, UnreadableRequest
from server.ows.kvp import read_kvp
from server.xmlio.parse import Element, parse_xml

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Incoming:
    """Parameters by upper-case name; `body` is the root of an XML request, None for key-value requests (GET, or POST of a form)."""

    parameters: dict[str, str]
    body: Element | None = None


def read_incoming(limits: Limits) -> Incoming:
    """The request being answered. A form in a POST counts like a query string.

    Raises UnreadableRequest for broken XML and DOCTYPEs, InvalidParameter for undecodable text, LimitExceeded for XML too deep,
    RequestEntityTooLarge.
    """
    parameters = read_kvp(request.query_string)
    if request.method != "POST":
        return Incoming(parameters)
    data = request.get_data(cache=False)
    if request.mimetype == _FORM and not data.lstrip().startswith(b"<"):
        return Incoming(read_kvp(b"&".join(part for part in (request.query_string, data) if part)))
    if not data.strip():
        return Incoming(parameters)
    return Incoming(parameters, _parse(data, limits))


def _parse(data: bytes, limits: Limits) -> Element:
    try:
        return parse_xml(data, limits.max_body_bytes, limits.max_xml_depth, locator="request")
    except InvalidParameter as error:
        raise UnreadableRequest(error.message, locator=error.locator, message_vi=error.message_vi) from None
