# SPDX-License-Identifier: MIT
"""What the pages of reports say, in Vietnamese and English."""

from __future__ import annotations

REPORT_WORDS = {
    "report": ("Phản ánh về môi trường", "Report an environmental problem"),
    "report_short": ("Phản ánh", "Report a problem"),
    "report_data": ("Báo sai dữ liệu", "Report wrong data"),
    "report_lead": (
        "Không cần tài khoản. Bạn nhận một mã số để theo dõi việc xử lý.",
        "No account is needed. You get a number to follow what is done about it.",
    ),
    "report_kind": ("Sự việc thuộc loại nào?", "What is it about?"),
    "kind_water": ("Nước bẩn, xả thải, cá chết", "Dirty water, discharge, dead fish"),
    "kind_air": ("Khói, bụi, mùi", "Smoke, dust, smell"),
    "kind_waste": ("Rác, chất thải", "Litter, waste"),
    "kind_noise": ("Tiếng ồn, rung", "Noise, vibration"),
    "kind_nature": ("Cây cối, động vật hoang dã", "Plants, wild animals"),
    "kind_data": ("Dữ liệu trên trang này sai", "The data here are wrong"),
    "kind_other": ("Việc khác", "Something else"),
    "report_place": ("Ở đâu?", "Where is it?"),
    "report_place_help": (
        "Toạ độ như 10.36, 106.36 hoặc X Y theo VN-2000. Để trống nếu bạn sẽ gửi ảnh có ghi vị trí.",
        "Coordinates such as 10.36, 106.36 or VN-2000 X Y. Leave it empty if your picture knows its position.",
    ),
    "report_place_wrong": ("Không đọc được toạ độ này, hoặc nó nằm ngoài Việt Nam.", "These are no coordinates in Vietnam."),
    "report_from_map": (
        "Hoặc mở bản đồ, bấm chuột phải (giữ tay trên điện thoại) vào đúng chỗ",
        "Or open the map and press the right button (or hold a finger) on the spot",
    ),
    "report_next": ("Tiếp tục", "Continue"),
    "report_change": ("Chọn lại", "Change"),
    "report_near": ("Có phải một trong những việc này?", "Is it one of these?"),
    "report_near_help": (
        "Đã có người phản ánh gần đây. Nếu cùng việc, chỉ cần bấm một nút.",
        "Somebody reported something near. If it is the same, one tap is enough.",
    ),
    "report_same": ("Tôi cũng thấy việc này", "I see the same"),
    "report_text": ("Nội dung", "What is wrong"),
    "report_text_help": ("Ai, cái gì, từ bao giờ. Đừng ghi tên người không liên quan.", "What, since when. Leave out names of others."),
    "report_photo": ("Ảnh", "Picture"),
    "report_photo_help": (
        "JPEG, PNG hoặc WebP. Vị trí trong ảnh được đọc, rồi mọi thông tin kèm ảnh bị xoá.",
        "JPEG, PNG or WebP. Its position is read; then everything but the pixels is deleted.",
    ),
    "report_contact": ("Điện thoại hoặc thư điện tử (không bắt buộc)", "Telephone or e-mail (not needed)"),
    "report_contact_help": ("Chỉ cán bộ xử lý nhìn thấy.", "Only the staff in charge see it."),
    "report_send": ("Gửi phản ánh", "Send the report"),
    "report_follow": ("Đã gửi? Nhập mã số", "Sent one? Its number"),
    "report_look": ("Xem tiến độ", "See how it stands"),
    "report_thanks": (
        "Đã nhận, cảm ơn bạn. Hãy giữ mã {number} hoặc địa chỉ trang này để theo dõi.",
        "Received, thank you. Keep the number {number} or the address of this page to follow it.",
    ),
    "report_how": ("Tiến độ", "How it stands"),
    "report_sent_at": ("Gửi lúc", "Sent"),
    "report_changed_at": ("Cập nhật lúc", "Changed"),
    "report_supporters": ("Người khác cũng thấy", "Others who see the same"),
    "report_same_as": ("Trùng với", "The same as"),
    "report_answer": ("Trả lời", "Answer"),
    "report_unseen": (
        "Nội dung và ảnh chỉ hiện sau khi cán bộ đã xem.",
        "Words and picture are shown once staff have looked at them.",
    ),
    "report_received": ("Đã tiếp nhận", "Received"),
    "report_received_help": ("Cán bộ sẽ xem và cập nhật ở đây.", "Staff will look at it and say so here."),
    "report_working": ("Đang xử lý", "Being dealt with"),
    "report_done": ("Đã xử lý", "Done"),
    "report_refused": ("Không xử lý", "Not taken up"),
    "report_duplicate": ("Trùng phản ánh khác", "The same as another report"),
}
