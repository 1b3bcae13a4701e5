# SPDX-License-Identifier: MIT
"""Names and labels of fields as layer files have them, from the headings of files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from server.catalog.model import NAME, RESERVED_FIELDS, RESERVED_LAYERS

# What usual headings mean, without accents and signs: Vietnamese and English label.
_LABELS = {
    "ma": ("Mã", "Code"),
    "code": ("Mã", "Code"),
    "ten": ("Tên", "Name"),
    "name": ("Tên", "Name"),
    "loai": ("Loại", "Kind"),
    "kind": ("Loại", "Kind"),
    "diachi": ("Địa chỉ", "Address"),
    "dientich": ("Diện tích", "Area"),
    "danso": ("Dân số", "Population"),
    "chieudai": ("Chiều dài", "Length"),
    "ghichu": ("Ghi chú", "Note"),
    "mota": ("Mô tả", "Description"),
    "nam": ("Năm", "Year"),
    "ngay": ("Ngày", "Date"),
    "donvi": ("Đơn vị", "Organisation"),
    "trangthai": ("Trạng thái", "Status"),
    "xa": ("Xã, phường", "Commune"),
    "tenxa": ("Tên xã, phường", "Commune"),
    "maxa": ("Mã xã, phường", "Commune code"),
    "huyen": ("Huyện", "District"),
    "tinh": ("Tỉnh", "Province"),
    "tentinh": ("Tên tỉnh", "Province"),
    "chusohuu": ("Chủ sở hữu", "Owner"),
    "congsuat": ("Công suất", "Capacity"),
    "dosau": ("Độ sâu", "Depth"),
    "dienthoai": ("Điện thoại", "Telephone"),
}
_LONGEST = 40
# Words that are no text in YAML.
_SWITCHES = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def write_name(heading: str, taken: Iterable[str] = (), *, of_layer: bool = False) -> str:
    """A heading as the name of a field or layer: `Tên trạm` becomes `ten_tram`. Never one of `taken`, never reserved."""
    plain = unicodedata.normalize("NFD", heading.strip().lower().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_") or "field"
    if not name[0].isalpha():
        name = f"f_{name}"[:_LONGEST]
    reserved = RESERVED_LAYERS if of_layer else RESERVED_FIELDS
    if name in reserved or name in _SWITCHES or name.endswith(("_title", "_pyramid")):
        name = f"{name}_1"
    used, number, out = set(taken), 2, name
    while out in used:
        out, number = f"{name}_{number}", number + 1
    if not re.fullmatch(NAME, out):
        raise ValueError(out)
    return out


def write_labels(heading: str) -> tuple[str, str]:
    """Vietnamese and English label of a heading; where its meaning is not known, the heading itself for both."""
    known = _LABELS.get(fold_heading(heading))
    shown = re.sub(r"[\s_]+", " ", heading).strip()
    shown = shown.capitalize() if shown.isupper() else shown[:1].upper() + shown[1:]
    return known or (shown, shown)


def fold_heading(heading: str) -> str:
    """A heading without case, accents and signs."""
    return write_name(heading).replace("_", "")
