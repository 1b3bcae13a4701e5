# SPDX-License-Identifier: MIT
"""What lies in a file, folder or archive a reader is to open: copied or linked into a folder of our own first.

So nothing is written beside the user's file (GDAL makes indexes), parts of one data set get one spelling (`Lakes.SHP`, `lakes.dbf`), names
of an archive never leave the folder, and a zip bomb ends at a ceiling of config.yml (`loading`).
"""

from __future__ import annotations

import gzip
import lzma
import os
import re
import shutil
import tempfile
import unicodedata
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from server.config import Loading
from server.errors import SourceRefused

_BLOCK = 1 << 20
_LEFTOVERS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
_ENCRYPTED, _UTF8 = 0x1, 0x800
# What the unpackers of Python say of bytes that are not what they should be; bz2 says it with an OSError that has no number.
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError)
# A small file may shrink a lot without being a bomb.
_HARMLESS_BYTES = 10_000_000


class Workspace:
    """A folder of our own with the files of a source; it goes with the object. `files` are relative names, in order.

    Raises SourceRefused: a damaged or encrypted archive, names that leave it, more bytes or files than `limits` allow.
    """

    def __init__(self, path: Path, limits: Loading) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xanh-read-")).resolve()
        self._finalizer = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._limits = limits
        self._left = limits.unpacked_bytes
        self._name = path.name
        try:
            self._take(path)
        except _DAMAGED as error:
            raise refuse_damaged(path.name) from error
        except OSError as error:
            raise _refuse_unreachable(path.name, error) from error
        self.files = tuple(sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file()))

    def _take(self, path: Path) -> None:
        name = path.name.lower()
        if path.is_dir():
            self._link_folder(path)
        elif name.endswith((".zip", ".kmz")):
            self._unzip(path)
        elif name.endswith(".gz"):
            with gzip.open(path) as packed:
                self._copy(packed, self.folder / path.name[: -len(".gz")], path.stat().st_size)
        else:
            for part in _parts_of(path):
                _link(part, self.folder / part.name)

    def _link_folder(self, path: Path) -> None:
        found = [p for p in sorted(path.rglob("*")) if p.is_file() and not _is_leftover(p.relative_to(path).as_posix())]
        if len(found) > self._limits.archive_files:
            raise self._too_much("files", "tệp")
        for part in found:
            target = self.folder / part.relative_to(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(part, target)

    def _unzip(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > self._limits.archive_files:
                raise self._too_much("files", "tệp")
            for member in members:
                name = _true_name(member)
                if _is_leftover(name):
                    continue
                target = self._target(name)
                if member.flag_bits & _ENCRYPTED:
                    raise SourceRefused(
                        f"{self._name} is locked with a password.", locator=self._name, message_vi=f"{self._name} được đặt mật khẩu."
                    )
                target.parent.mkdir(parents=True, exist_ok=True)
                with self._open_member(archive, member) as packed:
                    self._copy(packed, target, member.compress_size)

    def _open_member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return archive.open(member)
        except RuntimeError as error:  # packed in a way nobody knows, or locked though the list of the archive did not say so
            raise refuse_damaged(self._name) from error

    def _target(self, name: str) -> Path:
        """Where a member goes. Raises SourceRefused for a name that would leave the folder."""
        pure = PurePosixPath(name.replace("\\", "/"))
        if pure.is_absolute() or ".." in pure.parts or re.match(r"[A-Za-z]:", name) or "\x00" in name:
            raise SourceRefused(
                f"{self._name} holds a file name that leaves the archive.",
                locator=self._name,
                message_vi=f"{self._name} chứa tên tệp trỏ ra ngoài tệp nén.",
            )
        return self.folder / pure

    def _copy(self, packed: IO[bytes] | gzip.GzipFile, target: Path, packed_size: int) -> None:
        written = 0
        with target.open("wb") as out:
            while block := packed.read(_BLOCK):
                written += len(block)
                self._left -= len(block)
                is_bomb = written > _HARMLESS_BYTES and written > self._limits.unpacked_ratio * max(packed_size, 1)
                if self._left < 0 or is_bomb:
                    raise self._too_much("bytes", "byte")
                out.write(block)

    def _too_much(self, what: str, what_vi: str) -> SourceRefused:
        return SourceRefused(
            f"{self._name} unpacks to more {what} than are allowed (config.yml: loading).",
            locator=self._name,
            message_vi=f"{self._name} giải nén ra quá nhiều {what_vi} so với mức cho phép (config.yml: loading).",
        )


def refuse_damaged(name: str) -> SourceRefused:
    """The refusal of a file that cannot be read."""
    return SourceRefused(
        f"{name} cannot be read: it is damaged or not what its name claims.",
        locator=name,
        message_vi=f"{name}: không đọc được, tệp hỏng hoặc sai định dạng.",
    )


def _refuse_unreachable(name: str, error: OSError) -> SourceRefused:
    """Bytes bz2 cannot read, or a reason that lies with the machine: no right to read, a full disk."""
    if error.errno is None:
        return refuse_damaged(name)
    return SourceRefused(
        f"{name} cannot be taken in: {error.strerror}.",
        locator=name,
        message_vi=f"{name}: không lấy được tệp ({error.strerror}).",
    )


def sets_by_stem(files: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """Data sets of several files: folder/stem in small letters -> {extension: file}."""
    found: dict[str, dict[str, str]] = {}
    for file in files:
        pure = PurePosixPath(file)
        found.setdefault(unicodedata.normalize("NFC", pure.with_suffix("").as_posix().lower()), {})[pure.suffix.lower()] = file
    yield from found.items()


def _parts_of(path: Path) -> list[Path]:
    """The file and those beside it with the same stem in any case; parts of one data set."""
    if path.suffix.lower() not in (".shp", ".tab", ".mif", ".dbf"):
        return [path]
    return [p for p in path.parent.iterdir() if p.is_file() and p.stem.lower() == path.stem.lower()]


def _link(source: Path, target: Path) -> None:
    os.symlink(source.resolve(), target)


def _is_leftover(name: str) -> bool:
    parts = name.lower().split("/")
    return parts[-1].startswith("._") or any(part in _LEFTOVERS for part in parts)


def _true_name(member: zipfile.ZipInfo) -> str:
    """The name as meant: many programs write UTF-8 without saying so, and Python then reads it as cp437."""
    if member.flag_bits & _UTF8:
        return unicodedata.normalize("NFC", member.filename)
    try:
        return unicodedata.normalize("NFC", member.filename.encode("cp437").decode("utf-8"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename
