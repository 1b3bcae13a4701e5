// SPDX-License-Identifier: MIT
import { toZone } from "./coordinates";
import type { Language, LonLat, Zone } from "./model";
import { areaOf, formatArea, formatLength, lengthOf, type Sketch, type SketchKind } from "./sketch";

/** A sheet of paper: the ground it shows (metres of the zone: west, south, east, north) and its size in millimetres. */
export interface Paper {
  box: readonly [number, number, number, number];
  width: number;
  height: number;
  zone: Zone;
  language: Language;
}

/** A drawing on paper: an SVG path in millimetres from the upper left, and its label. */
export interface OnPaper {
  kind: SketchKind;
  path: string;
  label: string;
  at: readonly [number, number];
}

const DOT = 1.2;

/** The drawings as they lie on the sheet, with number, figure and note. */
export function drawOn(paper: Paper, sketches: readonly Sketch[]): OnPaper[] {
  return sketches.map(({ kind, points, note }, at) => {
    const placed = points.map((point) => place(paper, point));
    const [first = [0, 0] as const] = placed;
    const label = [`${String(at + 1)}.`, figureOf(paper, kind, points), note].filter((part) => part !== "").join(" ");
    return { kind, path: kind === "point" ? dot(first) : outline(placed, kind === "polygon"), label, at: first };
  });
}

function figureOf({ zone, language }: Paper, kind: SketchKind, points: readonly LonLat[]): string {
  if (kind === "line") return formatLength(lengthOf(points, zone), language);
  return kind === "polygon" ? formatArea(areaOf(points, zone), language) : "";
}

function place({ box: [west, south, east, north], width, height, zone }: Paper, point: LonLat): readonly [number, number] {
  const { x, y } = toZone(point, zone);
  return [round(((y - west) / (east - west)) * width), round(((north - x) / (north - south)) * height)];
}

function outline(points: readonly (readonly [number, number])[], closed: boolean): string {
  return `M${points.map(([x, y]) => `${String(x)} ${String(y)}`).join(" L")}${closed ? " Z" : ""}`;
}

function dot([x, y]: readonly [number, number]): string {
  return `M${String(round(x - DOT))} ${String(y)} a${String(DOT)} ${String(DOT)} 0 1 0 ${String(2 * DOT)} 0 a${String(DOT)} ${String(DOT)} 0 1 0 ${String(-2 * DOT)} 0`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
