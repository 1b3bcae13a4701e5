# SPDX-License-Identifier: MIT
"""How each tool is used, in Vietnamese and English: a title, and what to do, step by step."""

from __future__ import annotations

Title = tuple[str, str]
Steps = tuple[tuple[str, ...], tuple[str, ...]]

# Name in the address: title (vi, en), steps (vi, en).
HELP: dict[str, tuple[Title, Steps]] = {
    "tra-cuu": (
        ("Tra cứu và tìm kiếm", "Look up and search"),
        (
            (
                "Gõ tên xã, cơ sở, trạm, số giấy phép; không cần dấu: “go cong” tìm thấy Gò Công.",
                "Gõ toạ độ như 10.36, 106.36 hoặc X Y theo VN-2000 để tới đúng chỗ.",
                "Bấm vào bản đồ để hỏi nơi đó; bấm chuột phải (hoặc giữ tay) để lấy toạ độ và gửi phản ánh.",
            ),
            (
                "Type the name of a commune, facility, station or a permit number; accents are not needed: “go cong” finds Gò Công.",
                "Type coordinates such as 10.36, 106.36 or VN-2000 X Y to go there.",
                "Click the map to ask about a place; press the right button (or hold a finger) for its coordinates or a report.",
            ),
        ),
    ),
    "lop": (
        ("Lớp, chú giải, bản đồ nền", "Layers, legend, base map"),
        (
            (
                "Đánh dấu một lớp để bật; nút bên phải chỉnh độ đậm, cách thể hiện, tải về.",
                "“Bảng màu dễ phân biệt” đổi màu cho người khó phân biệt màu.",
                "Lớp bị lỗi vẫn ở trong danh sách với lý do; bấm “Thử lại”.",
                "Cuối danh sách có bản đồ nền sáng, tối và ảnh (nếu tỉnh có).",
            ),
            (
                "Tick a layer to switch it on; the button at its right sets opacity and style, and downloads it.",
                "“Colour-blind safe colours” changes the palette.",
                "A layer that fails stays in the list with the reason; choose “Try again”.",
                "Below the list you choose the base map: light, dark, and a photo where there is one.",
            ),
        ),
    ),
    "bo-loc": (
        ("Bộ lọc", "Filter"),
        (
            (
                "Chọn lớp, thêm điều kiện: khoảng số, ngày, chữ, danh mục, trong khung, quanh một điểm.",
                "“Thoả tất cả” hay “một trong”; nhóm điều kiện để ghép và/hoặc.",
                "Bộ lọc áp dụng cho bản đồ, bảng, số liệu và tệp tải về; nằm trong liên kết chia sẻ.",
            ),
            (
                "Choose a layer and add conditions: ranges, days, words, codes, the view, around a place.",
                "“All” or “any” of them; groups join and with or.",
                "The filter holds for map, table, figures and downloads, and is part of the link.",
            ),
        ),
    ),
    "bang": (
        ("Bảng", "Table"),
        (
            ("Bấm đầu cột để sắp xếp, bấm tên để mở thẻ.", "Đánh dấu các dòng để xem cùng nhau hoặc tải riêng."),
            ("Heads sort, names open the card.", "Tick rows to see them together or to download only them."),
        ),
    ),
    "so-lieu": (
        ("Số liệu", "Figures"),
        (
            ("Đếm, cộng diện tích, chia theo loại, xã, năm.", "Bấm một thanh để lọc bản đồ theo thanh đó; bấm lần nữa để bỏ."),
            ("Counts, areas, shares by kind, commune and year.", "A bar filters the map; a second tap drops it."),
        ),
    ),
    "do-ve": (
        ("Đo và vẽ", "Measure and draw"),
        (
            (
                "Bấm thước, chọn đường, vùng hay điểm; bấm lên bản đồ, bấm đúp để xong.",
                "Không dùng chuột: dời bản đồ bằng mũi tên, Enter để thêm đỉnh, hoặc gõ toạ độ.",
                "Chiều dài, diện tích, phương vị tính theo VN-2000. Hình vẽ được trình duyệt giữ và in được.",
            ),
            (
                "Choose the ruler, then line, area or point; click on the map, double click to end.",
                "Without a mouse: move the map by arrows, Enter adds a vertex, or type coordinates.",
                "Length, area and bearing are in VN-2000. The browser keeps the drawings; they can be printed.",
            ),
        ),
    ),
    "thoi-gian": (
        ("Thời gian và so sánh", "Time and comparison"),
        (
            (
                "Bấm đồng hồ, kéo thanh để xem từng năm, tháng, hoặc từng ảnh; bấm chạy để xem lần lượt.",
                "Bấm nút hai cửa sổ để so sánh hai năm, hoặc bật tắt một lớp ở một bên vách.",
            ),
            (
                "The clock shows years, months or single pictures, and runs through them.",
                "The divider compares two years, or shows a layer on one side alone.",
            ),
        ),
    ),
    "in": (
        ("In", "Print"),
        (
            (
                "Chọn khổ A4 đến A0, tỷ lệ, múi chiếu; có lưới, chú giải, thước, nguồn.",
                "In ở 100%, không lề, để đúng tỷ lệ; lưu PDF từ hộp in.",
            ),
            (
                "Choose A4 to A0, scale and zone; the sheet has grid, legend, scale bar and sources.",
                "Print at 100 % without margins to keep the scale; save as PDF from the print dialog.",
            ),
        ),
    ),
    "chia-se": (
        ("Chia sẻ và tải về", "Share and download"),
        (
            ("Liên kết và mã QR giữ nguyên khung nhìn, lớp, bộ lọc.", "Mã nhúng cho trang web; ảnh PNG, GeoTIFF có toạ độ."),
            ("Link and QR code keep view, layers and filters.", "A snippet for web sites; PNG and GeoTIFF pictures with their place."),
        ),
    ),
    "phan-anh": (
        ("Phản ánh, báo sai dữ liệu", "Report a problem or wrong data"),
        (
            ("Bấm chuột phải lên bản đồ, chọn “Phản ánh về nơi này”, hoặc “Báo sai dữ liệu” trên thẻ.", "Giữ mã số để theo dõi."),
            ("Press the right button on the map and choose “Report a problem here”, or “Report wrong data” on a card.", "Keep the number."),
        ),
    ),
}
