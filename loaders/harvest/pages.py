# SPDX-License-Identifier: MIT
"""Takes the features of a service page by page into a folder, and makes sure that they are all there: the pages are counted against what
the service says it has, none comes twice, each is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from loaders.childread import Reading
from loaders.harvest.door import Door
from server.catalog.harvests import Harvest
from server.config import Settings
from server.errors import SourceRefused

_SUFFIX = {"json": ".geojson", "gml": ".gml"}


@dataclass(frozen=True)
class Pages:
    """What a service gave: files of features in order, how many features they hold, the process that looked at them."""

    files: tuple[Path, ...]
    features: int
    reading: Reading


@dataclass
class _Taking:
    """One run: the service, the way to it, the process that looks at its answers, what has come."""

    harvest: Harvest
    settings: Settings
    door: Door
    folder: Path
    reading: Reading
    files: list[Path] = field(default_factory=list)
    features: int = 0
    digests: set[str] = field(default_factory=set)

    def ask(self, address: str, about: str, /, **more: Any) -> dict[str, Any]:
        """Fetch an address and ask the reading process about the answer. Raises SourceRefused."""
        file = self.door.fetch(address, self.folder / "answer")
        self.reading.file = file
        return self._look(about, **more)

    def _look(self, about: str, /, **more: Any) -> dict[str, Any]:
        try:
            return self.reading.ask("service", about=about, **more)
        except SourceRefused as error:
            raise self.door.refuse(error.message.rstrip("."), (error.message_vi or error.message).rstrip(".")) from error

    def take_page(self, url: str) -> dict[str, Any]:
        """Fetch and keep a page; answers what it is. Raises SourceRefused when there are too many."""
        if len(self.files) >= self.settings.harvests.max_pages:
            raise self.door.refuse("the service gives more pages than allowed (config.yml: harvests)", "dịch vụ trả quá nhiều trang")
        page = self.ask(url, "page")
        if page["features"]:
            file = self.folder / f"page-{len(self.files) + 1:05}{_SUFFIX[page['kind']]}"
            (self.folder / "answer").rename(file)
            self.files.append(file)
            self.features += page["features"]
        most = self.settings.harvests.max_features
        if self.features > most:
            raise self.door.refuse(
                f"the service gives more than {most} features (config.yml: harvests)", f"dịch vụ trả hơn {most} đối tượng"
            )
        return page

    def is_repeated(self, page: dict[str, Any]) -> bool:
        """Whether a page with the same features came before."""
        seen = page["digest"] in self.digests
        self.digests.add(page["digest"])
        return bool(page["features"]) and seen

    def forget_pages(self) -> None:
        """Begin anew."""
        for file in self.files:
            file.unlink()
        self.files, self.features, self.digests = [], 0, set()


def take_pages(harvest: Harvest, settings: Settings, name: str, folder: Path) -> Pages:
    """Take all features of a service into `folder`.

    Raises SourceRefused: the service is no such service, has no such type, does not answer, answers in half, in a circle, with more than
    allowed, with fewer or more than it says it has, or with none.
    """
    reading = Reading(folder / "answer", urlsplit(harvest.url).hostname or name, None, settings.loading)
    taking = _Taking(harvest, settings, Door(name, settings.harvests), folder, reading)
    matched = _take_wfs(taking) if harvest.service == "wfs" else _take_collection(taking)
    (folder / "answer").unlink(missing_ok=True)
    if not taking.features:
        raise taking.door.refuse("the service gives no feature; nothing was loaded", "dịch vụ không trả đối tượng nào; chưa nạp gì")
    if matched is not None and matched != taking.features:
        raise taking.door.refuse(
            f"the service says it has {matched} features and gave {taking.features}",
            f"dịch vụ báo có {matched} đối tượng nhưng trả {taking.features}",
        )
    return Pages(tuple(taking.files), taking.features, reading)


def _more(harvest: Harvest, name: str) -> dict[str, str]:
    return {**harvest.parameters, **({name: harvest.filter} if harvest.filter else {})}


def _take_wfs(taking: _Taking) -> int | None:
    harvest, size = taking.harvest, taking.settings.harvests.page_size
    asked = "service=WFS&request=GetCapabilities&" + ("acceptVersions=" if harvest.version == "2.0.0" else "version=") + harvest.version
    question = {"url": harvest.url, "version": harvest.version, "type_name": harvest.type_name, "parameters": _more(harvest, "FILTER")}
    address = harvest.url + ("&" if "?" in harvest.url else "?") + asked
    found = taking.ask(address, "wfs", **question, count=size)
    matched: int | None = taking.ask(_hits(found), "page")["matched"]
    if _follow_indexes(taking, found["url"], matched):
        return matched
    # this service knows no pages: all at once, or not at all
    taking.forget_pages()
    whole = taking.ask(address, "wfs", **question, count=taking.settings.harvests.max_features + 1)
    taking.take_page(whole["url"])
    return matched


def _hits(found: dict[str, Any]) -> str:
    """The question how many there are; a limit on their number would limit the answer of some services too."""
    base, _, query = str(found["hits"]).partition("?")
    return base + "?" + "&".join(part for part in query.split("&") if part.partition("=")[0].lower() not in ("count", "maxfeatures"))


def _follow_indexes(taking: _Taking, url: str, matched: int | None) -> bool:
    """Take page after page by `startindex`, to the number told or to an empty page; False when the service does not turn pages."""
    while True:
        page = taking.take_page(url + (f"&startindex={taking.features}" if taking.features else ""))
        if taking.is_repeated(page):
            if len(taking.files) == 2:
                return False
            raise taking.door.refuse("the service gives the same page again and again", "dịch vụ trả lặp lại cùng một trang")
        if not page["features"] or (matched is not None and taking.features >= matched):
            return True


def _take_collection(taking: _Taking) -> int | None:
    harvest = taking.harvest
    question = {"url": harvest.url, "type_name": harvest.type_name, "parameters": _more(harvest, "filter")}
    found = taking.ask(harvest.url, "landing", **question, count=taking.settings.harvests.page_size)
    taking.ask(found["collection"], "collection")
    url = str(found["items"])
    matched: int | None = None
    while True:
        page = taking.take_page(url)
        matched = page["matched"] if matched is None else matched
        if taking.is_repeated(page):
            raise taking.door.refuse("the service gives the same page again and again", "dịch vụ trả lặp lại cùng một trang")
        if not isinstance(page["next"], str) or not page["features"]:
            return matched
        url = urljoin(url, page["next"])
