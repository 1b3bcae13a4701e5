# SPDX-License-Identifier: MIT
"""An upload and its wishes as a request to the loaders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from loaders.plan import LoadRequest, Plan
from loaders.source import SourceOptions
from server.access import Identity, require_load
from server.accounts.sessions import identity_of
from server.catalog.model import Layer
from server.context import Context
from server.db.home import find_home_box
from server.errors import SourceRefused, XanhError
from server.jobs.intake_folder import source_of
from server.query.uploads import Upload

# Options of the command line, and what the page calls them.
_OPTIONS = {
    "--inner-layer": ("“Data set inside the file”", "“Bộ dữ liệu trong tệp”"),
    "--crs 9210": ("9210", "9210"),
    "--crs": ("“Coordinate system”", "“Hệ toạ độ”"),
    "--map SOURCE=field": ("“Which column fills which field”", "“Cột nào điền trường nào”"),
    "--map": ("“Which column fills which field”", "“Cột nào điền trường nào”"),
    "--key": ("“Key”", "“Khoá”"),
    "--encoding": ("“Encoding”", "“Bảng mã”"),
    "--force": ("the box below", "ô bên dưới"),
}


def build_request(context: Context, upload: Upload) -> tuple[LoadRequest, Identity]:
    """What to load where, and in whose name. Raises SourceRefused (the file is gone), AccessDenied, NotAuthenticated, LayerNotDefined."""
    layer = context.catalog.layer(upload.layer)
    identity = identity_of(context, upload.account)
    require_load(identity, layer)
    path = source_of(context.settings, upload)
    if not path.is_file():
        raise SourceRefused("The file is not kept any more; send it again.", message_vi="Tệp không còn được giữ; hãy gửi lại.")
    return _request(context, layer, upload, path), identity


def _request(context: Context, layer: Layer, upload: Upload, path: Path) -> LoadRequest:
    wishes, near = upload.wishes, None
    if layer.has_geometry:
        with context.database.writer() as connection:
            near = find_home_box(connection, context.catalog, layer)
    return LoadRequest(
        path,
        layer,
        SourceOptions(crs=wishes.crs, encoding=wishes.encoding, layer=wishes.inner, limits=context.settings.loading),
        asked_map={column: name for name, column in wishes.fields.items() if column},
        defaults=dict(wishes.values),
        mode=wishes.mode,
        key=wishes.key,
        near=near,
        repair=wishes.repair,
        left_out=frozenset(name for name, column in wishes.fields.items() if not column) | frozenset(wishes.values),
    )


def name_plan(plan: Plan, upload: Upload) -> Plan:
    """The plan under the name the sender gave the file: on disk it has another."""
    return replace(plan, info=replace(plan.info, name=_rename(plan.info.name, upload)))


def tell(error: XanhError, upload: Upload) -> tuple[str, str | None]:
    """What is wrong, in English and Vietnamese, in words of the page."""
    texts = [error.message, error.message_vi]
    for option, words in _OPTIONS.items():
        texts = [text and text.replace(option, words[at]) for at, text in enumerate(texts)]
    return _rename(texts[0] or "", upload), _rename(texts[1], upload) if texts[1] else None


def _rename(text: str, upload: Upload) -> str:
    return text.replace(f"{upload.id}{upload.suffix}", upload.name).replace(upload.id, upload.name)
