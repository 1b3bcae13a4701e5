# SPDX-License-Identifier: MIT
"""Where an uploaded file lies: a folder with a random name below the state directory, readable by the owner alone.

The name the sender gave is kept for people; on disk no letter of it stands, and nothing of a file is opened here.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from server.catalog.model import Layer
from server.config import Settings
from server.errors import InvalidParameter
from server.query.uploads import Upload
from server.state import StateDir

PLAN, PREVIEW, OUTCOME = "plan.json", "preview.json", "outcome"
# What a load leaves for the person, and how it is sent.
DOWNLOADS = {
    "report.html": "text/html; charset=utf-8",
    "report.json": "application/json",
    "map.html": "text/html; charset=utf-8",
    "rejected.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "rejected.gpkg": "application/geopackage+sqlite3",
}
_LONGEST_NAME = 120
_ABANDONED_S = 3600


def make_folder(settings: Settings, upload_id: str) -> Path:
    """The folder of a new upload. Raises OSError."""
    root = StateDir(settings.var).uploads
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = root / upload_id
    folder.mkdir(mode=0o700)
    return folder


def folder_of(settings: Settings, upload_id: str) -> Path:
    """The folder of an upload of ours."""
    return StateDir(settings.var).uploads / upload_id


def source_of(settings: Settings, upload: Upload) -> Path:
    """The file itself, there or not."""
    return folder_of(settings, upload.id) / f"{upload.id}{upload.suffix}"


def outcome_of(settings: Settings, upload: Upload) -> Path:
    """The folder of the report: it stays when the file goes."""
    return StateDir(settings.var).loads / f"{upload.layer}-{upload.created_at:%Y%m%d-%H%M%S}-{upload.id[:8]}"


def write_document(path: Path, content: Any) -> None:
    """A JSON file, there as a whole or not at all. Raises OSError."""
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


def read_document(path: Path) -> Any:
    """The content of a JSON file; None when it is not there."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def remove_folder(settings: Settings, upload_id: str) -> None:
    """Throw a file away."""
    shutil.rmtree(folder_of(settings, upload_id), ignore_errors=True)


def remove_others(settings: Settings, kept: set[str]) -> None:
    """Throw away the folders nobody knows (any more); a new one is given an hour to be written down."""
    root = StateDir(settings.var).uploads
    for path in root.iterdir() if root.is_dir() else ():
        if path.name not in kept and time.time() - path.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(path, ignore_errors=True)


def show_name(given: str | None) -> str:
    """What the sender calls a file, for people to read: the last part, without signs that do not print; cut to 120 letters."""
    last = PureWindowsPath(PurePosixPath((given or "").replace("\0", "")).name).name
    plain = "".join(sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable() and unicodedata.category(sign) != "Cf")
    return (plain.encode("utf-8", "replace").decode()[-_LONGEST_NAME:]).strip() or "?"


def choose_suffix(kinds: Sequence[str], name: str) -> str:
    """The ending a file is kept under, one of `kinds`. Raises InvalidParameter."""
    suffix = Path(name.lower()).suffix
    if suffix == ".gz":
        inner = Path(name.lower().removesuffix(".gz")).suffix
        suffix = f"{inner}.gz" if inner in kinds and ".gz" in kinds else suffix
    if suffix.removesuffix(".gz") in kinds or (suffix.endswith(".gz") and ".gz" in kinds):
        return suffix
    told = ", ".join(kinds)
    raise InvalidParameter(
        f"Files of this kind are not taken; take one of {told} (a shapefile: all its parts in one .zip).",
        locator="file",
        message_vi=f"Không nhận loại tệp này; hãy chọn một trong: {told} (shapefile: nén mọi phần vào một tệp .zip).",
    )


def kinds_of(settings: Settings, layer: Layer | None) -> tuple[str, ...]:
    """Which endings are taken for a layer; None: for any."""
    uploads = settings.uploads
    if layer is None:
        return tuple(dict.fromkeys((*uploads.kinds, *uploads.raster_kinds)))
    return uploads.kinds if layer.raster is None else uploads.raster_kinds
