// SPDX-License-Identifier: MIT
import type { Extent, Field, Layer } from "./model";

/** One condition of a filter. An empty end of a range is open. */
export type Condition =
  | { kind: "range"; field: string; low: string; high: string }
  | { kind: "words"; field: string; words: string }
  | { kind: "codes"; field: string; codes: string[] }
  | { kind: "link"; field: string; id: string; title: string }
  | { kind: "box"; box: Extent };

export interface Filter {
  /** True when one of the conditions is enough. */
  any: boolean;
  conditions: Condition[];
}

const NUMBERS = ["number", "integer"];
const DAY = /^\d{4}-\d\d-\d\d$/;
// Between the parts of a filter in a link; encodeURIComponent leaves these letters alone, so values bear them doubled.
const SEPARATOR = "~";

/** The kind of condition a field takes; null for fields that cannot be asked. */
export function kindFor(field: Field): "range" | "words" | "codes" | "link" | null {
  if (field.type === "link") return "link";
  if (field.codes !== null || field.type === "boolean") return "codes";
  return NUMBERS.includes(field.type) || isTime(field) ? "range" : "words";
}

export function isTime(field: Field): boolean {
  return field.type === "date" || field.type === "datetime";
}

/** Whether the reader can start a condition on the field; what it links to is chosen in charts and cards instead. */
export function isAskable(field: Field): boolean {
  return kindFor(field) !== "link";
}

/** A condition on the field with nothing asked yet; null for fields that cannot be asked. */
export function blankCondition(name: string, field: Field): Condition | null {
  const kind = kindFor(field);
  if (kind === "link") return null;
  if (kind === "range") return { kind, field: name, low: "", high: "" };
  if (kind === "words") return { kind, field: name, words: "" };
  return kind === null ? null : { kind, field: name, codes: [] };
}

/** The filter in CQL2 text; null while no condition asks anything. Fields the layer lacks and unreadable values are left out. */
export function toCql(filter: Filter | undefined, layer: Layer): string | null {
  const parts = (filter?.conditions ?? []).flatMap((condition) => phrase(condition, layer) ?? []);
  if (parts.length === 0) return null;
  return parts.length === 1 ? (parts[0] ?? null) : parts.map((part) => `(${part})`).join(filter?.any ? " OR " : " AND ");
}

function phrase(condition: Condition, layer: Layer): string | null {
  if (condition.kind === "box") return `S_INTERSECTS(geometry, ${ring(condition.box)})`;
  const field = layer.fields[condition.field];
  if (field === undefined || kindFor(field) !== condition.kind) return null;
  if (condition.kind === "words") {
    const words = condition.words.trim();
    return words === "" ? null : `ACCENTI(CASEI(${condition.field})) LIKE ACCENTI(CASEI(${quote(`%${plain(words)}%`)}))`;
  }
  if (condition.kind === "link") return /^\d{1,18}$/.test(condition.id) ? `${condition.field} = ${condition.id}` : null;
  if (condition.kind === "codes") return choice(condition.field, field, condition.codes);
  const ends = [end(condition.low, ">=", field), end(condition.high, "<=", field)].flatMap((one) => one ?? []);
  return ends.length === 0 ? null : ends.map((one) => `${condition.field} ${one}`).join(" AND ");
}

function choice(name: string, field: Field, codes: readonly string[]): string | null {
  if (codes.length === 0) return null;
  if (field.type === "boolean") return codes.map((code) => `${name} = ${code === "true" ? "TRUE" : "FALSE"}`).join(" OR ");
  const isNumber = NUMBERS.includes(field.type);
  const written = codes.filter((code) => !isNumber || Number.isFinite(Number(code)));
  return written.length === 0 ? null : `${name} IN (${written.map((code) => (isNumber ? code : quote(code))).join(", ")})`;
}

function end(text: string, sign: string, field: Field): string | null {
  const value = text.trim();
  if (!isTime(field)) return value === "" || !Number.isFinite(Number(value)) ? null : `${sign} ${Number(value)}`;
  if (!DAY.test(value)) return null;
  if (field.type === "date") return `${sign} DATE('${value}')`;
  // A day in Viet Nam, from its first moment to its last.
  return `${sign} TIMESTAMP('${value}T${sign === ">=" ? "00:00:00" : "23:59:59"}+07:00')`;
}

function ring([west, south, east, north]: Extent): string {
  const corners = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  return `POLYGON((${corners.map(([x = 0, y = 0]) => `${x.toFixed(5)} ${y.toFixed(5)}`).join(", ")}))`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The words without the signs that mean something in LIKE. */
function plain(words: string): string {
  return words.replace(/[%_\\]/g, " ").trim();
}

/** The filter as a link bears it: `and~wqi.r.50.80~kind.c.auto.manual`. */
export function writeFilter(filter: Filter): string {
  return [filter.any ? "or" : "and", ...filter.conditions.map(writeCondition)].join(SEPARATOR);
}

function writeCondition(condition: Condition): string {
  if (condition.kind === "box") return ["", "b", ...condition.box.map((side) => side.toFixed(5))].map(pack).join(".");
  if (condition.kind === "range") return [condition.field, "r", condition.low, condition.high].map(pack).join(".");
  if (condition.kind === "words") return [condition.field, "w", condition.words].map(pack).join(".");
  if (condition.kind === "link") return [condition.field, "l", condition.id, condition.title].map(pack).join(".");
  return [condition.field, "c", ...condition.codes].map(pack).join(".");
}

/** The filter of a link; null when nothing of it can be read. */
export function readFilter(text: string): Filter | null {
  const [join, ...rest] = text.split(SEPARATOR);
  const conditions = rest.flatMap((part) => readCondition(part) ?? []);
  return conditions.length === 0 ? null : { any: join === "or", conditions };
}

function readCondition(text: string): Condition | null {
  const [field = "", kind = "", ...values] = text.split(".").map(unpack);
  const [first = "", second = ""] = values;
  switch (kind) {
    case "b":
      return readBox(values);
    case "r":
      return { kind: "range", field, low: first, high: second };
    case "w":
      return { kind: "words", field, words: first };
    case "l":
      return { kind: "link", field, id: first, title: second };
    case "c":
      return { kind: "codes", field, codes: values };
    default:
      return null;
  }
}

function readBox(values: readonly string[]): Condition | null {
  const [west = NaN, south = NaN, east = NaN, north = NaN] = values.map(Number);
  return [west, south, east, north].every(Number.isFinite) ? { kind: "box", box: [west, south, east, north] } : null;
}

// The separators inside values become letters of their own.
const PACKED: [string, string][] = [["!", "!0"], [".", "!1"], ["~", "!2"], [",", "!3"], [":", "!4"]];

function pack(text: string): string {
  return PACKED.reduce((packed, [sign, code]) => packed.replaceAll(sign, code), text);
}

function unpack(text: string): string {
  return [...PACKED].reverse().reduce((plainText, [sign, code]) => plainText.replaceAll(code, sign), text);
}
