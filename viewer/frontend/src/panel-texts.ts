// SPDX-License-Identifier: MIT
/** What the later panels and dialogs of the map say: figures, reports. */

export const panelsVi = {
  near: {
    add: "Quanh một điểm",
    title: "Trong vòng quanh điểm",
    kilometres: "Cách tối đa (km)",
    place: "Toạ độ của điểm",
    addGroup: "Thêm nhóm điều kiện",
    addInGroup: "Thêm điều kiện vào nhóm",
    group: "Nhóm điều kiện",
  },
  compare: {
    tool: "So sánh",
    title: "So sánh hai bên",
    divider: "Vách ngăn giữa hai bên",
    time: (time: string) => `Bên phải: ${time}`,
    layer: (layer: string) => `Chỉ bên trái: ${layer}`,
    nothing: "Chưa bật lớp nào để so sánh.",
  },
  print: { grid: "Lưới toạ độ", sketches: "Cả hình đã vẽ" },
  report: { here: "Phản ánh về nơi này", wrong: "Báo sai dữ liệu" },
  figures: {
    objects: "đối tượng",
    inView: "Chỉ trong khung bản đồ",
    hint: "Bấm vào một thanh để lọc bản đồ và bảng; bấm lần nữa để bỏ.",
    none: "Không có đối tượng nào thoả bộ lọc và khung này.",
    others: (count: string) => `và ${count} ở các mục khác`,
    failed: (code: string) => `Chưa tính được số liệu (${code}). Bộ lọc vẫn giữ nguyên; hãy thử lại.`,
  },
};

export const panelsEn: typeof panelsVi = {
  near: {
    add: "Around a place",
    title: "So far around a place",
    kilometres: "At most (km)",
    place: "Coordinates of the place",
    addGroup: "Add a group of conditions",
    addInGroup: "Add a condition to the group",
    group: "Group of conditions",
  },
  compare: {
    tool: "Compare",
    title: "Compare both sides",
    divider: "Divider between the sides",
    time: (time) => `On the right: ${time}`,
    layer: (layer) => `Only on the left: ${layer}`,
    nothing: "No layer is on that could be compared.",
  },
  print: { grid: "Coordinate grid", sketches: "My drawings too" },
  report: { here: "Report a problem here", wrong: "Report wrong data" },
  figures: {
    objects: "objects",
    inView: "Only in the map",
    hint: "Choose a bar to filter map and table; choose it again to drop it.",
    none: "No object meets this filter and view.",
    others: (count) => `and ${count} in others`,
    failed: (code) => `The figures could not be made (${code}). The filter is kept; try again.`,
  },
};
