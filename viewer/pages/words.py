# SPDX-License-Identifier: MIT
"""What the pages without script say, in Vietnamese and English."""

from __future__ import annotations

from viewer.pages.report_words import REPORT_WORDS
from viewer.staff.words import STAFF_WORDS

# Name: Vietnamese, English. Braces are filled in by the pages.
_WORDS = {
    "place": ("Môi trường {province}", "Environment of {province}"),
    "skip": ("Tới nội dung", "Go to the content"),
    "doors": ("Các trang", "Pages"),
    "look_up": ("Tra cứu nhanh", "Look up"),
    "map": ("Bản đồ", "Map"),
    "data": ("Tải dữ liệu", "Data"),
    "figures": ("Số liệu", "Figures"),
    "figures_lead": (
        "Tính trực tiếp từ dữ liệu đã công bố. Bấm vào một thanh để xem các đối tượng đó trên bản đồ.",
        "Reckoned from the published data. Follow a bar to see its objects on the map.",
    ),
    "figures_of": ("Số liệu môi trường {place}", "Environmental figures of {place}"),
    "which_commune": ("Xã, phường", "Commune"),
    "whole_province": ("Toàn tỉnh", "The whole province"),
    "show": ("Xem", "Show"),
    "objects": ("đối tượng", "objects"),
    "more_charts": ("Thêm số liệu", "More figures"),
    "others": ("và {count} ở các mục khác", "and {count} in others"),
    "by_commune": ("Theo xã, phường", "By commune"),
    "by_commune_help": (
        "Số đối tượng của từng lớp nằm trong mỗi xã, phường.",
        "How many objects of each layer lie in each commune.",
    ),
    "no_figures": ("Chưa có số liệu ở nơi này.", "There are no figures for this place yet."),
    "about_commune": ("Trang của {what}", "The page of {what}"),
    "services": ("Cho đơn vị, QGIS", "For agencies, QGIS"),
    "language": ("Ngôn ngữ", "Language"),
    "headline": ("Môi trường quanh bạn, nói bằng số liệu", "The environment around you, in figures"),
    "lead": (
        "Trạm quan trắc, nguồn thải, khu bảo tồn và hồ sơ môi trường của {province}: tra cứu tự do, tải về tự do.",
        "Monitoring stations, pollution sources, conservation areas and records of {province}: free to look up, free to download.",
    ),
    "search": ("Tra cứu", "Look up"),
    "placeholder": ("Nhập xã, cơ sở, trạm, số giấy phép hoặc toạ độ", "A commune, facility, station, permit number or coordinates"),
    "try": ("Thử:", "Try:"),
    "open_map": ("Mở bản đồ", "Open the map"),
    "show_on_map": ("Xem trên bản đồ", "Show on the map"),
    "map_of": ("Bản đồ {what}", "Map of {what}"),
    "print": ("In, hoặc lưu thành PDF", "Print, or save as PDF"),
    "print_help": (
        "Giữ tỷ lệ 100% và bỏ lề khi in để đúng tỷ lệ bản đồ.",
        "Print at 100 % and without margins to keep the scale of the map.",
    ),
    "legend": ("Chú giải", "Legend"),
    "north": ("Hướng bắc của lưới chiếu", "Grid north"),
    "help": ("Trợ giúp", "Help"),
    "help_others": ("Công cụ khác", "Other tools"),
    "grid": ("Lưới toạ độ VN-2000", "Grid of VN-2000"),
    "drawn": ("Hình vẽ của người dùng", "Drawings of the reader"),
    "sources": ("Nguồn dữ liệu", "Data sources"),
    "printed": ("In ngày {day}", "Printed {day}"),
    "map_title": ("Bản đồ môi trường {province}", "Environmental map of {province}"),
    "newest": ("Quan trắc mới nhất", "Newest measurements"),
    "groups": ("Các nhóm dữ liệu", "Groups of data"),
    "count": ("{count} {what}", "{count} {what}"),
    "footer": ("Dịch vụ chuẩn mở", "Open standards"),
    "illustrative": ("Số liệu minh hoạ", "Illustrative data"),
    "illustrative_help": ("Không có số liệu mở; dữ liệu này chỉ để minh hoạ.", "No open data exist; these are made up to show the layer."),
    "former": ("Không còn hiệu lực từ {day}", "No longer valid since {day}"),
    "where": ("Vị trí", "Where it is"),
    "degrees": ("WGS 84", "WGS 84"),
    "linked": ("Hồ sơ, đối tượng liên quan", "Linked records"),
    "more": ("và nhiều hơn nữa", "and more"),
    "near": ("Gần đây", "Nearby"),
    "here": ("Nơi này thuộc", "This place lies in"),
    "metres": ("cách {distance}", "{distance} away"),
    "on_the_spot": ("tại chỗ", "on the spot"),
    "nothing_near": ("Không có đối tượng nào trong vòng 20 km.", "Nothing within 20 km."),
    "source": ("Nguồn", "Source"),
    "licence": ("Giấy phép", "Licence"),
    "published": ("Công bố lúc {moment} (UTC+7)", "Published {moment} (UTC+7)"),
    "downloads": ("Tải đối tượng này", "Download this object"),
    "all_of": ("Tất cả: {what}", "All of: {what}"),
    "none": ("Không tìm thấy “{words}”", "Nothing found for “{words}”"),
    "none_help": (
        "Thử viết ngắn hơn, không cần dấu: “go cong” tìm thấy Gò Công. Toạ độ viết như 10.36, 106.36 hoặc X Y theo VN-2000.",
        "Try fewer letters, accents are not needed: “go cong” finds Gò Công. Coordinates look like 10.36, 106.36 or VN-2000 X Y.",
    ),
    "blank": ("Nhập tên, số giấy phép hoặc toạ độ để tra cứu.", "Type a name, a permit number or coordinates."),
    "hits": ("Kết quả cho “{words}”", "Results for “{words}”"),
    "at": ("Tại toạ độ {place}", "At {place}"),
    "gone": ("Không có trang này", "There is no such page"),
    "gone_help": (
        "Đối tượng có thể đã bị bỏ hoặc địa chỉ viết sai. Tra cứu lại theo tên:",
        "The object may have been withdrawn, or the address is wrong. Look it up by name:",
    ),
    "fault": ("Chưa đọc được dữ liệu", "The data cannot be read now"),
    "fault_help": (
        "Máy chủ dữ liệu không trả lời. Hãy thử lại sau ít phút.",
        "The data server does not answer. Try again in a few minutes.",
    ),
    **REPORT_WORDS,
    **STAFF_WORDS,
}


def say(language: str, name: str, /, **values: object) -> str:
    """The sentence `name` in `language` ('en', else Vietnamese), braces filled in. Raises KeyError for a name there is not."""
    return _WORDS[name][language == "en"].format(**values)
