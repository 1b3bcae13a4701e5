// SPDX-License-Identifier: MIT
import { type Condition, DEEPEST, type Filter, MOST_METRES } from "./filter";

// Between the parts of a filter in a link; encodeURIComponent leaves these letters alone, so values bear them doubled.
const SEPARATOR = "~";

/** The filter as a link bears it: `and~wqi.r.50.80~kind.c.auto.manual`. */
export function writeFilter(filter: Filter): string {
  return [filter.any ? "or" : "and", ...filter.conditions.map(writeCondition)].join(SEPARATOR);
}

function writeCondition(condition: Condition): string {
  if (condition.kind === "near") return ["", "n", ...condition.point.map((side) => side.toFixed(5)), String(condition.metres)].map(pack).join(".");
  if (condition.kind === "group") return ["", "g", writeFilter(condition)].map(pack).join(".");
  if (condition.kind === "box") return ["", "b", ...condition.box.map((side) => side.toFixed(5))].map(pack).join(".");
  if (condition.kind === "range") return [condition.field, "r", condition.low, condition.high].map(pack).join(".");
  if (condition.kind === "words") return [condition.field, "w", condition.words].map(pack).join(".");
  if (condition.kind === "link") return [condition.field, "l", condition.id, condition.title].map(pack).join(".");
  return [condition.field, "c", ...condition.codes].map(pack).join(".");
}

/** The filter of a link; null when nothing of it can be read. */
export function readFilter(text: string, depth = 1): Filter | null {
  if (depth > DEEPEST) return null;
  const [join, ...rest] = text.split(SEPARATOR);
  const conditions = rest.flatMap((part) => readCondition(part, depth) ?? []);
  return conditions.length === 0 ? null : { any: join === "or", conditions };
}

function readCondition(text: string, depth: number): Condition | null {
  const [field = "", kind = "", ...values] = text.split(".").map(unpack);
  const [first = "", second = ""] = values;
  if (kind === "g") {
    const group = readFilter(first, depth + 1);
    return group === null ? null : { kind: "group", ...group };
  }
  const read: Record<string, () => Condition | null> = {
    n: () => readNear(values),
    b: () => readBox(values),
    r: () => ({ kind: "range", field, low: first, high: second }),
    w: () => ({ kind: "words", field, words: first }),
    l: () => ({ kind: "link", field, id: first, title: second }),
    c: () => ({ kind: "codes", field, codes: values }),
  };
  return Object.hasOwn(read, kind) ? (read[kind]?.() ?? null) : null;
}

function readBox(values: readonly string[]): Condition | null {
  const [west = NaN, south = NaN, east = NaN, north = NaN] = values.map(Number);
  return [west, south, east, north].every(Number.isFinite) ? { kind: "box", box: [west, south, east, north] } : null;
}

function readNear(values: readonly string[]): Condition | null {
  const [lon = NaN, lat = NaN, metres = NaN] = values.map(Number);
  const isSound = Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && metres > 0 && metres <= MOST_METRES;
  return isSound ? { kind: "near", point: [lon, lat], metres } : null;
}

// The separators inside values become letters of their own.
const PACKED: [string, string][] = [["!", "!0"], [".", "!1"], ["~", "!2"], [",", "!3"], [":", "!4"]];

function pack(text: string): string {
  return PACKED.reduce((packed, [sign, code]) => packed.replaceAll(sign, code), text);
}

function unpack(text: string): string {
  return [...PACKED].reverse().reduce((plainText, [sign, code]) => plainText.replaceAll(code, sign), text);
}
