// SPDX-License-Identifier: MIT
/** What the later panels and dialogs of the map say: figures, reports. */

export const panelsVi = {
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
