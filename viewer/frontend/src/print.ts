// SPDX-License-Identifier: MIT
// The button of the print page, and the reader's drawings, which only the browser knows; the page itself needs no script.
import type { Language } from "./services/model";
import { drawOn } from "./services/paper";
import { KEPT_SKETCHES, readSketches } from "./services/sketch";

const SVG = "http://www.w3.org/2000/svg";

document.getElementById("print")?.addEventListener("click", () => {
  window.print();
});

const sheet = document.getElementById("drawn");
if (sheet instanceof SVGSVGElement) {
  const { ground = "", proj4 = "", zone = "", language = "vi" } = sheet.dataset;
  const [west = 0, south = 0, east = 1, north = 1] = ground.split(" ").map(Number);
  const { width, height } = sheet.viewBox.baseVal;
  const paper = { box: [west, south, east, north] as const, width, height, zone: { code: zone, title: zone, proj4 }, language: language as Language };
  for (const { path, kind, label, at } of drawOn(paper, readSketches(window.localStorage.getItem(KEPT_SKETCHES)))) {
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("class", `shape ${kind}`);
    shape.setAttribute("d", path);
    const text = document.createElementNS(SVG, "text");
    text.setAttribute("x", String(at[0] + 1));
    text.setAttribute("y", String(at[1] - 1));
    text.textContent = label;
    sheet.append(shape, text);
  }
}
