# SPDX-License-Identifier: MIT
"""An uploaded file on its way from the socket to its folder: written as it comes, counted, and gone again when anything is wrong."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from server.config import Settings
from server.errors import InvalidParameter, LimitExceeded, XanhError
from server.jobs.intake_folder import choose_suffix, kinds_of, make_folder, remove_folder, show_name

# What a form holds beside its file.
_ROOM = 100_000
_MOST_PARTS = 20


@dataclass(frozen=True)
class Received:
    """A file in its folder: the id of the upload, the name the sender gave it, its ending and size; and the other fields of the form."""

    id: str
    name: str
    suffix: str
    bytes: int
    fields: dict[str, str]


class _Counted:
    """A file that takes so much and no more; what the form parser writes to."""

    def __init__(self, path: Path, most: int) -> None:
        self._file: IO[bytes] = path.open("xb")
        self._most, self.bytes = most, 0

    def write(self, data: bytes) -> int:
        """Raises RequestEntityTooLarge."""
        self.bytes += len(data)
        if self.bytes > self._most:
            raise RequestEntityTooLarge
        return self._file.write(data)

    def seek(self, place: int) -> int:
        """As the form parser wants it when the part ends."""
        return self._file.seek(place)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Drawer:
    """The folder one request writes to: one file, whatever it is called."""

    def __init__(self, settings: Settings) -> None:
        self.id, self._settings = secrets.token_hex(16), settings
        self.folder = make_folder(settings, self.id)
        self.taken: _Counted | None = None

    def open(self, *_: Any, **__: Any) -> Any:
        """The one file. Raises InvalidParameter for a second one."""
        if self.taken is not None:
            raise InvalidParameter("Send one file at a time.", locator="file", message_vi="Hãy gửi từng tệp một.")
        self.taken = _Counted(self.folder / "incoming", self._settings.uploads.max_bytes)
        return self.taken

    def close(self) -> None:
        """Close the file, whole or not."""
        if self.taken is not None:
            self.taken.close()


def receive_file(settings: Settings, request: Request) -> Received:
    """Take the file of a form. Raises InvalidParameter (no file, empty, of a kind that is not taken, broken off) and LimitExceeded; then
    nothing of it stays."""
    _check_size(settings, request)
    drawer = _Drawer(settings)
    try:
        return _receive(settings, request, drawer)
    except RequestEntityTooLarge as error:
        remove_folder(settings, drawer.id)
        raise _too_large(settings) from error
    except (ClientDisconnected, ValueError, EOFError) as error:
        remove_folder(settings, drawer.id)
        raise InvalidParameter(
            "The file did not arrive whole; send it again.", locator="file", message_vi="Tệp chưa tới đủ; hãy gửi lại."
        ) from error
    except OSError as error:
        remove_folder(settings, drawer.id)
        raise _no_room() from error
    except XanhError:
        remove_folder(settings, drawer.id)
        raise
    finally:
        drawer.close()


def _receive(settings: Settings, request: Request, drawer: _Drawer) -> Received:
    request.max_content_length = settings.uploads.max_bytes + _ROOM
    parser = FormDataParser(
        stream_factory=drawer.open,
        max_form_memory_size=_ROOM,
        max_content_length=request.max_content_length,
        max_form_parts=_MOST_PARTS,
        silent=False,
    )
    _, form, files = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    file = files.get("file")
    drawer.close()
    if file is None or drawer.taken is None or not file.filename:
        raise InvalidParameter("Choose a file.", locator="file", message_vi="Hãy chọn một tệp.")
    name = show_name(file.filename)
    if drawer.taken.bytes == 0:
        raise InvalidParameter(f"{name} is empty.", locator="file", message_vi=f"{name}: tệp rỗng.")
    suffix = choose_suffix(kinds_of(settings, None), name)
    (drawer.folder / "incoming").rename(drawer.folder / f"{drawer.id}{suffix}")
    return Received(drawer.id, name, suffix, drawer.taken.bytes, {key: form.get(key, "") for key in form})


def _check_size(settings: Settings, request: Request) -> None:
    """Before anything is read."""
    announced = request.content_length or 0
    if announced > settings.uploads.max_bytes + _ROOM:
        raise _too_large(settings)
    if shutil.disk_usage(settings.var).free < 2 * announced + 100_000_000:
        raise _no_room()


def _too_large(settings: Settings) -> LimitExceeded:
    most = settings.uploads.max_bytes / 1_000_000
    return LimitExceeded(
        f"The file is larger than {most:g} MB; pack it, or have it loaded on the server (./xanh load).",
        locator="file",
        message_vi=f"Tệp lớn hơn {most:g} MB; hãy nén lại, hoặc nạp trực tiếp trên máy chủ (./xanh load).",
    )


def _no_room() -> LimitExceeded:
    return LimitExceeded(
        "The server has no room for this file now; tell its administrator.",
        locator="file",
        message_vi="Máy chủ không còn đủ chỗ cho tệp này; hãy báo người quản trị.",
    )
