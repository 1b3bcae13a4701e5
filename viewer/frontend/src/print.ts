// SPDX-License-Identifier: MIT
// The button of the print page; the page itself needs no script.
document.getElementById("print")?.addEventListener("click", () => {
  window.print();
});
