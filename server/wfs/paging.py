# SPDX-License-Identifier: MIT
"""Addresses of the pages before and after (WFS 2.0.0, 09-025r2 7.7.4.4): the same key-value request from another feature on."""

from __future__ import annotations

from urllib.parse import urlencode

from server.wfs.frames import Numbers
from server.wfs.requests import GetFeature

_REPLACED = frozenset({"STARTINDEX", "COUNT", "MAXFEATURES"})


def page_links(asked: GetFeature, address: str, numbers: Numbers, limit: int) -> tuple[tuple[str, str], ...]:
    """The attributes `next` and `previous` of a collection, where there are such pages.

    Requests that came as XML get none: they would not fit into an address.
    """
    if not asked.parameters or numbers.matched is None:
        return ()
    links: list[tuple[str, str]] = []
    if asked.start_index + (numbers.returned or 0) < numbers.matched and numbers.returned:
        links.append(("next", _write(asked, address, asked.start_index + numbers.returned, limit)))
    if asked.start_index:
        first = max(asked.start_index - limit, 0)
        links.append(("previous", _write(asked, address, first, min(limit, asked.start_index))))
    return tuple(links)


def _write(asked: GetFeature, address: str, start: int, count: int) -> str:
    kept = {name: value for name, value in asked.parameters.items() if name not in _REPLACED}
    return f"{address}?{urlencode({**kept, 'STARTINDEX': start, 'COUNT': count})}"
