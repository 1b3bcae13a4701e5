# SPDX-License-Identifier: MIT
"""What of a harvest happens in the reading process (`loaders.child`): OWSLib reads what services say of themselves, pages are looked
through. Nothing here asks the network: addresses are answered, and fetched elsewhere."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from server.errors import InvalidParameter, SourceRefused
from server.xmlio.outline import Outline, read_outline

_SHOWN = 10
_LONGEST_WORDS = 300
_FAULTS = ("ExceptionReport", "ServiceExceptionReport", "Exception")


def answer_service(question: dict[str, Any]) -> dict[str, Any]:
    """Answer a question about a service. Raises SourceRefused.

    `wfs`: (file: capabilities) the addresses of the features and of their number; `landing`, `collection`: (file: JSON) the addresses of a
    collection and of its items; `page`: what a file with features is.
    """
    about, file = question["about"], Path(question["file"])
    if about == "wfs":
        return _read_wfs(file, question)
    if about == "page":
        return _look_at_page(file)
    return _read_landing(file, question) if about == "landing" else _read_collection(file)


def _read_wfs(file: Path, question: dict[str, Any]) -> dict[str, Any]:
    from owslib.wfs import WebFeatureService

    outline = _outline(file)
    if outline.root != "WFS_Capabilities":
        raise _no_service(outline, "a WFS")
    version, told = question["version"], outline.attributes.get("version", "")
    if told != version:
        raise SourceRefused(
            f"the service speaks WFS {told[:20]}, not {version}; say `version`.",
            message_vi=f"dịch vụ dùng WFS {told[:20]}",
        )
    service = WebFeatureService(question["url"], version, xml=file.read_bytes(), parse_remote_metadata=False)
    name = _find_name(question["type_name"], [str(each) for each in service.contents], "feature type")
    try:
        first = service.getGETGetFeatureRequest(typename=[name], maxfeatures=question["count"] or None)
    except (AttributeError, StopIteration) as error:
        raise SourceRefused(
            "the service does not say where to ask for features.", message_vi="dịch vụ không cho biết địa chỉ GetFeature"
        ) from error
    more = urlencode(question["parameters"])
    address = first + (f"&{more}" if more else "")
    return {"url": address, "hits": f"{address}&resultType=hits"}


def _find_name(wanted: str, names: list[str], kind: str) -> str:
    """The name as the service has it; its prefix may be left out."""
    found = [name for name in names if wanted in (name, name.rpartition(":")[2])]
    if wanted in found or len(found) == 1:
        return wanted if wanted in found else found[0]
    listed = ", ".join(sorted(names)[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    raise SourceRefused(
        f"the service has no {kind} {wanted!r}; it has {listed or 'none'}.",
        message_vi=f"không có {wanted!r}; chỉ có: {listed or '-'}",
    )


def _read_landing(file: Path, question: dict[str, Any]) -> dict[str, Any]:
    from owslib.ogcapi.features import Features

    told = _json(file)
    if not isinstance(told, dict) or not isinstance(told.get("links"), list):
        raise SourceRefused("the address is not the landing page of an OGC API.", message_vi="địa chỉ không phải trang đầu của OGC API")
    service = Features(question["url"], json_=json.dumps(told))
    address = f"collections/{question['type_name']}"
    asked = {**question["parameters"], "limit": question["count"]}
    return {"collection": service._build_url(address), "items": service._build_url(f"{address}/items", asked)}


def _read_collection(file: Path) -> dict[str, Any]:
    told = _json(file)
    if not isinstance(told, dict) or "id" not in told:
        raise SourceRefused("the service does not describe the collection.", message_vi="dịch vụ không mô tả bộ dữ liệu này")
    return {"id": str(told["id"])}


def _look_at_page(file: Path) -> dict[str, Any]:
    """What a page is: its kind, how many features it holds and there are in all (None: not told), the address of the next, a digest."""
    with file.open("rb") as opened:
        start = opened.read(1000).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return _look_at_json(_json(file))
    outline = _outline(file)
    if outline.root != "FeatureCollection":
        raise _no_service(outline, "features")
    if "truncatedResponse" in outline.second:
        raise SourceRefused(f"the service broke off: {_words(outline)}", message_vi=f"dịch vụ dừng giữa chừng: {_words(outline)}")
    members = outline.second.get("member", 0) + outline.second.get("featureMember", 0)
    members += sum(often for (parent, _), often in outline.third.items() if parent == "featureMembers")
    matched = outline.attributes.get("numberMatched", outline.attributes.get("numberOfFeatures", "") if not members else "")
    number = int(matched) if matched.isascii() and matched.isdigit() and len(matched) < 16 else None
    return {"kind": "gml", "features": members, "matched": number, "next": None, "digest": outline.digest}


def _look_at_json(told: Any) -> dict[str, Any]:
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(told, dict) or told.get("type") != "FeatureCollection" or not isinstance(features, list):
        words = str(told.get("description") or told.get("detail") or told.get("title") or "") if isinstance(told, dict) else ""
        raise SourceRefused(f"the service gives no features. {words[:_LONGEST_WORDS]}", message_vi="dịch vụ không trả về đối tượng")
    links = told.get("links")
    found = [link for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    following = next((link.get("href") for link in found if link.get("rel") == "next"), None)
    matched = told.get("numberMatched")
    digest = hashlib.sha256(json.dumps(features, sort_keys=True).encode()).hexdigest()
    number = matched if isinstance(matched, int) and not isinstance(matched, bool) and matched >= 0 else None
    return {"kind": "json", "features": len(features), "matched": number, "next": following, "digest": digest}


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        start = file.read_bytes()[:200].decode("utf-8", "replace").strip()
        raise SourceRefused(
            f"the service answered with something that is no JSON: {start!r}", message_vi="dịch vụ trả lời không phải JSON"
        ) from error


def _outline(file: Path) -> Outline:
    try:
        return read_outline(file)
    except InvalidParameter as error:
        start = file.read_bytes()[:100].decode("utf-8", "replace").strip()
        raise SourceRefused(
            f"the answer of the service is damaged or no XML: {error.message}; it begins {start!r}",
            message_vi=f"dịch vụ trả lời hỏng hoặc không phải XML: {error.message_vi}",
        ) from error


def _no_service(outline: Outline, what: str) -> SourceRefused:
    if outline.root in _FAULTS:
        return SourceRefused(f"the service refused: {_words(outline)}", message_vi=f"dịch vụ từ chối: {_words(outline)}")
    return SourceRefused(
        f"the service answered with {outline.root[:60]!r} instead of {what}.",
        message_vi=f"dịch vụ trả về {outline.root[:60]!r}",
    )


def _words(outline: Outline) -> str:
    return outline.text[:_LONGEST_WORDS]
