# SPDX-License-Identifier: MIT
"""What can be wrong with a row, in words of both languages."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalog.model import Layer
from server.errors import EditRefused

# code -> (English, Vietnamese); {field} is the field's label, {detail} what the check saw.
_TEXTS = {
    "unknown_field": ("there is no field {detail}", "không có trường {detail}"),
    "read_only": ("{field} is filled by the system", "{field} do hệ thống tự điền"),
    "type": ("{field}: {detail} is not a value of this type", "{field}: {detail} không đúng kiểu dữ liệu"),
    "code_unknown": ("{field}: {detail} is not in the code list", "{field}: {detail} không có trong danh mục"),
    "too_small": ("{field} is less than {detail}", "{field} nhỏ hơn {detail}"),
    "too_large": ("{field} is greater than {detail}", "{field} lớn hơn {detail}"),
    "pattern": ("{field}: {detail} does not have the required form", "{field}: {detail} không đúng định dạng"),
    "too_long": ("{field} is longer than {detail} characters", "{field} dài hơn {detail} ký tự"),
    "required": ("{field} is missing", "thiếu {field}"),
    "exists": ("{field}: there is a feature with this value already", "{field}: đã có đối tượng mang giá trị này"),
    "not_unique": ("{field}: another feature has this value", "{field}: đối tượng khác đã mang giá trị này"),
    "ambiguous": ("{field}: several features have this value", "{field}: nhiều đối tượng cùng mang giá trị này"),
    "repeated": ("{field}: the value is repeated in this change", "{field}: giá trị bị lặp lại trong lần cập nhật này"),
    "link_unknown": ("{field}: there is no feature {detail}", "{field}: không có đối tượng {detail}"),
    "validity": ("valid_to lies before valid_from", "ngày hết hiệu lực trước ngày có hiệu lực"),
    "geometry_none": ("the layer has no geometry", "lớp dữ liệu không có hình học"),
    "geometry_unreadable": ("the geometry cannot be read or transformed", "không đọc hoặc không chuyển đổi được hình học"),
    "geometry_type": ("the geometry is a {detail}, not a {wanted}", "hình học có kiểu {detail}, không phải {wanted}"),
    "geometry_invalid": ("the geometry is not valid: {detail}", "hình học không hợp lệ: {detail}"),
    "geometry_swapped": (
        "the coordinates stand in the wrong order: with x and y exchanged the geometry lies in Vietnam",
        "tọa độ bị đảo trục: đổi chỗ x và y thì hình học nằm trong Việt Nam",
    ),
    "geometry_outside": (
        "the geometry lies outside Vietnam ({detail}); check the CRS",
        "hình học nằm ngoài Việt Nam ({detail}); kiểm tra hệ tọa độ",
    ),
    "geometry_elsewhere": (
        "the geometry lies outside the province ({detail}); check the CRS, its meridian and the order of the axes",
        "hình học nằm ngoài phạm vi tỉnh ({detail}); kiểm tra hệ tọa độ, kinh tuyến trục và thứ tự trục",
    ),
}
_LONGEST_DETAIL = 80
# Why GEOS finds a shape invalid.
_VALIDITY_VI = {
    "Ring Self-intersection": "vòng tự cắt",
    "Self-intersection": "tự cắt",
    "Hole lies outside shell": "lỗ nằm ngoài vỏ",
    "Holes are nested": "các lỗ lồng nhau",
    "Nested shells": "các vỏ lồng nhau",
    "Nested holes": "các lỗ lồng nhau",
    "Duplicate Rings": "vòng trùng nhau",
    "Interior is disconnected": "phần trong bị tách rời",
    "Too few points in geometry component": "quá ít điểm",
    "Too few distinct points in geometry component": "quá ít điểm khác nhau",
    "Invalid Coordinate": "tọa độ không hợp lệ",
    "Ring not closed": "vòng không khép kín",
}


def translate_validity(reason: str) -> str:
    """What GEOS says of an invalid shape (with or without the place), in Vietnamese where it is known."""
    words, bracket, place = reason.partition("[")
    return _VALIDITY_VI.get(words.strip(), words) + bracket + place


@dataclass(frozen=True)
class Fault:
    """Something wrong with one value or geometry: a code of this room, the field (or 'geometry'), what was seen."""

    code: str
    field: str | None = None
    detail: str | None = None

    def text(self, layer: Layer, language: str) -> str:
        """The sentence, 'vi' or 'en'; what was seen is cut to 80 characters."""
        known = layer.fields.get(self.field or "")
        label = known.label(language) if known else self.field or ""
        detail = self.detail or ""
        if len(detail) > _LONGEST_DETAIL:
            detail = detail[:_LONGEST_DETAIL] + "…"
        if self.code == "rule":
            rule = layer.rules[int(detail)]
            return rule.en if language == "en" else rule.vi
        if self.code == "geometry_invalid" and language == "vi":
            detail = translate_validity(detail)
        english, vietnamese = _TEXTS[self.code]
        wanted = (known.geometry if known and known.geometry else layer.geometry).upper().replace("LINE", "LINESTRING")
        return (english if language == "en" else vietnamese).format(field=label, detail=detail, wanted=wanted)

    def error(self, layer: Layer) -> EditRefused:
        """The fault as the error a single change is refused with."""
        return EditRefused(self.text(layer, "en"), locator=self.field, message_vi=self.text(layer, "vi"))
