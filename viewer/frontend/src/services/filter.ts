// SPDX-License-Identifier: MIT
import type { Extent, Field, Layer, LonLat } from "./model";

/** One condition of a filter. An empty end of a range is open. */
export type Condition =
  | { kind: "range"; field: string; low: string; high: string }
  | { kind: "words"; field: string; words: string }
  | { kind: "codes"; field: string; codes: string[] }
  | { kind: "link"; field: string; id: string; title: string }
  | { kind: "box"; box: Extent }
  | { kind: "near"; point: LonLat; metres: number }
  | { kind: "group"; any: boolean; conditions: Condition[] };

/** A condition on one field. */
export type FieldCondition = Extract<Condition, { field: string }>;

export interface Filter {
  /** True when one of the conditions is enough. */
  any: boolean;
  conditions: Condition[];
}

const NUMBERS = ["number", "integer"];
const DAY = /^\d{4}-\d\d-\d\d$/;
/** Groups in groups in groups are as deep as anybody reads. */
export const DEEPEST = 3;
export const MOST_METRES = 500_000;

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
  switch (condition.kind) {
    case "box":
      return `S_INTERSECTS(geometry, ${ring(condition.box)})`;
    case "near":
      return around(condition.point, condition.metres);
    case "group":
      return toCql(condition, layer);
    default:
      return fieldPhrase(condition, layer.fields[condition.field]);
  }
}

function fieldPhrase(condition: FieldCondition, field: Field | undefined): string | null {
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

function around([lon, lat]: LonLat, metres: number): string | null {
  return metres > 0 && metres <= MOST_METRES ? `S_DWITHIN(geometry, POINT(${lon.toFixed(5)} ${lat.toFixed(5)}), ${String(metres)})` : null;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The words without the signs that mean something in LIKE. */
function plain(words: string): string {
  return words.replace(/[%_\\]/g, " ").trim();
}

/** The group at the path (indices of conditions, from the outside in); undefined when there is none. */
export function groupAt(filter: Filter, path: readonly number[]): Filter | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return filter;
  const inner = filter.conditions[first];
  return inner?.kind === "group" ? groupAt(inner, rest) : undefined;
}

/** The filter with the group at the path replaced. */
export function withGroup(filter: Filter, path: readonly number[], group: Filter): Filter {
  const [first, ...rest] = path;
  if (first === undefined) return group;
  const conditions = filter.conditions.map((one, at) => (at === first && one.kind === "group" ? { ...one, ...withGroup(one, rest, group) } : one));
  return { ...filter, conditions };
}
