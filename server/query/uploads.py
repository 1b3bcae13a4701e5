# SPDX-License-Identifier: MIT
"""Files staff hand in to be loaded: what is wished for one, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

UploadState = Literal["planning", "planned", "refused", "loading", "done", "failed", "undoing", "undone"]
LoadMode = Literal["append", "upsert", "replace", "sync"]
RepairWish = Literal["no", "small", "all"]
ErrorWish = Literal["reject", "stop"]
MODES: tuple[LoadMode, ...] = get_args(LoadMode)
REPAIRS: tuple[RepairWish, ...] = get_args(RepairWish)
ON_ERROR: tuple[ErrorWish, ...] = get_args(ErrorWish)
BUSY: tuple[UploadState, ...] = ("planning", "loading", "undoing")
STILL: tuple[UploadState, ...] = ("planned", "refused", "failed")


@dataclass(frozen=True)
class Wishes:
    """How a file is to be loaded, where the person knows better than the loader.

    `fields` is layer field -> column ("" = leave it out); one that is not named is found by itself. `crs` is an EPSG code, `inner` a
    data set inside the file, `key` the layer field by which rows are known. `values` are layer fields with one value for all rows.
    """

    mode: LoadMode = "upsert"
    on_error: ErrorWish = "reject"
    repair: RepairWish = "no"
    crs: int | None = None
    encoding: str | None = None
    inner: str | None = None
    key: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it waits in the database."""
        return {**asdict(self), "fields": dict(self.fields), "values": dict(self.values)}


@dataclass(frozen=True)
class NewUpload:
    """A file that lies in its folder. `ticket` is the number of the form it came by: a form sent twice is one upload."""

    id: str
    account: str
    layer: str
    name: str
    suffix: str
    bytes: int
    ticket: str
    seconds: float


@dataclass(frozen=True)
class Upload:
    """A file handed in. `plan` counts the plans made of it; the file goes at `expires_at` (UTC). `message`: why it was refused."""

    id: str
    account: str
    layer: str
    name: str
    suffix: str
    bytes: int
    state: UploadState
    wishes: Wishes
    plan: int
    rows: tuple[int, int]
    message: str | None
    message_vi: str | None
    load_id: int | None
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
