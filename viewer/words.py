# SPDX-License-Identifier: MIT
"""What the page's shell says before the front end takes over, in Vietnamese and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The shell's sentences in one language."""

    title: str
    description: str
    place: str
    skip: str
    skip_list: str
    twin: str
    search: str
    placeholder: str
    suggestions: str
    doors: str
    look_up: str
    map: str
    data: str
    services: str
    tabs: str
    filter: str
    table: str
    figures: str
    legend: str
    layers_tab: str
    layers: str
    open_layers: str
    map_label: str
    loading: str
    card: str
    tools: str
    language: str
    noscript: str


_VI = Words(
    title="Bản đồ môi trường",
    description="Tra cứu trạm quan trắc, nguồn thải, khu bảo tồn và hồ sơ môi trường trên bản đồ.",
    place="Môi trường",
    skip="Tới bản đồ",
    skip_list="Tới danh sách thay cho bản đồ",
    twin="Danh sách đối tượng trong khung",
    search="Tìm trên bản đồ",
    placeholder="Tìm địa điểm, cơ sở, trạm, số giấy phép, toạ độ…",
    suggestions="Gợi ý tìm kiếm",
    doors="Các trang",
    look_up="Tra cứu nhanh",
    map="Bản đồ",
    data="Tải dữ liệu",
    services="Cho đơn vị, QGIS",
    tabs="Các thẻ của bảng điều khiển",
    filter="Bộ lọc",
    table="Bảng",
    figures="Số liệu",
    legend="Chú giải",
    layers_tab="Lớp",
    layers="Lớp bản đồ",
    open_layers="Lớp & chú giải",
    map_label="Bản đồ. Phím mũi tên để dời, + và − để phóng, Enter để xem thông tin tại tâm bản đồ.",
    loading="Đang tải bản đồ",
    card="Thông tin đối tượng",
    tools="Công cụ bản đồ",
    language="Ngôn ngữ",
    noscript="Bản đồ cần JavaScript. Dữ liệu vẫn có ở trang Tra cứu nhanh và Tải dữ liệu.",
)
_EN = Words(
    title="Environmental map of",
    description="Look up monitoring stations, pollution sources, conservation areas and environmental records on the map.",
    place="Environment of",
    skip="Go to the map",
    skip_list="Go to the list in place of the map",
    twin="List of objects in view",
    search="Search the map",
    placeholder="Search places, facilities, stations, permits, coordinates…",
    suggestions="Search suggestions",
    doors="Pages",
    look_up="Look up",
    map="Map",
    data="Data",
    services="For agencies, QGIS",
    tabs="Tabs of the panel",
    filter="Filter",
    table="Table",
    figures="Figures",
    legend="Legend",
    layers_tab="Layers",
    layers="Map layers",
    open_layers="Layers & legend",
    map_label="Map. Arrow keys move it, + and − zoom, Enter looks up the centre of the map.",
    loading="Loading the map",
    card="Object details",
    tools="Map tools",
    language="Language",
    noscript="The map needs JavaScript. The data are still there under Look up and Data.",
)


def words_of(language: str) -> Words:
    """The shell's words in `language` ('vi' or 'en'; anything else is Vietnamese)."""
    return _EN if language == "en" else _VI
