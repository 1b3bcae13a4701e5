// SPDX-License-Identifier: MIT
import { formatNumber } from "../services/format";
import type { LonLat } from "../services/model";
import { printAddress, roundScale } from "../services/picture";
import { KEPT_SKETCHES, readSketches, zoneFor } from "../services/sketch";
import type { Drawn } from "../services/wms";
import type { Session } from "../session";
import { openDialog } from "./dialog";
import { element } from "./dom";
import { leftOut } from "./left-out";

const PAPERS = ["a4", "a3", "a2", "a1", "a0"].flatMap((size) => [`${size}-landscape`, `${size}-portrait`]);
const SCALES = [2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 200_000, 250_000, 500_000, 1_000_000, 2_000_000];
// Width of the map on A4 across, in metres of paper.
const PAPER_WIDTH = 0.208;

/**
 * What to print: title, paper, scale and zone; the sheet opens in a tab of its own. `width` is that of the view, metres on the ground;
 * `guests` are layers the reader brought along, which are not printed.
 */
export function openPrint(session: Session, centre: LonLat, width: number, drawn: readonly Drawn[], guests: readonly string[]): void {
  const { texts, config } = session;
  const title = element("input", { class: "text-field", id: "print-title", maxlength: "120" });
  title.value = document.title.split(" · ")[0] ?? "";
  const paper = choice("print-paper", PAPERS.map((name) => [name, paperName(session, name)]));
  const fitting = roundScale(width / PAPER_WIDTH);
  const scales = [...new Set([...SCALES, fitting])].sort((a, b) => a - b);
  const scale = choice("print-scale", scales.map((one) => [String(one), `1:${formatNumber(one, config.language)}`]));
  scale.value = String(fitting);
  const zone = choice("print-zone", config.zones.map(({ code, title: name }) => [code, name]));
  zone.value = zoneFor([centre], config.zones, session.zone)?.code ?? "";
  const grid = tick("print-grid", true);
  const hasSketches = readSketches(window.localStorage.getItem(KEPT_SKETCHES)).length > 0;
  const sketches = tick("print-sketches", hasSketches);
  const link = element("a", { class: "button primary", target: "_blank", rel: "noopener" }, texts.printOpen);
  const update = (): void => {
    const sheet = { centre, scale: Number(scale.value), zone: zone.value, paper: paper.value, title: title.value, grid: grid.checked, sketches: sketches.checked };
    link.href = printAddress(config, drawn, sheet);
  };
  for (const one of [title, paper, scale, zone, grid, sketches]) one.addEventListener("input", update);
  update();
  openDialog(
    texts,
    texts.printTitle,
    field(texts.printName, title),
    field(texts.paper, paper),
    field(texts.scale, scale),
    field(texts.printZone, zone),
    ticked(grid, texts.print.grid),
    ...(hasSketches ? [ticked(sketches, texts.print.sketches)] : []),
    ...leftOut(texts, guests),
    element("p", { class: "note" }, texts.printWhy),
    link,
  );
}

function tick(id: string, on: boolean): HTMLInputElement {
  const box = element("input", { type: "checkbox", class: "check", id });
  box.checked = on;
  return box;
}

function ticked(box: HTMLInputElement, label: string): HTMLElement {
  return element("div", { class: "code" }, box, element("label", { for: box.id }, label));
}

function paperName(session: Session, name: string): string {
  const [size = "", side] = name.split("-");
  return `${size.toUpperCase()} ${side === "portrait" ? session.texts.portrait : session.texts.landscape}`;
}

function choice(id: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return element("select", { id, class: "select" }, ...options.map(([value, name]) => element("option", { value }, name)));
}

function field(label: string, control: HTMLElement): HTMLElement {
  return element("label", { class: "subject", for: control.id }, element("span", {}, label), control);
}
